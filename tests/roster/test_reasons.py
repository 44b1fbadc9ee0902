"""Why racks are missing."""

from __future__ import annotations

import pytest

from capalloc import solve
from capalloc.instance.compile import compile_scenario
from capalloc.roster.reasons import reasons
from capalloc.schema.plan import Reason, Unplaced
from capalloc.schema.rules import Rule
from tests.byhand import by_hand, contract, facility, workload
from tests.roster.any_roster import any_roster
from tests.strategies import random_scenario


def _first_missing(**changes: object) -> Unplaced:
    plan = solve(by_hand(workloads=[], **changes)).plan
    assert plan is not None
    return plan.unplaced[0]


def test_a_late_supply_is_named_where_it_enters() -> None:
    supplies = [{"name": "late", "node": "grid", "kw": 1000, "from": "2026-08-15"}]
    # until September nothing is energised; 160 kW are two racks of 80 kW, and all ten wait for the supply
    missing = _first_missing(facility=facility(supplies=supplies))
    assert (missing.period, missing.racks) == ("2026-05", 2)
    assert missing.reasons == (Reason(rule=Rule.SUPPLY, where="grid", racks=10),)


def test_a_full_node_is_named() -> None:
    # 800 kW are ten racks; six fit on a UPS pair of 2 x 250 kW, the four that idle lack 40 kW on u1
    missing = _first_missing(contracts=[contract(ramp=[{"from": "2026-05", "mw": 0.8}])])
    assert (missing.racks, missing.reasons) == (4, (Reason(rule=Rule.POWER, where="u1", racks=4),))


def test_a_site_without_more_racks_says_so() -> None:
    site = facility()
    site["racks"] = site["racks"][:1]
    missing = _first_missing(facility=site)
    assert [reason.where for reason in missing.reasons] == ["all accepted racks serve it"]


def test_an_outage_of_a_hall_is_named() -> None:
    outage = {"type": "outage", "hall": "h1", "from": "2026-05-03", "until": "2026-05-04"}
    missing = _first_missing(events=[outage])
    assert missing.reasons == (Reason(rule=Rule.AVAILABILITY, where="h1", racks=10),)


def test_an_isolated_neighbour_is_named_with_its_row() -> None:
    # the own workload keeps a rack in each row of four, four and two: no row is left for the lease
    pins = [{"rack": f"k{i:02}", "demand": "own"} for i in (0, 4, 8)]
    own = workload(demand=[{"from": "2026-05", "racks": 3}])
    plan = solve(by_hand(workloads=[own], pins=pins, contracts=[contract(isolation="row")])).plan
    assert plan is not None
    isolated = {reason.where: reason.racks for reason in plan.unplaced[0].reasons if reason.rule == Rule.ISOLATION}
    assert isolated == {"h1/r0": 3, "h1/r1": 3, "h1/r2": 1}


def test_a_hand_over_is_named_with_the_demand_that_was_left() -> None:
    # two racks are pinned to the own workload until July; the lease wants them in July, but they need 40 days
    site = facility()
    site["racks"] = site["racks"][:2]
    own = workload(demand=[{"from": "2026-05", "racks": 2}, {"from": "2026-07", "racks": 0}])
    late = contract(ramp=[{"from": "2026-07", "mw": 0.16}])
    kept = [{"rack": "k00", "demand": "own"}, {"rack": "k01", "demand": "own"}]
    policy = {"handover_days": 40}
    plan = solve(by_hand(facility=site, workloads=[own], contracts=[late], policy=policy, pins=kept)).plan
    assert plan is not None
    assert (plan.unplaced[0].period, plan.unplaced[0].reasons) == (
        "2026-07",
        (Reason(rule=Rule.HAND_OVER, where="own", racks=2),),
    )


@pytest.mark.parametrize("seed", [*range(40), 129])  # 129 has no limit of power or cooling
def test_every_rack_that_is_missing_has_one_reason_whatever_else_is_asked(seed: int) -> None:
    instance = compile_scenario(random_scenario(seed))
    roster = any_roster(instance, seed)
    asked = [(d, t) for d in range(len(instance.demands)) for t in range(len(instance.periods))]
    together = reasons(instance, roster, asked)
    for d, t in asked:
        missing = instance.racks.eligible[:, d] & (roster.serving[:, t] != d)
        assert sum(reason.racks for reason in together[d, t]) == missing.sum()
        assert together[d, t] == reasons(instance, roster, [(d, t)])[d, t]
