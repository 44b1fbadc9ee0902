"""Rules about demands: ramp, bring-up, isolation, locality, spread, hand-over, term."""

from __future__ import annotations

from typing import Any

import pytest

from capalloc.schema.rules import Rule
from capalloc.verify import verify
from tests.verify.tiny import RACKS, bare, broken, job, lease, plan, scenario, serve, site

SEVEN = RACKS[:7]


@pytest.mark.parametrize(
    ("changes", "rules"),
    [
        # seven racks are 70 kW; the largest accepted rack is 10 kW
        ({"mw": 0.0601}, set()),
        ({"mw": 0.06}, {Rule.RAMP}),
        ({"mw": 0.06, "flexible_mw": 0.01}, set()),
        ({"mw": 0.06, "flexible_mw": 0.009999}, {Rule.RAMP}),
        ({"mw": 0.05001, "rack_types": ["hgx", "big"]}, set()),
        ({"mw": 0.05, "rack_types": ["hgx", "big"]}, {Rule.RAMP}),
        ({"mw": 0.0, "flexible_mw": 0.07}, set()),
        ({"mw": 0.0, "flexible_mw": 0.069999}, {Rule.RAMP}),
        # expected: 7 x 8 = 56 kW; facility: x pue 1 too
        ({"mw": 0.048001, "basis": "it_expected"}, set()),
        ({"mw": 0.048, "basis": "facility"}, {Rule.RAMP}),
        # seven racks are 56 GPUs
        ({"ramp": [{"from": "2026-05", "gpus": 49}]}, set()),
        ({"ramp": [{"from": "2026-05", "gpus": 48}]}, {Rule.RAMP}),
        # 10 kW flexible are 8 GPUs
        ({"ramp": [{"from": "2026-05", "gpus": 48}], "flexible_mw": 0.01}, set()),
        ({"ramp": [{"from": "2026-05", "gpus": 48}], "flexible_mw": 0.009999}, {Rule.RAMP}),
    ],
)
def test_delivery_exceeds_the_commitment_by_less_than_a_rack(changes: dict[str, Any], rules: set[Rule]) -> None:
    assert broken(scenario(contracts=[lease(**changes)]), serve("lease", SEVEN)) == rules


@pytest.mark.parametrize(
    ("step", "rules"),
    [
        ({"racks": 7}, set()),
        ({"racks": 6}, {Rule.RAMP}),
        ({"gpus": 49}, set()),
        ({"gpus": 48}, {Rule.RAMP}),
        ({"mw": 0.0601}, set()),
        ({"mw": 0.06}, {Rule.RAMP}),
    ],
)
def test_workload_gets_less_than_a_rack_more_than_it_wants(step: dict[str, Any], rules: set[Rule]) -> None:
    case = scenario(workloads=[job(demand=[{"from": "2026-05"} | step])])
    assert broken(case, serve("job", SEVEN)) == rules


@pytest.mark.parametrize(("mw", "rules"), [(0.07, set()), (0.070001, {Rule.RAMP})])
def test_shortfall_may_be_forbidden(mw: float, rules: set[Rule]) -> None:
    contracts = [lease(mw=mw)]
    assert broken(scenario(contracts=contracts, policy={"shortfall": "forbid"}), serve("lease", SEVEN)) == rules
    assert broken(scenario(contracts=contracts), serve("lease", SEVEN)) == set()


@pytest.mark.parametrize(("racks", "rules"), [(7, set()), (8, {Rule.RAMP})])
def test_a_forbidden_shortfall_covers_minima(racks: int, rules: set[Rule]) -> None:
    demand = [{"from": "2026-05", "racks": racks, "min": racks}]
    workloads = [job(demand=demand)]
    assert broken(scenario(workloads=workloads, policy={"shortfall": "forbid"}), serve("job", SEVEN)) == rules
    assert broken(scenario(workloads=workloads), serve("job", SEVEN)) == set()


@pytest.mark.parametrize("shortfall", ["price", "forbid"])
@pytest.mark.parametrize(("commitment", "rules"), [("hard", {Rule.RAMP}), ("priced", set())])
def test_a_demand_says_itself_whether_its_commitment_is_hard(shortfall: str, commitment: str, rules: set[Rule]) -> None:
    policy, changes = {"shortfall": shortfall}, {"commitment": commitment}
    contracts = [lease(mw=0.08) | changes]
    assert broken(scenario(contracts=contracts, policy=policy), serve("lease", SEVEN)) == rules
    workloads = [job(demand=[{"from": "2026-05", "racks": 8, "min": 8}]) | changes]
    assert broken(scenario(workloads=workloads, policy=policy), serve("job", SEVEN)) == rules


@pytest.mark.parametrize(
    ("changes", "key"),
    [({"commitment": "hard"}, "its commitment: hard forbids it"), ({}, "policy.shortfall forbids it")],
)
def test_what_forbids_a_shortfall_is_named(changes: dict[str, Any], key: str) -> None:
    case = scenario(contracts=[lease(mw=0.08) | changes], policy={"shortfall": "forbid"})
    verdict = verify(case, plan(case, serve("lease", SEVEN)))
    assert {violation.message.rpartition("; ")[2] for violation in verdict.violations} == {key}


