"""Figures of the summary: by hand for the twelve racks, equal to those of other commands elsewhere."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest

from capalloc import PlannerParams, solve
from capalloc.analysis.picture import Pictured
from capalloc.analysis.picture.summary import committed, given, left, tightest, together_kw
from capalloc.metrics import measure
from tests.html.sites import SITES, many_demands


@cache
def pictured(name: str) -> Pictured:
    scenario = SITES[name]()
    plan = solve(scenario, params=PlannerParams(gap=0.05, time_limit=30.0)).plan
    assert plan is not None
    return Pictured(scenario, plan)


def test_what_the_demands_of_the_twelve_racks_get() -> None:
    # lease: 3, 6, 9 racks of 100 kW nameplate; inference: 7, 4, 1, 3 racks of 80 kW.
    lease, inference = given(pictured("tiny"))
    assert (lease.demand, lease.tenant, lease.until) == ("lease", "Example AI", date(2026, 11, 1))
    assert lease.kw_by_period == (300, 600, 900, 900, 900, 900)
    assert (lease.first.kw, lease.last.kw, lease.last.day) == (300, 900, date(2026, 7, 1))
    assert inference.kw_by_period == (560, 320, 80, 240, 240, 240)
    assert (inference.first.kw, inference.last.kw, inference.last.day) == (560, 240, date(2026, 8, 1))
    assert not lease.steady
    assert not lease.is_prospect


def test_what_the_twelve_racks_leave() -> None:
    # Ten racks of 80 and 100 kW fill the feeder of 1,000 kW in May; from August on 1,500 kW are there for 1,140 kW.
    rows = list(left(pictured("tiny")))
    assert rows[0].kw == pytest.approx(0, abs=1e-6)
    assert [row.racks for row in rows] == [2, 2, 2, 0, 0, 0]


@pytest.mark.parametrize("name", ["tiny", "hostile", "unpowered", "mid-month", "colo-hall"])
def test_loads_limits_and_the_tightest_node_are_those_of_the_page_of_plan(name: str) -> None:
    shown = pictured(name)
    site = measure(shown.scenario, shown.plan).site
    assert shown.load_kw == pytest.approx([row.load_kw for row in site])
    assert shown.limit_kw == pytest.approx([row.limit_kw for row in site])
    assert [row.kw for row in left(shown)] == pytest.approx([row.headroom_kw for row in site], abs=1e-6)
    found = tightest(shown)
    assert found is not None
    used = [one.utilization for row in site for one in (row.normal, row.failover) if one is not None]
    assert found.used == pytest.approx(max(used))


@pytest.mark.parametrize("name", ["tiny", "hostile", "200 demands"])
def test_commitments_are_those_of_the_plan_file(name: str) -> None:
    shown = pictured(name)
    contracts = {one.name for one in shown.scenario.all_contracts}
    for row in committed(shown):
        rows = [one for one in shown.plan.demands if one.period == row.period and one.demand in contracts]
        assert row.committed_kw == pytest.approx(sum(one.committed_kw for one in rows))
        assert row.delivered_kw == pytest.approx(sum(one.delivered_kw for one in rows))
        assert row.short_kw == pytest.approx(sum(max(0, one.committed_kw - one.delivered_kw) for one in rows))


def test_those_that_get_most_come_first_and_the_rest_is_summed_up() -> None:
    shown = pictured("200 demands")
    got = given(shown)
    assert len(got) == len(list(many_demands().planned()))
    months = [sum(one.kw_by_period) for one in got]
    assert months == sorted(months, reverse=True)
    rest = [one.demand for one in got[3:]]
    most = max(
        sum(row.delivered_kw for row in shown.plan.demands if row.period == label and row.demand in set(rest))
        for label in shown.plan.periods
    )
    assert together_kw(shown, rest) == pytest.approx(most)
