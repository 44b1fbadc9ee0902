"""The planner over classes: small models in one search, large ones one calendar window after the other."""

from __future__ import annotations

import numpy as np

from capalloc.cancel import CancelToken
from capalloc.planner.bounds.prices import demand_prices, duals_of_single_periods, node_prices
from capalloc.planner.bounds.single_demands import single_demands_usd
from capalloc.planner.lp.deadline import Deadline
from capalloc.planner.model.columns import MONEY_ALONE
from capalloc.planner.model.objective import base_usd, bound_usd
from capalloc.planner.params import ClassPlan, PlannerParams
from capalloc.planner.search.by_window import plan_by_window
from capalloc.planner.search.watch import Stopping, Watch
from capalloc.planner.search.whole import plan_whole
from capalloc.progress import OnProgress
from capalloc.reduction.classes import Reduction
from capalloc.reduction.windows import window_starts
from capalloc.schema.status import Status


def plan_classes(
    reduction: Reduction, params: PlannerParams, cancel: CancelToken | None = None, progress: OnProgress | None = None
) -> ClassPlan:
    """Plan by classes. Deterministic for a seed while neither the time limit nor that of a single search is reached.

    A token that is set ends the search with the best plan there is.
    """
    asked, params = params.gap, params.resolved()
    deadline = Deadline(params.time_limit, cancel)
    if params.kept_share and np.isfinite(params.time_limit):
        deadline.keep("order", params.time_limit * params.kept_share)
    watch = Watch(progress or (lambda _: None), deadline, base_usd(reduction), Stopping(asked, params.stopping))
    if reduction.columns(len(window_starts(reduction.instance))) > params.most_columns:
        plan = _by_window_plan(reduction, params, deadline, watch)
        if plan.status is not Status.UNKNOWN or plan.known_will_do:
            return plan
        too_large = reduction.columns(len(reduction.instance.periods)) > params.most_whole_columns
        if not params.needed and (too_large or deadline.over()):
            return plan
    return plan_whole(reduction, params, deadline, watch)


def _by_window_plan(reduction: Reduction, params: PlannerParams, deadline: Deadline, watch: Watch) -> ClassPlan:
    instance = reduction.instance
    plan = plan_by_window(reduction, params, deadline, watch)
    late, slowed = deadline.left() <= 0, watch.slowed()
    deadline.keep("prices", 0.0)
    duals = None
    if params.known is None:
        duals = duals_of_single_periods(instance, plan.found, plan.model.linear, deadline.lasting(params.relaxation_s))
    return ClassPlan(
        status=Status.INFEASIBLE if plan.infeasible else Status.UNKNOWN if plan.counts is None else Status.FEASIBLE,
        counts=plan.counts,
        bound_usd=min(bound_usd(reduction, plan.bound_usd, MONEY_ALONE), single_demands_usd(instance)),
        prices=() if duals is None else node_prices(instance, plan.model.packing, duals),
        demand_prices=() if duals is None else demand_prices(instance, plan.model.money, duals),
        rows=plan.rows,
        columns=plan.columns,
        windows=plan.windows,
        interrupted=deadline.interrupted,
        known_will_do=plan.known_will_do,
        late=late,
        slowed=slowed,
    )
