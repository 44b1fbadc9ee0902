"""The Colossus family: halls of 4N/3 UPS groups, zones of liquid and air or of one total, groups of every level.

A UPS group is four UPS of which the rows use every pair, so that any one can be lost (4N/3, "distributed redundant").
Racks stand in fabric blocks as at xAI's Colossus, whose groups of 512 GPUs are 8 racks of 64; the kW of racks are those
of an air-cooled storage rack, an HGX rack and an NVL72 rack.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from random import Random

from capalloc.schema.facility import CoolingZone, Facility, Position, PowerNode
from capalloc.schema.request import Request, Together

UPS, GROUPS, PLACES = 4, 2, 16
"""UPS of a group, groups of a hall, positions of a row."""
PAIRS = tuple(combinations(range(UPS), 2))
ROWS = 2 * len(PAIRS)
"""Rows of a group: two on each pair of UPS."""
BLOCK_ROWS, ZONE_ROWS = 4, 3
"""Rows of a fabric block and of a cooling zone."""
NORMAL = 0.75
"""Share of a UPS that normal operation may use, so that three carry what four did."""
RACKS = ((12.0, 12.0), (40.0, 14.0), (132.0, 20.0))
"""kW of a rack, and of its heat the kW that leave by air."""
MEAN_KW, MEAN_AIR_KW = (sum(column) / len(RACKS) for column in zip(*RACKS, strict=True))
BUSWAY_KW = 1.1 * MEAN_KW * PLACES
"""What each of a row's two busways can carry alone."""
SIZES = (1, 2, 4, 8, 12, 16, 24, 32, 48, 64)
DEMAND = 1.1
"""Racks that are asked for, for each position."""


def colossus(racks: int, seed: int = 0) -> tuple[Facility, tuple[Request, ...]]:
    """At least ``racks`` positions in whole UPS groups, and requests for a tenth more racks and kW than they take."""
    groups = -(-racks // (ROWS * PLACES))
    facility = Facility(
        name=f"colossus-{racks}",
        rack_types=(),
        power=tuple(node for group in range(groups) for node in _power(group)),
        positions=tuple(position for group in range(groups) for position in _positions(group)),
        cooling=tuple(_cooling(zone) for zone in range(groups * ROWS // ZONE_ROWS)),
        racks=(),
    )
    return facility, tuple(_requests(round(DEMAND * len(facility.positions)), Random(seed)))


def _power(group: int) -> Iterator[PowerNode]:
    """A switchboard that carries what its UPS may, the UPS, and the busways of the rows."""
    board, ups_kw = f"g{group + 1:03}", MEAN_KW * ROWS * PLACES / UPS / NORMAL
    yield PowerNode(name=board, kind="switchboard", rated_kw=UPS * ups_kw)
    for ups in range(UPS):
        yield PowerNode(
            name=_ups(group, ups),
            kind="ups",
            parent=board,
            rated_kw=ups_kw,
            max_utilization=NORMAL,
            contingency=True,
        )
    for row in range(ROWS):
        for ups, side in zip(PAIRS[row % len(PAIRS)], "ab", strict=True):
            yield PowerNode(name=_busway(group, row, side), kind="busway", parent=_ups(group, ups), rated_kw=BUSWAY_KW)


def _positions(group: int) -> Iterator[Position]:
    for row in range(ROWS):
        for place in range(1, PLACES + 1):
            yield Position(
                name=f"{_row(group, row)}-p{place:02}",
                hall=f"hall{group // GROUPS + 1:02}",
                row=_row(group, row),
                index=place,
                feed_a=_busway(group, row, "a"),
                feed_b=_busway(group, row, "b"),
                cooling_zone=_zone((group * ROWS + row) // ZONE_ROWS),
                fabric_block=f"b{(group * ROWS + row) // BLOCK_ROWS + 1:03}",
            )


def _cooling(zone: int) -> CoolingZone:
    """Every third zone has one limit for all its heat; the air of the others is a little short."""
    air_kw = 1.05 * MEAN_AIR_KW * ZONE_ROWS * PLACES
    if zone % 3 == 2:
        return CoolingZone(name=_zone(zone), total_kw=air_kw)
    return CoolingZone(name=_zone(zone), liquid_kw=MEAN_KW * ZONE_ROWS * PLACES, air_kw=air_kw)


def _requests(racks: int, rng: Random) -> Iterator[Request]:
    """Groups until all racks are asked for, the kinds of racks in turn so that their numbers stay near each other."""
    asked, number = [0] * len(RACKS), 0
    while sum(asked) < racks:
        number += 1
        kind = asked.index(min(asked))
        size = min(rng.choice(SIZES), racks - sum(asked))
        asked[kind] += size
        power_kw, cooling_kw = RACKS[kind]
        yield Request(
            name=f"q{number:05}",
            racks=size,
            power_kw=power_kw,
            cooling_kw=cooling_kw,
            together=_together(size, power_kw, rng),
            all_or_nothing=rng.random() < 0.5,
            value=float(rng.randint(1, 9)),
        )


def _together(size: int, power_kw: float, rng: Random) -> Together:
    """A level whose rows could carry the group."""
    rows = -(-size // min(PLACES, int(BUSWAY_KW // power_kw)))
    levels: tuple[Together, ...] = ("row", "fabric_block", "hall", "none")
    return rng.choice(levels if rows == 1 else levels[1:] if rows <= BLOCK_ROWS else levels[2:])


def _ups(group: int, ups: int) -> str:
    return f"g{group + 1:03}-u{ups + 1}"


def _row(group: int, row: int) -> str:
    return f"g{group + 1:03}-r{row + 1:02}"


def _busway(group: int, row: int, side: str) -> str:
    return f"{_row(group, row)}-{side}"


def _zone(zone: int) -> str:
    return f"z{zone + 1:04}"