def test_largest_commitment_of_any_day_counts() -> None:
    ramp = [{"from": "2026-05", "mw": 0.06}, {"from": "2026-05-31", "mw": 0.07}]
    case = scenario(contracts=[lease(ramp=ramp)], policy={"shortfall": "forbid"})
    assert broken(case, serve("lease", SEVEN)) == set()
    assert broken(case, serve("lease", RACKS[:6])) == {Rule.RAMP}


@pytest.mark.parametrize(("most", "rules"), [(1, set()), (0, {Rule.BRING_UP})])
def test_newly_powered_racks_are_bounded(most: int, rules: set[Rule]) -> None:
    # r1 comes on 1 June and is powered then, serving or not; the others were powered before
    facility = site(racks={"r1": {"status": "planned", "available_from": "2026-06"}})
    assert broken(scenario(facility, policy={"bring_up": {"racks_per_period": most}})) == rules


def test_rack_available_from_the_first_day_is_newly_powered() -> None:
    policy = {"bring_up": {"racks_per_period": 0}}
    assert broken(scenario(site(racks={"r1": {"available_from": "2026-04-30"}}), policy=policy)) == set()
    assert broken(scenario(site(racks={"r1": {"available_from": "2026-05-01"}}), policy=policy)) == {Rule.BRING_UP}


def test_idle_off_powers_racks_that_serve() -> None:
    policy = {"idle": "off", "bring_up": {"racks_per_period": 1}}
    before = bare(serve("job", ["r1"], start="2026-04", until="2026-06"), periods=["2026-04"])
    case = scenario(policy=policy, incumbent=before)
    assert broken(case, serve("job", ["r1", "r2"])) == set()
    assert broken(case, serve("job", ["r1", "r2", "r3"])) == {Rule.BRING_UP}


@pytest.mark.parametrize(("most", "rules"), [(0.008, set()), (0.007999, {Rule.BRING_UP})])
def test_growth_of_site_load_is_bounded(most: float, rules: set[Rule]) -> None:
    # a rack that begins to serve goes from 2 kW to 10 kW; what runs in the first period counts as there
    case = scenario(policy={"bring_up": {"mw_per_period": most}})
    assert broken(case, serve("job", RACKS[:6]) + serve("job", ["r7"], start="2026-06")) == rules


@pytest.mark.parametrize(("isolation", "rules"), [("row", set()), ("hall", {Rule.ISOLATION})])
def test_isolated_demand_is_alone_in_its_hall(isolation: str, rules: set[Rule]) -> None:
    case = scenario(workloads=[job(), job("other", isolation=isolation)])
    assert broken(case, serve("job", ["r1"]) + serve("other", ["r7"])) == rules


def test_isolated_demand_is_alone_in_its_row() -> None:
    case = scenario(workloads=[job(), job("other", isolation="row")])
    apart = serve("job", ["r1"], until="2026-06") + serve("other", ["r2"], start="2026-06")
    assert broken(case, apart) == set()
    assert broken(case, serve("job", ["r1"], until="2026-07") + serve("other", ["r2"], start="2026-06")) == {
        Rule.ISOLATION
    }


@pytest.mark.parametrize("level", ["row", "fabric_block", "hall"])
@pytest.mark.parametrize(("racks", "rules"), [(3, set()), (2, {Rule.LOCALITY})])
def test_lots_hold_their_minimum(level: str, racks: int, rules: set[Rule]) -> None:
    case = scenario(workloads=[job(locality={"level": level, "min_racks": 3})])
    assert broken(case, serve("job", RACKS[:racks])) == rules


def test_lots_count_one_row_and_one_type_at_a_time() -> None:
    local = job(rack_types=["hgx", "big"], locality={"level": "row", "min_racks": 2})
    case = scenario(site(racks={"r3": {"rack_type": "big"}}), workloads=[local])
    assert broken(case, serve("job", ["r1", "r2", "r7", "r8"])) == set()
    assert broken(case, serve("job", ["r1", "r7"])) == {Rule.LOCALITY}
    assert broken(case, serve("job", ["r1", "r2", "r3"])) == {Rule.LOCALITY}


def test_rack_outside_any_block_is_in_no_lot() -> None:
    facility = site()
    facility["positions"][0]["fabric_block"] = None
    case = scenario(facility, workloads=[job(locality={"level": "fabric_block", "min_racks": 1})])
    assert broken(case, serve("job", ["r2"])) == set()
    assert broken(case, serve("job", ["r1"])) == {Rule.LOCALITY}


@pytest.mark.parametrize(("share", "rules"), [(0.25, set()), (0.249, {Rule.SPREAD})])
def test_no_ups_carries_more_than_its_share(share: float, rules: set[Rule]) -> None:
    # two racks in each row: each UPS carries half of two, 1 of 4 racks
    case = scenario(workloads=[job(spread={"node_kind": "ups", "max_share": share})])
    assert broken(case, serve("job", ["r1", "r2", "r7", "r8"])) == rules


