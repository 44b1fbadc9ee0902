"""A proven upper bound on what any placement is worth: racks as a fluid, cells of like cords and zone as one."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from ortools.linear_solver.python import model_builder

from capalloc.instance.groups import Groups
from capalloc.instance.layout import NO_LIMIT, NONE, Floats, Floorplan
from capalloc.instance.model import Ints

_PER_MW = 1e-6
"""The solver sees kW."""
_SAFE = 1e-7
"""Relative and absolute margin of the solver's figure."""


def upper_bound(plan: Floorplan, groups: Groups) -> float:
    """No placement of the groups is worth more. Rounded down where worth comes in steps."""
    everything = float(groups.gain @ groups.racks + groups.bonus.sum())
    kinds = _Kinds.of(plan, groups)
    if not kinds.count.any() or not len(plan.cells):
        return float(groups.bonus[groups.racks == 0].sum())
    ready = float(groups.bonus[groups.racks == 0].sum())
    value = ready + _relaxed(plan, kinds)
    value += _SAFE * max(1.0, abs(value))
    step = _step(groups)
    return min(math.floor(value / step) * step if step else value, everything)


@dataclass(frozen=True, slots=True)
class _Kinds:
    """Groups that are alike, together. Power and heat of a rack in mW."""

    count: Ints
    """Racks of the kind."""
    power: Ints
    heat: Ints
    worth: Floats
    """Of a rack, its share of the group's bonus included."""

    @classmethod
    def of(cls, plan: Floorplan, groups: Groups) -> _Kinds:
        """Leave out groups that are larger than any container they may stand in."""
        room, level_ptr = plan.empty.room, plan.layout.level_ptr
        largest = np.array([room[a:b].max(initial=0) for a, b in zip(level_ptr[:-1], level_ptr[1:], strict=True)])
        most = np.where(groups.home == NONE, largest[groups.level], room[groups.home])
        racks = np.where(groups.whole & (groups.racks > most), 0, np.minimum(groups.racks, most))
        worth = groups.gain + groups.bonus / np.maximum(groups.racks, 1)
        table = np.column_stack((groups.power, groups.heat, worth))
        unique, of = np.unique(table, axis=0, return_inverse=True)
        count = np.bincount(of.reshape(-1), weights=racks, minlength=len(unique)).astype(np.int64)
        return cls(count, unique[:, 0].astype(np.int64), unique[:, 1].astype(np.int64), unique[:, 2])


def _step(groups: Groups) -> float:
    """What any worth is a multiple of: 0 where that is not known."""
    if groups.gain.any() and groups.bonus.any():
        return 0.0
    if groups.bonus.any():
        return 1.0
    scaled = groups.gain * 1000.0
    whole = np.rint(scaled).astype(np.int64)
    return math.gcd(*whole.tolist()) / 1000.0 if (np.abs(scaled - whole) < 1e-6).all() else 0.0


def _relaxed(plan: Floorplan, kinds: _Kinds) -> float:
    """Worth of the best fluid, in which each cell takes racks, power and heat apart."""
    layout, empty = plan.layout, plan.empty
    alike, of = np.unique(np.column_stack((layout.cell_way, layout.cell_zone)), axis=0, return_inverse=True)
    free = np.bincount(of.reshape(-1), weights=empty.free, minlength=len(alike))
    model = model_builder.Model()
    placed = [model.new_num_var(0.0, float(count), "placed") for count in kinds.count]
    racks = [model.new_num_var(0.0, float(most), "racks") for most in free]
    power = [model.new_num_var(0.0, math.inf, "power") for _ in free]
    warm = bool((kinds.heat != kinds.power).any())
    heat = [model.new_num_var(0.0, math.inf, "heat") for _ in free] if warm else power
    _total(model, racks, placed, np.ones(len(kinds.count)))
    _total(model, power, placed, kinds.power * _PER_MW)
    if warm:
        _total(model, heat, placed, kinds.heat * _PER_MW)
    for drawn, of_rack in ((power, kinds.power), *(((heat, kinds.heat),) if warm else ())):
        least, most = float(of_rack.min() * _PER_MW), float(of_rack.max() * _PER_MW)
        for cell in range(len(free)):
            model.add(drawn[cell] - most * racks[cell] <= 0)
            model.add(drawn[cell] - least * racks[cell] >= 0)
    _limits(model, plan, alike, power, heat)
    model.maximize(model_builder.LinearExpr.weighted_sum(placed, kinds.worth.tolist()))
    solver = model_builder.Solver("GLOP")
    status = solver.solve(model)
    if status != model_builder.SolveStatus.OPTIMAL:
        return math.inf
    return float(solver.objective_value)


def _total(model, cells, placed, per_rack) -> None:
    total = model_builder.LinearExpr.sum(cells)
    model.add(total - model_builder.LinearExpr.weighted_sum(placed, np.asarray(per_rack, float).tolist()) == 0)


def _limits(model, plan: Floorplan, alike: Ints, power, heat) -> None:
    layout, empty = plan.layout, plan.empty
    normal: dict[int, list[tuple[int, float]]] = {}
    after: dict[int, list[tuple[int, float]]] = {}
    zones: dict[int, list[int]] = {}
    for cell, (way, zone) in enumerate(alike.tolist()):
        for i in range(layout.way_ptr[way], layout.way_ptr[way + 1]):
            normal.setdefault(int(layout.way_node[i]), []).append((cell, float(layout.way_weight[i])))
        for i in range(layout.loss_ptr[way], layout.loss_ptr[way + 1]):
            change = float(layout.loss_after[i] - layout.loss_before[i])
            after.setdefault(int(layout.way_loss[i]), []).append((cell, change))
        if zone != NONE:
            zones.setdefault(zone, []).append(cell)

    def weighted(entries):
        return model_builder.LinearExpr.weighted_sum([power[c] for c, _ in entries], [x for _, x in entries])

    for node, entries in normal.items():
        left = layout.normal[node] - empty.load[node]
        if layout.normal[node] < NO_LIMIT:
            model.add(weighted(entries) <= max(float(left), 0.0) * _PER_MW)
    for loss, entries in after.items():
        node = int(layout.loss_node[loss])
        if layout.failover[node] < NO_LIMIT:
            left = layout.failover[node] - empty.load[node] - empty.added[loss]
            model.add(weighted(entries + normal.get(node, [])) <= max(float(left), 0.0) * _PER_MW)
    for zone, cells in zones.items():
        left = layout.zone_limit[zone] - empty.heat[zone]
        model.add(model_builder.LinearExpr.sum([heat[c] for c in cells]) <= max(float(left), 0.0) * _PER_MW)
