"""Revenue: equal to the verifier's figures to the cent, and to a plain sum over days on any day of notice."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from math import fsum
from pathlib import Path
from typing import Any

import pytest

from capalloc import PlannerParams, solve
from capalloc.analysis.base import base_of
from capalloc.analysis.revenue import revenue, revenue_of_base
from capalloc.errors import PlanFileError, ScenarioError
from capalloc.schema.plan import Plan
from capalloc.schema.revenue import By, RevenueAnswer
from capalloc.schema.scenario import Scenario
from capalloc.verify import recount
from tests.corpus.dated import dated_record
from tests.corpus.day_by_day import Books
from tests.verify.tiny import BIG, HGX, job, lease, scenario, serve, site
from tests.verify.tiny import plan as drawn_plan

CENT, RELATIVE = 0.01, 1e-9
EXAMPLES = sorted(path.stem for path in (Path(__file__).parents[2] / "examples").glob("*.yaml"))
LEAST = 5
"""Of ten drawn scenarios so many have plans at least; of the 60 there are 53."""
QUICK = PlannerParams(gap=1.0, time_limit=20.0)


def answer_of(case: Scenario, plan: Plan, **asked: Any) -> RevenueAnswer:
    """The answer for a plan that carries its scenario's digest."""
    from capalloc.formats import scenario_sha256

    return revenue(case, plan.replace(scenario_sha256=scenario_sha256(case)), **asked)


def same(stated: float, counted: float | Fraction) -> bool:
    return abs(stated - float(counted)) <= max(CENT, RELATIVE * abs(float(counted)))


def require_sums_of_check(case: Scenario, plan: Plan, answer: RevenueAnswer) -> None:
    """Every row and every total is the verifier's, to the cent."""
    counted = {(row.demand, row.period): row for row in recount(case, plan).demands}
    found = {(row.demand, row.period): row for row in answer.periods}
    assert found.keys() == counted.keys()
    for key, row in found.items():
        assert same(row.fee_usd + row.value_usd, counted[key].revenue_usd), key
        assert same(row.penalty_usd, counted[key].penalty_usd), key
        assert same(row.firm_usd + row.at_risk_usd + row.prospect_usd, row.fee_usd), key
    way, penalties = answer.to_objective, fsum(row.penalty_usd for row in counted.values())
    assert same(way.fees_usd + way.values_usd, fsum(row.revenue_usd for row in counted.values()))
    assert same(way.penalties_usd, penalties)
    assert same(way.undiscounted_usd + way.discounting_usd, recount(case, plan).objective_usd)
    for one in answer.contracts:
        assert same(one.total_usd, fsum(row.revenue_usd for row in counted.values() if row.demand == one.demand))
        assert same(one.penalty_usd, fsum(row.penalty_usd for row in counted.values() if row.demand == one.demand))


@pytest.mark.parametrize("name", EXAMPLES)
def test_sums_of_every_example_are_those_of_check(name: str, example: Callable[[str], tuple[Scenario, Plan]]) -> None:
    case, plan = example(name)
    require_sums_of_check(case, plan, revenue(case, plan))


def drawn(seed: int) -> tuple[Scenario, Plan, Books] | None:
    """A scenario with dates inside periods, a plan of it, and a plain sum over days; None where there is no plan."""
    record = dated_record(seed)
    case = Scenario.model_validate(record)
    asked = frozenset(contract.name for contract in case.contracts if contract.probability < 1)
    plan = solve(case, prospects=asked, params=QUICK).plan
    return None if plan is None else (case, plan, Books(record, plan.model_dump(mode="json", by_alias=True)))


@pytest.mark.parametrize("first", range(0, 60, 10))
def test_sums_of_drawn_scenarios_are_those_of_check_and_of_days(first: int) -> None:
    compared = 0
    for seed in range(first, first + 10):
        found = drawn(seed)
        if found is None:
            continue
        case, plan, books = found
        rng, base = random.Random(seed), base_of(case, plan)
        length = (case.horizon.end - case.horizon.start).days
        for on in (case.horizon.start, case.horizon.start + timedelta(rng.randrange(-40, length))):
            answer = revenue_of_base(base, as_of=on, by=rng.choice(["period", "month", "quarter", "year"]))
            require_sums_of_check(case, plan, answer)
            require_plain_sums(answer, books, on)
        compared += 1
    assert compared >= LEAST


