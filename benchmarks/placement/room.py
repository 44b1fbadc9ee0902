"""The room family, after the facility of Baxi et al., "Online Rack Placement in Large-Scale Data Centers".

The facility is theirs (arXiv:2501.12725, and its simulator, github.com/sean-lo/OnlineRackPlacement). Of the requests
they tell how they are drawn, a size, a power and a cooling each from a table of frequencies, but the tables are a cloud
provider's own; those below are ours, made so that demand passes the power of the rooms by about a quarter.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, permutations
from random import Random

from capalloc.schema.facility import CoolingZone, Facility, Position, PowerNode
from capalloc.schema.request import Request

UPS, PDUS, ZONES, TILES = 4, 6, 18, 10
"""UPS of a room, PDU of a UPS, cooling zones of a room, positions of a tile group."""
PAIRS = tuple(combinations(range(UPS), 2))
"""The six pairs of UPS; a row stands for a pair of pairs."""
ROWS = len(PAIRS) ** 2
PLACES = ROWS * 2 * TILES
"""Rows and positions of a room."""
LIMIT_KW = {"ups": 1000.0, "pdu": 200.0, "rpp": 120.0}
"""Limits in normal operation; what the paper calls a PSU is an rpp here."""
FAILOVER = {"ups": 4 / 3, "pdu": 2.0, "rpp": 2.0}
"""Limit after the loss of a UPS, as a multiple of that in normal operation."""
ZONE_KW = 1000.0
REQUESTS = 75
"""Requests to a room."""
SIZES = {racks: 3 if racks <= 10 else 2 for racks in range(1, 21)}
POWERS_KW = dict.fromkeys((3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 12.0), 1)
"""Frequencies of racks in a request and of kW per rack."""


def room(rooms: int = 2, requests: int | None = None, seed: int = 0) -> tuple[Facility, tuple[Request, ...]]:
    """Rooms that share nothing, and requests whose racks stand in one row or not at all."""
    names = [f"room{number}" for number in range(1, rooms + 1)]
    facility = Facility(
        name=f"{rooms}-rooms",
        rack_types=(),
        power=tuple(node for name in names for node in _power(name)),
        positions=tuple(position for name in names for position in _positions(name)),
        cooling=tuple(CoolingZone(name=_zone(name, row), total_kw=ZONE_KW) for name in names for row in range(ZONES)),
        racks=(),
    )
    rng = Random(seed)
    return facility, tuple(_request(number, rng) for number in range(1, (requests or REQUESTS * rooms) + 1))


def _request(number: int, rng: Random) -> Request:
    """The heat of a rack is its power: the zones of the paper are far from full."""
    (racks,) = rng.choices(tuple(SIZES), tuple(SIZES.values()))
    (power_kw,) = rng.choices(tuple(POWERS_KW), tuple(POWERS_KW.values()))
    return Request(name=f"q{number:05}", racks=racks, power_kw=power_kw, together="row", all_or_nothing=True)


def _power(name: str) -> Iterator[PowerNode]:
    """Four UPS, the PDU below each, and below each PDU an rpp for each partner of the UPS."""
    for ups in range(UPS):
        yield _node(name, (ups,), "ups")
        for pdu in range(PDUS):
            yield _node(name, (ups, pdu), "pdu")
    for (ups, partner), pdu in ((pair, pdu) for pair in permutations(range(UPS), 2) for pdu in range(PDUS)):
        yield _node(name, (ups, pdu, _partner(ups, partner)), "rpp")


def _node(name: str, path: tuple[int, ...], kind: str) -> PowerNode:
    return PowerNode(
        name=_named(name, path),
        kind=kind,
        parent=_named(name, path[:-1]) if len(path) > 1 else None,
        rated_kw=LIMIT_KW[kind],
        failover_kw=LIMIT_KW[kind] * FAILOVER[kind],
        contingency=kind == "ups",
    )


def _named(name: str, path: tuple[int, ...]) -> str:
    return f"{name}-u" + "-".join(str(step + 1) for step in path)


def _partner(ups: int, partner: int) -> int:
    """The partner's number among the other three UPS."""
    return partner - (partner > ups)


def _positions(name: str) -> Iterator[Position]:
    """Two tile groups to a row: side 0 of row (i, k) hangs on pair i through PDU k, side 1 on pair k through PDU i."""
    for row in range(ROWS):
        i, k = divmod(row, len(PAIRS))
        for side, (pair, pdu) in enumerate(((PAIRS[i], k), (PAIRS[k], i))):
            feed_a, feed_b = (_named(name, (a, pdu, _partner(a, b))) for a, b in (pair, pair[::-1]))
            for tile in range(TILES):
                index = side * TILES + tile + 1
                yield Position(
                    name=f"{name}-r{row + 1:02}-p{index:02}",
                    hall=name,
                    row=f"r{row + 1:02}",
                    index=index,
                    feed_a=feed_a,
                    feed_b=feed_b,
                    cooling_zone=_zone(name, min(row, ROWS - 1 - row)),
                )


def _zone(name: str, row: int) -> str:
    """A zone cools a row of the first half and its mirror image in the second."""
    return f"{name}-z{row + 1:02}"
