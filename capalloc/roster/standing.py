"""Which racks stand where in each period, which positions are free, and which of those are kept for racks to come."""

from __future__ import annotations

from datetime import date

import numpy as np

from capalloc.instance.model import Bools, Instance
from capalloc.instance.timeline import rack_start
from capalloc.roster.roster import Roster
from capalloc.schema.plan import Plan


def stands_of(instance: Instance, roster: Roster, plan: Plan) -> Bools:
    """(R, T) the rack takes a position on some day of the period, whether it can serve or not."""
    racks = instance.scenario.facility.racks
    placed = {placement.rack: placement.start for placement in plan.placements}
    known: dict[tuple[date, date], Bools] = {}
    stands = np.zeros(roster.serving.shape, dtype=bool)
    for r in np.flatnonzero(roster.position >= 0).tolist():
        rack = racks[r]
        start = rack_start(instance.scenario, rack) if rack.position is not None else placed.get(rack.name)
        never = rack.position is not None and rack.status == "planned" and start is None
        if rack.status != "retired" and not never:
            stay = start or date.min, rack.available_until or date.max
            if stay not in known:
                known[stay] = np.array([period.touches(*stay) for period in instance.periods], dtype=bool)
            stands[r] = known[stay]
    return stands


def free_of(instance: Instance, roster: Roster, stands: Bools) -> Bools:
    """(P, T) no rack takes the position on any day of the period."""
    free = np.ones((len(instance.positions.names), stands.shape[1]), dtype=bool)
    r, t = np.nonzero(stands)
    free[roster.position[r], t] = False
    return free


def kept_of(instance: Instance, roster: Roster, free: Bools) -> Bools:
    """(P, T) of the free positions those that a rack takes when it arrives, or at no date that is known."""
    known: dict[date, Bools] = {}
    held = np.zeros_like(free)
    racks = instance.scenario.facility.racks
    for r in np.flatnonzero(roster.position >= 0).tolist():
        if racks[r].status != "retired":
            until = racks[r].available_until or date.max
            if until not in known:
                known[until] = np.array([until > period.start for period in instance.periods], dtype=bool)
            held[roster.position[r]] |= known[until]
    return held & free
