"""Repairs are compared like with like: by hand on a campus, and on drawn scenarios."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from capalloc.analysis.edits import forbidding
from capalloc.analysis.explain import Explanation, Repair, diagnose, explain
from capalloc.errors import ScenarioError
from capalloc.schema.scenario import Scenario
from capalloc.solve import solve
from capalloc.verify import verify
from tests.analysis.explain.causes import flat
from tests.strategies import rack_type, random_scenario, scenario, workload

RACK_HOURS_USD = 8 * 744 * 2.0
"""A rack of 8 GPUs at $2 for the 744 hours of May; a GPU below the minimum costs ten times that."""


def campus(**changes: Any) -> Scenario:
    """Building b1 is 2N, b2 is 3N/2, 24 racks of 10 kW each; gas until July, grid steps in June and July.

    Supplies carry 200 kW in May, 350 in June and 300 + 150 in July and August. Training wants 20 racks and has to have
    10; alpha's 120 kW, beta's 50 from June and gamma's 60 from July are first served.
    """
    root = {"name": "campus", "kind": "utility", "rated_kw": 2000}
    two = [{"name": name, "kind": "ups", "parent": "campus", "rated_kw": 240, "contingency": True} for name in "ab"]
    three = [{"name": name, "kind": "ups", "parent": "campus", "rated_kw": 120, "contingency": True} for name in "xyz"]
    feeds = [("a", "b")] * 24 + [("x", "y"), ("y", "z"), ("z", "x")] * 8
    positions = [
        {"name": f"p{i}", "hall": f"b{1 + i // 24}", "row": f"r{i // 8}", "index": i, "feed_a": a, "feed_b": b}
        for i, (a, b) in enumerate(feeds)
    ]
    supplies = [
        {"name": "gas", "node": "campus", "kw": 200, "until": "2026-07"},
        {"name": "grid-1", "node": "campus", "kw": 150, "from": "2026-06"},
        {"name": "grid-2", "node": "campus", "kw": 300, "from": "2026-07"},
    ]
    site = {
        "facility": "campus",
        "rack_types": [rack_type("a")],
        "power": [root, *two, *three],
        "supplies": supplies,
        "positions": positions,
        "racks": [{"name": f"k{i}", "rack_type": "a", "position": f"p{i}"} for i in range(48)],
    }
    beta, gamma = ([{"from": day, "mw": mw}] for day, mw in (("2026-06", 0.05), ("2026-07", 0.06)))
    contracts = [flat("alpha", 120), flat("beta", 50, ramp=beta), flat("gamma", 60, ramp=gamma)]
    own = workload("training", demand=[{"from": "2026-05", "racks": 20, "min": 10}])
    return scenario(site, 4, **({"contracts": contracts, "workloads": [own], "policy": {"idle": "off"}} | changes))


@cache
def explained() -> Explanation:
    """What is answered for the campus as it is."""
    return explain(campus())


def repair(answer: Explanation, says: str) -> Repair:
    """The one repair that makes this change alone."""
    (found,) = (
        one for conflict in answer.conflicts for one in conflict.repairs if [c.says for c in one.changes] == [says]
    )
    return found


def test_extra_supply_is_worth_what_it_brings_and_the_minimum_is_a_requirement() -> None:
    """Alpha's 12 racks leave 8 of May's 20 for training: two below its minimum, at 1 + 10 times their value."""
    answer = explained()
    (conflict,) = answer.conflicts
    named = {(one.kind.value, one.where) for one in conflict.requirements}
    assert {("commitment", "alpha"), ("minimum", "training"), ("supply", "campus")} <= named
    assert conflict.periods == ("2026-05",)
    more = repair(answer, "campus: +20 kW of supply from 2026-05 until 2026-06")
    assert more.alone_usd == more.all_met_usd == pytest.approx(22 * RACK_HOURS_USD)
    assert (more.commitments_met, more.alone_uncertain_usd, more.lost_fee_usd) == (True, 0.0, 0.0)
    less = repair(answer, "training: min 8 racks in place of 10 racks from 2026-05 until 2026-06")
    assert less.alone_usd == less.all_met_usd == pytest.approx(20 * RACK_HOURS_USD)
    # a sixth of alpha's $10,000 goes, and training has its minimum
    smaller = repair(answer, "alpha: 100 kW in place of 120 kW from 2026-05 until 2026-06")
    assert smaller.alone_usd == pytest.approx(22 * RACK_HOURS_USD - 10_000 / 6, abs=0.01)
    assert smaller.lost_fee_usd == pytest.approx(10_000 / 6, abs=0.01)
    # with grid-1 a month earlier training has all of its 20 racks: two to the minimum, ten above it; with grid-2 two
    # months earlier also two more in the 720 hours of June, when 350 kW left it 18
    sooner = 32 * RACK_HOURS_USD
    assert repair(answer, "grid-1: from 2026-05 in place of 2026-06").alone_usd == pytest.approx(sooner)
    assert conflict.repairs[0].changes[0].says == "grid-2: from 2026-05 in place of 2026-07"
    assert conflict.repairs[0].alone_usd == pytest.approx(sooner + 2 * RACK_HOURS_USD * 720 / 744)


def test_a_repair_that_leaves_another_conflict_says_which_and_meets_not_everything() -> None:
    """Beta's 150 kW in June leave training 8 racks there as well: 350 - 120 - 150 = 80 kW."""
    beta = flat("beta", 150, ramp=[{"from": "2026-06", "mw": 0.15}], until="2026-07")
    answer = explain(campus(contracts=[flat("alpha", 120), beta]))
    assert [conflict.periods for conflict in answer.conflicts] == [("2026-05",), ("2026-06",)]
    more = repair(answer, "campus: +20 kW of supply from 2026-05 until 2026-06")
    assert (more.all_met_usd, more.commitments_met, more.conflicts_left) == (None, False, (2,))
    assert more.alone_usd == pytest.approx(22 * RACK_HOURS_USD)
    assert answer.together is not None
    assert answer.together.commitments_met