@pytest.mark.parametrize(("days", "rules"), [(30, set()), (31, {Rule.HAND_OVER})])
def test_hand_over_takes_its_days(days: int, rules: set[Rule]) -> None:
    # job until 1 June, other from 1 July: 30 days
    case = scenario(workloads=[job(), job("other")], policy={"handover_days": days})
    assert broken(case, serve("job", ["r1"], until="2026-06") + serve("other", ["r1"], start="2026-07")) == rules


@pytest.mark.parametrize(
    ("demand", "until", "rules"),
    [
        # the incumbent's last day decides; what ends with the horizon's start needs all the days after it
        ("job", "2026-04-16", set()),
        ("job", "2026-04-17", {Rule.HAND_OVER}),
        ("job", "2026-07", {Rule.HAND_OVER}),
        ("gone", "2026-07", {Rule.HAND_OVER}),
        ("other", "2026-07", set()),
    ],
)
def test_hand_over_from_the_incumbent(demand: str, until: str, rules: set[Rule]) -> None:
    before = bare(serve(demand, ["r1"], start="2026-04", until=until), periods=["2026-04"])
    case = scenario(workloads=[job(), job("other")], policy={"handover_days": 15}, incumbent=before)
    assert broken(case, serve("other", ["r1"])) == rules


@pytest.mark.parametrize(("most", "rules"), [(2, set()), (1, {Rule.HAND_OVER})])
def test_moves_of_a_period_stay_within_budget(most: int, rules: set[Rule]) -> None:
    case = scenario(policy={"max_moves_per_period": most})
    assert broken(case, serve("job", ["r1", "r2"], until="2026-06") + serve("job", ["r3", "r4"])) == rules


def test_departure_at_the_end_of_a_term_is_no_move() -> None:
    case = scenario(contracts=[lease(mw=0.01, until="2026-06")], policy={"max_moves_per_period": 0})
    assert broken(case, serve("lease", ["r1"], until="2026-06")) == set()


@pytest.mark.parametrize(("days", "rules"), [(52, set()), (51, {Rule.TERM})])
def test_nothing_is_delivered_after_the_notice_ends(days: int, rules: set[Rule]) -> None:
    # notice on 11 May: 51 days later is 1 July, the first day without; 52 days later one day of July is left
    contract = lease(mw=0.01, termination={"notice_days": days, "by": "either"})
    notice = {"type": "notice", "contract": "lease", "by": "provider", "on": "2026-05-11"}
    case = scenario(contracts=[contract], events=[notice])
    assert broken(case, serve("lease", ["r1"])) == rules


@pytest.mark.parametrize(("days", "rules"), [(0, {Rule.TERM}), (1, set())])
def test_notice_runs_from_the_end_of_the_initial_term(days: int, rules: set[Rule]) -> None:
    # initial term: two months from 1 May, until 1 July; with one day of notice the term touches July
    terms = {"notice_days": days, "initial_term_months": 2, "by": "tenant"}
    notice = {"type": "notice", "contract": "lease", "by": "tenant", "on": "2026-05-10"}
    case = scenario(contracts=[lease(mw=0.01, termination=terms)], events=[notice])
    assert broken(case, serve("lease", ["r1"], until="2026-08")) == rules


@pytest.mark.parametrize(("delay", "rules"), [({"days": 30}, set()), ({"until": "2026-06-01"}, {Rule.TERM})])
def test_nothing_is_delivered_before_a_delayed_term(delay: dict[str, Any], rules: set[Rule]) -> None:
    # 1 May + 30 days = 31 May still touches May
    case = scenario(contracts=[lease(mw=0.01)], events=[{"type": "delay", "contract": "lease"} | delay])
    assert broken(case, serve("lease", ["r1"])) == rules


def test_signed_contract_begins_with_its_signature() -> None:
    case = scenario(events=[{"type": "sign", "contract": lease(mw=0.01, probability=0.5), "on": "2026-06"}])
    assert broken(case, serve("lease", ["r1"], start="2026-06")) == set()
    assert broken(case, serve("lease", ["r1"])) == {Rule.TERM}


def test_prospect_is_served_only_when_asked_for() -> None:
    case = scenario(contracts=[lease(mw=0.01, probability=0.5)])
    assert broken(case, serve("lease", ["r1"]), prospects=["lease"]) == set()
    assert broken(case, serve("lease", ["r1"])) == {Rule.TERM}


def test_workload_ends_with_its_trailing_zeros() -> None:
    steps = [{"from": "2026-05", "racks": 1}, {"from": "2026-06", "racks": 0}, {"from": "2026-07", "racks": 0}]
    case = scenario(workloads=[job(demand=steps)])
    assert broken(case, serve("job", ["r1"], until="2026-06")) == set()
    assert broken(case, serve("job", ["r1"], until="2026-07")) == {Rule.TERM}
