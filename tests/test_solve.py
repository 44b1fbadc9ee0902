"""Solving as a service does it: on any thread, several at once, each cancelled by its own token."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

import pytest

from capalloc.analysis.explain import explain
from capalloc.cancel import CancelToken
from capalloc.engines import Answer
from capalloc.errors import ScenarioError
from capalloc.exact.params import ExactParams
from capalloc.formats import load_plan, load_scenario, save_plan
from capalloc.instance.compile import compile_scenario
from capalloc.planner.params import PlannerParams
from capalloc.progress import Progress
from capalloc.roster.decode import Search, decode
from capalloc.roster.ending import Ending
from capalloc.roster.read import read
from capalloc.schema.plan import Plan
from capalloc.schema.scenario import Scenario
from capalloc.solve import Result, solve
from capalloc.synthetic.generate import generate
from capalloc.verify import verify
from tests.strategies import random_scenario
from tests.waiting import wait_for_calls

EXAMPLES = Path(__file__).parents[1] / "examples"
EASY = PlannerParams(time_limit=600.0, gap=0.02)
"""Ends by its gap, never by a clock."""
HARD = PlannerParams(time_limit=200.0, gap=0.0, quick_share=0.01, first_share=0.01)
"""Would not end for long; a solver that is left behind ends after two seconds."""


@pytest.fixture(autouse=True)
def _no_solver_left_behind() -> Iterator[None]:
    """The interpreter must not end while a solver that was left behind still runs."""
    yield
    wait_for_calls()


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return generate(60, halls=2, periods=6, demands=5, seed=1)


@pytest.fixture(scope="module")
def long() -> Scenario:
    """A site whose whole racks are searched for by HiGHS for minutes."""
    return generate(200, halls=2, periods=6, demands=6, seed=1)


def made(result: Result) -> Plan:
    """The plan, which there is."""
    assert result.plan is not None
    return result.plan


def untimed(plan: Plan) -> Plan:
    """A plan without the seconds that it took."""
    return plan.model_copy(update={"stats": plan.stats.model_copy(update={"seconds": None})})


def planned(result: Result) -> Plan:
    """The plan without the seconds that it took."""
    return untimed(made(result))


def cancelled_in_search(scenario: Scenario) -> Result:
    """A solve that another thread cancels once its search has begun."""
    cancel = CancelToken()

    def hear(progress: Progress) -> None:
        if progress.stage == "plan":
            threading.Timer(0.3, cancel.cancel).start()

    return solve(scenario, params=HARD, cancel=cancel, progress=hear)


def test_solves_side_by_side_make_the_plans_of_one_after_the_other(scenario: Scenario) -> None:
    others = [scenario, generate(60, halls=2, periods=6, demands=5, seed=2)]
    alone = [planned(solve(one, params=EASY)) for one in others]
    with ThreadPoolExecutor(2) as pool:
        together = [planned(found) for found in pool.map(lambda one: solve(one, params=EASY), others)]
    assert together == alone


def test_a_cancelled_solve_ends_soon_with_a_verified_plan(long: Scenario) -> None:
    found = cancelled_in_search(long)
    assert found.outcome.reason == "interrupted"
    assert found.plan is not None
    assert verify(long, found.plan).verdict == "ok"


def test_cancelling_one_leaves_the_other_alone(scenario: Scenario, long: Scenario) -> None:
    alone = planned(solve(scenario, params=EASY))
    with ThreadPoolExecutor(2) as pool:
        cancelled, other = pool.submit(cancelled_in_search, long), pool.submit(solve, scenario, params=EASY)
        assert planned(other.result()) == alone
        assert cancelled.result().outcome.reason == "interrupted"


@pytest.mark.parametrize("params", [HARD, replace(HARD, most_columns=0)], ids=["whole", "by window"])
def test_a_token_that_is_set_from_the_beginning_is_heard(long: Scenario, params: PlannerParams) -> None:
    cancel = CancelToken()
    cancel.cancel()
    found = solve(long, params=params, cancel=cancel)
    assert found.outcome.reason == "interrupted"
    assert found.plan is None or verify(long, found.plan).verdict == "ok"


@pytest.mark.parametrize("params", [HARD, PlannerParams(most_columns=0), ExactParams()])
def test_a_token_that_is_set_from_the_beginning_leaves_a_plan_or_says_why_not(
    params: PlannerParams | ExactParams,
) -> None:
    cancel = CancelToken()
    cancel.cancel()
    tiny = random_scenario(1203)
    found = solve(tiny, params=params, cancel=cancel)
    assert found.plan is not None or found.outcome.reason == "interrupted"
    assert found.plan is None or verify(tiny, found.plan).verdict == "ok"


@pytest.fixture(scope="module")
def colossus() -> tuple[Scenario, Plan]:
    """The site of the examples, and its plan."""
    site = load_scenario(EXAMPLES / "colossus1-anthropic.yaml")
    plan = solve(site).plan
    assert plan is not None
    return site, plan


def test_a_plan_that_is_begun_from_is_the_answer_and_takes_no_solver(
    colossus: tuple[Scenario, Plan], monkeypatch: pytest.MonkeyPatch
) -> None:
    site, plan = colossus
    for step in ("compile_scenario", "plan_in_order", "decode"):  # nothing is compiled or searched for
        monkeypatch.setattr(import_module("capalloc.solve"), step, lambda *_: pytest.fail("not needed"))
    again = solve(site, start=plan)
    assert planned(again) == planned(Result(plan, plan.termination, None, lambda: compile_scenario(site)))
    assert again.verdict is not None
    assert again.verdict.verdict == "ok"
    assert again.plan is not None
    assert again.plan.stats.seconds.plan < plan.stats.seconds.plan / 10


@pytest.mark.parametrize("priority", ["money", "contracts"])
def test_a_bound_that_was_edited_in_a_file_is_not_believed(
    tmp_path: Path, priority: Literal["money", "contracts"]
) -> None:
    """A plan that leaves its workload nothing, with its bound lowered to its worth, keeps every other rule."""
    tiny = load_scenario(EXAMPLES / "tiny.yaml")
    tiny = tiny.replace(policy=tiny.policy.replace(priority=priority))
    instance, best = compile_scenario(tiny), made(solve(tiny))
    only = best.replace(assignments=tuple(one for one in best.assignments if one.demand == "lease"))
    search = Search(best.bound_usd, Ending(0.0), best.stats)
    worse = decode(instance, read(instance, only), best.scenario_sha256, frozenset(), search)
    poor = worse.replace(bound_usd=worse.objective_usd, gap=0.0, status=best.status, termination=best.termination)
    assert poor.objective_usd < best.objective_usd
    assert verify(tiny, poor).verdict == "ok"
    save_plan(poor, tmp_path / "plan.json")
    for start in (poor, load_plan(tmp_path / "plan.json")):
        assert untimed(made(solve(tiny, start=start))) == untimed(best)


def test_a_plan_out_of_a_file_is_proven_anew_and_comes_to_the_same(tmp_path: Path) -> None:
    tiny = load_scenario(EXAMPLES / "tiny.yaml")
    best = made(solve(tiny))
    save_plan(best, tmp_path / "plan.json")
    assert untimed(made(solve(tiny, start=load_plan(tmp_path / "plan.json")))) == untimed(best)


def test_a_plan_that_breaks_a_rule_is_no_beginning(scenario: Scenario) -> None:
    plan = solve(scenario, params=EASY).plan
    assert plan is not None
    richer = plan.replace(objective_usd=plan.objective_usd * 2, bound_usd=plan.bound_usd * 2)
    assert planned(solve(scenario, params=EASY, start=richer)) == planned(solve(scenario, params=EASY))


def test_the_answer_is_worth_no_less_than_what_it_begins_from(scenario: Scenario) -> None:
    good = solve(scenario, params=EASY).plan
    assert good is not None
    changed = scenario.replace(name="another name")
    found = solve(changed, params=PlannerParams(time_limit=0.0, gap=1.0), start=good)
    assert found.plan is not None
    assert found.plan.scenario == "another name"
    assert found.plan.objective_usd >= good.objective_usd
    assert verify(changed, found.plan).verdict == "ok"


def test_a_verified_beginning_outweighs_a_search_that_finds_none(
    scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = solve(scenario, params=EASY).plan
    assert good is not None
    none = Answer(None, infeasible=True, bound_usd=-math.inf, stats=good.stats)
    monkeypatch.setattr("capalloc.engines._solve_classes", lambda *_: none)
    alone = scenario.replace(name="another", policy=scenario.policy.replace(priority="money"))
    found = solve(alone, params=EASY, start=good).plan
    assert found is not None
    assert found.objective_usd == good.objective_usd
    assert found.objective_usd <= found.bound_usd < math.inf


@pytest.mark.parametrize("params", [EASY, PlannerParams(most_columns=0, gap=0.02)], ids=["whole", "windows"])
def test_progress_is_heard_on_the_calling_thread_as_best_rises_and_bound_falls(
    scenario: Scenario, params: PlannerParams
) -> None:
    heard: list[tuple[int, Progress]] = []
    alone = scenario.replace(policy=scenario.policy.replace(priority="money"))  # one search: an order begins anew
    found = solve(alone, params=params, progress=lambda one: heard.append((threading.get_ident(), one)))
    assert found.plan is not None
    assert {thread for thread, _ in heard} == {threading.get_ident()}
    best = [one.best for _, one in heard if one.best is not None]
    bound = [one.bound for _, one in heard if one.bound is not None]
    assert best
    assert best == sorted(best)
    assert bound == sorted(bound, reverse=True)
    noise = 1e-4 * abs(found.plan.bound_usd)
    assert best[-1] <= found.plan.objective_usd + noise
    assert bound[-1] >= found.plan.bound_usd - noise
    assert [one.stage for _, one in heard][-2:] == ["place", "verify"]


@pytest.mark.parametrize(
    ("params", "key"),
    [
        (PlannerParams(time_limit=-1.0), "time_limit"),
        (PlannerParams(time_limit=float("nan")), "time_limit"),
        (PlannerParams(gap=-0.1), "gap"),
        (PlannerParams(seed=-1), "seed"),
        (ExactParams(time_limit=-1.0), "time_limit"),
        (PlannerParams(time_limit="5"), "time_limit"),  # type: ignore[arg-type]
        (PlannerParams(gap=True), "gap"),
        (PlannerParams(seed=2**40), "seed"),
        (ExactParams(seed=2**40), "seed"),
        (PlannerParams(seed=1.5), "seed"),  # type: ignore[arg-type]
    ],
)
def test_numbers_that_no_search_can_be_asked_for_are_refused(
    scenario: Scenario, params: PlannerParams | ExactParams, key: str
) -> None:
    with pytest.raises(ScenarioError, match=f"{key}: found .*expected a number from 0"):
        solve(scenario, params=params)


def test_a_status_that_its_gap_does_not_bear_out_is_no_reason_to_end_at_once(scenario: Scenario) -> None:
    best = solve(scenario, params=EASY).plan
    assert best is not None
    loose = best.replace(bound_usd=best.objective_usd * 1.2, gap=0.2 / 1.2, status="optimal")
    found = solve(scenario, params=EASY, start=loose).plan
    assert found is not None
    assert found.bound_usd < loose.bound_usd


@pytest.mark.parametrize("ask", [solve, explain])
@pytest.mark.parametrize("prospects", [["lease"], "lease", None, {1}])
def test_prospects_that_are_no_set_of_names_are_refused(scenario: Scenario, ask: Any, prospects: Any) -> None:
    with pytest.raises(ScenarioError, match=r"prospects: found .*, expected a set of names, as \{'lease'\}"):
        ask(scenario, prospects=prospects)


@pytest.mark.parametrize("ask", [solve, explain])
def test_what_is_no_scenario_is_refused(ask: Any) -> None:
    with pytest.raises(ScenarioError, match="scenario: found 'tiny', expected a Scenario"):
        ask("tiny")


def test_parameters_of_another_kind_are_refused(scenario: Scenario) -> None:
    wrong: Any = 60
    with pytest.raises(ScenarioError, match="params: found 60, expected a PlannerParams or ExactParams"):
        solve(scenario, params=wrong)
