"""The planner over classes: a relaxation for the bound and the prices, whole racks by branch and bound."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from ortools.math_opt.python import mathopt

from capalloc.instance.classes import Reduction, reduce_instance
from capalloc.instance.model import Instance, Ints
from capalloc.instance.windows import merge_windows, window_of, window_starts
from capalloc.planner.bound import most_usd, period_bound
from capalloc.planner.built import BOUND_NOISE, BuiltModel, base_usd
from capalloc.planner.columns import MONEY_ALONE, Preferences, move_usd
from capalloc.planner.counts import Counts, whole_counts
from capalloc.planner.improve import improve
from capalloc.planner.linear import LinearModel
from capalloc.planner.prices import demand_prices, node_prices, of_singles, of_whole
from capalloc.planner.program import Answer
from capalloc.planner.rolling import roll
from capalloc.planner.stepwise import plan_stepwise
from capalloc.schema.plan import DemandPrice, NodePrice

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class PlannerParams:
    """How hard the planner searches."""

    time_limit: float = 60.0
    """Seconds for the search for whole racks."""
    gap: float = 1e-7
    """Relative gap at which the search ends."""
    first_share: float = 0.4
    """Share of the time for one search over everything; when it is cut short, parts are searched again."""
    rest_share: float = 0.3
    """Share of the time kept, in that case, for what follows a plan made period by period."""
    bound_share: float = 0.05
    """Share of the time kept for a second bound."""
    close: float = 1e-4
    """Relative distance to the relaxation's bound up to which no second bound is sought."""
    direct_columns: int = 1000
    """A model of up to so many columns is also searched without windows."""
    direct_nodes: int = 200
    """Branch-and-bound nodes of that search."""
    most_columns: int = 5000
    """Above so many columns of who serves whom, the plan is made one window after the other."""
    stepwise_gap: float = 1e-3
    """Relative gap at which that search ends."""
    move_gap: float = 1e-8
    """Relative gap at which the search for fewer moves ends."""
    seed: int = 0
    prefer: Preferences = field(default_factory=Preferences)


@dataclass(frozen=True, slots=True)
class ClassPlan:
    """What the planner found."""

    status: str
    """``optimal``, ``feasible``, ``infeasible`` or ``unknown``."""
    counts: Counts | None
    bound_usd: float
    """Proven upper bound on the objective, discounted USD."""
    prices: tuple[NodePrice, ...]
    demand_prices: tuple[DemandPrice, ...]
    rows: int
    columns: int
    windows: int


def plan_classes(reduction: Reduction, params: PlannerParams, progress: Progress | None = None) -> ClassPlan:
    """Plan by classes. Deterministic for a seed while the time limit is not reached.

    The bound and the prices come from the relaxation over all periods; whole racks are searched for over calendar
    windows, where the model is smallest. Where the two stay apart, single periods give a second bound.
    """
    say = progress or (lambda _: None)
    deadline = time.monotonic() + params.time_limit
    say("relax")
    if _direct_columns(reduction) > params.most_columns:
        stepwise = _stepwise(reduction, params, deadline)
        if stepwise.status != "unknown":
            return stepwise
    full = BuiltModel(reduction, params.prefer)
    size = full.model.rows, full.model.columns  # before rows are added that only hold what was found
    relaxed = _relaxation(full)
    if relaxed.status == "infeasible":
        return ClassPlan("infeasible", None, -np.inf, (), (), *size, 0)
    say("plan")
    starts = window_starts(reduction.instance)
    merged = len(starts) < len(reduction.instance.periods)
    small = _by_window(reduction.instance, starts, params) if merged else full
    found = _whole_racks(small, params, deadline)
    proven = relaxed.bound if merged else min(relaxed.bound, found.bound)
    best = _Best(reduction, params, min(full.bound_usd(proven, params.prefer), most_usd(reduction.instance)))
    if found.values is not None:
        best.take(whole_counts(small.columns, found.values), small.model.value(found.values), starts)
        if not best.within(params.close):
            say("bound")
            best.bound = min(best.bound, period_bound(reduction.instance, params.prefer, params.close / 10, deadline))
        if merged and not best.within(params.gap) and full.model.columns <= params.direct_columns:
            _all_periods(full, best, params, deadline)
        if not best.within(params.gap) and full.model.columns <= params.direct_columns:
            _money_alone(best, params, deadline)
    duals = None if relaxed.duals is None else of_whole(relaxed.duals)
    return ClassPlan(
        status=found.status,
        counts=best.counts,
        bound_usd=best.bound,
        prices=() if duals is None else node_prices(reduction.instance, full.packing, duals),
        demand_prices=() if duals is None else demand_prices(reduction.instance, full.money, duals),
        rows=size[0],
        columns=size[1],
        windows=len(starts),
    )


def _direct_columns(reduction: Reduction) -> int:
    """Columns of who serves whom over windows."""
    return len(reduction.cells.size) * len(reduction.instance.demands) * len(window_starts(reduction.instance))


def _stepwise(reduction: Reduction, params: PlannerParams, deadline: float) -> ClassPlan:
    instance, starts = reduction.instance, window_starts(reduction.instance)
    plan = plan_stepwise(reduction, starts, params.prefer, params.stepwise_gap, params.seed, deadline)
    model = plan.built.model
    duals = of_singles(instance, plan.found, model.rows)
    bound = plan.bound_usd + base_usd(reduction)
    return ClassPlan(
        status="infeasible" if plan.infeasible else "unknown" if plan.counts is None else "feasible",
        counts=plan.counts,
        bound_usd=min(bound + BOUND_NOISE * abs(bound), most_usd(instance)),
        prices=node_prices(instance, plan.built.packing, duals),
        demand_prices=demand_prices(instance, plan.built.money, duals),
        rows=model.rows,
        columns=model.columns,
        windows=len(starts),
    )