def require_plain_sums(answer: RevenueAnswer, books: Books, on: date) -> None:
    """What is firm, at risk and remains is a plain sum over days, by period and over the horizon."""
    whole, rest = books.sure(on), books.sure(on, (on, books.end))
    for one in answer.contracts:
        firm, at_risk, prospect = whole[one.demand]
        assert same(one.firm_usd, firm)
        assert same(one.at_risk_usd, at_risk)
        assert same(one.total_usd, firm + at_risk + prospect)
        assert same(one.remaining_usd, rest[one.demand][0])
        assert same(one.earned_usd, firm + at_risk - sum(rest[one.demand][:2]))
    for label, start, end in books.periods():
        of_period = books.sure(on, (start, end))
        for row in (row for row in answer.periods if row.period == label and row.demand in books.contracts):
            for usd, days in zip((row.firm_usd, row.at_risk_usd, row.prospect_usd), of_period[row.demand], strict=True):
                assert same(usd, days), (row.demand, label)
    for span in answer.sums:
        require_span(answer, books, on, (span.start, span.until), span.span)


def require_span(answer: RevenueAnswer, books: Books, on: date, days: tuple[date, date], label: str) -> None:
    """A line of sums has the days of its span, whatever borders of periods lie in them."""
    (span,) = (one for one in answer.sums if one.span == label)
    inside = [days[0] + timedelta(number) for number in range((days[1] - days[0]).days)]
    prospects = {one.demand for one in answer.contracts if one.firm_until is None}
    signed = [name for name in books.accounts if name not in prospects]

    def total(part: str, names: list[str]) -> Fraction:
        accounts = [getattr(books.accounts[name], part) for name in names]
        return sum((account.get(day, Fraction(0)) for account in accounts for day in inside), Fraction(0))

    assert same(span.value_usd, total("earned", [name for name in signed if name in books.workloads]))
    assert same(span.fee_usd, total("earned", [name for name in signed if name in books.contracts]))
    assert same(span.penalty_usd, total("penalty", signed))
    firm = sum((usd[0] for name, usd in books.sure(on, days).items() if name in signed), Fraction(0))
    assert same(span.firm_usd, firm)
    assert same(span.at_risk_usd, span.fee_usd - float(firm))


# A lease of six racks at $6,000 a month from May through July, notice of 30 days after a first month.


TERMS = {"notice_days": 30, "initial_term_months": 1, "by": "either"}


def leased(**changes: Any) -> tuple[Scenario, Plan]:
    racks = [f"r{number}" for number in range(1, 7)]
    case = scenario(workloads=[], contracts=[lease(**({"termination": TERMS} | changes))])
    prospects = ["lease"] if changes.get("probability", 1) < 1 else []
    return case, drawn_plan(case, serve("lease", racks), prospects=prospects)


def test_what_is_firm_moves_with_the_day_of_notice() -> None:
    # Notice counts from 1 June, the end of the first month, or later: on 1 May it ends the lease on 1 July.
    case, plan = leased()
    (first,) = answer_of(case, plan).contracts
    assert (first.firm_until, first.firm_usd, first.at_risk_usd) == (date(2026, 7, 1), 12000.0, 6000.0)
    assert (first.earned_usd, first.remaining_usd) == (0.0, 12000.0)
    # On 11 June it ends on 11 July: 10 of 31 days of July are firm. Earned: May and 10 of 30 days of June.
    (later,) = answer_of(case, plan, as_of=date(2026, 6, 11)).contracts
    assert later.firm_until == date(2026, 7, 11)
    assert later.firm_usd == pytest.approx(12000 + 6000 * 10 / 31)
    assert later.earned_usd == pytest.approx(6000 + 2000)
    assert later.remaining_usd == pytest.approx(4000 + 6000 * 10 / 31)
    assert later.earned_usd + later.remaining_usd + later.at_risk_usd == pytest.approx(18000)


