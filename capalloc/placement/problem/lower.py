"""Lowers a facility on one day to the arrays of a placement problem."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from capalloc.calendar import Period
from capalloc.instance.model import Bools, Ints
from capalloc.instance.power.cords import Cords, cords_of
from capalloc.instance.power.forest import Forest, build_forest
from capalloc.instance.power.limits import Loads
from capalloc.placement.problem.cells import Containers, cells_of
from capalloc.placement.problem.layout import (
    COOLINGS,
    HEATS,
    NO_LIMIT,
    NONE,
    Layout,
    Occupancy,
    PlacementProblem,
)
from capalloc.placement.problem.losses import Losses
from capalloc.placement.problem.scene import Scene, scene_of
from capalloc.placement.problem.standing import StandingRack, add_standing
from capalloc.schema.facility import CoolingZone, Facility
from capalloc.schema.request import Standing
from capalloc.units import MILLIWATTS_PER_W, capacity_w


def lower_facility(
    facility: Facility, on: date, standing: Standing = "nameplate", requested: Sequence[StandingRack] = ()
) -> PlacementProblem:
    """Lower a facility, whose references have been checked, as it is on one day.

    Racks of the facility's own table draw as ``standing`` says; ``requested`` are racks that stand beside them.
    """
    return lower_scene(scene_of(facility, on, standing), requested)


def lower_scene(scene: Scene, requested: Sequence[StandingRack] = ()) -> PlacementProblem:
    """Lower a facility with what stands in it; ``requested`` are racks that stand beside that."""
    facility = scene.scenario.facility
    forest = build_forest(scene.scenario, (scene.period,))
    cords = cords_of(facility)
    racks = (*scene.racks, *requested)
    cell_of, cells = cells_of(facility, cords, _lit(forest, cords), {rack.position for rack in racks} | scene.shut)
    losses = Losses(forest, Loads(forest, cords, facility.pue))
    firsts = np.array([members[0] for members in cells], dtype=np.int64)
    containers = Containers.of(facility, firsts)
    zones = _zone_of(facility)
    layout = Layout(
        **losses.normal_arrays(),
        **losses.loss_arrays(),
        zone_limit=np.array([_zone_limits(zone, scene.period) for zone in facility.cooling], dtype=np.int64).reshape(
            -1, HEATS
        ),
        cell_way=cords.way[firsts],
        cell_zone=zones[firsts],
        cell_cooling=_cooling_of(facility)[firsts],
        cell_container=containers.of_cell,
        cell_ptr=containers.cell_ptr,
        cells=containers.cells,
        level_ptr=containers.level_ptr,
    )
    empty = _empty(layout, losses, np.array([len(members) for members in cells], dtype=np.int64))
    add_standing(layout, empty, racks, cords.way, zones)
    names, numbers = containers.names, containers.numbers()
    return PlacementProblem(layout, empty, facility, forest, cells, cell_of, names, losses.pairs, numbers)


def _lit(forest: Forest, cords: Cords) -> Bools:
    """(G,) whether every feed that carries a share is energised."""
    on = forest.energised[:, 0]
    return np.array([all(on[feed] for feed, share in feeds if share > 0) for feeds in cords.feeds], dtype=bool)


def _zone_of(facility: Facility) -> Ints:
    """(P,) cooling zone of each position; NONE where it has none."""
    zones = {zone.name: z for z, zone in enumerate(facility.cooling)}
    return np.array([zones.get(place.cooling_zone or "", NONE) for place in facility.positions], dtype=np.int64)


def _cooling_of(facility: Facility) -> Ints:
    """(P,) the bit of how each position is cooled."""
    return np.array([1 << COOLINGS.index(place.cooling) for place in facility.positions], dtype=np.int64)


def _zone_limits(zone: CoolingZone, period: Period) -> tuple[int, ...]:
    """Limits of a zone on all heat, on that by liquid and on that by air, in milliwatts."""
    there = period.inside(zone.available_from, zone.available_until)
    limits = (zone.total_kw, zone.liquid_kw, zone.air_kw)
    return tuple(int(NO_LIMIT) if kw is None else capacity_w(kw * there) * MILLIWATTS_PER_W for kw in limits)


def _empty(layout: Layout, losses: Losses, free: Ints) -> Occupancy:
    """Static loads, and ``free`` (S,) positions of each cell."""
    ptr = layout.cell_ptr
    return Occupancy(
        load=losses.static.copy(),
        added=losses.relief.copy(),
        worst_added=layout.least_added.copy(),
        heat=np.zeros_like(layout.zone_limit),
        free=free,
        container_free=np.add.reduceat(free[layout.cells], ptr[:-1]) if len(layout.cells) else free[:0],
    )
