"""A proven upper bound on what any placement is worth: racks as a fluid, cells of like cords and zone as one.

The linear relaxation over kinds of racks and cells (a fluid model; Dantzig's bound of the knapsack problem, in more
dimensions). Racks may be split, groups may stand in pieces and anywhere, and cells with the same cords and zone are
one, so every placement is a solution of it, of the same worth. Power, heat and positions of a cell are tied by the
smallest and the largest rack alone, which keeps the model as small as cells plus kinds. What all rounding of loads and
limits may have taken is given back, the solver's tolerance is added, and the optimum is rounded down to what worth
comes in steps of.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np
from ortools.linear_solver.python import model_builder
from ortools.linear_solver.python.model_builder import LinearExpr

from capalloc.instance.model import Bools, Floats, Ints
from capalloc.placement.problem.layout import NO_LIMIT, NOISE, NONE, SHARE_STEP, PlacementProblem
from capalloc.placement.problem.requests import Groups
from capalloc.units import KW_PER_MILLIWATT, MILLIWATTS_PER_W, W_PER_KW

_SAFE = 1e-7
"""Relative and absolute margin of the solver's figure."""


def upper_bound(problem: PlacementProblem, groups: Groups) -> float:
    """No placement of the groups is worth more. Rounded down where worth comes in steps."""
    everything = float(groups.gain @ groups.racks + groups.bonus.sum())
    kinds = _Kinds.of(problem, groups) if problem.cells else None
    if kinds is None or not kinds.count.any():
        return 0.0
    value = _relaxed(problem, kinds, _slack(problem, groups))
    if math.isinf(value):
        return everything
    value += _SAFE * max(1.0, abs(value))
    step = _step(groups)
    return min(math.floor(value / step) * step if step else value, everything)


@dataclass(frozen=True, slots=True)
class _Kinds:
    """Groups of equal power, heat, cooling and worth of a rack, together. Power and heat of a rack in milliwatts."""

    count: Ints
    """Racks of the kind."""
    power: Ints
    heat: Ints
    """(3, kinds) all of it, by liquid and by air."""
    cooling: Ints
    """The bits of how positions may be cooled."""
    worth: Floats
    """Of a rack, its share of the group's bonus included."""

    @classmethod
    def of(cls, problem: PlacementProblem, groups: Groups) -> _Kinds:
        """Leave out groups that are larger than any container they may stand in."""
        most = problem.most_free(groups.level, groups.home)
        racks: Ints = np.where(groups.all_or_nothing & (groups.racks > most), 0, np.minimum(groups.racks, most))
        worth = groups.gain + groups.bonus / np.maximum(groups.racks, 1)
        asked = racks > 0
        table, racks = np.column_stack((groups.power, groups.heat, groups.cooling, worth))[asked], racks[asked]
        unique, of = np.unique(table, axis=0, return_inverse=True)
        count = np.bincount(of.reshape(-1), weights=racks, minlength=len(unique)).astype(np.int64)
        power, *heat, cooling = unique[:, :-1].T.astype(np.int64)
        return cls(count, power, np.array(heat), cooling, unique[:, -1].astype(np.float64))


def _slack(problem: PlacementProblem, groups: Groups) -> int:
    """milliwatts by which all rounding together may have narrowed any one limit, at most.

    That of the limit itself is less than a watt; to it come those of supplies and of what draws anyway.
    """
    site = problem.facility
    limits = [kw for node in site.power for kw in (node.rated_kw * node.max_utilization, node.failover_limit_kw)]
    limits += [kw for zone in site.cooling for kw in (zone.total_kw, zone.liquid_kw, zone.air_kw) if kw is not None]
    others = [node.static_load_kw for node in site.power] + [supply.kw for supply in site.supplies]
    own = [kw for kind in site.rack_types for kw in (kind.nameplate_kw, kind.expected_kw)]
    rounded = int(_not_whole(limits).any()) + int(_not_whole(others).sum())
    rounded += len(site.racks) * bool(_not_whole(own).any())
    stepwise = all((np.abs(w / SHARE_STEP - np.rint(w / SHARE_STEP)) < 1e-8).all() for w in _weights(problem))
    loads = np.outer(np.unique(groups.power), np.unique(np.concatenate([*_weights(problem)])))
    exact = stepwise and not groups.rounded.any() and bool((np.abs(loads - np.rint(loads)) < NOISE).all())
    return MILLIWATTS_PER_W * rounded + (0 if exact else int(problem.empty.free.sum()) + len(site.racks))


def _not_whole(kw: list[float]) -> Bools:
    """Which are no whole watts."""
    watts = np.array(kw, dtype=np.float64) * W_PER_KW
    return np.asarray(np.abs(watts - np.rint(watts)) > 1e-6)


def _weights(problem: PlacementProblem) -> tuple[Floats, ...]:
    return problem.layout.way_weight, problem.layout.loss_before, problem.layout.loss_after


def _step(groups: Groups) -> float:
    """What any worth is a multiple of: 0 where that is not known."""
    if groups.gain.any() and groups.bonus.any():
        return 0.0
    if groups.bonus.any():
        return 1.0
    scaled = groups.gain * 1000.0
    steps = np.rint(scaled).astype(np.int64)
    return math.gcd(*steps.tolist()) / 1000.0 if (np.abs(scaled - steps) < 1e-6).all() else 0.0


