"""Small models searched as a whole: a relaxation for the bound and the prices, whole racks by branch and bound.

Every plan satisfies the linear relaxation over all periods, so its optimum bounds them, and its duals are prices.
Branch and bound works over calendar windows, where the model is smallest; where it is cut short, relax-and-fix and then
large-neighbourhood search go on. Where the two sides stay apart, single periods and a few nodes over all periods give
further bounds. Branch and bound: A. H. Land and A. G. Doig, An automatic method of solving discrete programming
problems, Econometrica 28, 1960, doi:10.2307/1910129.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
from ortools.math_opt.python import mathopt

from capalloc.background import Background
from capalloc.cancel import CancelToken
from capalloc.instance.model import Bools, Floats, Instance, Ints
from capalloc.planner.bounds.group_draw import with_cuts
from capalloc.planner.bounds.prices import demand_prices, duals_of_model, duals_of_single_periods, node_prices
from capalloc.planner.bounds.single_demands import single_demands_usd
from capalloc.planner.bounds.single_periods import PeriodBounds, SinglePeriod, relax_single_periods, tighten
from capalloc.planner.lp.deadline import Deadline
from capalloc.planner.lp.linear import LinearModel
from capalloc.planner.lp.parallel import side_by_side
from capalloc.planner.lp.program import Answer
from capalloc.planner.lp.relaxation import duals_without, solve_relaxed
from capalloc.planner.model.by_class import ModelByClass
from capalloc.planner.model.columns import MONEY_ALONE, integer_counts, move_usd
from capalloc.planner.model.objective import base_usd, bound_usd
from capalloc.planner.model.periods import slices_of
from capalloc.planner.params import ClassPlan, PlannerParams
from capalloc.planner.search.by_window import relax_and_fix_periods
from capalloc.planner.search.commitments import meets_commitments
from capalloc.planner.search.neighbourhoods import search_neighbourhoods
from capalloc.planner.search.watch import Watch
from capalloc.planner.search.whole_blocks import share_fewer_blocks
from capalloc.reduction.classes import Reduction, reduce_instance
from capalloc.reduction.counts import Counts
from capalloc.reduction.windows import merge_windows, window_of, window_starts
from capalloc.schema.status import Status


def plan_whole(reduction: Reduction, params: PlannerParams, deadline: Deadline, watch: Watch) -> ClassPlan:
    """Plan a small model.

    The bound and the prices come from the relaxation over all periods; in parallel, whole racks are searched for over
    calendar windows, where the model is smallest. Single periods come first: they tell what a gap is a share of, and
    bound what is found. Where the two stay apart, they are searched again.
    """
    watch.stage("plan")
    instance = reduction.instance
    full = with_cuts(ModelByClass(reduction, params.prefer), deadline)
    size = full.linear.rows, full.linear.columns  # before rows are added that only hold what was found
    relaxation = _Relaxation(full.linear, deadline, params.relaxation_s)
    starts = window_starts(instance)
    merged = len(starts) < len(instance.periods)
    small = _by_window(instance, starts, params, deadline) if merged else full
    singles = PeriodBounds(
        instance,
        relax_single_periods(
            instance,
            window_of(instance, starts),
            slices_of(small),
            small.money,
            deadline.lasting(params.relaxation_s),
        ),
    )
    watch.learn(bound=singles.total())
    scale = 1.0 if params.gap is None else _of_model(singles.total(), base_usd(reduction))
    found = _whole_racks(small, params, scale, deadline, watch)
    relaxed, known_duals = relaxation.answer()
    if relaxed.status is Status.INFEASIBLE:
        return ClassPlan(Status.INFEASIBLE, None, -np.inf, (), (), *size, 0)
    proven = relaxed.bound if merged else min(relaxed.bound, found.bound)
    bounds = bound_usd(reduction, proven, params.prefer), bound_usd(reduction, singles.total(), MONEY_ALONE)
    best = _Best(reduction, params, min(*bounds, single_demands_usd(instance)))
    watch.learn(bound=best.bound - best.base)
    if found.values is not None:
        best.take(integer_counts(small.columns, found.values), small.linear.value(found.values), starts)
        if not best.within(params.close_gap) and deadline.left() > 0 and not watch.enough():
            watch.stage("bound")
            with deadline.interruptible():
                best.bound = min(best.bound, _by_single_periods(singles, reduction, params, deadline))
        watch.learn(best=best.worth - best.base, bound=best.bound - best.base)
        if (
            merged
            and not watch.enough()
            and not best.within(params.whole_gap)
            and full.linear.columns <= params.direct_columns
        ):
            _all_periods(full, best, params, deadline)
        watch.learn(best=best.worth - best.base, bound=best.bound - best.base)
        if not watch.enough() and not best.within(params.whole_gap) and full.linear.columns <= params.direct_columns:
            _money_alone(best, params, deadline)
    watch.learn(best=best.worth - best.base, bound=best.bound - best.base)
    late, slowed = deadline.left() <= 0, watch.slowed()
    duals, priced = None if known_duals is None else duals_of_model(known_duals), full
    if duals is None:
        duals, priced = (
            duals_of_single_periods(instance, singles.found, small.linear, deadline.lasting(params.relaxation_s)),
            small,
        )
    return ClassPlan(
        status=found.status,
        counts=best.counts,
        bound_usd=best.bound,
        prices=node_prices(instance, priced.packing, duals),
        demand_prices=demand_prices(instance, priced.money, duals),
        rows=size[0],
        columns=size[1],
        windows=len(starts),
        interrupted=deadline.interrupted,
        late=late,
        slowed=slowed,
    )


class _Relaxation:
    """The relaxation over all periods and its duals, solved in parallel.

    Once the search is over it has ``least_s`` seconds more.
    """

    def __init__(self, model: LinearModel, deadline: Deadline, least_s: float) -> None:
        self._search, self._cancel, self._least_s = deadline, CancelToken(), least_s
        own = Deadline(deadline.left() + least_s, self._cancel)
        program, cuts = model.program(relax=True), model.cut_rows()

        def solved() -> tuple[Answer, Floats | None]:
            answer, duals = Answer(Status.UNKNOWN, None, np.inf), None
            with own.interruptible():
                answer = solve_relaxed(program, own.left(), own)
                duals = duals_without(answer, program, cuts, own)
            return answer, duals

        self._running = Background(solved)

    def answer(self) -> tuple[Answer, Floats | None]:
        """What the solver said, unknown when it was cut short, and (rows,) duals of limits where they are known."""

        def listen() -> None:
            if self._search.over() and not self._running.ended(self._least_s):
                self._cancel.cancel()

        return self._running.result(listen)


def _of_model(bound: float, base: float) -> float:
    """Factor from a gap of the objective to one of the model, which leaves ``base`` USD out and may be worth more."""
    return min(abs(bound + base) / max(abs(bound), 1.0), 1.0)


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
            self.counts = counts.expand_to_periods(window_of(self.reduction.instance, starts))

    def within(self, gap: float) -> bool:
        """Whether the bound is at most this relative gap away."""
        return self.bound - self.worth <= gap * abs(self.bound)


def _by_single_periods(singles: PeriodBounds, reduction: Reduction, params: PlannerParams, deadline: Deadline) -> float:
    """USD that no plan can pass, by the single periods of a model over windows, searched again."""
    integer, gap = np.ones(len(singles.found[0].usd), dtype=bool), params.close_gap * params.period_gap_share
    side_by_side([partial(_tighten, single, integer, deadline, gap, params.seed) for single in singles.found])
    return bound_usd(reduction, singles.total(), MONEY_ALONE)


def _tighten(single: SinglePeriod, integer: Bools, deadline: Deadline, gap: float, seed: int) -> None:
    """Tighten a single period in the time that is left then."""
    if deadline.left() > 0:
        tighten(single, integer, deadline.left(), gap, seed, deadline)


def _all_periods(full: ModelByClass, best: _Best, params: PlannerParams, deadline: Deadline) -> None:
    """Search a small model over single periods too: it may move inside a window, and its bound sees every move."""
    answer = _few_nodes(full, params, deadline)
    if answer is None:
        return
    best.bound = min(best.bound, bound_usd(best.reduction, answer.bound, params.prefer))
    if answer.values is not None:
        every = np.arange(len(full.reduction.instance.periods))
        best.take(integer_counts(full.columns, answer.values), full.linear.value(answer.values), every)


def _money_alone(best: _Best, params: PlannerParams, deadline: Deadline) -> None:
    """Bound a small model without tie-breaks, so that they take nothing from the bound."""
    model = with_cuts(ModelByClass(best.reduction, MONEY_ALONE), deadline)
    answer = _few_nodes(model, params, deadline)
    if answer is not None:
        best.bound = min(best.bound, bound_usd(best.reduction, answer.bound, MONEY_ALONE))


def _few_nodes(model: ModelByClass, params: PlannerParams, deadline: Deadline) -> Answer | None:
    """A search that ends after so many nodes whatever the machine; None when no time is left."""
    if deadline.left() <= 0:
        return None
    with deadline.interruptible():
        return model.linear.program().solve(
            mathopt.SolverType.HIGHS,
            time_limit=deadline.left(),
            gap=params.whole_gap * params.direct_gap_share,
            seed=params.seed,
            node_limit=params.direct_nodes,
            deadline=deadline,
        )
    return None


def _by_window(instance: Instance, starts: Ints, params: PlannerParams, deadline: Deadline) -> ModelByClass:
    return with_cuts(ModelByClass(reduce_instance(merge_windows(instance, starts)), params.prefer), deadline)


def _whole_racks(model: ModelByClass, params: PlannerParams, scale: float, deadline: Deadline, watch: Watch) -> Answer:
    """A short search over everything; where it is cut short, one window after the other, and a longer one from there.

    Then part by part.
    """
    left = max(deadline.left(), params.least_s)
    whole = _step_by_step(model, params, scale, left * params.quick_share, deadline, watch)
    params = replace(params, whole_gap=params.whole_gap * scale)
    if whole.status in (Status.FEASIBLE, Status.UNKNOWN) and not watch.enough():
        needed = watch.gap() > params.poor_gap
        stepped = relax_and_fix_periods(model, params, deadline, left * params.rest_share, watch, needed)
        whole = _better(model.linear, whole, stepped)
        if whole.values is not None:
            watch.learn(best=model.linear.value(whole.values))
            served = integer_counts(model.columns, whole.values)
            if meets_commitments(model.reduction.instance, model.reduction.classes, served, params.comes_first):
                deadline.keep("order", 0.0)
        whole = _search_on(model, whole, left * params.first_share, params, deadline, watch)
    if whole.status is Status.FEASIBLE and whole.values is not None:
        whole = search_neighbourhoods(model, whole, params, deadline, watch, left * params.bound_share)
    if whole.values is not None and deadline.left() > 0:
        with deadline.interruptible():
            whole = _move_less(model, whole, params, deadline)
        if deadline.left() > 0:
            with deadline.interruptible():
                whole = share_fewer_blocks(model, whole, params, deadline)
    return whole


def _step_by_step(
    model: ModelByClass, params: PlannerParams, scale: float, seconds: float, deadline: Deadline, watch: Watch
) -> Answer:
    """What is known after searches over everything to one gap after the other, until the one asked for is reached."""
    known, end = Answer(Status.UNKNOWN, None, np.inf), deadline.spent() + seconds
    for gap in params.steps_to(scale):
        one = replace(params, whole_gap=gap)
        known = _search(model, known, max(end - deadline.spent(), 0.0), one, deadline, watch)
        if known.values is None or known.status is not Status.OPTIMAL or deadline.interrupted:
            break
        if known.bound - model.linear.value(known.values) <= params.whole_gap * scale * abs(known.bound):
            break
    return known


def _search_on(
    model: ModelByClass, known: Answer, seconds: float, params: PlannerParams, deadline: Deadline, watch: Watch
) -> Answer:
    """What is known after searches over everything, each as long as all before it, while they bring enough."""
    kept = max(deadline.left() - seconds, 0.0)
    while known.status in (Status.FEASIBLE, Status.UNKNOWN) and (left := deadline.left(kept)) > 0:
        if watch.enough():
            break
        known = _search(model, known, min(deadline.spent(), left), params, deadline, watch)
    return known


def _search(
    model: ModelByClass, known: Answer, seconds: float, params: PlannerParams, deadline: Deadline, watch: Watch
) -> Answer:
    """What is known after a search over everything that begins from it."""
    found = known
    with deadline.interruptible():
        found = model.linear.program().solve(
            mathopt.SolverType.HIGHS,
            time_limit=seconds,
            gap=params.whole_gap,
            seed=params.seed,
            deadline=deadline,
            start=known.values,
        )
    if found.values is not None:
        watch.learn(best=model.linear.value(found.values))
    if found.status in (Status.FEASIBLE, Status.UNKNOWN, Status.IMPRECISE):
        found = _better(model.linear, Answer(Status.FEASIBLE, found.values, found.bound), known.values)
    return replace(found, bound=min(found.bound, known.bound))


def _better(model: LinearModel, whole: Answer, stepped: Floats | None) -> Answer:
    """The answer that is worth more; the bound stays that of the search over everything."""
    if stepped is None or (whole.values is not None and model.value(whole.values) >= model.value(stepped)):
        return whole
    return Answer(Status.FEASIBLE, stepped, whole.bound)


def _move_less(model: ModelByClass, whole: Answer, params: PlannerParams, deadline: Deadline) -> Answer:
    """Keep what every demand gets of every rack type, which fixes the money, and move as few racks as that allows."""
    assert whole.values is not None
    linear, reduction, columns = model.linear, model.reduction, model.columns
    served = integer_counts(columns, whole.values).serve
    kinds = reduction.classes.type
    for k in np.unique(kinds):
        of_kind = np.flatnonzero(kinds == k)
        kept = served[of_kind].sum(axis=0)
        rows = linear.add_rows(kept.size, "kept", lower=kept.reshape(-1), upper=kept.reshape(-1)).reshape(kept.shape)
        linear.put(rows[None], columns.serve[of_kind], 1.0)
    now = linear.value(whole.values)
    relaxed = linear.program(relax=True).solve(mathopt.SolverType.GLOP, time_limit=deadline.left(), deadline=deadline)
    if relaxed.status is not Status.OPTIMAL or relaxed.bound <= now + move_usd(reduction.instance, params.prefer) / 2:
        return whole
    calm = linear.program().solve(
        mathopt.SolverType.HIGHS,
        time_limit=deadline.left(),
        gap=params.move_gap,
        seed=params.seed,
        deadline=deadline,
    )
    if calm.values is None or linear.value(calm.values) <= now:
        return whole
    return Answer(whole.status, calm.values, whole.bound)