def test_no_repair_is_listed_twice() -> None:
    for conflict in explained().conflicts:
        made = [frozenset(repair.changes) for repair in conflict.repairs]
        assert len(set(made)) == len(made)


_LESS = {"commitment", "minimum"}
_OTHER = {"outage", "delay", "where"}
"""Changes that take something from a demand, or move something: they need not allow all that was allowed before."""


@pytest.mark.parametrize("seed", range(103, 113))
def test_what_only_relaxes_loses_nothing_and_what_meets_everything_does(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    forbidden: list[Scenario] = []

    def watched(changed: Scenario) -> Scenario:
        forbidden.append(forbidding(changed))
        return forbidden[-1]

    monkeypatch.setattr("capalloc.analysis.explain.worth.forbidding", watched)
    drawn = random_scenario(seed)
    answer = explain(drawn.replace(policy=drawn.policy.replace(priority="money")), time_limit=60)
    shown = [one for conflict in answer.conflicts for one in conflict.repairs]
    for one in shown:
        kinds = {change.kind.value for change in one.changes}
        if one.alone_usd is not None and not kinds & (_LESS | _OTHER | {"pin", "overshoot"}):
            assert one.alone_usd >= -0.01, one
        assert one.commitments_met == (one.all_met_usd is not None) or one.alone_usd is None
    met = sum(one.commitments_met for one in (*shown, *([answer.together] if answer.together else [])))
    plans = [(changed, solve(changed).plan) for changed in forbidden]
    kept = [plan for changed, plan in plans if plan is not None and verify(changed, plan).verdict == "ok"]
    assert len(kept) >= met
    assert not any(plan.shortfalls for plan in kept)


@pytest.mark.parametrize("limit", [float("nan"), -1.0])
def test_a_time_limit_that_nobody_can_be_given_is_refused(limit: float) -> None:
    with pytest.raises(ScenarioError, match="expected a number from 0"):
        explain(campus(), time_limit=limit)
    with pytest.raises(ScenarioError, match="expected a number from 0"):
        diagnose(campus(), time_limit=limit)
