"""Large models, one calendar window after the other: single-period bounds, a rolling horizon, then gap closing.

Windows merge periods in which the same is possible. Where no rule ties periods together, a plan over windows is a plan.
Where hand-over, bring-up or a budget of moves tie them, those rules are dropped to make a guide and a bound, which hold
all the more, and guided relax-and-fix plans the periods themselves. Aggregation of time is exact here, since periods
of a window differ in money alone; its theory: D. F. Rogers et al., Aggregation and disaggregation techniques and
methodology in optimization, Operations Research 39, 1991.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from capalloc.instance.model import Floats, Instance, Ints
from capalloc.planner.bounds.group_draw import with_cuts
from capalloc.planner.bounds.single_periods import PeriodBounds, SinglePeriod, relax_single_periods, tighten
from capalloc.planner.lp.deadline import Deadline
from capalloc.planner.lp.linear import LinearModel
from capalloc.planner.lp.parallel import AT_ONCE, side_by_side
from capalloc.planner.lp.program import Answer
from capalloc.planner.lp.slices import Slices
from capalloc.planner.model.by_class import ModelByClass
from capalloc.planner.model.by_pool import ModelByPool, poolable
from capalloc.planner.model.columns import Preferences
from capalloc.planner.model.objective import base_usd
from capalloc.planner.model.periods import slices_of
from capalloc.planner.model.protocol import PlanModel
from capalloc.planner.params import PlannerParams
from capalloc.planner.search.commitments import meets_commitments
from capalloc.planner.search.gap_closing import GapClosing, aim_usd
from capalloc.planner.search.guide import Guide, chosen_by, of_columns, set_aside
from capalloc.planner.search.guided import guided_relax_and_fix
from capalloc.planner.search.known import short_windows, will_do
from capalloc.planner.search.neighbourhoods import search_neighbourhoods
from capalloc.planner.search.relax_and_fix import Frame, Settings, columns_of
from capalloc.planner.search.rolling_horizon import relax_and_fix
from capalloc.planner.search.tied import plan_tied
from capalloc.planner.search.watch import Watch
from capalloc.reduction.classes import Reduction, reduce_instance
from capalloc.reduction.counts import Counts
from capalloc.reduction.pools import pool
from capalloc.reduction.uncoupled import uncoupled
from capalloc.reduction.windows import merge_windows, window_of, window_starts
from capalloc.schema.status import Status


@dataclass(frozen=True, slots=True)
class WindowPlan:
    """What planning period by period found."""

    infeasible: bool
    counts: Counts | None
    """By class of the reduction, and by period."""
    bound_usd: float
    """Discounted USD that no plan can pass, without what no plan changes."""
    found: tuple[SinglePeriod, ...]
    model: PlanModel
    """The model over windows that the bound and the prices are of."""
    windows: int
    rows: int
    columns: int
    known_will_do: bool = False
    """The plan at hand delivers as much, within the gap."""


@dataclass(frozen=True, slots=True)
class RelaxedWindows:
    """An instance without rules that tie periods, and the relaxation of each of its windows."""

    window: Ints
    """(T,) window of each period."""
    model: PlanModel
    """Over windows."""
    slices: Slices
    bounds: PeriodBounds


def relaxed_windows(instance: Instance, prefer: Preferences, deadline: Deadline | None = None) -> RelaxedWindows:
    """The relaxation of every window of an instance, each by itself."""
    free = uncoupled(instance) if instance.policy.couples_periods else instance
    starts = window_starts(free)
    window = window_of(free, starts)
    model = _model(merge_windows(free, starts), prefer, deadline)
    slices = slices_of(model)
    found = relax_single_periods(instance, window, slices, model.money, deadline)
    return RelaxedWindows(window, model, slices, PeriodBounds(instance, found))


def plan_by_window(reduction: Reduction, params: PlannerParams, deadline: Deadline, watch: Watch) -> WindowPlan:
    """Plan one calendar window after the other.

    Racks are counted by pool where the policy lets them, else by class. Where rules tie a period to the one before it,
    a plan over windows without those rules is the guide, and its bound holds all the more.
    """
    instance = reduction.instance
    watch.stage("relax")
    begun = deadline.spent()
    relaxed = relaxed_windows(instance, params.prefer, deadline.lasting(params.windows_s if params.needed else 0.0))
    deadline.keep("prices", min(deadline.spent() - begun, deadline.left() * params.prices_share))
    bounds = relaxed.bounds
    if any(single.answer.status is Status.INFEASIBLE for single in bounds.found):
        return _ended(relaxed, True, None, relaxed.model)
    watch.learn(bound=bounds.total())
    watch.stage("plan")
    if instance.policy.couples_periods and not poolable(instance):
        if will_do(params.known, relaxed.model, relaxed.window, bounds, params.rolling_horizon_gap):
            return replace(_ended(relaxed, False, None, relaxed.model), known_will_do=True)
        steady = plan_tied(reduction, bounds.total(), params, deadline, watch)
        if steady is not None:
            return _ended(relaxed, False, steady.model.counts(steady.values), steady.model, steady.bound)
    return _window_after_window(reduction, relaxed, params, deadline, watch)


def _ended(
    relaxed: RelaxedWindows, infeasible: bool, counts: Counts | None, by: PlanModel, bound: float | None = None
) -> WindowPlan:
    """What was found by a model; the bound is that of the windows where no other is given."""
    size = relaxed.model.linear.periods, by.linear.rows, by.linear.columns
    if infeasible:
        bound = -np.inf
    elif bound is None:
        bound = relaxed.bounds.total()
    return WindowPlan(infeasible, counts, bound, relaxed.bounds.found, relaxed.model, *size)


def _window_after_window(
    reduction: Reduction, relaxed: RelaxedWindows, params: PlannerParams, deadline: Deadline, watch: Watch
) -> WindowPlan:
    """Plan windows one after the other, and, where rules tie periods, the periods after that plan."""
    instance, tied = reduction.instance, reduction.instance.policy.couples_periods
    window, model, slices, bounds = relaxed.window, relaxed.model, relaxed.slices, relaxed.bounds
    if params.known is not None:
        short = short_windows(params.known, model, window, params.rolling_horizon_gap)
        _search_choices(model.linear, bounds, short, params, deadline)
    enough = will_do(params.known, model, window, bounds, params.rolling_horizon_gap)
    kept = max(deadline.left(), 0.0) * params.guided_share if tied else 0.0
    settings = _settings(model.instance, params, deadline, kept, watch.pulse)
    base = base_usd(reduction)
    settings = replace(settings, may_lack_usd=aim_usd(bounds.total(), base, params, params.first_gap))
    values = None if enough else relax_and_fix(model.linear, slices, bounds, settings)
    if values is None:
        return replace(_ended(relaxed, False, None, model), known_will_do=enough)
    if meets_commitments(model.instance, model.classes, model.counts(values), params.comes_first):
        deadline.keep("order", 0.0)
    closing = GapClosing(Frame(model.linear, slices, settings), bounds, values, base, params, deadline, watch)
    if not tied:
        watch.learn(best=closing.worth)
        watch.stage("bound")
        closing.close()
        return _ended(relaxed, False, model.counts(closing.values).expand_to_periods(window), model)
    by = _model(instance, params.prefer, deadline)
    after = None
    for _ in range(2):  # once more in haste where somebody asks for what there is
        with deadline.interruptible():
            after = _guided(by, model, values, window, bounds, params, deadline, watch)
        if after is not None or not deadline.interrupted:
            break
    if after is None:
        return _ended(relaxed, _impossible(by, deadline), None, by)
    watch.stage("bound")
    closing.worth = by.linear.value(after)
    watch.learn(best=closing.worth)
    closing.close(fixed=True)
    if not closing.over():
        asked = replace(params, whole_gap=params.rolling_horizon_gap)
        start = Answer(Status.FEASIBLE, after, np.inf)
        better = search_neighbourhoods(
            by, start, asked, deadline, watch, enough=lambda worth: closing.near(worth) or watch.enough()
        ).values
        after = after if better is None else better
    return _ended(relaxed, False, by.counts(after), by)


def _impossible(model: PlanModel, deadline: Deadline) -> bool:
    """Whether some period has no plan whatever the others are."""
    return any(single.answer.status is Status.INFEASIBLE for single in _by_period(model, slices_of(model), deadline))


def _by_period(model: PlanModel, slices: Slices, deadline: Deadline) -> list[SinglePeriod]:
    """Every period of a model by itself."""
    instance = model.instance
    return relax_single_periods(instance, np.arange(len(instance.periods)), slices, model.money, deadline)


def _guided(
    model: PlanModel,
    over: PlanModel,
    values: Floats,
    window: Ints,
    bounds: PeriodBounds,
    params: PlannerParams,
    deadline: Deadline,
    watch: Watch,
) -> Floats | None:
    """Values for a model over periods, after those of a model ``over`` windows that no rule ties together."""
    serving = model.levels[0]
    aside, pair = of_columns(
        serving.columns.serve,
        set_aside(serving.classes, over.counts(values), over.classes, window),
        model.linear.columns,
    )
    chosen = chosen_by(model.linear, over.linear, values, window)
    guide = Guide(chosen, aside, pair, window, bounds.of_periods())
    return guided_relax_and_fix(
        model.linear, slices_of(model), guide, _settings(model.instance, params, deadline, 0.0, watch.pulse)
    )


def relax_and_fix_periods(
    model: PlanModel, params: PlannerParams, deadline: Deadline, kept: float, watch: Watch, needed: bool = True
) -> Floats | None:
    """Values of the columns of a model, period by period; None where some step has no whole answer.

    Unless they are ``needed`` the steps end with the time.
    """
    slices, instance = slices_of(model), model.instance
    settings = replace(
        _settings(instance, params, deadline, kept, watch.pulse), needed=needed and params.needed, hasty=True
    )
    with deadline.interruptible():
        bounds = PeriodBounds(instance, _by_period(model, slices, deadline))
        return relax_and_fix(model.linear, slices, bounds, settings)
    return relax_and_fix(model.linear, slices, None, settings)  # interrupted before the first step


def _model(instance: Instance, prefer: Preferences, deadline: Deadline | None) -> PlanModel:
    if poolable(instance):
        return with_cuts(ModelByPool(pool(instance), prefer), deadline)
    return with_cuts(ModelByClass(reduce_instance(instance), prefer), deadline)


def _settings(
    instance: Instance, params: PlannerParams, deadline: Deadline, kept: float, pulse: Callable[[], None]
) -> Settings:
    how = params.relax_and_fix, deadline, kept, pulse, params.needed
    return Settings(params.step_gap, params.seed, _ahead(instance), *how)


def _ahead(instance: Instance) -> int:
    """Periods in which a rack that changes hands serves nobody, at most."""
    return int(instance.cools_at.sum(axis=1).max(initial=0))


def _search_choices(
    model: LinearModel, bounds: PeriodBounds, windows: Ints, params: PlannerParams, deadline: Deadline
) -> None:
    """Search for the choices of those ``windows`` that weigh most, without their past, several at once."""
    choice = columns_of(model.priority, model.columns)
    if not choice.any():
        return
    first = sorted(windows.tolist(), key=bounds.of_window, reverse=True)[: params.relax_and_fix.searched_first]
    rounds = max(-(-len(first) // AT_ONCE), 1)
    seconds = max(deadline.left() * params.choice_share / rounds, params.relax_and_fix.choice_s)
    gap = params.window_gap
    with deadline.interruptible():
        side_by_side([partial(tighten, bounds.heaviest(w), choice, seconds, gap, params.seed, deadline) for w in first])
