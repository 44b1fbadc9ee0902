"""Models whose periods hand-over or a budget of moves ties: a steady plan, improved while the bound falls.

What finds plans and what bounds them run side by side, so both cores are busy: first a steady plan and the relaxation
over all periods, then large-neighbourhood search and branch and bound that begins from the plan, last of all two
neighbourhoods at once. Both sides know every rule.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from ortools.math_opt.python import mathopt

from capalloc.background import Background
from capalloc.cancel import CancelToken
from capalloc.planner.bounds.group_draw import with_cuts
from capalloc.planner.lp.deadline import Deadline
from capalloc.planner.lp.parallel import AT_ONCE
from capalloc.planner.lp.program import Answer, Floats, Program
from capalloc.planner.lp.relaxation import solve_relaxed_inside
from capalloc.planner.model.by_class import ModelByClass
from capalloc.planner.model.objective import base_usd, tie_break_usd
from capalloc.planner.params import PlannerParams
from capalloc.planner.search.commitments import meets_commitments
from capalloc.planner.search.gap_closing import aim_usd, near
from capalloc.planner.search.neighbourhoods import search_neighbourhoods
from capalloc.planner.search.steady import steady_plan
from capalloc.planner.search.watch import Watch
from capalloc.planner.search.wide import WideNeighbourhoods
from capalloc.reduction.classes import Reduction
from capalloc.reduction.uncoupled import uncoupled
from capalloc.reduction.windows import window_starts
from capalloc.schema.status import Status

_GRACE_S = 0.2
"""Seconds that a search in parallel has to tell what it found once time is over."""
_NOTHING = Answer(Status.UNKNOWN, None, np.inf)


@dataclass(frozen=True, slots=True)
class TiedPlan:
    """A plan over periods, and what bounds it."""

    model: ModelByClass
    values: Floats
    """(columns of the model,)"""
    bound: float
    """USD that no plan can pass, without ``base_usd``."""

    @property
    def worth(self) -> float:
        """What it earns in USD, without ``base_usd``."""
        return self.model.linear.value(self.values)


def plan_tied(
    reduction: Reduction, bound: float, params: PlannerParams, deadline: Deadline, watch: Watch
) -> TiedPlan | None:
    """A plan after a steady one; None where there is none, or the model is too large for that.

    ``bound`` is one that is known, without ``base_usd``.
    """
    starts = window_starts(uncoupled(reduction.instance))
    if reduction.columns(len(starts)) > params.steady.most_columns:
        return None
    model = with_cuts(ModelByClass(reduction, params.prefer), deadline)
    base, given = base_usd(reduction), tie_break_usd(reduction, params.prefer)
    program, values = model.linear.program(), None
    relaxing = _Beside(deadline, params.steady.relaxation_share, partial(solve_relaxed_inside, program))
    with deadline.interruptible():
        values = steady_plan(model, starts, params, deadline)
    relaxed = relaxing.answer(values is None)
    if relaxed.status is Status.OPTIMAL:
        bound = min(bound, relaxed.bound + given)
    if values is None:
        return None
    plan = TiedPlan(model, values, bound)
    if bound - plan.worth > params.steady.worst_gap * abs(bound + base):
        return None  # cut short before it came to anything
    met = meets_commitments(model.instance, model.classes, model.counts(values), params.comes_first)
    followed = params.kept_share > 0 and not met
    if not followed:
        deadline.keep("order", 0.0)
    watch.learn(best=plan.worth, bound=bound)
    if deadline.over() or near(plan.worth, bound, base, params):
        return plan
    watch.stage("bound")
    gap = aim_usd(bound, base, params) / max(abs(bound), 1.0)
    search = partial(_search, program, values, gap, params.seed)
    seconds = max(relaxing.seconds * params.steady.whole_relaxations, params.steady.whole_s)
    return _improved(plan, search, seconds, base, followed, params, deadline, watch)


def _improved(
    plan: TiedPlan,
    search: Callable[[Deadline], Answer],
    seconds: float,
    base: float,
    followed: bool,
    params: PlannerParams,
    deadline: Deadline,
    watch: Watch,
) -> TiedPlan:
    """The better of what neighbourhoods and a ``search`` over everything make of a plan, with the bound of both.

    The search has so many ``seconds``. Where it is ``followed`` by searches by priority, theirs is the time that brings
    little here.
    """
    given = tie_break_usd(plan.model.reduction, params.prefer)
    whole = _Beside(deadline, min(params.steady.whole_share, seconds / max(deadline.left(), seconds)), search)

    def bound() -> float:
        proven = min(plan.bound, whole.known.bound + given)
        watch.learn(bound=proven)
        return proven

    def enough(worth: float) -> bool:
        return near(worth, bound(), base, params) or ((followed or whole.ended) and watch.enough())

    asked = replace(params, whole_gap=params.rolling_horizon_gap)
    start = Answer(Status.FEASIBLE, plan.values, np.inf)
    values = search_neighbourhoods(plan.model, start, asked, deadline, watch, enough=enough, most_demands=1).values
    assert values is not None
    wide = WideNeighbourhoods(plan.model, params, deadline, watch)
    values = wide.search(values, lambda: AT_ONCE if whole.ended else 1, enough)
    found = whole.answer(enough(plan.model.linear.value(values))).values
    if found is not None:
        values = max(values, found, key=plan.model.linear.value)
    better = replace(plan, values=values, bound=bound())
    watch.learn(best=better.worth)
    return better


def _search(program: Program, start: Floats, gap: float, seed: int, deadline: Deadline) -> Answer:
    """One search over everything that begins from a plan; it ends within a relative gap.

    Its cuts bring more than half of what the relaxation lacks; by a simplex method that alone would take all the time.
    """
    return program.solve(
        mathopt.SolverType.HIGHS,
        time_limit=deadline.left(),
        gap=gap,
        seed=seed,
        start=start,
        deadline=deadline,
        interior_point=True,
    )


class _Beside:
    """A search that runs in parallel, for some share of the time left."""

    def __init__(self, deadline: Deadline, share: float, search: Callable[[Deadline], Answer]) -> None:
        self._whole, self._token = deadline, CancelToken()
        own, self.seconds = Deadline(deadline.left() * share, self._token), 0.0
        """What it took, once it has ended."""

        def searched() -> Answer:
            found = _NOTHING
            with own.interruptible():
                found = search(own)
            self.seconds = own.spent()
            deadline.worked(own.work)
            return found

        self._running = Background(searched)

    @property
    def ended(self) -> bool:
        """Whether it is known what was found."""
        return self._running.ended(0.0)

    @property
    def known(self) -> Answer:
        """What was found; nothing while that is not known."""
        return self._running.result() if self.ended else _NOTHING

    def answer(self, at_once: bool) -> Answer:
        """What was found; nothing where it is to be told at once, or no time is left, and it is not known."""

        def listen() -> None:
            if (at_once or self._whole.over()) and not self._running.ended(_GRACE_S):
                self._token.cancel()

        return self._running.result(listen)