def test_a_day_before_the_plan_is_a_day_of_notice_like_any_other() -> None:
    # The lease has begun in March, and its first month is over: notice on 16 April ends it on 16 May, 15 of 31 days.
    case, plan = leased(ramp=[{"from": "2026-03", "mw": 0.06}])
    (one,) = answer_of(case, plan, as_of=date(2026, 4, 16)).contracts
    assert (one.firm_until, one.earned_usd) == (date(2026, 5, 16), 0.0)
    assert one.remaining_usd == one.firm_usd == pytest.approx(6000 * 15 / 31)


def test_a_day_after_the_plan_is_refused() -> None:
    case, plan = leased()
    with pytest.raises(ScenarioError, match="found 2026-08-01, expected a day of the plan, from 2026-05 until 2026-08"):
        answer_of(case, plan, as_of=date(2026, 8, 1))


def test_firm_fees_beyond_the_horizon_are_told_apart() -> None:
    # Nobody may give notice before its end on 1 October: two months at $6,000 lie beyond July.
    case, plan = leased(until="2026-10", termination={"by": "none"})
    (one,) = answer_of(case, plan).contracts
    assert (one.firm_until, one.remaining_usd, one.beyond_usd) == (date(2026, 10, 1), 18000.0, 12000.0)


@pytest.mark.parametrize(
    ("fee", "usd"),
    [
        # August and half of September: 60 kW, then 80.
        ({"usd_per_kw_month": 100.0}, 60 * 100 + 80 * 100 / 2),
        # 8 GPUs to 10 kW: 48 for 31 days, then 64 for 15.
        ({"usd_per_gpu_hour": 2.0}, 2 * 24 * (48 * 31 + 64 * 15)),
    ],
    ids=["per kW-month", "per GPU-hour"],
)
def test_what_lies_beyond_follows_the_ramp(fee: dict[str, float], usd: float) -> None:
    ramp = [{"from": "2026-05", "mw": 0.06}, {"from": "2026-09", "mw": 0.08}]
    case, plan = leased(until="2026-09-16", termination={"by": "none"}, fee=fee, ramp=ramp)
    assert answer_of(case, plan).contracts[0].beyond_usd == pytest.approx(usd)


def test_a_tenant_that_may_leave_for_a_shortfall_is_told_of() -> None:
    # Five of six racks from May on: 20 days to cure it, and from 21 May the tenant may leave.
    racks = [f"r{number}" for number in range(1, 6)]
    case = scenario(workloads=[], contracts=[lease(shortfall={"remedy": "terminate", "cure_days": 20})])
    (one,) = answer_of(case, drawn_plan(case, serve("lease", racks))).contracts
    assert (one.may_leave_from, one.firm_usd) == (date(2026, 5, 21), 15000.0)
    assert answer_of(*leased()).contracts[0].may_leave_from is None


def test_a_prospect_is_never_firm() -> None:
    case, plan = leased(probability=0.25)
    answer = answer_of(case, plan)
    (one,) = answer.contracts
    assert (one.total_usd, one.weighted_usd) == (18000.0, 4500.0)
    assert (one.firm_usd, one.at_risk_usd, one.remaining_usd, one.earned_usd, one.beyond_usd) == (0, 0, 0, 0, 0)
    assert one.share is None
    assert one.firm_until is None
    assert [(row.prospect_usd, row.firm_usd, row.at_risk_usd) for row in answer.periods] == [(6000.0, 0.0, 0.0)] * 3
    assert [(row.fee_usd, row.prospect_usd) for row in answer.sums] == [(0.0, 6000.0)] * 3
    assert (answer.tenants, answer.concentration.largest) == ((), None)


