"""Rules on which racks a demand takes together: isolation, locality, homogeneity, spread, buffer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from capalloc.instance.resolution import decimal
from capalloc.instance.shares import share_allowed, share_needed
from capalloc.planner.lp.linear import NONE, LinearModel
from capalloc.planner.lp.program import Ints
from capalloc.planner.model.columns import Columns
from capalloc.planner.model.limits import most_delivered
from capalloc.reduction.classes import Reduction


@dataclass(frozen=True, slots=True)
class Isolation:
    """A demand that lets no other into its rows or halls."""

    demand: int
    group: Ints
    """(C,) the row or hall of each class."""
    uses: Ints
    """(groups, T) binary columns: the demand uses the group."""


def add_grouping_rows(model: LinearModel, reduction: Reduction, columns: Columns) -> list[Isolation]:
    """Add the rows of every demand that asks for them."""
    isolations: list[Isolation] = []
    for d, data in enumerate(reduction.instance.demands):
        demand = data.demand
        if demand.isolation != "none":
            group = _groups(reduction, demand.isolation)
            isolations.append(Isolation(d, group, _isolation(model, reduction, columns, d, group)))
        if demand.locality is not None:
            _lots(model, reduction, columns, d, demand.locality.level, demand.locality.min_racks)
        if demand.homogeneous:
            _homogeneous(model, reduction, columns, d)
        if demand.buffer_share > 0:
            _buffer(model, reduction, columns, d, demand.buffer_share)
    _spread(model, reduction, columns)
    _keep_others_out(model, reduction, columns, isolations)
    return isolations


def _keep_others_out(
    model: LinearModel, reduction: Reduction, columns: Columns, isolations: Sequence[Isolation]
) -> None:
    """The racks of a class serve those that keep others out, one of them alone, or the others."""
    if not isolations:
        return
    inside = [(one, np.where((one.group >= 0)[:, None], one.uses[one.group], NONE)) for one in isolations]
    here = np.any([switch >= 0 for _, switch in inside], axis=0)
    c, t = np.nonzero(here)
    size = reduction.classes.size[c].astype(float)
    rows = model.add_rows(len(c), "isolation", upper=size)
    for _, switch in inside:
        model.put(rows, switch[c, t], size)
    alone = {one.demand for one in isolations}
    for e in range(columns.serve.shape[1]):
        if e not in alone:
            model.put(rows, columns.serve[c, e, t], 1.0)


def _groups(reduction: Reduction, level: str) -> Ints:
    """(C,) the row, hall or fabric block of each class."""
    places = reduction.position_classes
    by_level = {"row": places.row, "hall": places.hall, "fabric_block": places.block}
    group: Ints = by_level[level][reduction.classes.position_class]
    return group


def _switches(model: LinearModel, reduction: Reduction, columns: Columns, d: int, group: Ints) -> Ints:
    """(groups, T) yes/no: the demand uses the group; its racks there are none without it. Indexed by group number."""
    periods = columns.serve.shape[2]
    used = np.zeros((int(group.max(initial=-1)) + 1, periods), dtype=bool)
    for c in np.flatnonzero(group >= 0):
        used[group[c]] |= columns.serve[c, d] >= 0
    switch = model.add_columns(used, 1.0, integer=True)
    model.binaries.append(switch)
    users, when = np.nonzero((columns.serve[:, d] >= 0) & (group >= 0)[:, None])
    rows = model.add_rows(len(users), "uses", upper=0.0)
    model.put(rows, columns.serve[users, d, when], 1.0)
    model.put(rows, switch[group[users], when], -reduction.classes.size[users])
    return switch


def _isolation(model: LinearModel, reduction: Reduction, columns: Columns, d: int, group: Ints) -> Ints:
    """Where the demand is: (groups, T) switches."""
    switch = _switches(model, reduction, columns, d, group)
    model.priority.append(switch)
    _within_ramp(model, reduction, columns, d, group, switch)
    return switch


def _within_ramp(model: LinearModel, reduction: Reduction, columns: Columns, d: int, group: Ints, switch: Ints) -> None:
    """What the demand has in a group is none without it, and no more than its ramp allows with it.

    No rule of its own: where the group holds more, it keeps the relaxation from taking many groups by small parts.
    """
    data, classes = reduction.instance.demands[d], reduction.classes
    measure = data.unit[classes.type].astype(float) / max(float(data.unit.max()), 1.0)
    ceiling = most_delivered(data) / max(float(data.unit.max()), 1.0)
    holds = np.zeros(len(switch))
    np.add.at(holds, group[group >= 0], (measure * classes.size)[group >= 0])
    g, t = np.nonzero((switch >= 0) & (holds[:, None] > ceiling[None, :]))
    rows = np.full(switch.shape, NONE, dtype=np.int64)
    rows[g, t] = model.add_rows(len(g), "uses within its ramp", upper=0.0)
    inside = np.flatnonzero(group >= 0)
    served = np.where(rows[group[inside]] >= 0, columns.serve[inside, d], NONE)
    model.put(rows[group[inside]], served, measure[inside, None])
    model.put(rows[g, t], switch[g, t], -ceiling[t])


def _lots(model: LinearModel, reduction: Reduction, columns: Columns, d: int, level: str, least: int) -> None:
    """At each place of the level and for each type: none, or at least ``least`` racks."""
    kinds = len(reduction.instance.type_names)
    place = _groups(reduction, level)
    group = np.where(place >= 0, place * kinds + reduction.classes.type, NONE)
    switch = _switches(model, reduction, columns, d, group)
    rows = model.add_rows(switch.size, "lots", lower=0.0).reshape(switch.shape)
    model.put(rows, switch, -float(least))
    inside = np.flatnonzero(group >= 0)
    model.put(rows[group[inside]], columns.serve[inside, d], 1.0)


def _homogeneous(model: LinearModel, reduction: Reduction, columns: Columns, d: int) -> None:
    switch = _switches(model, reduction, columns, d, reduction.classes.type)
    model.priority.append(switch)
    rows = model.add_rows(switch.shape[1], "homogeneous", upper=1.0)
    model.put(rows[None, :], switch, 1.0)


def _most_racks(reduction: Reduction, d: int) -> int:
    """Racks that the demand could have at all."""
    return int(reduction.instance.racks.eligible[:, d].sum())


def _buffer(model: LinearModel, reduction: Reduction, columns: Columns, d: int, share: float) -> None:
    rows = model.add_rows(columns.serve.shape[2], "buffer", lower=0.0)
    model.put(rows[None, :], columns.hold[:, d], 1.0)
    model.put(rows[None, :], columns.serve[:, d], -float(share_needed(share, _most_racks(reduction, d))))


def _spread(model: LinearModel, reduction: Reduction, columns: Columns) -> None:
    members = reduction.position_classes.members
    first = np.array([members[q][0] for q in reduction.classes.position_class], dtype=np.int64)
    for spread in reduction.instance.spreads:
        parts = math.lcm(*(decimal(round(share, 12)).denominator for share in np.unique(spread.share).tolist()))
        most = float(share_allowed(spread.max_share, _most_racks(reduction, spread.demand), parts))
        for v, node in enumerate(spread.nodes):
            rows = model.add_rows(columns.serve.shape[2], f"spread {node}", upper=0.0)
            excess = spread.share[v, first] - most
            model.put(rows[None, :], columns.serve[:, spread.demand], excess[:, None])