def _relaxed(problem: PlacementProblem, kinds: _Kinds, slack: int) -> float:
    """Worth of the best fluid, in which each cell takes racks, power and heat as three flows."""
    fluid = _Fluid(problem, kinds, slack)
    fluid.limit_nodes()
    fluid.limit_losses()
    fluid.limit_zones()
    fluid.limit_cooling()
    return fluid.worth()


class _Fluid:
    """The relaxation as a linear model, in kW."""

    def __init__(self, problem: PlacementProblem, kinds: _Kinds, slack: int) -> None:
        self._layout, self._empty, self._kinds, self._slack = problem.layout, problem.empty, kinds, slack
        cords = np.column_stack((problem.layout.cell_way, problem.layout.cell_zone))
        distinct, of = np.unique(cords, axis=0, return_inverse=True)
        self._ways, self._zones = distinct[:, 0].tolist(), distinct[:, 1].tolist()
        self._model = model_builder.Model()
        self._placed = self._columns(kinds.count)
        racks = self._columns(np.bincount(of.reshape(-1), weights=problem.empty.free, minlength=len(distinct)))
        self._total(racks, np.ones(len(kinds.count)))
        self._power = self._drawn(racks, kinds.power)
        self._heat = [self._heated(racks, heat) for heat in kinds.heat]
        self._normal = self._by_node()
        self._powers = np.unique(kinds.power[kinds.count > 0])
        self._steps = dict[frozenset[float], int]()
        """Of shares that were asked for: few nodes differ in them."""

    def _heated(self, racks: list[Any], heat: Ints) -> list[Any]:
        """The heat of one kind from each cell; none where no rack has any."""
        if not heat.any():
            return []
        return self._drawn(racks, heat) if (heat != self._kinds.power).any() else self._power

    def _columns(self, upper: Floats | Ints) -> list[Any]:
        return [self._model.new_num_var(0.0, float(most), "") for most in upper]

    def _total(self, columns: list[Any], per_rack: Any) -> None:
        """What all cells take is what all placed racks bring."""
        brought = LinearExpr.weighted_sum(self._placed, per_rack.tolist())
        self._model.add(LinearExpr.sum(columns) - brought == 0)

    def _drawn(self, racks: list[Any], of_rack: Ints) -> list[Any]:
        """A column for each cell: at least what its racks take if all are of the smallest, at most of the largest."""
        drawn, kw = self._columns(np.full(len(racks), math.inf)), of_rack * KW_PER_MILLIWATT
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
            step = self._step(frozenset(share for _, share in entries))
            self._limit(self._power, entries, self._layout.normal[node], self._empty.load[node], step)

    def _step(self, shares: frozenset[float]) -> int:
        """Milliwatts that the load of a node is a multiple of without what stands."""
        if shares not in self._steps:
            loads = np.outer(self._powers, list(shares))
            steps = np.rint(loads)
            whole = bool((np.abs(loads - steps) < NOISE).all())
            self._steps[shares] = int(np.gcd.reduce(steps.astype(np.int64), axis=None)) if whole else 1
        return self._steps[shares]

    def limit_losses(self) -> None:
        """And after a loss within those for that."""
        layout, changes = self._layout, defaultdict(list)
        for cell, way in enumerate(self._ways):
            for i in range(layout.loss_ptr[way], layout.loss_ptr[way + 1]):
                change = float(layout.loss_after[i] - layout.loss_before[i])
                changes[int(layout.way_loss[i])].append((cell, change))
        for loss, entries in changes.items():
            node = int(layout.loss_node[loss])
            normal = self._normal.get(node, [])
            step = self._step(frozenset(share for _, share in (*entries, *normal)))
            stands = self._empty.load[node] + self._empty.added[loss]
            self._limit(self._power, entries + normal, layout.failover[node], stands, step)

    def limit_zones(self) -> None:
        """Zones stay within their limits."""
        for zone in sorted(set(self._zones) - {NONE}):
            cells = [(cell, 1.0) for cell, of in enumerate(self._zones) if of == zone]
            for drawn, limit, stands in zip(
                self._heat, self._layout.zone_limit[zone], self._empty.heat[zone], strict=True
            ):
                self._limit(drawn, cells if drawn else [], limit, stands)

    def limit_cooling(self) -> None:
        """Racks that stand where positions are cooled in some ways are no more than those positions."""
        free = np.bincount(self._layout.cell_cooling, weights=self._empty.free)
        for ways in np.unique(self._kinds.cooling).tolist():
            inside = np.flatnonzero(self._kinds.cooling & ~ways == 0).tolist()
            room = free[np.arange(len(free)) & ways > 0].sum()
            self._model.add(LinearExpr.sum([self._placed[kind] for kind in inside]) <= float(room))

    def _limit(
        self, columns: list[Any], entries: list[tuple[int, float]], limit: int, stands: int, step: int = 1
    ) -> None:
        """What may be added below a limit, in whole steps; with all that rounding may have taken."""
        if limit < NO_LIMIT:
            added = LinearExpr.weighted_sum([columns[cell] for cell, _ in entries], [share for _, share in entries])
            left = max(int(limit - stands), 0) + self._slack
            self._model.add(added <= left // step * step * KW_PER_MILLIWATT)

    def worth(self) -> float:
        """The optimum; infinite where the solver does not find it."""
        self._model.maximize(LinearExpr.weighted_sum(self._placed, self._kinds.worth.tolist()))
        solver = model_builder.Solver("GLOP")
        optimal = solver.solve(self._model) == model_builder.SolveStatus.OPTIMAL
        return float(solver.objective_value) if optimal else math.inf
