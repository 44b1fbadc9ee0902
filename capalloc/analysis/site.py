"""Synthetic sites in the shape of Colossus, of any size.

Halls with UPS groups 4N/3, rows of eight racks on two busways, blocks of eight rows on one UPS pair, liquid and air
zones, roots with dated supplies, and a few deliveries without a position. Limits are drawn so that the expected load
nearly fits and the nameplate load does not.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from random import Random

from capalloc.calendar import add_months
from capalloc.schema.facility import CoolingZone, Facility, Position, PowerNode, Rack, Supply
from capalloc.schema.hardware import Cooling, RackType

PUE = 1.2
ROW_RACKS = 8
BLOCK_ROWS = 8
"""Rows of a fabric block; they hang on one UPS pair."""
GROUP_ROWS = 48
"""About so many rows on a UPS group."""
MOST_GROUPS = 64
MOST_DELIVERIES = 160
PAIRS = tuple(combinations(range(1, 5), 2))
"""The six pairs of the four UPS of a group."""
NAMEPLATE_FIT = 0.96
"""Share of a group's nameplate load that its UPS can carry."""


def _kind(
    name: str, gpu: str, gpus: int, draws: tuple[float, float, float], liquid: float, cooling: Cooling
) -> RackType:
    nameplate, expected, idle = draws
    return RackType(
        name=name,
        gpu=gpu,
        gpus=gpus,
        nameplate_kw=nameplate,
        expected_kw=expected,
        idle_kw=idle,
        liquid_fraction=liquid,
        cooling=cooling,
    )


HGX = _kind("hgx", "H100", 64, (81.6, 68.0, 20.0), 0.75, "liquid")
NVL = _kind("nvl72", "GB200", 72, (132.0, 120.0, 36.0), 0.87, "liquid")
AIR = _kind("hgx-air", "H100", 32, (44.0, 36.0, 12.0), 0.0, "air")
RACK_TYPES = (HGX, NVL, AIR)


@dataclass(frozen=True, slots=True)
class Row:
    """Eight positions in a line, for one type of rack."""

    name: str
    hall: str
    group: str
    block: str
    pair: tuple[int, int]
    """The two UPS of its group that feed it."""
    kind: RackType
    racks: int

    @property
    def nameplate_kw(self) -> float:
        """Most that its racks draw."""
        return self.racks * self.kind.nameplate_kw

    @property
    def expected_kw(self) -> float:
        """What its racks draw under load."""
        return self.racks * self.kind.expected_kw


def site(racks: int, halls: int, start: date, periods: int, rng: Random) -> Facility:
    """A facility with so many racks in so many halls (fewer where there are too few rows)."""
    rows = tuple(_rows(racks, halls, rng))
    groups = {name: [row for row in rows if row.group == name] for name in dict.fromkeys(row.group for row in rows)}
    return Facility(
        name="synthetic",
        description=f"{racks} racks, generated",
        pue=PUE,
        rack_types=RACK_TYPES,
        power=tuple(_power(groups)),
        supplies=tuple(_supplies(groups, start, periods, rng)),
        positions=tuple(_positions(rows)),
        cooling=tuple(_zone(name, members) for name, members in groups.items()),
        racks=tuple(_racks(rows, racks, start, periods)),
    )


