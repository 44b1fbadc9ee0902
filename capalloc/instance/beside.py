"""Rules that keep an idle rack from a demand although every limit has room: neighbours, lots, types and hand-over."""

from __future__ import annotations

import numpy as np

from capalloc.instance.model import NOBODY, Instance, Ints
from capalloc.instance.roster import Roster
from capalloc.schema.rules import Rule

Cause = tuple[Rule, str]


class GroupingCauses:
    """Causes for the racks of one demand and period; racks that no such rule can tell apart share one."""

    def __init__(self, instance: Instance, roster: Roster, d: int, t: int) -> None:
        self.asked = instance, roster, d, t
        self.known: dict[tuple[int | bytes, ...], Cause | None] = {}

    def of(self, r: int) -> Cause | None:
        """As :func:`grouping_cause`."""
        instance, roster, d, t = self.asked
        places, racks, p = instance.positions, instance.racks, int(roster.position[r])
        groups = int(places.row[p]), int(places.hall[p]), int(places.block[p]), int(racks.type[r])
        waits = t < racks.ready[r] and racks.last[r] != d
        key = (*groups, r if waits else -1, roster.serving[r].tobytes() if instance.cools_at.any() else 0)
        if key not in self.known:
            self.known[key] = grouping_cause(instance, roster, r, d, t)
        return self.known[key]


def grouping_cause(instance: Instance, roster: Roster, r: int, d: int, t: int) -> Cause | None:
    """The first rule that rack ``r`` alone would break by serving demand ``d`` in period ``t``, and where."""
    for find in (_isolation, _one_type, _lots, _hand_over):
        if (cause := find(instance, roster, r, d, t)) is not None:
            return cause
    return None


def _groups(instance: Instance, level: str) -> tuple[Ints, tuple[str, ...]]:
    places = instance.positions
    return {
        "row": (places.row, places.row_names),
        "hall": (places.hall, places.hall_names),
        "fabric_block": (places.block, places.block_names),
    }[level]


def _neighbours(instance: Instance, roster: Roster, r: int, level: str, t: int) -> tuple[Ints, str]:
    """Racks that serve in the same row, hall or block, and its name."""
    group, names = _groups(instance, level)
    own = group[roster.position[r]]
    there = (roster.position >= 0) & (group[roster.position] == own) & (roster.serving[:, t] != NOBODY)
    return np.flatnonzero(there), names[own] if own >= 0 else "no fabric block"


def _isolation(instance: Instance, roster: Roster, r: int, d: int, t: int) -> Cause | None:
    for level in ("row", "hall"):
        racks, name = _neighbours(instance, roster, r, level, t)
        for other in np.unique(roster.serving[racks, t]):
            alone = {instance.demands[e].demand.isolation for e in (d, int(other))}
            if other != d and level in alone:
                return Rule.ISOLATION, name
    return None


def _one_type(instance: Instance, roster: Roster, r: int, d: int, t: int) -> Cause | None:
    serving = instance.racks.type[roster.serving[:, t] == d]
    if instance.demands[d].demand.homogeneous and len(serving) and serving[0] != instance.racks.type[r]:
        return Rule.COMPATIBILITY, f"only {instance.type_names[serving[0]]} at a time"
    return None


def _lots(instance: Instance, roster: Roster, r: int, d: int, t: int) -> Cause | None:
    lots = instance.demands[d].demand.locality
    if lots is None or lots.min_racks == 1:
        return None
    racks, name = _neighbours(instance, roster, r, lots.level, t)
    same = (roster.serving[racks, t] == d) & (instance.racks.type[racks] == instance.racks.type[r])
    return None if same.any() else (Rule.LOCALITY, name)


def _hand_over(instance: Instance, roster: Roster, r: int, d: int, t: int) -> Cause | None:
    """Another demand that the rack has just left, or is about to serve."""
    racks, line = instance.racks, roster.serving[r]
    if t < racks.ready[r] and racks.last[r] != d:
        return Rule.HAND_OVER, racks.names[r]
    for s in range(len(line) - 1):
        left, comes = line[s] not in (NOBODY, d, line[s + 1]), line[s + 1] not in (NOBODY, d, line[s])
        if (left and instance.cools_at[s + 1, t]) or (comes and s >= t and instance.cools_at[t + 1, s + 1]):
            return Rule.HAND_OVER, instance.demand_names[line[s] if left else line[s + 1]]
    return None