def _relaxation(full: BuiltModel) -> Answer:
    """Without whole racks; where one solver's answer is not to be relied on, or says no, another is asked."""
    answer = full.model.solve(mathopt.SolverType.GLOP, relax=True)
    return answer if answer.status == "optimal" else full.model.solve(mathopt.SolverType.HIGHS, relax=True)


class _Best:
    """The best counts so far, and the lowest proven bound, both in plan USD."""

    def __init__(self, reduction: Reduction, params: PlannerParams, bound: float) -> None:
        self.reduction = reduction
        self.base = base_usd(reduction)
        self.bound = bound
        self.worth = -np.inf
        self.counts: Counts | None = None

    def take(self, counts: Counts, model_usd: float, starts: Ints) -> None:
        """Keep counts by window if they are worth more."""
        if model_usd + self.base > self.worth:
            self.worth = model_usd + self.base
            self.counts = counts.over(window_of(self.reduction.instance, starts))

    def within(self, gap: float) -> bool:
        """Whether the bound is at most this relative gap away."""
        return self.bound - self.worth <= gap * abs(self.bound)


def _all_periods(full: BuiltModel, best: _Best, params: PlannerParams, deadline: float) -> None:
    """Search a small model over single periods too: it may move inside a window, and its bound sees every move."""
    answer = _few_nodes(full, params, deadline)
    if answer is None:
        return
    best.bound = min(best.bound, full.bound_usd(answer.bound, params.prefer))
    if answer.values is not None:
        every = np.arange(len(full.reduction.instance.periods))
        best.take(whole_counts(full.columns, answer.values), full.model.value(answer.values), every)


def _money_alone(best: _Best, params: PlannerParams, deadline: float) -> None:
    """Bound a small model without tie-breaks, so that they take nothing from the bound."""
    built = BuiltModel(best.reduction, MONEY_ALONE)
    answer = _few_nodes(built, params, deadline)
    if answer is not None:
        best.bound = min(best.bound, built.bound_usd(answer.bound, MONEY_ALONE))


def _few_nodes(built: BuiltModel, params: PlannerParams, deadline: float) -> Answer | None:
    """A search that ends after so many nodes whatever the machine; None when no time is left."""
    left = deadline - time.monotonic()
    if left <= 0:
        return None
    return built.model.solve(
        mathopt.SolverType.HIGHS,
        relax=False,
        time_limit=left,
        gap=params.gap / 10,
        seed=params.seed,
        node_limit=params.direct_nodes,
    )


def _by_window(instance: Instance, starts: Ints, params: PlannerParams) -> BuiltModel:
    ends = np.append(starts[1:], len(instance.periods))
    return BuiltModel(reduce_instance(merge_windows(instance, starts, ends)), params.prefer)


def _whole_racks(built: BuiltModel, params: PlannerParams, deadline: float) -> Answer:
    model = built.model
    left = max(deadline - time.monotonic(), 1.0)
    whole = model.solve(
        mathopt.SolverType.HIGHS, relax=False, time_limit=left * params.first_share, gap=params.gap, seed=params.seed
    )
    if whole.status in ("feasible", "unknown"):
        rolled = roll(built, params.close, params.seed, deadline - left * params.rest_share)
        whole = _better(model, whole, rolled)
    if whole.status == "feasible" and whole.values is not None:
        whole = improve(built, whole, params.gap, params.seed, deadline - left * params.bound_share)
    left = deadline - time.monotonic()
    if whole.values is None or left <= 0:
        return whole
    return _move_less(built, whole, params, left)


def _better(model: LinearModel, whole: Answer, rolled: Answer | None) -> Answer:
    """The answer that is worth more; the bound stays that of the search over everything."""
    if rolled is None or rolled.values is None:
        return whole
    if whole.values is not None and model.value(whole.values) >= model.value(rolled.values):
        return whole
    return Answer("feasible", rolled.values, whole.bound)


def _move_less(built: BuiltModel, whole: Answer, params: PlannerParams, left: float) -> Answer:
    """Keep what every demand gets of every rack type, which fixes the money, and move as few racks as that allows."""
    assert whole.values is not None
    model, reduction, columns = built.model, built.reduction, built.columns
    served = whole_counts(columns, whole.values).serve
    kinds = reduction.cells.type
    for k in np.unique(kinds):
        of_kind = np.flatnonzero(kinds == k)
        kept = served[of_kind].sum(axis=0)
        rows = model.add_rows(kept.size, "kept", lower=kept.reshape(-1), upper=kept.reshape(-1)).reshape(kept.shape)
        model.put(rows[None], columns.serve[of_kind], 1.0)
    now = model.value(whole.values)
    relaxed = model.solve(mathopt.SolverType.GLOP, relax=True)
    if relaxed.status != "optimal" or relaxed.bound <= now + move_usd(reduction.instance, params.prefer) / 2:
        return whole
    calm = model.solve(mathopt.SolverType.HIGHS, relax=False, time_limit=left, gap=params.move_gap, seed=params.seed)
    if calm.values is None or model.value(calm.values) <= now:
        return whole
    return Answer(whole.status, calm.values, whole.bound)
