"""Plans followed through samples of a site by hand: what may be promised is known."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from capalloc import risk, solve
from capalloc.cancel import CancelToken
from capalloc.errors import ScenarioError
from capalloc.report.risk import risk_page
from capalloc.runner.here import Here
from capalloc.schema.plan import Plan
from capalloc.schema.risk import Risk
from capalloc.schema.scenario import Scenario
from tests.byhand import by_hand, contract, facility, workload

LATE_OR_NOT = {"min": 0.0, "max": 0.0}
"""It comes on its date, but where it never comes."""
STEPS = [{"from": "2026-05", "mw": 0.16}, {"from": "2026-07", "mw": 0.4}]


def unsure(doubts: dict[str, Any], **changes: Any) -> Scenario:
    """One tenant who takes 160 kW, from July on 400 kW, that is 5 racks; the grid carries 2 racks until ``g2`` comes.

    A rack draws 80 kW, 100 kW with pue 1.25, and 10 kW are static: 210 kW carry 2 racks, 510 kW 5.
    """
    supplies = [
        {"name": "g1", "node": "grid", "kw": 210.0},
        {"name": "g2", "node": "grid", "kw": 300.0, "from": "2026-07"},
    ]
    lease = {"shortfall": {"penalty_usd_per_kw_month": 1000}, "fee": {"usd_per_kw_month": 4000}, "draw": "nameplate"}
    return by_hand(
        facility=facility(supplies=supplies),
        contracts=[contract(ramp=STEPS, **lease)],
        workloads=[],
        policy={"idle": "off"},
        uncertainty={"samples": 20} | doubts,
        **changes,
    )


def asked(scenario: Scenario, *plans: Plan, **options: Any) -> Risk:
    return risk(scenario, plans, engine=Here(), **options)


def promised(answer: Risk, period: str) -> tuple[float, float, float]:
    (one,) = (one for one in answer.plans[0].promises if one.period == period and one.demand == "lease")
    return one.p50_kw, one.p90_kw, one.p95_kw


EVEN = {"supplies": [{"supply": "g2", "delay_days": LATE_OR_NOT, "never": 0.5}]}


def test_of_two_equally_likely_dates_the_quantile_is_the_promise() -> None:
    # In ten of twenty samples g2 comes: half of them deliver 5 racks, 400 kW; what 90 % deliver is 2 racks, 160 kW.
    answer = asked(unsure(EVEN))
    assert answer.plans[0].planned == 20
    assert promised(answer, "2026-06") == (160, 160, 160)
    assert promised(answer, "2026-07") == (400, 160, 160)
    assert promised(answer, "2026-10") == (400, 160, 160)


def test_a_shortfall_has_its_chance_size_node_and_cause() -> None:
    (plan,) = asked(unsure(EVEN)).plans
    assert [lack.period for lack in plan.shortfalls] == ["2026-07", "2026-08", "2026-09", "2026-10"]
    lack = plan.shortfalls[0]
    assert (lack.chance, lack.chance_at_most) == (0.5, 0.5)
    assert (lack.mean_kw, lack.mean_when_short_kw) == (120, 240)  # 3 racks of 80 kW in half of the samples
    assert ("supply", "grid") in {(one.rule, one.where) for one in lack.where}
    (cause,) = lack.causes
    assert (cause.fact, cause.chance_with, cause.chance_without) == ("g2 not there yet", 1.0, 0.0)


def test_the_objective_is_spread_over_both_outcomes() -> None:
    # May and June 160 kW x 4,000 = 640,000 a month. Then 400 kW x 4,000 = 1.6 million for four months, or 640,000 less
    # 240 kW x 1,000: 400,000. Together 7.68 million or 2.88 million.
    (plan,) = asked(unsure(EVEN)).plans
    assert plan.objective_usd is not None
    assert plan.objective_usd.most == pytest.approx(7_680_000)
    assert plan.objective_usd.least == pytest.approx(2_880_000)
    assert plan.objective_usd.mean == pytest.approx(5_280_000)
    assert plan.var_usd == plan.cvar_usd == pytest.approx(2_880_000)
    (swing,) = plan.tornado
    assert swing.what == "supply g2"
    assert swing.swing_usd == pytest.approx(-4_800_000)  # it never comes where its level is highest
    assert swing.error_usd == pytest.approx(0)


def test_what_a_prospect_matters_is_told_by_all_samples_with_and_without_it() -> None:
    # Two racks of 160 kW stand idle; the prospect takes them from July to October: 4 x 160 x 1,000 = 640,000 dollars.
    maybe = contract(
        name="maybe", ramp=[{"from": "2026-07", "mw": 0.16}], probability=0.3, fee={"usd_per_kw_month": 1000}
    )
    site = by_hand(contracts=[maybe], workloads=[], uncertainty={"prospects": True, "samples": 40})
    (plan,) = asked(site).plans
    (swing,) = plan.tornado
    assert swing.what == "prospect maybe"
    assert swing.error_usd == pytest.approx(0)
    assert swing.low_usd == pytest.approx(0)
    assert swing.high_usd == pytest.approx(640_000)


def three_supplies(never: float, **cause: str) -> Scenario:
    """As above with 100 kW, a rack, in each of three supplies that come in July or never."""
    names = ("g2", "g3", "g4")
    supplies = [
        {"name": "g1", "node": "grid", "kw": 210.0},
        *({"name": name, "node": "grid", "kw": 100.0, "from": "2026-07"} for name in names),
    ]
    slips = [{"supply": name, "delay_days": LATE_OR_NOT, "never": never, **cause} for name in names]
    found = unsure({"supplies": slips, "samples": 400})
    return found.replace(facility=type(found.facility).model_validate(facility(supplies=supplies)))


def test_what_has_a_cause_in_common_is_late_together() -> None:
    answer = asked(three_supplies(0.5, cause="grid"))
    assert promised(answer, "2026-07") == (400, 160, 160)
    assert answer.plans[0].any_short == 0.5


def test_what_is_independent_is_late_each_on_its_own() -> None:
    # All of three come in 0.6 ** 3 = 0.216 of the samples, two or more in 0.648, one or more in 0.936: half of the
    # samples deliver 4 racks, 90 % deliver 3. 400 samples differ from 0.936 by 0.012 at one standard error.
    answer = asked(three_supplies(0.4))
    assert promised(answer, "2026-07")[:2] == (320, 240)
    assert answer.plans[0].any_short == pytest.approx(1 - 0.216, abs=0.06)


def test_a_plan_knows_nothing_before_it_is_announced() -> None:
    # The tenant's 5 racks are planned for July until g2 is known not to come: on its date, or 40 days before it.
    late = asked(unsure(EVEN)).plans[0].outcomes
    soon = {"supplies": [{"supply": "g2", "delay_days": LATE_OR_NOT, "never": 0.5, "announced_days": 40}]}
    early = asked(unsure(soon)).plans[0].outcomes
    assert {one.replanned for one in late} == {(), (date(2026, 7, 1),)}
    assert {one.replanned for one in early} == {(), (date(2026, 6, 1),)}


def test_plans_are_compared_in_the_same_samples() -> None:
    # The second plan was made where the lease ends in June: followed through the samples it earns as much from July on,
    # since a plan is made again only where something has become known; where g2 comes nothing has.
    scenario = unsure(EVEN)
    good = solve(scenario).plan
    assert good is not None
    poor = solve(scenario.replace(pins=({"rack": "k00", "demand": "idle"},))).plan
    assert poor is not None
    poor = poor.replace(scenario_sha256=good.scenario_sha256)
    answer = asked(scenario, good, poor)
    first, second = answer.plans
    assert answer.least_regret == first.plan == "plan 1"
    assert [one.against for one in first.regrets] == ["perfect information", "plan 2"]
    assert first.regrets[0].mean == pytest.approx(0, abs=1)
    assert second.regrets[1].mean == pytest.approx(-first.regrets[1].mean)
    assert second.regrets[0].mean >= 0


def test_a_sample_without_a_plan_is_told_and_not_dropped() -> None:
    # A commitment that must be met cannot be where g2 never comes.
    strict = unsure(EVEN)
    strict = strict.replace(policy=strict.policy.replace(shortfall="forbid"))
    (plan,) = asked(strict).plans
    assert (plan.planned, len(plan.unplanned)) == (10, 10)
    assert {one.status for one in plan.outcomes} == {"followed", "infeasible"}
    assert all(one.detail for one in plan.outcomes if one.status == "infeasible")
    assert len(plan.outcomes) == 20


def test_failed_racks_serve_nobody_and_spares_stand_in_for_them() -> None:
    # Of 10 racks 4 racks' worth fail in half a year of 184 days; 30 days each: a share of 0.065 at the mean, 1 spare.
    doubts = {"failures": [{"rack_type": "hgx", "yearly": 0.8, "repair_days": 30}], "samples": 5}
    (plan,) = asked(unsure(doubts)).plans
    assert plan.planned == 5
    assert {one.p50_kw for one in plan.promises if one.period == "2026-05"} <= {80, 160}


FAILING = {
    "failures": [{"rack_type": "hgx", "yearly": 0.5, "repair_days": 30}],
    "samples": 5,
    "decide_until": "2026-07",
}
"""One rack stands by."""


@pytest.mark.parametrize(("stand", "served"), [(10, 6), (7, 6), (6, 5)])
def test_idle_racks_stand_in_for_those_that_fail_before_plans_may_change(stand: int, served: int) -> None:
    # Six racks of power serve. One fails: an idle one stands in for it, and where none stands there one is missing.
    own = workload(demand=[{"from": "2026-05", "racks": 6}], draw="nameplate")
    racks = [{"name": f"k{i:02}", "rack_type": "hgx", "position": f"p{i}"} for i in range(stand)]
    site = by_hand(contracts=[], workloads=[own], facility=facility(racks=racks), uncertainty=FAILING)
    (plan,) = asked(site).plans
    assert plan.planned == 5
    kw = {one.period: one.p50_kw for one in plan.promises}
    assert (kw["2026-05"], kw["2026-06"]) == (80 * served, 80 * served)


def test_idle_racks_that_may_not_stand_in_change_nothing() -> None:
    # The four idle racks stand in another hall than the one where own work may be.
    positions = [
        {
            "name": f"p{i}",
            "hall": "h1" if i < 6 else "h2",
            "row": f"r{i // 6}",
            "index": i,
            "feed_a": "u1",
            "feed_b": "u2",
        }
        for i in range(12)
    ]
    own = workload(demand=[{"from": "2026-05", "racks": 6}], draw="nameplate", where={"hall": ["h1"]})
    site = by_hand(contracts=[], workloads=[own], facility=facility(positions=positions), uncertainty=FAILING)
    (plan,) = asked(site).plans
    assert plan.planned == 5
    assert {one.p50_kw for one in plan.promises if one.period == "2026-05"} == {400}


def test_idle_racks_stand_in_where_failures_alone_would_leave_too_few_later() -> None:
    # From August own work must have all five racks, which leaves none to stand by; as it comes, it wants half of them.
    steps = [{"from": "2026-05", "racks": 4}, {"from": "2026-08", "racks": 5, "min": 5}]
    racks = [{"name": f"k{i:02}", "rack_type": "hgx", "position": f"p{i}"} for i in range(5)]
    half = {"demand": [{"workload": "own", "factor": {"min": 0.5, "max": 0.5}}]}
    site = by_hand(
        contracts=[],
        workloads=[workload(demand=steps, draw="nameplate")],
        facility=facility(racks=racks),
        policy={"shortfall": "forbid"},
        uncertainty=FAILING | half,
    )
    (plan,) = asked(site).plans
    assert plan.planned == 5
    assert {one.p50_kw for one in plan.promises if one.period in ("2026-05", "2026-06")} == {320}


def test_a_day_inside_a_period_and_doubts_that_doubt_nothing_are_told() -> None:
    answer = asked(by_hand(uncertainty={"samples": 2, "decide_until": "2026-06-15"}))
    assert answer.assumes == (
        "Uncertainty names nothing that could come out otherwise, so that all samples are alike.",
        "Plans may change from 2026-07 on: decide_until is inside the period before.",
    )
    assert not asked(unsure(EVEN | {"decide_until": "2026-06"})).assumes[0].startswith(("Plans", "Uncertainty"))


def test_plans_that_stand_throughout_are_told_as_such() -> None:
    half = {"demand": [{"workload": "own", "factor": {"min": 0.5, "max": 0.5}}]}
    answer = asked(by_hand(uncertainty=FAILING | half | {"decide_until": "2026-10-15"}))
    assert answer.assumes == (
        "Plans never change, as no period begins later: only what comes late makes any difference.",
    )


def test_workloads_want_other_amounts_once_plans_may_change() -> None:
    own = workload(demand=[{"from": "2026-05", "racks": 2}])
    doubts = {"demand": [{"workload": "own", "factor": {"min": 0.5, "max": 0.5}}], "samples": 3}
    scenario = by_hand(workloads=[own], contracts=[], uncertainty=doubts)
    (plan,) = asked(scenario).plans
    wanted = {one.period: one.p50_kw for one in plan.promises}
    assert wanted["2026-05"] == 160  # two racks of 80 kW
    assert {wanted[month] for month in ("2026-06", "2026-10")} == {80}


def test_samples_and_seed_may_be_asked_for() -> None:
    answer = asked(unsure(EVEN), samples=6, seed=9)
    assert (answer.samples, answer.seed) == (6, 9)
    assert len(answer.plans[0].outcomes) == 6


@pytest.mark.parametrize("samples", [0, -1, 1.5, True, 100_001])
def test_what_is_no_number_of_samples_is_refused(samples: Any) -> None:
    with pytest.raises(ScenarioError, match="expected a number from 1 to 100,000"):
        asked(unsure(EVEN), samples=samples)


def test_a_scenario_in_which_all_is_sure_is_refused() -> None:
    with pytest.raises(ScenarioError, match="nothing in this scenario is unsure"):
        asked(unsure(EVEN).replace(uncertainty=None))


@pytest.mark.parametrize("wrong", ["plan.json", 7, [None]])
def test_what_is_no_plan_is_refused(wrong: Any) -> None:
    with pytest.raises(ScenarioError, match="expected a Plan"):
        risk(unsure(EVEN), wrong if isinstance(wrong, list) else [wrong], engine=Here())


def test_a_plan_need_not_stand_in_a_list() -> None:
    scenario = unsure(EVEN)
    plan = solve(scenario).plan
    assert plan is not None
    assert risk(scenario, plan, engine=Here()).plans == risk(scenario, [plan], engine=Here()).plans


def test_one_sample_has_figures_without_errors() -> None:
    (plan,) = asked(unsure(EVEN), samples=1).plans
    assert plan.objective_usd is not None
    assert plan.objective_usd.error == 0
    assert plan.tornado == ()


def test_stopped_before_the_first_sample_there_are_no_figures() -> None:
    token = CancelToken()
    token.cancel()
    scenario = unsure(EVEN)
    plan = solve(scenario).plan
    assert plan is not None
    answer = asked(scenario, plan, cancel=token)
    assert (answer.undone, answer.plans[0].planned, answer.plans[0].objective_usd) == (20, 0, None)
    assert list(risk_page(answer))


def test_what_is_decided_stands_and_what_does_not_come_cannot_be_used() -> None:
    # Plans stand until September; g2, which never comes in half of the samples, is known not to on its date in July.
    doubts = EVEN | {"decide_until": "2026-09", "failures": [{"rack_type": "hgx", "yearly": 0.01, "repair_days": 1}]}
    outcomes = asked(unsure(doubts)).plans[0].outcomes
    assert {one.replanned for one in outcomes} == {
        (date(2026, 9, 1),),
        (date(2026, 7, 1), date(2026, 9, 1)),
    }
