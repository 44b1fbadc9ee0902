"""From the records of the placement core back to positions, kW and reasons."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from capalloc.instance.model import Ints
from capalloc.placement.core.load import fitting, stand
from capalloc.placement.core.memory import Memory
from capalloc.placement.core.records import Cell, Group, Node, Zone
from capalloc.placement.problem.layout import COOLINGS, HEATS, NO_LIMIT, PlacementProblem
from capalloc.schema.placing import ZoneHeat
from capalloc.units import MILLIWATTS_PER_KW, MILLIWATTS_PER_W

_MUCH = 1 << 40
_DROP = MILLIWATTS_PER_W
"""Milliwatts in which power is poured."""
_BY_AIR = 1 << COOLINGS.index("air")


def positions_taken(problem: PlacementProblem, memory: Memory) -> Iterator[tuple[int, int]]:
    """(group, position) of every placed rack; racks of a group stand side by side where a cell allows."""
    taken: dict[int, list[tuple[int, int]]] = {}
    for group in np.flatnonzero(memory[Group.PLACED]).tolist():
        for cell, racks in memory.entries(memory.places[Group][group]):
            taken.setdefault(cell, []).append((group, racks))
    for cell, entries in sorted(taken.items()):
        free = iter(problem.cells[cell].tolist())
        for group, racks in sorted(entries):
            yield from ((group, next(free)) for _ in range(racks))


def zone_heats(problem: PlacementProblem, memory: Memory) -> Iterator[ZoneHeat]:
    """Heat in each zone against its limits."""
    for zone, heat, limit in zip(problem.facility.cooling, memory[Zone.HEAT], memory[Zone.LIMIT], strict=True):
        total, liquid, air = (round(float(one) / MILLIWATTS_PER_KW, 6) for one in heat)
        most = (float(one) / MILLIWATTS_PER_KW if one < NO_LIMIT else None for one in limit)
        limits = dict(zip(("limit_kw", "liquid_limit_kw", "air_limit_kw"), most, strict=True))
        yield ZoneHeat(zone=zone.name, heat_kw=total, liquid_kw=liquid, air_kw=air, **limits)


def stranded_kw(problem: PlacementProblem, memory: Memory) -> float:
    """kW that the roots could still carry and that no free position can draw, however much one draws.

    What free positions can draw is found by pouring power into one cell after the other, its heat leaving in whichever
    way the zone and the positions allow: exact for single cords, at most a little too high elsewhere.
    """
    poured = memory.copy()
    _pour(poured)
    roots = list(problem.forest.roots)
    normal, load = poured[Node.NORMAL][roots], poured[Node.LOAD][roots]
    return float(np.maximum(normal - load, 0)[normal < NO_LIMIT].sum()) / MILLIWATTS_PER_KW


def _pour(memory: Memory) -> None:
    """Draw as much as there is at every free position, as racks of a group without heat."""
    w, group = memory.w, len(memory.m)
    m = np.append(memory.m, np.zeros(Group.SIZE, dtype=np.int64))
    m[group + Group.POWER], m[group + Group.COOLING] = _DROP, -1
    for cell in memory.places[Cell]:
        free = m[cell + Cell.FREE]
        if free > 0:
            m[cell + Cell.FREE] = _MUCH
            drops = fitting(m, w, cell, group, min(_MUCH, _cooled(m, cell) // _DROP))
            stand(m, w, cell, group, drops)
            m[cell + Cell.FREE] = free
            _warm(m, cell, drops * _DROP)
    memory.m[:] = m[:group]


def _cooled(m: Ints, cell: int) -> int:
    """Milliwatts of heat that the zone of a cell still takes from its positions."""
    total, liquid, air = _zone_left(m, cell)
    return min(total, air if m[cell + Cell.COOLING] == _BY_AIR else liquid + air)


def _warm(m: Ints, cell: int, heat: int) -> None:
    """Let heat leave a cell by liquid as far as that goes, the rest by air."""
    zone, (_, liquid, _) = m[cell + Cell.ZONE], _zone_left(m, cell)
    wet = 0 if m[cell + Cell.COOLING] == _BY_AIR else min(heat, liquid)
    if zone:
        m[zone + Zone.HEAT : zone + Zone.HEAT + HEATS] += (heat, wet, heat - wet)


def _zone_left(m: Ints, cell: int) -> tuple[int, int, int]:
    """Milliwatts that the zone of a cell still takes: of all heat, by liquid, by air."""
    zone = m[cell + Cell.ZONE]
    if not zone:
        return int(NO_LIMIT), int(NO_LIMIT), int(NO_LIMIT)
    limit, heat = (m[zone + field : zone + field + HEATS] for field in (Zone.LIMIT, Zone.HEAT))
    total, liquid, air = np.maximum(limit - heat, 0).tolist()
    return total, liquid, air
