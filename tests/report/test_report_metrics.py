"""Figures of the site and of the revenue, each derived by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from capalloc.metrics import Metrics, SitePeriod, Tightest, measure
from capalloc.schema.plan import Placement, Plan, Span
from capalloc.schema.scenario import Scenario


def changed(scenario: Scenario, **keys: Any) -> Scenario:
    """The scenario with some keys replaced, validated again."""
    return Scenario.model_validate({**scenario.model_dump(by_alias=True), **keys})


def first(metrics: Metrics) -> SitePeriod:
    return metrics.site[0]


def test_site_load_counts_serving_idle_and_static(scenario: Scenario, plan: Plan) -> None:
    may, july = measure(scenario, plan).site[0], measure(scenario, plan).site[2]
    # r1 and r3 serve at 80 kW, r2 and r4 idle at 10, fans take 20: 80 + 80 + 10 + 10 + 20 = 200 of 500 kW.
    assert (may.load_kw, may.limit_kw, may.headroom_kw) == (200.0, 500.0, 300.0)
    # r2 serves from July on: 200 - 10 + 80.
    assert july.load_kw == 270.0
    assert july.period == "2026-07"


def test_the_tightest_node_in_normal_operation_counts_static_load(scenario: Scenario, plan: Plan) -> None:
    # The root carries 200 of 500 kW = 40 %; each UPS half of 180 = 90 of 400 kW = 22.5 %.
    assert first(measure(scenario, plan)).normal == Tightest("grid", None, 200.0, 500.0)


def test_the_tightest_node_after_a_loss_names_what_is_lost(scenario: Scenario, plan: Plan) -> None:
    # Without ups1 all of the 180 kW flow through ups2: 45 %, more than the root's 40 %.
    assert first(measure(scenario, plan)).failover == Tightest("ups2", "ups1", 180.0, 400.0)


def test_utilization_is_load_over_limit() -> None:
    assert Tightest("a", None, 180.0, 400.0).utilization == 0.45
    assert Tightest("a", None, 0.0, 0.0).utilization == 0.0


def test_a_rack_listed_off_draws_nothing(scenario: Scenario, plan: Plan) -> None:
    off = plan.replace(off=(Span(rack="r4", start="2026-05", until="2026-06"),))
    site = measure(scenario, off).site
    assert (site[0].load_kw, site[1].load_kw) == (190.0, 200.0)


def test_under_idle_off_idle_racks_draw_nothing(scenario: Scenario, plan: Plan) -> None:
    assert first(measure(changed(scenario, policy={"idle": "off"}), plan)).load_kw == 180.0


def test_the_reserve_is_not_headroom(scenario: Scenario, plan: Plan) -> None:
    # 500 - 200 - 50.
    assert first(measure(changed(scenario, policy={"reserve_mw": 0.05}), plan)).headroom_kw == 250.0


def test_a_delivery_draws_where_it_was_placed_and_from_when(scenario: Scenario, plan: Plan) -> None:
    facility = scenario.facility.model_dump(by_alias=True)
    delivery = {"name": "r4", "rack_type": "hgx", "status": "planned", "available_from": "2026-07"}
    facility["racks"] = [*facility["racks"][:3], delivery]
    placed = plan.replace(placements=(Placement(rack="r4", position="p4", start="2026-07"),))
    site = measure(changed(scenario, facility=facility), placed).site
    # r4 idles at 10 kW from July on.
    assert [period.load_kw for period in site[:3]] == [190.0, 190.0, 270.0]


def test_supplies_limit_the_site(scenario: Scenario, plan: Plan) -> None:
    facility = scenario.facility.model_dump(by_alias=True)
    facility["supplies"] = [
        {"name": "feed", "node": "grid", "kw": 300.0},
        {"name": "second", "node": "grid", "kw": 100.0, "from": "2026-06-15"},
    ]
    site = measure(changed(scenario, facility=facility), plan).site
    # The second feed comes within June: July is the first month that can count on it.
    assert [period.limit_kw for period in site[:3]] == [300.0, 300.0, 400.0]
    assert site[0].normal == Tightest("grid", None, 200.0, 300.0)


def test_firm_revenue_ends_when_notice_on_the_first_day_would_end_it(scenario: Scenario, plan: Plan) -> None:
    (revenue,) = measure(scenario, plan).revenue
    # Three months from 1 May, then 90 days: 30 October 2026, excluded.
    assert revenue.firm_until == date(2026, 10, 30)
    # Two months at half a million, July to September at one million, 29 of October's 31 days.
    assert revenue.firm_usd == pytest.approx(2 * 5e5 + 3 * 1e6 + 1e6 * 29 / 31)
    assert revenue.firm_usd + revenue.at_risk_usd == pytest.approx(36e6)


def test_revenue_is_firm_to_the_end_where_nobody_may_give_notice(scenario: Scenario, plan: Plan) -> None:
    contract = scenario.contracts[0].model_dump(by_alias=True) | {"termination": {"by": "none"}}
    (revenue,) = measure(changed(scenario, contracts=[contract]), plan).revenue
    assert (revenue.firm_until, revenue.at_risk_usd) == (date(2029, 6, 1), 0.0)
    assert revenue.firm_usd == pytest.approx(36e6)


def with_contract(scenario: Scenario, **keys: Any) -> Scenario:
    """The scenario with its contract changed."""
    return changed(scenario, contracts=[scenario.contracts[0].model_dump(by_alias=True) | keys])


def test_firm_fees_are_those_of_each_day_before_notice_could_end_it(scenario: Scenario, plan: Plan) -> None:
    # Notice on 1 May ends it 21 days later, on 22 May. Half the fee until 16 May, then all of it: 15 half days and 6
    # whole ones of 31 are firm, 10 whole ones at risk. An even share would be 21/31 of May.
    steps = [{"from": "2026-05-01", "mw": 0.08, "fee_factor": 0.5}, {"from": "2026-05-16", "mw": 0.08}]
    terms = {"notice_days": 21, "initial_term_months": 0, "by": "either"}
    case = with_contract(scenario, ramp=steps, until="2026-06-01", termination=terms)
    (revenue,) = measure(case, plan).revenue
    assert revenue.firm_until == date(2026, 5, 22)
    assert revenue.firm_usd == pytest.approx(1e6 * (15 * 0.5 + 6) / 31)
    assert revenue.at_risk_usd == pytest.approx(1e6 * 10 / 31)


def test_gpu_hours_are_firm_by_days_of_equal_worth(scenario: Scenario, plan: Plan) -> None:
    # One rack of 64 GPUs in May at $2: 21 of 31 days of 64 x 24 x $2 = 3,072 each; nothing after May.
    terms = {"notice_days": 21, "initial_term_months": 0, "by": "either"}
    steps = [{"from": "2026-05", "mw": 0.08}]
    fee = {"usd_per_gpu_hour": 2.0}
    case = with_contract(scenario, ramp=steps, until="2026-06-01", termination=terms, fee=fee)
    (revenue,) = measure(case, plan).revenue
    assert [revenue.firm_usd, revenue.at_risk_usd] == pytest.approx([21 * 3072, 10 * 3072])


def test_nothing_of_a_prospect_is_firm(scenario: Scenario, plan: Plan) -> None:
    case = with_contract(scenario, probability=0.4)
    (revenue,) = measure(case, plan.replace(prospects=("tenant",))).revenue
    assert (revenue.firm_usd, revenue.at_risk_usd, revenue.firm_until) == (0.0, 0.0, None)
    assert revenue.is_prospect
    # 36 months' fee of $1M if it signs, and four tenths of that
    assert [revenue.prospect_usd, revenue.weighted_usd] == pytest.approx([36e6, 14.4e6])


def test_a_prospect_that_an_event_signs_is_signed(scenario: Scenario, plan: Plan) -> None:
    contract = scenario.contracts[0].model_dump(by_alias=True) | {"probability": 0.4}
    sign = {"type": "sign", "contract": contract, "on": "2026-05-01"}
    (revenue,) = measure(changed(scenario, contracts=[], events=[sign]), plan).revenue
    assert (revenue.is_prospect, revenue.prospect_usd) == (False, 0.0)
    assert revenue.firm_usd + revenue.at_risk_usd == pytest.approx(36e6)


def test_what_a_demand_asks_for_is_in_its_own_unit(scenario: Scenario, plan: Plan) -> None:
    research, tenant = measure(scenario, plan).asked
    assert (research.unit, research.wanted["2026-05"], research.least["2026-05"]) == ("gpus", 64.0, 0.0)
    # The ramp is in mw: 0.08 and then 0.16 MW are 80 and 160 kW.
    assert (tenant.unit, tenant.wanted["2026-06"], tenant.least["2026-07"]) == ("mw", 80.0, 160.0)


def test_a_ramp_in_gpus_is_asked_for_in_gpus(scenario: Scenario, plan: Plan) -> None:
    contract = scenario.contracts[0].model_dump(by_alias=True) | {"ramp": [{"from": "2026-05", "gpus": 100}]}
    _, tenant = measure(changed(scenario, contracts=[contract]), plan).asked
    assert (tenant.unit, tenant.wanted["2026-05"]) == ("gpus", 100.0)


def test_periods_of_which_some_days_lie_under_another_step_are_told(scenario: Scenario, plan: Plan) -> None:
    ramp = [{"from": "2026-05-11", "mw": 0.08}, {"from": "2026-07", "mw": 0.16}, {"from": "2026-08-20", "mw": 0.08}]
    contract = scenario.contracts[0].model_dump(by_alias=True) | {"ramp": ramp, "until": "2026-10-15"}
    research, tenant = measure(changed(scenario, contracts=[contract]), plan).asked
    # it begins on 11 May, a step comes on 20 August, and it ends on 14 October; July's step begins with the month
    assert tenant.in_parts == {"2026-05", "2026-08", "2026-10"}
    assert research.in_parts == set()
