"""Cells of interchangeable positions, and every limit as a row over them: what all peers place on.

Written for the families of this folder: no supplies, dates, static loads, standing racks or ``facility`` loads.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from capalloc.schema.facility import Facility, Position
from capalloc.schema.request import Placed, Request, Together

from .shares import Key, Shares, paths_of, power_of

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Taken = tuple[int, int, int]
"""Request, cell, racks of it that stand there."""


@dataclass(frozen=True, slots=True)
class Cells:
    """C cells under L limits; a cell counts against W of them."""

    positions: tuple[tuple[str, ...], ...]
    """Names of the positions of each cell."""
    free: Ints
    """(C,) positions."""
    units: dict[Together, Ints]
    """(C,) number of the row, block, hall or site that each cell lies in; -1: in none."""
    pair: Ints
    """(C,) number of what feeds a cell: its contingencies together, or where it has none its feed's parent."""
    limit_kw: Floats
    """(L + 1,) limits of power and of heat; the last is no limit, where a cell has fewer than W."""
    limits: Ints
    power_share: Floats
    heat_share: Floats
    """(C, W) limits, and what of a rack's kW and of its heat counts against each."""

    def loads(self, request: Request, cells: Ints | slice = slice(None)) -> Floats:
        """(cells, W) kW that a rack of the request puts on each limit."""
        return request.draw_kw * self.power_share[cells] + request.heat_kw * self.heat_share[cells]

    def placed(self, requests: Sequence[Request], taken: Iterable[Taken]) -> tuple[Placed, ...]:
        """The racks by position, sorted."""
        left = [list(names) for names in self.positions]
        lines = [
            Placed(request=requests[request].name, position=left[cell].pop())
            for request, cell, racks in taken
            for _ in range(racks)
        ]
        return tuple(sorted(lines, key=lambda line: (line.request, line.position)))


def cells_of(facility: Facility, requests: Sequence[Request]) -> Cells:
    """The cells of a facility, under the limits that the requests can reach."""
    groups: dict[tuple[object, ...], list[Position]] = defaultdict(list)
    for p in facility.positions:
        groups[p.row_key, p.fabric_block, p.feed_a, p.feed_b, p.share_a, p.cooling_zone].append(p)
    firsts = [members[0] for members in groups.values()]
    free = np.array([len(members) for members in groups.values()])
    power = power_of(facility.power, firsts)
    heat: list[Shares] = [{("heat", p.cooling_zone, ""): 1.0} if p.cooling_zone else {} for p in firsts]
    limit_kw = power.limit_kw | _heat_limits(facility)
    most = _most(free, power.shares, requests, "power_kw") | _most(free, heat, requests, "heat_kw")
    number = {key: n for n, key in enumerate(key for key, kw in limit_kw.items() if most.get(key, 0.0) > kw)}
    limits, power_share, heat_share = _table(power.shares, heat, number)
    return Cells(
        positions=tuple(tuple(p.name for p in reversed(members)) for members in groups.values()),
        free=free,
        units={
            "row": _numbered(p.row_key for p in firsts),
            "fabric_block": _numbered(p.fabric_block for p in firsts),
            "hall": _numbered(p.hall for p in firsts),
            "none": np.zeros(len(firsts), dtype=np.int64),
        },
        pair=_pairs(facility, firsts),
        limit_kw=np.array([*(limit_kw[key] for key in number), np.inf]),
        limits=limits,
        power_share=power_share,
        heat_share=heat_share,
    )


def _heat_limits(facility: Facility) -> dict[Key, float]:
    """A zone's total where it has one, else its air (models/README.md, Placement files)."""
    kw = {zone.name: zone.air_kw if zone.total_kw is None else zone.total_kw for zone in facility.cooling}
    return {("heat", name, ""): limit for name, limit in kw.items() if limit is not None}


def _most(free: Ints, shares: Sequence[Shares], requests: Sequence[Request], of: str) -> dict[Key, float]:
    """Most that can come upon each limit: all positions with the largest rack, or all requests at once."""
    largest = max(getattr(request, of) for request in requests)
    asked = sum(request.racks * getattr(request, of) for request in requests)
    most: dict[Key, float] = defaultdict(float)
    for count, of_cell in zip(free.tolist(), shares, strict=True):
        for key, share in of_cell.items():
            most[key] += count * largest * share
    return {key: min(kw, asked) for key, kw in most.items()}


def _table(power: Sequence[Shares], heat: Sequence[Shares], number: dict[Key, int]) -> tuple[Ints, Floats, Floats]:
    """Limits and shares by cell, filled up to one width with the limit that is none."""
    rows = [
        [(number[key], share, 0.0) for key, share in by_power.items() if key in number]
        + [(number[key], 0.0, share) for key, share in by_heat.items() if key in number]
        for by_power, by_heat in zip(power, heat, strict=True)
    ]
    width = max(1, *map(len, rows))
    table = np.array([row + [(len(number), 0.0, 0.0)] * (width - len(row)) for row in rows])
    return table[:, :, 0].astype(np.int64), table[:, :, 1], table[:, :, 2]


def _pairs(facility: Facility, firsts: Sequence[Position]) -> Ints:
    paths, parent = paths_of(facility.power), {node.name: node.parent for node in facility.power}
    lost = frozenset(node.name for node in facility.power if node.contingency)

    def fed_by(position: Position) -> frozenset[str | None]:
        above = frozenset().union(*(paths[feed] for feed, _ in position.shares))
        return above & lost or frozenset(parent[feed] for feed, _ in position.shares)

    return _numbered(fed_by(position) for position in firsts)


def _numbered(keys: Iterable[object]) -> Ints:
    """Keys as numbers in order of appearance; None is -1."""
    numbers: dict[object, int] = {}
    return np.array([-1 if key is None else numbers.setdefault(key, len(numbers)) for key in keys])
