"""Why a scenario has no plan at all, in one sentence: for a caller that has just been told so."""

from __future__ import annotations

from collections.abc import Iterator

from capalloc.analysis.edits import with_policy
from capalloc.analysis.explain.conflicts import Conflict, find_conflict
from capalloc.analysis.explain.oracle import OutOfTimeError
from capalloc.analysis.explain.problem import Problem
from capalloc.analysis.explain.requirement import Kind
from capalloc.analysis.explain.rows import SITE
from capalloc.analysis.explain.wording import required
from capalloc.cancel import CancelToken
from capalloc.planner.lp.deadline import Deadline
from capalloc.schema.checks.asked import number_faults
from capalloc.schema.checks.fault import refuse
from capalloc.schema.scenario import Scenario

DEFAULT_TIME_LIMIT_S = 10.0


def diagnose(
    scenario: Scenario,
    *,
    prospects: frozenset[str] = frozenset(),
    time_limit: float = DEFAULT_TIME_LIMIT_S,
    cancel: CancelToken | None = None,
) -> str | None:
    """Requirements of the scenario, under its own terms, that no plan keeps together; None where none is known in time.

    Unlike :func:`explain` it asks only for the commitments and minima that must be met, and for no repair.

    Raises ScenarioError when the scenario or the time limit is wrong.
    """
    refuse(number_faults("time_limit", time_limit, finite=False))
    deadline = Deadline(time_limit, cancel)
    try:
        problem = Problem(scenario, prospects, deadline)
        conflict = find_conflict(problem, frozenset(), fewest=False)
        if conflict is None:
            return None
        return _without_reserve(problem, conflict) or _sentence(problem, conflict)
    except OutOfTimeError:
        return None


def _without_reserve(problem: Problem, conflict: Conflict) -> str | None:
    """What conflicts even if nothing is kept in reserve, where the reserve is blamed and no commitment."""
    if conflict.months or all(one.kind is not Kind.RESERVE for one in conflict.requirements):
        return None
    bare = Problem(with_policy(problem.scenario, reserve_mw=0.0), problem.prospects, problem.deadline)
    harder = find_conflict(bare, frozenset(), fewest=False)
    return None if harder is None else _sentence(bare, harder)


def _sentence(problem: Problem, conflict: Conflict) -> str:
    said = list(_said(problem, conflict))
    if len(said) == 1:
        return f"no plan keeps {said[0]}"
    return (
        f"no plan keeps both {said[0]} and {said[1]}" if len(said) == 2 else f"no plan keeps all of {'; '.join(said)}"
    )


def _said(problem: Problem, conflict: Conflict) -> Iterator[str]:
    """Each requirement with its place and what it says."""
    for one in required(problem, conflict):
        kind = one.kind.value if one.kind is not Kind.POWER else "power limit"
        place = "the site" if one.where == SITE else one.where
        yield f"the {kind} of {place} ({one.says})"
