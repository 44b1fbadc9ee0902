"""Racks that stand before anything is placed: what they draw, and the loads that makes."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from capalloc.instance.model import Floats, Ints
from capalloc.placement.problem.layout import NOISE, NONE, Layout, Occupancy
from capalloc.placement.problem.requests import asks_of
from capalloc.schema.facility import Facility, Rack
from capalloc.schema.request import Placed, Request, Standing
from capalloc.units import MILLIWATTS_PER_W, ROUNDING_NOISE_MILLIWATTS, load_w


@dataclass(frozen=True, slots=True)
class StandingRack:
    """A rack that holds its position whatever is placed."""

    name: str
    """Its own, or that of its request."""
    position: int
    power: int
    """Milliwatts."""
    heat: tuple[int, ...]
    """Milliwatts: all of it, by liquid and by air."""


def own_racks(facility: Facility, on: date, standing: Standing) -> Iterator[StandingRack]:
    """Racks of the facility's own table that hold a position on the day or later."""
    index = {place.name: p for p, place in enumerate(facility.positions)}
    draws = {
        kind.name: load_w(kind.expected_kw if standing == "expected" else kind.nameplate_kw)
        for kind in facility.rack_types
    }
    liquid = {kind.name: kind.liquid_fraction for kind in facility.rack_types}
    for rack in facility.racks if standing != "none" else ():
        if rack.position is not None and rack.holds(on):
            yield _drawing(rack, index[rack.position], draws[rack.rack_type], liquid[rack.rack_type])


def plan_racks(facility: Facility, position: Ints, drawn: Ints, on: date) -> Iterator[StandingRack]:
    """Racks of the table at ``position`` (R,), NONE for nowhere, drawing ``drawn`` (R,) W, not gone on a day."""
    liquid = {kind.name: kind.liquid_fraction for kind in facility.rack_types}
    for rack, p, watts in zip(facility.racks, position.tolist(), drawn.tolist(), strict=True):
        if p != NONE and rack.stays(on):
            yield _drawing(rack, p, watts, liquid[rack.rack_type])


def _drawing(rack: Rack, position: int, watts: int, liquid: float) -> StandingRack:
    power = watts * MILLIWATTS_PER_W
    heat = (math.ceil(power * share - ROUNDING_NOISE_MILLIWATTS) for share in (1.0, liquid, 1.0 - liquid))
    return StandingRack(rack.name, position, power, tuple(heat))


def requested_racks(
    facility: Facility, requests: Sequence[Request], occupied: Sequence[Placed]
) -> tuple[StandingRack, ...]:
    """The racks of requests, which are filled, that stand already."""
    index = {place.name: p for p, place in enumerate(facility.positions)}
    asks = dict(zip((request.name for request in requests), asks_of(facility, requests), strict=True))
    taken = ((line, asks[line.request]) for line in occupied)
    return tuple(StandingRack(line.request, index[line.position], ask.power, ask.heat) for line, ask in taken)


def add_standing(layout: Layout, empty: Occupancy, racks: Sequence[StandingRack], way: Ints, zone: Ints) -> None:
    """Add loads and heat of racks at positions corded as ``way`` (P,) in zones ``zone`` (P,)."""
    for (g, power), count in Counter((int(way[rack.position]), rack.power) for rack in racks).items():
        entries = slice(layout.way_ptr[g], layout.way_ptr[g + 1])
        np.add.at(empty.load, layout.way_node[entries], count * _loaded(layout.way_weight[entries], power))
        entries = slice(layout.loss_ptr[g], layout.loss_ptr[g + 1])
        change = _loaded(layout.loss_after[entries], power) - _loaded(layout.loss_before[entries], power)
        np.add.at(empty.added, layout.way_loss[entries], count * change)
    for rack in racks:
        if zone[rack.position] != NONE:
            empty.heat[zone[rack.position]] += rack.heat
    empty.worst_added[:] = layout.least_added
    np.maximum.at(empty.worst_added, layout.loss_node, empty.added)


def _loaded(weights: Floats, power: int) -> Ints:
    """Load in whole milliwatts, rounded up."""
    return np.ceil(weights * power - NOISE).astype(np.int64)
