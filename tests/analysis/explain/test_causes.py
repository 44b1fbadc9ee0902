"""Scenarios made infeasible in a known way: the cause is named, and every repair that is shown gives a plan."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import capalloc.analysis.explain.answer as asked
from capalloc.analysis.explain import Explanation, explain
from capalloc.exact.params import ExactParams
from capalloc.schema.plan import Plan
from capalloc.schema.scenario import Scenario
from capalloc.solve import solve
from capalloc.verify import verify
from tests.analysis.explain.causes import CAUSES, Cause


class Watched:
    """Explains, and keeps every plan that was made on the way with the scenario that it is for."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.plans: list[tuple[Scenario, Plan]] = []
        monkeypatch.setattr(asked, "solve", self._solve)

    def _solve(self, scenario: Scenario, **options: Any) -> Any:
        result = solve(scenario, **options)
        if result.plan is not None:
            self.plans.append((scenario, result.plan))
        return result

    def explained(self, scenario: Scenario, **options: Any) -> Explanation:
        """The explanation; each of its figures must be that of a verified plan that meets what it commits."""
        answer = explain(scenario, **options)
        assert all(verify(changed, plan).verdict == "ok" for changed, plan in self.plans)
        hard = [plan for changed, plan in self.plans if changed.policy.shortfall == "forbid"]
        assert all(not plan.shortfalls for plan in hard)
        shown = [repair for conflict in answer.conflicts for repair in conflict.repairs]
        shown += [answer.together] if answer.together else []
        met = sorted(repair.all_met_usd for repair in shown if repair.all_met_usd is not None)
        bases = {round(repair.objective_usd - repair.alone_usd, 2) for repair in shown if repair.alone_usd is not None}
        for base in bases:
            assert met == pytest.approx(sorted(plan.objective_usd - base for plan in hard), abs=0.02)
        return answer


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Watched:
    """A fresh watch."""
    return Watched(monkeypatch)


@pytest.mark.parametrize("make", CAUSES, ids=lambda make: make.__name__)
def test_the_known_cause_and_nothing_else_is_named(make: Callable[[], Cause], watched: Watched) -> None:
    cause = make()
    answer = watched.explained(cause.scenario)
    assert (answer.status, answer.complete, answer.shortfall_priced) == ("explained", True, False)
    (conflict,) = answer.conflicts
    assert sorted((one.kind.value, one.where) for one in conflict.requirements) == sorted(cause.conflict)
    assert conflict.periods == cause.periods
    assert conflict.proven_smallest
    says = ["; ".join(change.says for change in repair.changes) for repair in conflict.repairs]
    assert any(cause.repair in one for one in says), says
    worth = [repair.objective_usd if repair.alone_usd is None else repair.alone_usd for repair in conflict.repairs]
    assert worth == sorted(worth, reverse=True)


def test_there_are_at_least_thirty_causes_of_different_kinds() -> None:
    kinds = {kind for make in CAUSES for kind, _ in make().conflict}
    assert len(CAUSES) >= 30
    assert len(kinds) >= 29


@pytest.mark.parametrize("make", CAUSES, ids=lambda make: make.__name__)
def test_no_plan_exists_as_it_is(make: Callable[[], Cause]) -> None:
    """The reference, rack by rack, agrees that there is something to explain."""
    assert solve(make().scenario, params=ExactParams()).outcome.reason == "infeasible"