def _rows(racks: int, halls: int, rng: Random) -> Iterator[Row]:
    count = math.ceil(racks / ROW_RACKS)
    halls = min(halls, count)
    shares = rng.uniform(0.05, 0.2), rng.uniform(0.05, 0.2)
    for hall in range(halls):
        first, end = _part(count, halls, hall)
        groups = min(math.ceil((end - first) / GROUP_ROWS), max(1, MOST_GROUPS // halls))
        for group in range(groups):
            begin, stop = _part(end - first, groups, group)
            name = f"h{hall + 1}{_letters(group)}"
            kinds = _kinds(stop - begin, *shares)
            for place, kind in enumerate(kinds):
                left = racks - ROW_RACKS * (first + begin + place)
                yield _row(name, f"h{hall + 1}", place, kind, min(ROW_RACKS, left))


def _row(group: str, hall: str, place: int, kind: RackType, racks: int) -> Row:
    block = place // BLOCK_ROWS
    pair = PAIRS[block % len(PAIRS)]
    return Row(f"{group}-r{place + 1}", hall, group, f"{group}-b{block + 1}", pair, kind, racks)


def _part(count: int, parts: int, index: int) -> tuple[int, int]:
    """Begin and end of one of nearly equal parts."""
    return index * count // parts, (index + 1) * count // parts


def _letters(index: int) -> str:
    return chr(ord("a") + index) if index < 26 else f"z{index}"


def _kinds(rows: int, nvl: float, air: float) -> Sequence[RackType]:
    nvl_rows, air_rows = round(rows * nvl), round(rows * air)
    return [NVL] * nvl_rows + [HGX] * (rows - nvl_rows - air_rows) + [AIR] * air_rows


def _root_names(groups: int) -> tuple[str, ...]:
    return ("grid-1", "grid-2", "generation")[: max(1, min(3, groups))]


def _by_root(groups: dict[str, list[Row]]) -> dict[str, list[str]]:
    """Names of the groups below each root, dealt out in turn."""
    roots = _root_names(len(groups))
    return {root: list(groups)[i :: len(roots)] for i, root in enumerate(roots)}


def _power(groups: dict[str, list[Row]]) -> Iterator[PowerNode]:
    for root, fed in _by_root(groups).items():
        kind = "generation" if root == "generation" else "utility"
        boards = {name: PUE * sum(row.nameplate_kw for row in groups[name]) for name in fed}
        yield PowerNode(name=root, kind=kind, rated_kw=math.ceil(1.2 * sum(boards.values())), load="facility")
        for name, kw in boards.items():
            yield PowerNode(
                name=f"{name}-msb",
                kind="switchboard",
                parent=root,
                rated_kw=math.ceil(kw * 1.01 / 0.8),
                max_utilization=0.8,
                static_load_kw=math.floor(kw / 200),
                load="facility",
            )
            yield from _ups(name, groups[name])
            for row in groups[name]:
                yield from _busways(row)


def _ups(group: str, rows: Sequence[Row]) -> Iterator[PowerNode]:
    rated = math.ceil(NAMEPLATE_FIT * max(_ups_need_kw(rows, ups) for ups in range(1, 5)))
    for ups in range(1, 5):
        yield PowerNode(
            name=f"{group}-ups{ups}",
            kind="ups",
            parent=f"{group}-msb",
            rated_kw=rated,
            max_utilization=0.75,
            contingency=True,
        )


def _ups_need_kw(rows: Sequence[Row], ups: int) -> float:
    """Rating at which a UPS carries its rows' nameplate draw, normally and after the worst loss."""
    shared = {
        other: sum(row.nameplate_kw / 2 for row in rows if set(row.pair) == {ups, other}) for other in range(1, 5)
    }
    normal = sum(shared.values())
    return max(normal / 0.75, normal + max(shared.values()))


def _busways(row: Row) -> Iterator[PowerNode]:
    for side, ups in zip("ab", row.pair, strict=True):
        limit = math.ceil(ROW_RACKS * row.kind.nameplate_kw)
        yield PowerNode(
            name=f"{row.name}-{side}",
            kind="busway",
            parent=f"{row.group}-ups{ups}",
            rated_kw=math.ceil(limit / 0.8),
            max_utilization=0.8,
            failover_kw=limit,
        )


def _supplies(groups: dict[str, list[Row]], start: date, periods: int, rng: Random) -> Iterator[Supply]:
    """The first grid feed is nearly enough, the second comes in two steps, generation falls."""
    later, last = (add_months(start, periods * share // 3) for share in (1, 2))
    for root, fed in _by_root(groups).items():
        need = sum(PUE * row.expected_kw + row.nameplate_kw / 150 for name in fed for row in groups[name])
        most = rng.uniform(0.95, 1.0) * need
        part = math.ceil(most * rng.uniform(0.75, 0.9))
        if root == "grid-1":
            yield Supply(name="grid-1-base", node=root, kw=math.ceil(most))
        elif root == "grid-2":
            yield Supply(name="grid-2-base", node=root, kw=part)
            yield Supply(name="grid-2-more", node=root, kw=math.ceil(most) - part, start=later, firm=False)
        else:
            yield Supply(name="generation-base", node=root, kw=part)
            rest = math.ceil(most) - part
            yield Supply(name="generation-permit", node=root, kw=rest, until=max(last, add_months(start, 1)))


def _positions(rows: Sequence[Row]) -> Iterator[Position]:
    for row in rows:
        for place in range(1, row.racks + 1):
            yield Position(
                name=f"{row.name}-p{place}",
                hall=row.hall,
                row=row.name,
                index=place,
                feed_a=f"{row.name}-a",
                feed_b=f"{row.name}-b",
                cooling_zone=row.group,
                fabric_block=row.block,
                cooling=row.kind.cooling,
            )


def _zone(group: str, rows: Sequence[Row]) -> CoolingZone:
    """A zone that takes the expected heat with a little to spare."""
    liquid = sum(row.expected_kw * row.kind.liquid_fraction for row in rows)
    air = sum(row.expected_kw for row in rows) - liquid
    return CoolingZone(name=group, liquid_kw=math.ceil(1.08 * liquid), air_kw=math.ceil(1.08 * air))


def _racks(rows: Sequence[Row], racks: int, start: date, periods: int) -> Iterator[Rack]:
    """Every position has its rack, but some HGX racks arrive during the horizon and are still to be placed."""
    arriving = _arriving(rows, racks)
    batches = [add_months(start, min(periods - 1, 1 + batch * periods // 4)) for batch in range(2)]
    for row in rows:
        for place in range(1, row.racks + 1):
            name = f"{row.name}-{place}"
            if (row.name, place) in arriving:
                due = batches[arriving[row.name, place] % len(batches)]
                yield Rack(name=name, rack_type=row.kind.name, available_from=due, status="planned")
            else:
                yield Rack(name=name, rack_type=row.kind.name, position=f"{row.name}-p{place}")


def _arriving(rows: Sequence[Row], racks: int) -> dict[tuple[str, int], int]:
    """Places of the racks that arrive, with their number: whole rows spread over the site."""
    count = min(racks // 12, 16 + racks // 100, MOST_DELIVERIES)
    hgx = [row for row in rows if row.kind is HGX]
    stride = max(1, len(hgx) // max(1, math.ceil(count / ROW_RACKS)))
    places = [(row.name, place) for row in hgx[::stride] for place in range(1, row.racks + 1)]
    return {place: number for number, place in enumerate(places[:count])}