def test_a_signature_still_to_come_is_named() -> None:
    contract = lease(probability=0.25)
    sign = {"type": "sign", "contract": contract, "on": "2026-06"}
    case = scenario(workloads=[], events=[sign])
    plan = drawn_plan(case, serve("lease", [f"r{number}" for number in range(1, 7)], "2026-06"))
    answer = answer_of(case, plan)
    assert answer.signs_later == {"lease": date(2026, 6, 1)}
    assert answer.contracts[0].firm_usd == 12000.0
    assert answer_of(case, plan, as_of=date(2026, 6, 1)).signs_later == {}


def test_unit_prices_are_of_what_is_delivered() -> None:
    # Six racks of 10 kW and 8 GPUs for 92 days: 180 kW-months and 6 x 8 x 24 x 92 GPU-hours for $18,000.
    case, plan = leased()
    (one,) = answer_of(case, plan).contracts
    assert (one.kw_months, one.gpu_hours) == (180.0, 105984.0)
    assert [one.usd_per_kw_month, one.usd_per_gpu_hour] == pytest.approx([100.0, 18000 / 105984])


def test_what_has_no_gpus_and_what_is_not_delivered_has_no_unit_price() -> None:
    kinds = [HGX | {"gpus": 0, "gpu": "none"}, BIG]
    case = scenario(site(rack_types=kinds), workloads=[], contracts=[lease(), lease("none", mw=0.01)])
    plan = drawn_plan(case, serve("lease", [f"r{number}" for number in range(1, 7)]))
    first, second = answer_of(case, plan).contracts
    assert (first.usd_per_kw_month, first.usd_per_gpu_hour) == (100.0, None)
    assert (second.usd_per_kw_month, second.usd_per_gpu_hour, second.share) == (None, None, 0.0)


def test_two_contracts_of_a_tenant_are_one_share() -> None:
    # $6,000, $3,000 and $1,000 a month: Ada pays nine tenths, and 0.81 + 0.01 is the index.
    contracts = [
        lease("one", mw=0.03, tenant="Ada"),
        lease("two", mw=0.02, tenant="Ada", fee={"usd_per_month": 3000.0}),
        lease("three", mw=0.01, tenant="Bob", fee={"usd_per_month": 1000.0}),
    ]
    case = scenario(workloads=[job(racks=6)], contracts=contracts)
    served = [("one", ["r1", "r2", "r3"]), ("two", ["r4", "r5"]), ("three", ["r6"]), ("job", ["r7"])]
    plan = drawn_plan(case, [line for name, racks in served for line in serve(name, racks)])
    answer = answer_of(case, plan)
    assert [(one.tenant, one.contracts, one.total_usd) for one in answer.tenants] == [
        ("Ada", 2, 27000),
        ("Bob", 1, 3000),
    ]
    assert (answer.concentration.largest, answer.concentration.share) == ("Ada", 0.9)
    assert answer.concentration.hhi == pytest.approx(0.82)
    assert [one.share for one in answer.contracts] == pytest.approx([0.6, 0.3, 0.1])
    (own,) = answer.workloads
    # One rack of 8 GPUs at $1: 8 x 24 x 92 hours.
    assert (own.value_usd, own.gpu_hours, own.usd_per_gpu_hour) == (17664.0, 17664.0, 1.0)


@pytest.mark.parametrize(
    ("by", "spans"),
    [
        ("period", ["2026-05", "2026-06", "2026-07"]),
        ("quarter", ["2026-Q2", "2026-Q3"]),
        ("year", ["2026"]),
        (None, ["2026-05", "2026-06", "2026-07"]),
    ],
)
def test_sums_run_over_periods_or_the_calendar(by: By | None, spans: list[str]) -> None:
    case, plan = leased()
    answer = answer_of(case, plan, by=by)
    assert [one.span for one in answer.sums] == spans
    assert fsum(one.fee_usd for one in answer.sums) == 18000.0


def test_a_plan_of_another_scenario_is_refused() -> None:
    case, plan = leased()
    with pytest.raises(PlanFileError, match="was made for another version of it"):
        revenue(case, plan)
