"""The class planner on a site small enough to know the best plan by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from capalloc.instance.compile import compile_scenario
from capalloc.planner.params import ClassPlan, PlannerParams
from capalloc.planner.strategy import plan_classes
from capalloc.reduction.classes import reduce_instance
from capalloc.reduction.windows import window_starts
from capalloc.schema.scenario import Scenario
from capalloc.solve import solve
from tests.byhand import by_hand, contract, facility, workload


def _plan(scenario: Scenario) -> ClassPlan:
    return plan_classes(reduce_instance(compile_scenario(scenario)), PlannerParams())


def _served(plan: ClassPlan) -> list[list[int]]:
    """Racks of each demand by period."""
    assert plan.counts is not None
    served: list[list[int]] = plan.counts.serve.sum(axis=0).tolist()
    return served


def test_a_pair_of_ups_limits_how_many_racks_run() -> None:
    # each UPS carries half of 80 kW a rack: 250 kW hold six racks; the other four must be off (6 x 40 + 4 x 4 > 250)
    # lease: 160 kW = 2 racks, from July 400 kW = 5; own gets the rest of the six
    plan = _plan(by_hand())
    own, lease = _served(plan)
    assert own == [4, 4, 2, 2, 2, 2]
    # from July: own must have two (15 USD x 64 x 744 h = 714,240 a rack and month), so the lease misses one rack,
    # which costs 80 kW x 1,000 = 80,000 and a fifth of 1 M
    assert lease == [2, 2, 4, 4, 4, 4]


def test_the_bound_is_proven_and_close() -> None:
    plan = _plan(by_hand())
    hours = {5: 744, 6: 720, 7: 744, 8: 744, 9: 720, 10: 744}
    own = sum(64 * 1.5 * hours[m] * racks for m, racks in zip(hours, [4, 4, 2, 2, 2, 2], strict=True))
    best = own + 2 * 1e6 + 4 * (0.8e6 - 80_000)
    assert plan.bound_usd >= best
    assert plan.bound_usd == pytest.approx(best, rel=1e-6)


def test_equal_neighbouring_periods_are_one_window() -> None:
    assert window_starts(compile_scenario(by_hand())).tolist() == [0, 2]


def test_rules_that_tie_periods_together_keep_them_apart() -> None:
    for policy in ({"handover_days": 1}, {"max_moves_per_period": 1}, {"bring_up": {"mw_per_period": 1}}):
        assert len(window_starts(compile_scenario(by_hand(policy=policy)))) == 6


def test_a_commitment_that_cannot_be_met_is_infeasible_when_shortfall_is_forbidden() -> None:
    pins = [{"rack": f"k0{i}", "demand": "own"} for i in range(2)]
    site = by_hand(policy={"shortfall": "forbid"}, pins=pins)
    assert _plan(site).status == "infeasible"


PRICED = {"commitment": "priced"}
HARD = {"commitment": "hard"}


@pytest.mark.parametrize(
    "changes",
    [
        {"policy": {"shortfall": "forbid"}, "workloads": [workload(**PRICED)]},
        {"contracts": [contract(**HARD)]},
    ],
)
def test_a_hard_commitment_takes_racks_from_what_is_only_priced(changes: dict[str, Any]) -> None:
    own, lease = _served(_plan(by_hand(**changes)))
    assert lease == [2, 2, 5, 5, 5, 5]
    assert own == [4, 4, 1, 1, 1, 1]


def test_a_hard_minimum_takes_racks_from_a_contract_that_is_only_priced() -> None:
    # a penalty of 1 cent: the minimum of two racks is worth 64 x 744 h x 1.51 USD a rack; the lease misses 280,000
    own, _ = _served(_plan(by_hand(workloads=[workload(penalty_usd_per_gpu_hour=0.01)])))
    assert own[2:] == [1, 1, 1, 1]
    hard = workload(penalty_usd_per_gpu_hour=0.01, **HARD)
    own, _ = _served(_plan(by_hand(workloads=[hard])))
    assert own[2:] == [2, 2, 2, 2]


def test_a_forbidden_shortfall_covers_minima() -> None:
    # two racks of own and five of the lease are seven, and only six can run
    assert _plan(by_hand(policy={"shortfall": "forbid"})).status == "infeasible"
    assert _plan(by_hand(policy={"shortfall": "forbid"}, contracts=[contract(**PRICED)])).status == "optimal"


def test_bring_up_limits_newly_powered_racks() -> None:
    # nothing is powered before: all racks are planned for 1 May; two a month, the lease first (fee 0.5 M a rack)
    site = facility()
    for rack in site["racks"]:
        rack |= {"status": "planned", "available_from": "2026-05"}
    slow = by_hand(facility=site, policy={"bring_up": {"racks_per_period": 2}}, workloads=[workload()])
    own, lease = _served(_plan(slow))
    assert (np.array(own) + np.array(lease))[:3].tolist() == [2, 4, 6]


def test_growth_of_site_load_is_limited() -> None:
    # July's step would add 3 racks; own leaves two of its four. 0.05 MW a month is half a rack of 80 x 1.25 = 100 kW
    slow = by_hand(policy={"bring_up": {"mw_per_period": 0.05}}, workloads=[])
    (lease,) = _served(_plan(slow))
    # idle racks may be off in May and June, so that July's growth of 50 kW is less than one rack more
    assert lease[:2] == [2, 2]
    assert (np.diff(lease) <= 1).all()


def test_a_hand_over_leaves_a_rack_idle_for_a_month() -> None:
    own, lease = _served(_plan(by_hand(policy={"handover_days": 20})))
    # ten racks stand, six run: the lease takes idle ones and nobody waits
    assert (own, lease) == ([4, 4, 2, 2, 2, 2], [2, 2, 4, 4, 4, 4])


def test_lots_come_whole_or_not_at_all() -> None:
    lots = {"level": "row", "min_racks": 3}
    plan = _plan(by_hand(workloads=[workload(locality=lots)]))
    assert plan.counts is not None
    used = plan.counts.serve[:, 0, :]
    assert ((used == 0) | (used >= 3)).all()


def test_prices_are_worth_of_one_more_kw() -> None:
    # May: one more kW at both UPS would let 1/40 rack more run (40 kW a rack on each), worth 64 x 1.5 x 744 a month;
    # the two rows are equal, so their prices add up to that
    site = facility()
    for ups in site["power"][1:]:
        ups["failover_kw"] = 1000  # so that only normal operation binds
    plan = _plan(by_hand(facility=site))
    may = [price for price in plan.prices if price.period == "2026-05"]
    assert {price.node for price in may} <= {"u1", "u2"}
    assert sum(price.usd_per_kw_month for price in may) == pytest.approx(64 * 1.5 * 744 / 40, rel=1e-3)


def test_less_than_a_watt_of_supply_is_none_for_planner_and_verifier() -> None:
    result = solve(by_hand(facility=facility(supplies=[{"name": "trickle", "node": "grid", "kw": 0.0004}])))
    assert result.plan is not None
    assert result.plan.assignments == ()
