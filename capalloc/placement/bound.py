"""A proven upper bound on what any placement is worth: racks as a fluid, cells of like cords and zone as one."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from ortools.linear_solver.python import model_builder
from ortools.linear_solver.python.model_builder import LinearExpr

from capalloc.instance.groups import Groups
from capalloc.instance.layout import MW_PER_W, NO_LIMIT, NONE, Floats, Floorplan
from capalloc.instance.model import Ints

_KW_PER_MW = 1e-6
"""Here mW are milliwatts."""
_SAFE = 1e-7
"""Relative and absolute margin of the solver's figure."""


def upper_bound(plan: Floorplan, groups: Groups) -> float:
    """No placement of the groups is worth more. Rounded down where worth comes in steps."""
    everything = float(groups.gain @ groups.racks + groups.bonus.sum())
    ready = float(groups.bonus[groups.racks == 0].sum())
    kinds = _Kinds.of(plan, groups) if plan.cells else None
    if kinds is None or not kinds.count.any():
        return ready
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
        largest = np.array([room[a:b].max(initial=0) for a, b in pairwise(level_ptr)])
        most = np.where(groups.home == NONE, largest[groups.level], room[groups.home])
        racks: Ints = np.where(groups.whole & (groups.racks > most), 0, np.minimum(groups.racks, most))
        worth = groups.gain + groups.bonus / np.maximum(groups.racks, 1)
        table = np.column_stack((groups.power, groups.heat, worth))
        unique, of = np.unique(table, axis=0, return_inverse=True)
        count = np.bincount(of.reshape(-1), weights=racks, minlength=len(unique)).astype(np.int64)
        power, heat = unique[:, :2].T.astype(np.int64)
        return cls(count, power, heat, unique[:, 2].astype(np.float64))


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
    fluid = _Fluid(plan, kinds)
    fluid.limit_nodes()
    fluid.limit_losses()
    fluid.limit_zones()
    return fluid.worth()


class _Fluid:
    """The relaxation as a linear model, in kW."""

    def __init__(self, plan: Floorplan, kinds: _Kinds) -> None:
        self._layout, self._empty, self._kinds = plan.layout, plan.empty, kinds
        cords = np.column_stack((plan.layout.cell_way, plan.layout.cell_zone))
        alike, of = np.unique(cords, axis=0, return_inverse=True)
        self._ways, self._zones = alike[:, 0].tolist(), alike[:, 1].tolist()
        self._model = model_builder.Model()
        self._placed = self._columns(kinds.count)
        racks = self._columns(np.bincount(of.reshape(-1), weights=plan.empty.free, minlength=len(alike)))
        self._total(racks, np.ones(len(kinds.count)))
        self._power = self._drawn(racks, kinds.power)
        self._heat = self._drawn(racks, kinds.heat) if (kinds.heat != kinds.power).any() else self._power
        self._normal = self._by_node()

    def _columns(self, upper: Floats | Ints) -> list[Any]:
        return [self._model.new_num_var(0.0, float(most), "") for most in upper]

    def _total(self, columns: list[Any], per_rack: Any) -> None:
        """What all cells take is what all placed racks bring."""
        brought = LinearExpr.weighted_sum(self._placed, per_rack.tolist())
        self._model.add(LinearExpr.sum(columns) - brought == 0)

    def _drawn(self, racks: list[Any], of_rack: Ints) -> list[Any]:
        """A column for each cell: at least what its racks take if all are of the smallest, at most of the largest."""
        drawn, kw = self._columns(np.full(len(racks), math.inf)), of_rack * _KW_PER_MW
        self._total(drawn, kw)
        for taken, count in zip(drawn, racks, strict=True):
            self._model.add(taken - float(kw.max()) * count <= 0)
            self._model.add(taken - float(kw.min()) * count >= 0)
        return drawn

    def _by_node(self) -> dict[int, list[tuple[int, float]]]:
        """(cell, share) of what loads each node in normal operation."""
        layout, entries = self._layout, defaultdict(list)
        for cell, way in enumerate(self._ways):
            for i in range(layout.way_ptr[way], layout.way_ptr[way + 1]):
                entries[int(layout.way_node[i])].append((cell, float(layout.way_weight[i])))
        return entries

    def limit_nodes(self) -> None:
        """Nodes stay within their limits in normal operation."""
        for node, entries in self._normal.items():
            self._limit(self._power, entries, self._layout.normal[node], self._empty.load[node])

    def limit_losses(self) -> None:
        """And after a loss within those for that."""
        layout, changes = self._layout, defaultdict(list)
        for cell, way in enumerate(self._ways):
            for i in range(layout.loss_ptr[way], layout.loss_ptr[way + 1]):
                change = float(layout.loss_after[i] - layout.loss_before[i])
                changes[int(layout.way_loss[i])].append((cell, change))
        for loss, entries in changes.items():
            node = int(layout.loss_node[loss])
            stands = self._empty.load[node] + self._empty.added[loss]
            self._limit(self._power, entries + self._normal.get(node, []), layout.failover[node], stands)

    def limit_zones(self) -> None:
        """Zones stay within their limits."""
        for zone in sorted(set(self._zones) - {NONE}):
            cells = [(cell, 1.0) for cell, of in enumerate(self._zones) if of == zone]
            self._limit(self._heat, cells, self._layout.zone_limit[zone], self._empty.heat[zone])

    def _limit(self, columns: list[Any], entries: list[tuple[int, float]], limit: int, stands: int) -> None:
        """A limit that what stands is above lets nothing more pass; a watt more since limits were rounded down."""
        if limit < NO_LIMIT:
            added = LinearExpr.weighted_sum([columns[cell] for cell, _ in entries], [share for _, share in entries])
            self._model.add(added <= (max(float(limit - stands), 0.0) + MW_PER_W) * _KW_PER_MW)

    def worth(self) -> float:
        """The optimum; infinite where the solver does not find it."""
        self._model.maximize(LinearExpr.weighted_sum(self._placed, self._kinds.worth.tolist()))
        solver = model_builder.Solver("GLOP")
        optimal = solver.solve(self._model) == model_builder.SolveStatus.OPTIMAL
        return float(solver.objective_value) if optimal else math.inf
