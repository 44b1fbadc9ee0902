"""The planner over classes: a relaxation for the bound and the prices, whole racks by branch and bound."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from ortools.math_opt.python import mathopt

from capalloc.instance.classes import Reduction
from capalloc.instance.model import Floats, Instance, Ints
from capalloc.planner.columns import USD_PER_COST, Columns, Preferences, add_columns
from capalloc.planner.grouping import add_grouping_rows
from capalloc.planner.limits import add_demand_rows, add_packing_rows
from capalloc.planner.linear import NONE, Answer, LinearModel
from capalloc.planner.state import add_state_rows
from capalloc.schema.plan import NodePrice
from capalloc.schema.rules import Rule

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class PlannerParams:
    """How hard the planner searches."""

    time_limit: float = 60.0
    """Seconds for the search for whole racks."""
    gap: float = 1e-6
    """Relative gap at which the search ends."""
    move_gap: float = 1e-8
    """Relative gap at which the search for fewer moves ends."""
    seed: int = 0
    prefer: Preferences = field(default_factory=Preferences)


@dataclass(frozen=True, slots=True)
class Counts:
    """Whole racks by cell."""

    serve: Ints
    """(C, D, T)"""
    off: Ints
    """(C, T)"""
    hold: Ints
    """(C, D, T)"""
    place: Ints
    """(C,)"""


@dataclass(frozen=True, slots=True)
class ClassPlan:
    """What the planner found."""

    status: str
    """``optimal``, ``feasible``, ``infeasible`` or ``unknown``."""
    counts: Counts | None
    bound_usd: float
    """Proven upper bound on the objective, discounted USD."""
    prices: tuple[NodePrice, ...]
    rows: int
    columns: int


def plan_classes(reduction: Reduction, params: PlannerParams, progress: Progress | None = None) -> ClassPlan:
    """Plan by classes. Deterministic for a seed while the time limit is not reached."""
    say = progress or (lambda _: None)
    model = LinearModel()
    columns = add_columns(model, reduction, params.prefer)
    packing = add_packing_rows(model, reduction, columns)
    add_demand_rows(model, reduction, columns)
    add_state_rows(model, reduction, columns)
    add_grouping_rows(model, reduction, columns)
    say("relax")
    begun = time.monotonic()
    relaxed = model.solve(mathopt.SolverType.GLOP, relax=True)
    if relaxed.status != "optimal":
        return ClassPlan("infeasible", None, -np.inf, (), model.rows, model.columns)
    say("plan")
    left = max(params.time_limit - (time.monotonic() - begun), 1.0)
    whole = model.solve(mathopt.SolverType.HIGHS, relax=False, time_limit=left, gap=params.gap, seed=params.seed)
    left = params.time_limit - (time.monotonic() - begun)
    if whole.values is not None and left > 0:
        say("move less")
        whole = _move_less(model, reduction, columns, whole, params, left)
    slack = tie_break_usd(reduction, params.prefer) + base_usd(reduction.instance)
    bound = min(relaxed.bound, whole.bound) * USD_PER_COST + slack
    counts = None if whole.values is None else _counts(columns, whole.values)
    prices = tuple(_prices(reduction, packing, relaxed))
    return ClassPlan(whole.status, counts, bound, prices, model.rows, model.columns)


def _move_less(
    model: LinearModel, reduction: Reduction, columns: Columns, whole: Answer, params: PlannerParams, left: float
) -> Answer:
    """Keep what every demand gets of every rack type, which fixes the money, and move as few racks as that allows."""
    assert whole.values is not None
    served = _counts(columns, whole.values).serve
    kinds = reduction.cells.type
    for k in np.unique(kinds):
        of_kind = np.flatnonzero(kinds == k)
        kept = served[of_kind].sum(axis=0)
        rows = model.add_rows(kept.size, "kept", lower=kept.reshape(-1), upper=kept.reshape(-1)).reshape(kept.shape)
        model.put(rows[None], columns.serve[of_kind], 1.0)
    now = model.value(whole.values)
    relaxed = model.solve(mathopt.SolverType.GLOP, relax=True)
    if relaxed.status != "optimal" or relaxed.bound <= now + params.prefer.move_usd / USD_PER_COST:
        return whole
    calm = model.solve(mathopt.SolverType.HIGHS, relax=False, time_limit=left, gap=params.move_gap, seed=params.seed)
    if calm.values is None or model.value(calm.values) <= now:
        return whole
    return Answer(whole.status, calm.values, whole.bound)


def base_usd(instance: Instance) -> float:
    """Discounted money that does not depend on the plan: penalties of delivering nothing, fees of no commitment."""
    return float(sum((curve.base * instance.discount).sum() for data in instance.demands for curve in data.curves))


def tie_break_usd(reduction: Reduction, prefer: Preferences) -> float:
    """Most that the tie-breaks can take from the objective; added to the bound, so that it stays proven."""
    cells, periods = reduction.cells, len(reduction.instance.periods)
    rank = max((len(data.types) - 1 for data in reduction.instance.demands), default=0)
    racks = int(cells.size[cells.delivery < 0].sum()) + len(reduction.instance.deliveries)
    return racks * periods * (rank * prefer.type_rank_usd + prefer.off_usd + prefer.move_usd)


def _counts(columns: Columns, values: Floats) -> Counts:
    def read(numbers: Ints) -> Ints:
        return np.where(numbers >= 0, np.rint(values[numbers]), 0).astype(np.int64)

    return Counts(read(columns.serve), read(columns.off), read(columns.hold), read(columns.place))


def _prices(reduction: Reduction, packing: dict[int, Ints], relaxed: Answer) -> list[NodePrice]:
    """Duals of a node's rows (normal and after each loss) added up, per kW and month, discounted USD."""
    instance = reduction.instance
    assert relaxed.duals is not None
    total: dict[tuple[str, int], float] = {}
    for i, rows in packing.items():
        row = instance.rows[i]
        if row.rule == Rule.COOLING:
            continue
        for t in np.flatnonzero(rows != NONE):
            dual = float(relaxed.duals[rows[t]])
            if dual > 1e-9:
                total[row.where, int(t)] = total.get((row.where, int(t)), 0.0) + dual
    return [
        NodePrice(
            node=node,
            period=instance.periods[t].label,
            usd_per_kw_month=round(dual * USD_PER_COST / instance.periods[t].months, 6),
        )
        for (node, t), dual in sorted(total.items())
    ]
