"""Plans followed where racks are still to come, prospects sign or not, and racks have been moved already."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from capalloc import risk, solve
from capalloc.runner.here import Here
from capalloc.schema.risk import PlanRisk
from capalloc.schema.scenario import Scenario
from tests.byhand import by_hand, contract, facility, rack_type, workload

NAMES = frozenset({"lease"})
FACTOR = {"demand": [{"workload": "own", "factor": {"min": 0.5, "max": 1.5}}], "samples": 3}


def followed(scenario: Scenario, prospects: frozenset[str] = frozenset()) -> PlanRisk:
    (plan,) = risk(scenario, prospects=prospects, perfect=True, engine=Here()).plans
    assert not plan.unplanned
    return plan


def test_a_prospect_that_signs_is_planned_from_the_day_that_plans_may_change() -> None:
    doubts = {"prospects": True, "samples": 4}
    plan = followed(by_hand(contracts=[contract(probability=0.5)], uncertainty=doubts))
    assert [one.facts for one in plan.outcomes].count(("lease signs",)) == 2
    by_period = {one.period: one for one in plan.promises if one.demand == "lease"}
    assert {one.samples for one in by_period.values()} == {2}  # its term touches no period of the others
    assert (by_period["2026-05"].p95_kw, by_period["2026-06"].p95_kw) == (0, 160)


def test_a_prospect_that_is_planned_and_does_not_sign_leaves_the_plan() -> None:
    # Its two racks of May stand idle where it does not sign: own work loses 2 racks of 64 GPUs for 31 days at 1.5 USD.
    doubts = {"prospects": True, "samples": 4}
    plan = followed(by_hand(contracts=[contract(probability=0.5)], uncertainty=doubts), NAMES)
    lost = [one for one in plan.outcomes if one.facts == ("lease does not sign",)]
    assert len(lost) == 2
    for one in lost:
        assert one.perfect_usd is not None
        assert one.objective_usd is not None
        assert one.perfect_usd - one.objective_usd == pytest.approx(2 * 64 * 31 * 24 * 1.5)
        assert one.replanned == (date(2026, 6, 1),)


def test_deliveries_that_have_come_stay_where_the_plan_put_them() -> None:
    stands = [{"name": f"k{i:02}", "rack_type": "hgx", "position": f"p{i}"} for i in range(3)]
    to_come = [
        {"name": f"n{i}", "rack_type": "hgx", "status": "planned", "available_from": f"2026-0{6 + i}"} for i in range(3)
    ]
    slip = {"supplies": [{"rack_type": "hgx", "delay_days": {"min": 0, "max": 60}}]}
    plan = followed(by_hand(facility=facility(racks=[*stands, *to_come]), uncertainty={**FACTOR, **slip}))
    for one in plan.outcomes:
        assert one.perfect_usd is not None
        assert one.objective_usd is not None
        assert one.perfect_usd >= one.objective_usd - 1e-3


@pytest.mark.parametrize("doubt", [{"failures": [{"rack_type": "hgx", "yearly": 0.5, "repair_days": 30}]}, FACTOR])
@pytest.mark.parametrize("positions", [9, 10])
def test_a_late_delivery_stands_where_a_rack_has_left_meanwhile(doubt: dict[str, Any], positions: int) -> None:
    # The old rack leaves its place in July, the day on which the new one comes instead of in June.
    stands = [{"name": f"k{i:02}", "rack_type": "hgx", "position": f"p{i}"} for i in range(8)]
    old = {"name": "old", "rack_type": "hgx", "position": "p8", "available_until": "2026-07"}
    new = {"name": "new", "rack_type": "other", "status": "planned", "available_from": "2026-06"}
    site = facility(rack_types=[rack_type(), rack_type(name="other")], racks=[*stands, old, new])
    site["positions"] = site["positions"][:positions]
    late = {"supplies": [{"rack_type": "other", "delay_days": {"min": 30, "max": 30}}], "decide_until": "2026-09"}
    plan = followed(
        by_hand(
            facility=site,
            contracts=[],
            workloads=[
                workload(demand=[{"from": "2026-05", "racks": 5}]),
                workload(name="others", rack_types=["other"], demand=[{"from": "2026-05", "racks": 1}]),
            ],
            uncertainty={"samples": 4} | doubt | late,
        )
    )
    served = {one.period: one.p50_kw for one in plan.promises if one.demand == "others"}
    assert [served[month] for month in ("2026-06", "2026-07", "2026-10")] == [0, 80, 80]


def test_what_leaving_an_incumbent_costs_counts_in_every_sample() -> None:
    # The incumbent has each demand where the other one is best; a departure costs 1,000 USD, in the plan that stands
    # in May as in the one with perfect information.
    base = solve(by_hand()).plan
    assert base is not None
    other = {"lease": "own", "own": "lease"}
    turned = tuple(one.replace(demand=other[one.demand]) for one in base.assignments)
    scenario = by_hand(policy={"move_cost_usd_per_rack": 1000}, uncertainty=FACTOR)
    plan = followed(scenario.replace(incumbent=base.replace(assignments=turned)))
    free = followed(scenario)
    for one, without in zip(plan.outcomes, free.outcomes, strict=True):
        assert one.objective_usd is not None
        assert without.objective_usd is not None
        assert one.objective_usd < without.objective_usd
        assert one.objective_usd == pytest.approx(one.perfect_usd, abs=1)
