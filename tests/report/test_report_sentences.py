"""A plan in three sentences: whole, short and true of every site."""

from __future__ import annotations

from datetime import date

import pytest

from capalloc import PlannerParams, solve
from capalloc.analysis.picture import Pictured
from capalloc.calendar import PeriodUnit
from capalloc.report.charts.halls import _over_time
from capalloc.report.html.sentences import sentences
from capalloc.report.html.spoken import at, in_period, last_day, span
from capalloc.schema.scenario import Scenario
from tests.byhand import by_hand, contract
from tests.html.sites import ODD, SITES

QUICK = PlannerParams(gap=0.05, time_limit=30.0)


def said(scenario: Scenario, *prospects: str) -> list[str]:
    plan = solve(scenario, prospects=frozenset(prospects), params=QUICK).plan
    assert plan is not None
    return list(sentences(Pictured(scenario, plan)))


def test_the_twelve_racks_in_three_sentences() -> None:
    # $0.6M + 2.4M + 4 x 3.6M of fees, two days of October after notice: 3.6M x 2 / 31 at risk.
    who, money, limits = said(SITES["tiny"]())
    assert who == (
        "From May 2026 through October 2026, lease (Example AI) rises from 300.0 kW at first to 900.0 kW from July "
        "2026 on and inference goes from 560.0 kW at first to 240.0 kW from August 2026 on (least: 80.0 kW in July "
        "2026)."
    )
    assert money == (
        "The contracts pay $17.400M in fees, $17.168M of it firm and $232,258 at risk, should notice be given on the "
        "first day; our own workloads are worth $2.260M."
    )
    assert limits == (
        "Every commitment and every minimum is met; power is tightest at feeder, 100.0 % of 1,000.0 kW used in May "
        "2026; at the end no rack is free, and in May 2026 all supply is in use."
    )


@pytest.mark.parametrize("name", ODD)
def test_odd_sites_have_three_sentences_that_end(name: str) -> None:
    told = said(ODD[name]())
    assert len(told) == 3
    for one in told:
        assert one.endswith(".")
        assert "  " not in one
        assert ".." not in one
        assert len(one) < 1500 if name == "hostile" else len(one) < 520


def test_without_contracts_workloads_or_demands() -> None:
    assert said(ODD["no contracts"]())[1].startswith("Our own workloads are worth $")
    assert "workloads" not in said(ODD["no workloads"]())[1]
    nobody = said(ODD["no demands"]())
    assert nobody[0] == "From May 2026 through October 2026 nobody is served: the scenario has no demand to plan."
    assert nobody[1] == "The plan earns nothing, as there is nobody to serve."
    assert not nobody[2].startswith("Every commitment")


def test_in_one_period_nothing_goes_on_throughout() -> None:
    assert said(ODD["one period"]())[0] == "In May 2026, lease (Tenant) has 160.0 kW and own has 320.0 kW."


def test_of_many_demands_three_are_named() -> None:
    who, _, short = said(ODD["200 demands"]())
    assert "197 more demands share up to" in who
    assert who.count("lease") + who.count("work") == 3
    assert "more are short" in short


def test_a_prospect_is_marked_and_its_fees_stand_apart() -> None:
    unsigned = contract(name="harbour", tenant="Harbour", probability=0.4, ramp=[{"from": "2026-05", "mw": 0.08}])
    who, money, _ = said(by_hand(contracts=[contract(), unsigned]), "harbour")
    assert "harbour (a prospect, 40 % likely) has 80.0 kW throughout" in who
    # Six months of a million each; 40 % of it weighted.
    assert "not signed: harbour (40 % likely) would pay $6.000M, $2.400M weighted, none of it firm" in money
    assert "The contracts pay $6.000M in fees, all of it firm" in money


def test_who_is_short_is_named_with_kw_and_days() -> None:
    # Ten racks of 80 kW; the lease wants 1,600 kW from July on, so 800 kW are missing, and the workload has none.
    greedy = contract(ramp=[{"from": "2026-05", "mw": 0.16}, {"from": "2026-07", "mw": 1.6}])
    short = said(by_hand(contracts=[greedy]))[2]
    assert "lease is short of up to" in short
    assert "from July 2026 through October 2026" in short
    assert "Every" not in short


@pytest.mark.parametrize(
    ("start", "until", "words"),
    [
        (date(2026, 5, 1), date(2026, 6, 1), "in May 2026"),
        (date(2026, 5, 1), date(2027, 1, 1), "from May 2026 through December 2026"),
        (date(2026, 5, 1), date(2026, 9, 15), "from May 2026 through 14 September 2026"),
        (date(2026, 5, 4), date(2026, 5, 5), "on 4 May 2026"),
        (date(2026, 12, 30), date(2027, 2, 1), "from 30 December 2026 through January 2027"),
    ],
)
def test_days_are_said_with_their_last_day(start: date, until: date, words: str) -> None:
    assert span(start, until) == words


@pytest.mark.parametrize(
    ("unit", "words"),
    [("month", "in May 2026"), ("week", "in the week of 4 May 2026"), ("day", "on 4 May 2026")],
)
def test_periods_are_said_by_their_kind(unit: PeriodUnit, words: str) -> None:
    assert in_period(date(2026, 5, 4), unit) == words


def test_single_days() -> None:
    assert at(date(2026, 5, 1)) == "in May 2026"
    assert at(date(2026, 5, 2)) == "on 2 May 2026"
    assert last_day(date(2024, 3, 1)) == "February 2024"
    assert last_day(date(2024, 3, 2)) == "1 March 2024"


def test_a_share_that_comes_back_is_not_held_throughout() -> None:
    assert _over_time([0.4, 0.4]) == "holds 40.0 % throughout"
    assert _over_time([0.4, 0.0, 0.4]) == "holds 40.0 % at first and 40.0 % at the end"
    assert _over_time([0.1, 0.5, 0.0]) == "holds 10.0 % at first and none at the end, at most 50.0 %"
