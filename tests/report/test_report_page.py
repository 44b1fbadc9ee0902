"""The page of ``capalloc plan``, as text."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pytest
from rich.console import Console, RenderableType

from capalloc.metrics import Asked, Metrics, Revenue, SitePeriod, Tightest
from capalloc.report.page import no_plan_page, plan_page
from capalloc.roster.blocks import Fragments
from capalloc.schema.plan import Outcome, Plan
from capalloc.schema.scenario import Scenario
from capalloc.schema.verdict import Verdict

OK = Verdict(verdict="ok", objective_usd=39_320_000.0)


def text(parts: Iterable[RenderableType], width: int = 100) -> str:
    """The parts as they look on a pipe of that width."""
    out = Console(file=io.StringIO(), width=width, highlight=False, markup=False, emoji=False)
    for part in parts:
        out.print(part)
    assert isinstance(out.file, io.StringIO)
    return out.file.getvalue()


def squeezed(page: str) -> str:
    """The same with every run of blanks as one."""
    return re.sub(r"[ ]+", " ", page)


@pytest.fixture
def metrics(plan: Plan) -> Metrics:
    """Figures written by hand: 300 of 500 kW, the tightest node after the loss of its twin."""
    normal = Tightest("ups1", None, 150.0, 400.0)
    failover = Tightest("ups1", "ups2", 300.0, 400.0)
    site = tuple(SitePeriod(period, 300.0, 500.0, 50.0, normal, failover) for period in plan.periods)
    ramp = {period: 80.0 if number < 2 else 160.0 for number, period in enumerate(plan.periods)}
    asked = (
        Asked("research", "gpus", dict.fromkeys(plan.periods, 64.0), dict.fromkeys(plan.periods, 0.0)),
        Asked("tenant", "mw", ramp, ramp),
    )
    blocks = tuple(Fragments(3, 1, 2, int(number < 2)) for number, _ in enumerate(plan.periods))
    return Metrics(site, (Revenue("tenant", 3_000_000.0, 33_000_000.0, date(2026, 10, 30)),), asked, blocks)


def test_the_headline_says_what_came_out(scenario: Scenario, plan: Plan, metrics: Metrics) -> None:
    page = squeezed(text(plan_page(scenario, plan, OK, metrics)))
    assert "Scenario four-racks, 2026-05 … 2029-05" in page
    assert "Status optimal" in page
    assert "Objective $39.320M (discounted)" in page
    assert "Bound $39.320M, gap 0.000 %" in page
    assert "Racks moved 1 time, among 4 racks" in page
    assert "Verdict ok: every rule holds" in page
    assert "Time 1.5 s" in page  # 0.25 + 0.5 + 0.25 + 0.5


def test_a_plan_that_ran_out_of_time_says_so(scenario: Scenario, plan: Plan, metrics: Metrics) -> None:
    ended = Outcome(reason="time_limit", limit=60.0, detail="the search was ended by its time limit")
    late = plan.replace(status="feasible", termination=ended)
    page = squeezed(text(plan_page(scenario, late, OK, metrics)))
    assert "Status feasible (time_limit): the search was ended by its time limit" in page


def test_equal_months_of_a_demand_are_one_line(scenario: Scenario, plan: Plan, metrics: Metrics) -> None:
    page = squeezed(text(plan_page(scenario, plan, OK, metrics)))
    assert "2026-05 … 2026-06 80.0 80.0 1 64 $500,000" in page
    assert "2026-07 … 2029-05 160.0 160.0 2 128 $1.000M" in page
    assert "2026-05 … 2029-05 64 0 80.0 1 64 $128" in page  # 64 GPUs x $2 an hour


def test_fabric_blocks_are_counted_period_by_period(scenario: Scenario, plan: Plan, metrics: Metrics) -> None:
    page = squeezed(text(plan_page(scenario, plan, OK, metrics)))
    assert "2026-05 … 2026-06 3 1 2 1" in page
    assert "2026-07 … 2029-05 3 1 2 0" in page


def test_all_periods_gives_each_month_its_line(scenario: Scenario, plan: Plan, metrics: Metrics) -> None:
    page = text(plan_page(scenario, plan, OK, metrics, all_periods=True))
    assert len(re.findall(r"^ *2028-02 ", page, flags=re.MULTILINE)) == 4  # tenant, research, headroom, blocks
    assert "…" not in page.split("Committed")[1]
    assert "Short" not in page


def test_power_and_money_have_units_in_their_heads(scenario: Scenario, plan: Plan, metrics: Metrics) -> None:
    page = text(plan_page(scenario, plan, OK, metrics))
    assert "Wanted Minimum Delivered" in squeezed(page)
    for head in ("kW of IT nameplate", "kW of nameplate draw", "limit in kW", "USD", "Fee per", "Value per"):
        assert head in page


def test_a_fee_or_value_of_days_under_several_steps_says_that_it_is_their_mean(
    scenario: Scenario, plan: Plan, metrics: Metrics
) -> None:
    """Two months at $0.5M and 35 at $1M; of the first one some days are said to lie under another step."""
    page = squeezed(text(plan_page(scenario, plan, OK, metrics)))
    assert "mean" not in page
    parts = [replace(one, in_parts=frozenset(["2026-05"])) for one in metrics.asked if one.demand == "tenant"]
    others = [one for one in metrics.asked if one.demand != "tenant"]
    page = squeezed(text(plan_page(scenario, plan, OK, replace(metrics, asked=(*others, *parts)))))
    assert "2026-05 80.0 80.0 1 64 mean $500,000\n2026-06 80.0 80.0 1 64 $500,000\n" in page
    assert page.count("mean: of all days of the period") == 1


def test_headroom_keeps_the_reserve_and_names_the_tightest_node(
    scenario: Scenario, plan: Plan, metrics: Metrics
) -> None:
    page = squeezed(text(plan_page(scenario, plan, OK, metrics)))
    # 500 - 300 leaves 200, of which 50 are the reserve; 300 of 400 kW is 75 %.
    assert "2026-05 … 2029-05 300.0 500.0 200.0 ups1 after loss of ups2 75.0 %" in page
    assert "in normal operation; of what the site has left, 50.0 kW are the reserve" in " ".join(page.split())


def test_money_splits_fees_into_firm_and_at_risk(scenario: Scenario, plan: Plan, metrics: Metrics) -> None:
    page = squeezed(text(plan_page(scenario, plan, OK, metrics)))
    # Two months at half fee and 35 at full: 36 months' fee of $1M.
    assert "tenant $36.000M $0 $3.000M $33.000M 2026-10-30" in page
    # 64 GPUs x $2 x 24 h x 1127 days from 2026-05-01 to 2029-06-01 = $3,462,144.
    assert "research $3.462M $0 – – –" in page  # noqa: RUF001
    assert "Total $39.462M $0 $3.000M $33.000M" in page


def test_a_plan_without_shortfall_says_so(scenario: Scenario, plan: Plan, metrics: Metrics) -> None:
    page = text(plan_page(scenario, plan, OK, metrics))
    assert "No shortfall" in page
    assert "Unplaced" not in page
    assert "Short kW" not in page


def test_a_shortfall_names_months_place_and_dollars(scenario: Scenario, short_plan: Plan, metrics: Metrics) -> None:
    page = squeezed(text(plan_page(scenario, short_plan, OK, metrics), width=160))
    assert "2026-08 … 2026-09 160.0 80.0 80.0 1 64 $1.000M" in page
    assert "- tenant is short of up to 80.0 kW from 2026-08 until 2026-10 (excluded):" in page
    assert "penalty $160,000, fee lost $1.000M." in page
    flat = page.replace("\n", " ").replace("  ", " ")
    assert "Kept away: cooling at zone [a] (2 racks); power at ups1 (1 rack)." in flat
    assert "The tenant may leave from 2026-08-31 on." in flat
    assert "tenant 2026-08 … 2026-09 1 power at ups1 (1 rack); cooling at zone [a] (2 racks)" in page
    assert "ups1 2026-08 … 2026-09 2 $6,250.00 $6,250.00" in page
    assert "No shortfall" not in page


def test_a_missed_minimum_is_a_shortfall_with_its_rate(scenario: Scenario, short_plan: Plan, metrics: Metrics) -> None:
    run = short_plan.shortfalls[0].replace(demand="research", lost_fee_usd=0.0, tenant_may_leave_from=None)
    page = squeezed(text(plan_page(scenario, short_plan.replace(shortfalls=(run,)), OK, metrics), width=200))
    assert "Below minimum research: penalty $160,000; see below" in page
    assert "\nShortfall " not in page
    assert "Shortfalls against minima" in page
    # the first tier is $2, and no penalty is given
    assert (
        "- research is below its minimum by up to 80.0 kW from 2026-08 until 2026-10 (excluded): penalty $160,000, "
        "$20.00 for each GPU-hour, ten times its first tier by default." in page
    )


def test_a_given_rate_of_a_minimum_is_no_default(scenario: Scenario, short_plan: Plan, metrics: Metrics) -> None:
    run = short_plan.shortfalls[0].replace(demand="research", lost_fee_usd=0.0, tenant_may_leave_from=None)
    own = scenario.workloads[0].replace(penalty_usd_per_gpu_hour=7.5)
    both = short_plan.replace(shortfalls=(run, *short_plan.shortfalls))
    page = text(plan_page(scenario.replace(workloads=(own,)), both, OK, metrics), width=200)
    assert "Shortfalls against contracts and minima" in page
    assert "$7.50 for each GPU-hour." in page


def test_a_prospect_has_lines_of_its_own(scenario: Scenario, plan: Plan, metrics: Metrics) -> None:
    prospect = Revenue("tenant", 0.0, 0.0, None, prospect_usd=36e6, probability=0.4)
    asked = replace(metrics, revenue=(prospect,))
    page = squeezed(text(plan_page(scenario, plan.replace(prospects=("tenant",)), OK, asked), width=120))
    assert "Not signed tenant (40 %): fees $36.000M, weighted $14.400M; the objective has them in full" in page
    assert "tenant 40 % $36.000M $14.400M $0" in page
    assert "Total $3.462M $0 $0 $0" in page
    assert "Firm: fees" not in page


def test_what_a_prospect_misses_is_no_shortfall_of_a_contract(
    scenario: Scenario, short_plan: Plan, metrics: Metrics
) -> None:
    asked = replace(metrics, revenue=(Revenue("tenant", 0.0, 0.0, None, prospect_usd=34e6, probability=0.4),))
    unsigned = scenario.replace(contracts=tuple(one.replace(probability=0.4) for one in scenario.contracts))
    page = squeezed(text(plan_page(unsigned, short_plan.replace(prospects=("tenant",)), OK, asked), width=160))
    assert "in full; tenant not served in full, see below" in page
    assert "\nShortfall " not in page
    assert "Shortfalls against prospects" in page


@pytest.mark.parametrize("width", [60, 80, 100, 132, 200])
def test_no_line_is_wider_than_the_terminal_and_no_figure_is_cut(
    scenario: Scenario, short_plan: Plan, metrics: Metrics, width: int
) -> None:
    page = text(plan_page(scenario, short_plan, OK, metrics), width)
    assert max(len(line) for line in page.splitlines()) <= width
    for figure in ("160.0", "$1.000M", "$39.320M", "$33.000M", "75.0 %", "$160,000", "$6,250.00"):
        assert figure in page


def test_brackets_in_names_are_text(scenario: Scenario, plan: Plan, metrics: Metrics) -> None:
    assert "A Tenant [west]" in text(plan_page(scenario, plan, OK, metrics))


def test_a_pipe_gets_no_escape_codes(scenario: Scenario, plan: Plan, metrics: Metrics) -> None:
    assert "\x1b" not in text(plan_page(scenario, plan, OK, metrics))


def test_no_plan_says_why(scenario: Scenario) -> None:
    page = text(no_plan_page(scenario, Outcome(reason="infeasible", detail="shortfall is forbidden")))
    assert page == "No plan for four-racks: infeasible\nshortfall is forbidden\n"


def test_racks_that_are_off_are_told_with_their_dates(scenario: Scenario, plan: Plan, metrics: Metrics) -> None:
    off = [
        {"rack": "r1", "start": "2026-05", "until": "2026-07"},
        {"rack": "r1", "start": "2026-08", "until": "2026-09"},
    ]
    off.append({"rack": "r2", "start": "2026-06", "until": "2026-10"})
    page = text(plan_page(scenario, plan.replace(off=off), OK, metrics))
    assert "Off: 2 racks that serve nobody, at times from 2026-05 until 2026-10 (excluded)" in squeezed(page)
    assert "Off:" not in text(plan_page(scenario, plan, OK, metrics))
