"""What is wrong with the plans that are made for a random scenario; nothing, it is hoped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from capalloc.exact.params import ExactParams
from capalloc.planner.params import PlannerParams
from capalloc.solve import Result, solve
from tests.corpus.random_scenarios import RandomScenario

ROLLING, EXACT = "rolling horizon", "exact"
CENT = 0.01
CENTS = 0.05
"""What tie-breaks may take from the plan of a tiny scenario."""
SHARE = 1e-6
"""What solvers may round away."""
EXACT_S, MEDIUM_S = 30.0, 1.0
"""Seconds for the reference, and for sites that are too large for it: any plan made in time must do."""


def faults_of(case: RandomScenario) -> list[str]:
    """Faults of the plans that both planners make; ``solve`` itself raises where the verifier rejects one."""
    return faults_among(answers_of(case), case.scenario.policy.priority == "contracts")


def answers_of(case: RandomScenario, prospects: frozenset[str] = frozenset()) -> dict[str, Result]:
    """What each way of planning makes of a scenario, prospects like any contract; the reference where it is tiny."""
    params = PlannerParams() if case.tiny else PlannerParams(time_limit=MEDIUM_S)
    ways: dict[str, PlannerParams | ExactParams] = {"at once": params, ROLLING: replace(params, most_columns=0)}
    if case.tiny:
        ways[EXACT] = ExactParams(time_limit=EXACT_S)
    return {
        way: solve(case.scenario, prospects=prospects, allow_displacing=True, params=asked)
        for way, asked in ways.items()
    }


def faults_among(answers: dict[str, Result], in_order: bool) -> list[str]:
    """Plans above their bounds, and, beside the reference, plans or bounds that cannot be.

    Where commitments come ``in_order`` before money, a plan that misses more of them may earn more than the best.
    """
    found = [fault for way, answer in answers.items() for fault in _above_its_bound(way, answer)]
    exact = answers.get(EXACT)
    if exact is not None:
        found += _not_the_best(answers["at once"], exact)
        for way in ("at once", ROLLING):
            if not (in_order and _missed_kw(answers[way]) > _missed_kw(exact)):
                found += _against(way, answers[way], exact)
    return found


def _above_its_bound(name: str, result: Result) -> Iterator[str]:
    """A plan is no better than its own bound."""
    plan = result.plan
    if plan is not None and plan.objective_usd > plan.bound_usd + _noise(plan.bound_usd):
        yield f"{name}: objective {plan.objective_usd} above its bound {plan.bound_usd}"
    if plan is None and result.outcome.reason != "infeasible":
        yield f"{name}: no plan, {result.outcome.reason}"


def _against(name: str, result: Result, exact: Result) -> Iterator[str]:
    """There is a plan where there is one, none is better than the best, and the bound is not below it."""
    if result.plan is None or exact.plan is None:
        if (result.plan is None) != (exact.plan is None):
            yield f"{name}: {result.outcome.reason}, exact: {exact.outcome.reason}"
        return
    plan, best = result.plan, exact.plan
    if plan.objective_usd > best.bound_usd + CENT:
        yield f"{name}: objective {plan.objective_usd} above the best possible {best.bound_usd}"
    if plan.bound_usd < best.objective_usd - CENT:
        yield f"{name}: bound {plan.bound_usd} below the best plan {best.objective_usd}"


def _missed_kw(result: Result) -> float:
    """Sum over periods; 0 without a plan."""
    rows = () if result.plan is None else result.plan.demands
    return round(sum(max(row.committed_kw - row.delivered_kw, 0.0) for row in rows), 3)


def _not_the_best(result: Result, exact: Result) -> Iterator[str]:
    if result.plan is not None and exact.plan is not None:
        plan, best = result.plan.objective_usd, exact.plan.objective_usd
        if plan < best - max(CENTS, _noise(best)):
            yield f"at once: objective {plan} below the best plan {best}"


def _noise(usd: float) -> float:
    return SHARE * max(1.0, abs(usd))
