"""Money and delivery recounted: the figures are derived by hand in the comments.

A rack is 10 kW nameplate, 8 kW expected, 8 GPUs. May has 31 days, June 30, July 31.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from capalloc.schema.plan import DemandPeriod, Plan, Shortfall
from capalloc.schema.scenario import Scenario
from capalloc.verify import recount, verify
from tests.verify.tiny import RACKS, Record, bare, job, lease, plan, scenario, serve, site


def counted(case: Scenario, assignments: list[Record], **parts: Any) -> list[DemandPeriod]:
    """The rows of a plan's demands."""
    return list(recount(case, Plan.model_validate(bare(assignments, **parts))).demands)


def alone(contract: Record, **changes: Any) -> Scenario:
    """A scenario with one contract and nothing else."""
    return scenario(workloads=[], contracts=[contract], **changes)


def revenues(contract: Record, racks: int, **changes: Any) -> list[float]:
    """Monthly revenue of a contract that ``racks`` serve as long as it runs."""
    case = alone(contract, **changes)
    return [row.revenue_usd for row in counted(case, serve("lease", RACKS[:racks]))]


def test_full_delivery_earns_the_fee_of_each_month() -> None:
    assert revenues(lease(), 6) == [6000.0, 6000.0, 6000.0]


def test_fee_counts_the_days_of_the_term() -> None:
    # from 16 May: 16 of 31 days; until 11 June: 10 of 30 days: 6,200 x 16/31 = 3,200; 6,200 x 1/3 = 2,066.67
    contract = lease(ramp=[{"from": "2026-05-16", "mw": 0.06}], until="2026-06-11", fee={"usd_per_month": 6200.0})
    assert revenues(contract, 6) == [3200.0, pytest.approx(6200 / 3)]


def test_fee_factor_counts_by_day() -> None:
    # factor 0.5 on 1 .. 10 June, then 1: 6,000 x (0.5 x 10 + 20) / 30 = 5,000; May 3,000, July 6,000
    ramp = [{"from": "2026-05", "mw": 0.06, "fee_factor": 0.5}, {"from": "2026-06-11", "mw": 0.06}]
    assert revenues(lease(ramp=ramp), 6) == [3000.0, 5000.0, 6000.0]


def test_fee_is_earned_pro_rata() -> None:
    # 40 of 60 kW
    assert revenues(lease(), 4) == [4000.0, 4000.0, 4000.0]


def test_delivery_above_the_commitment_earns_nothing_unless_flexible() -> None:
    # 70 kW of 65 kW; with 3 kW flexible 68/65 of the fee
    contract = lease(mw=0.065, fee={"usd_per_month": 6500.0})
    assert revenues(contract, 7) == [6500.0] * 3
    assert revenues(contract | {"flexible_mw": 0.003}, 7) == [6800.0] * 3


def test_fee_per_kw_follows_each_days_step() -> None:
    # $100 per kW and month; May: 60 kW; June: 15 days of 60 kW, 15 days of 70 kW = 65 kW: $6,500 in full.
    # Six racks deliver 60 kW: all of it in May and on 15 days of June, 6/7 of $7,000 a month from then on: 6,000.
    # Seven deliver 70: May 60 kW, for no more is committed; June 15 days of 60 kW and 15 of 70
    ramp = [{"from": "2026-05", "mw": 0.06}, {"from": "2026-06-16", "mw": 0.07}]
    contract = lease(ramp=ramp, fee={"usd_per_kw_month": 100.0})
    assert revenues(contract, 6) == [6000.0, 6000.0, 6000.0]
    assert revenues(contract, 7) == [6000.0, 6500.0, 7000.0]


def test_fee_by_month_is_shared_out_by_each_days_step() -> None:
    # 20 days of June at 60 kW, 10 at 80 kW, $6,000 a month: six racks earn 20/30 in full and 10/30 x 6/8 = 5,500
    ramp = [{"from": "2026-05", "mw": 0.06}, {"from": "2026-06-21", "mw": 0.08}]
    assert revenues(lease(ramp=ramp), 6) == [6000.0, 5500.0, 4500.0]


def test_gpu_hours_are_paid_up_to_each_days_commitment() -> None:
    # 16 GPUs until 20 June, then 48, at $2; six racks (48 GPUs) all June: 20 x 24 h x 16 + 10 x 24 h x 48 = 19,200
    # GPU-hours = $38,400; in May 31 x 24 x 16 x 2 = 23,808; July 31 x 24 x 48 x 2 = 71,424
    ramp = [{"from": "2026-05", "gpus": 16}, {"from": "2026-06-21", "gpus": 48}]
    contract = lease(ramp=ramp, fee={"usd_per_gpu_hour": 2.0})
    assert revenues(contract, 6) == [23808.0, 38400.0, 71424.0]
    # 10 kW flexible are 8 GPUs of the first type: 24 until 20 June, then the 48 that are there:
    # May 31 x 24 x 24 x 2 = 35,712; June (20 x 24 + 10 x 48) x 24 x 2 = 46,080
    assert revenues(contract | {"flexible_mw": 0.01}, 6) == [35712.0, 46080.0, 71424.0]


def test_gpu_hours_of_a_ramp_in_mw_count_the_committed_gpus_of_the_first_type() -> None:
    # 45 kW at 0.8 GPUs a kW are 36 GPUs: of five racks (40 GPUs) 36 are paid: 36 x 744 h x $2 = 53,568
    ramp = [{"from": "2026-05", "mw": 0.045}]
    assert revenues(lease(ramp=ramp, fee={"usd_per_gpu_hour": 2.0}), 5)[0] == 53568.0


def test_flexible_power_above_no_commitment_earns_by_kw_and_not_by_month() -> None:
    # nothing is committed in May; 20 kW flexible at $100 a kW and month: $2,000 of the 30 kW that three racks deliver
    ramp = [{"from": "2026-05", "mw": 0.0}]
    by_kw = lease(ramp=ramp, fee={"usd_per_kw_month": 100.0}, flexible_mw=0.02)
    assert revenues(by_kw, 3)[0] == 2000.0
    assert revenues(lease(ramp=ramp, flexible_mw=0.02), 3)[0] == 6000.0


def test_penalty_counts_each_days_commitment() -> None:
    # four racks, 40 kW at $10 a kW and month: until 20 June nothing is short of 40, then 20 kW of 60:
    # 20 x 10 x 10/30 = 66.67; July 200
    ramp = [{"from": "2026-05", "mw": 0.04}, {"from": "2026-06-21", "mw": 0.06}]
    rows = counted(alone(lease(ramp=ramp, shortfall={"penalty_usd_per_kw_month": 10.0})), serve("lease", RACKS[:4]))
    assert [row.penalty_usd for row in rows] == [0.0, pytest.approx(200 / 3), 200.0]


def test_minimum_counts_each_days_own() -> None:
    # one rack of 8 GPUs; from 21 June three are the minimum: 16 GPUs short x 10 days x 24 h x $10 = 38,400
    steps = [{"from": "2026-05", "racks": 12, "min": 1.0}, {"from": "2026-06-21", "racks": 12, "min": 3.0}]
    rows = counted(scenario(workloads=[job(demand=steps)]), serve("job", ["r1"]))
    assert [row.penalty_usd for row in rows] == [0.0, 38400.0, 16 * 744 * 10.0]


def test_value_of_a_day_ends_with_what_may_be_delivered_on_it() -> None:
    # wanted are 20 GPUs until 20 June (three racks, 24 GPUs, may be delivered), then 48; six racks all June at $1:
    # 20 x 24 h x 24 + 10 x 24 h x 48 = 23,040
    steps = [{"from": "2026-05", "gpus": 20}, {"from": "2026-06-21", "gpus": 48}]
    rows = counted(scenario(workloads=[job(demand=steps)]), serve("job", RACKS[:6], start="2026-06", until="2026-07"))
    assert rows[1].revenue_usd == 23040.0


def test_days_that_want_nothing_are_worth_nothing() -> None:
    # from 11 June nothing is wanted for ten days: 20 of 30 days of two racks, 16 GPUs x 480 h
    steps = [{"from": "2026-05", "racks": 2}, {"from": "2026-06-11", "racks": 0}, {"from": "2026-06-21", "racks": 2}]
    rows = counted(scenario(workloads=[job(demand=steps)]), serve("job", RACKS[:2], start="2026-06", until="2026-07"))
    assert rows[1].revenue_usd == 16 * 480


def test_notice_inside_a_period_ends_fees_and_penalties_on_its_day() -> None:
    # notice on 1 June, 15 days: the term ends on 16 June: half of June's $6,000, and half of 20 kW x $10
    terms = {"notice_days": 15, "by": "tenant"}
    contract = lease(termination=terms, shortfall={"penalty_usd_per_kw_month": 10.0})
    notice = {"type": "notice", "contract": "lease", "by": "tenant", "on": "2026-06-01"}
    rows = counted(alone(contract, events=[notice]), serve("lease", RACKS[:4], until="2026-07"))
    assert [(row.period, row.revenue_usd, row.penalty_usd) for row in rows] == [
        ("2026-05", 4000.0, 200.0),
        ("2026-06", 2000.0, 100.0),
    ]


def test_fee_per_gpu_hour_counts_delivered_gpus() -> None:
    # 48 GPUs x $2 x 24 h x 31 days = 71,424; June 30 days = 69,120
    contract = lease(ramp=[{"from": "2026-05", "gpus": 48}], fee={"usd_per_gpu_hour": 2.0})
    assert revenues(contract, 6) == [71424.0, 69120.0, 71424.0]


def test_nothing_committed_earns_the_fee_in_full() -> None:
    assert revenues(lease(mw=0.0), 0) == [6000.0] * 3


def test_facility_basis_counts_expected_draw_times_pue() -> None:
    # 8 kW x 1.25 = 10 kW a rack
    case = alone(lease(basis="facility"), facility=site(pue=1.25))
    row = counted(case, serve("lease", RACKS[:6]))[0]
    assert (row.delivered_kw, row.committed_kw, row.revenue_usd) == (60.0, 60.0, 6000.0)


def test_ramp_in_gpus_states_kw_of_the_first_type() -> None:
    # hgx: 10 kW / 8 GPUs; 80 GPUs are 100 kW. One hgx and one big rack: 8 + 32 = 40 GPUs, 10 + 20 = 30 kW: half the fee
    contract = lease(rack_types=["hgx", "big"], ramp=[{"from": "2026-05", "gpus": 80}])
    case = alone(contract, facility=site(racks={"r2": {"rack_type": "big"}}))
    row = counted(case, serve("lease", ["r1", "r2"]))[0]
    assert (row.committed_kw, row.delivered_kw, row.racks, row.gpus) == (100.0, 30.0, 2, 40)
    assert row.revenue_usd == 3000.0


def test_penalty_counts_short_kw_by_the_days_of_the_term() -> None:
    # short 20 kW at $10: $200 a month; the term covers 16 of 31 days of May
    contract = lease(ramp=[{"from": "2026-05-16", "mw": 0.06}], shortfall={"penalty_usd_per_kw_month": 10.0})
    rows = counted(alone(contract), serve("lease", RACKS[:4]))
    assert [row.penalty_usd for row in rows] == [pytest.approx(200 * 16 / 31), 200.0, 200.0]


def test_workload_fills_its_tiers_from_the_dearest() -> None:
    # 48 GPUs: 16 at $3, 16 at $2, the other 16 are worth nothing: $80 an hour; May 744 h, June 720 h
    tiers = [{"up_to_gpus": 16, "usd_per_gpu_hour": 3.0}, {"up_to_gpus": 32, "usd_per_gpu_hour": 2.0}]
    rows = counted(scenario(workloads=[job(value=tiers)]), serve("job", RACKS[:6]))
    assert [row.revenue_usd for row in rows] == [80 * 744, 80 * 720, 80 * 744]


def test_workload_states_its_demand_and_minimum_in_kw() -> None:
    # expected draw 8 kW: 12 racks want 96 kW, min 5 racks 40 kW, 3 racks deliver 24 kW and 24 GPUs.
    # short 2 racks = 16 GPUs, at ten times $1: 16 x 10 x 744 h = 119,040
    workload = job(draw="expected", demand=[{"from": "2026-05", "racks": 12, "min": 5.0}])
    row = counted(scenario(workloads=[workload]), serve("job", RACKS[:3]))[0]
    assert (row.wanted_kw, row.committed_kw, row.delivered_kw, row.racks, row.gpus) == (96.0, 40.0, 24.0, 3, 24)
    assert (row.revenue_usd, row.penalty_usd) == (24 * 744.0, 119040.0)


@pytest.mark.parametrize(
    ("step", "short_gpus"),
    [({"gpus": 80, "min": 40.0}, 16), ({"mw": 0.1, "min": 0.05}, 16), ({"racks": 9, "min": 5.0}, 16)],
)
def test_minimum_is_penalised_in_gpus_whatever_its_unit(step: Record, short_gpus: int) -> None:
    # three racks: 24 of 40 GPUs; 30 of 50 kW at 0.8 GPUs a kW; 3 of 5 racks at 8 GPUs: 16 GPUs short, at $2
    workload = job(demand=[{"from": "2026-05"} | step], penalty_usd_per_gpu_hour=2.0)
    row = counted(scenario(workloads=[workload]), serve("job", RACKS[:3]))[0]
    assert row.penalty_usd == short_gpus * 2.0 * 744


def test_objective_is_discounted_from_the_horizons_start() -> None:
    # $6,000 on 1 May, 1 June (31 days) and 1 July (61 days), at 10 % a year
    case = alone(lease(), policy={"discount_rate": 0.1})
    expected = 6000 * (1 + 1.1 ** (-31 / 365) + 1.1 ** (-61 / 365))
    assert recount(case, plan(case, serve("lease", RACKS[:6]))).objective_usd == pytest.approx(expected, rel=1e-12)


def test_departures_cost_money_and_are_counted() -> None:
    # r1 leaves in June, r2 in July; r3 left between the incumbent and May: three moves at $50.
    # earned: 8 GPUs x $1: May r1 and r2, June r2 alone
    before = bare(serve("job", ["r3"], start="2026-04", until="2026-07"), periods=["2026-04"])
    case = scenario(policy={"move_cost_usd_per_rack": 50.0}, incumbent=before)
    served = serve("job", ["r1"], until="2026-06") + serve("job", ["r2"], until="2026-07")
    found = recount(case, plan(case, served))
    assert (found.moves, found.objective_usd) == (3, 16 * 744 + 8 * 720 - 150)


def test_rack_held_for_a_demand_that_is_no_longer_planned_departs_from_nobody() -> None:
    before = bare(serve("gone", ["r3"], start="2026-04", until="2026-07"), periods=["2026-04"])
    case = scenario(policy={"move_cost_usd_per_rack": 50.0}, incumbent=before)
    assert recount(case, plan(case)).moves == 0


@pytest.mark.parametrize(
    ("terms", "leaves"),
    [
        ({"remedy": "pro_rata"}, None),
        ({"remedy": "terminate"}, date(2026, 6, 1)),
        # short in June and July, 61 days: 1 June + 60 days = 31 July is inside, + 61 days is not
        ({"remedy": "terminate", "cure_days": 60}, date(2026, 7, 31)),
        ({"remedy": "terminate", "cure_days": 61}, None),
    ],
)
def test_shortfall_is_one_run_with_its_price(terms: Record, leaves: date | None) -> None:
    # June 20 kW short, July 30 kW: penalty 200 + 300, lost fee 2,000 + 3,000
    case = alone(lease(shortfall=terms | {"penalty_usd_per_kw_month": 10.0}))
    served = serve("lease", RACKS[:3]) + serve("lease", ["r4"], until="2026-07")
    served += serve("lease", ["r5", "r6"], until="2026-06")
    assert recount(case, plan(case, served)).shortfalls == (
        Shortfall(
            demand="lease",
            start=date(2026, 6, 1),
            until=date(2026, 8, 1),
            most_short_kw=30.0,
            penalty_usd=500.0,
            lost_fee_usd=5000.0,
            tenant_may_leave_from=leaves,
        ),
    )


def test_shortfalls_apart_are_two_runs_and_begin_with_the_term() -> None:
    contract = lease(mw=0.01, ramp=[{"from": "2026-05-11", "mw": 0.01}])
    found = recount(alone(contract), plan(alone(contract), serve("lease", ["r1"], start="2026-06", until="2026-07")))
    runs = [(run.start, run.until) for run in found.shortfalls]
    assert runs == [(date(2026, 5, 11), date(2026, 6, 1)), (date(2026, 7, 1), date(2026, 8, 1))]


def test_shortfall_begins_on_the_first_day_that_is_short() -> None:
    # four racks: 40 kW until 20 June, then 60. Short from 21 June: penalty 20 kW x $10 x (10/30 + 1), and a third of
    # a month and July at 2/6 of $6,000. The tenant may leave 30 days after 21 June
    ramp = [{"from": "2026-05", "mw": 0.04}, {"from": "2026-06-21", "mw": 0.06}]
    terms = {"remedy": "terminate", "penalty_usd_per_kw_month": 10.0, "cure_days": 30}
    case = alone(lease(ramp=ramp, shortfall=terms))
    (run,) = recount(case, plan(case, serve("lease", RACKS[:4]))).shortfalls
    assert (run.start, run.until, run.tenant_may_leave_from) == (date(2026, 6, 21), date(2026, 8, 1), date(2026, 7, 21))
    assert [run.penalty_usd, run.lost_fee_usd] == pytest.approx([800 / 3, 8000 / 3])


def test_missed_minimum_is_a_shortfall_without_a_fee() -> None:
    # min 3 racks from 11 June on, one rack: 16 GPUs are 20 kW; 20 + 31 days x 24 h x 16 x $10
    steps = [{"from": "2026-05", "racks": 12}, {"from": "2026-06-11", "racks": 12, "min": 3.0}]
    case = scenario(workloads=[job(demand=steps)])
    assert recount(case, plan(case, serve("job", ["r1"]))).shortfalls == (
        Shortfall(
            demand="job",
            start=date(2026, 6, 11),
            until=date(2026, 8, 1),
            most_short_kw=20.0,
            penalty_usd=51 * 24 * 16 * 10.0,
            lost_fee_usd=0.0,
        ),
    )


def test_fee_lost_per_gpu_hour_is_that_of_the_missing_gpus() -> None:
    # 48 - 32 = 16 GPUs x $2 x 24 h x 92 days = 70,656
    contract = lease(ramp=[{"from": "2026-05", "gpus": 48}], fee={"usd_per_gpu_hour": 2.0})
    case = alone(contract)
    assert recount(case, plan(case, serve("lease", RACKS[:4]))).shortfalls[0].lost_fee_usd == 70656.0


def stated(**changes: Any) -> list[tuple[str, str, str]]:
    """(rule, where, period) of what is found when an honest plan states something else."""
    case = alone(lease(), policy={"move_cost_usd_per_rack": 1.0})
    honest = plan(case, serve("lease", RACKS[:6], until="2026-07") + serve("lease", RACKS[:5], start="2026-07"))
    assert verify(case, honest).verdict == "ok"
    told = {name: change(getattr(honest, name)) if callable(change) else change for name, change in changes.items()}
    found = verify(case, honest.replace(**told)).violations
    return [(violation.rule.value, violation.where, violation.period) for violation in found]


def test_figures_within_a_cent_pass() -> None:
    assert stated(objective_usd=lambda usd: usd + 0.009, gap=0.0) == []


def test_objective_that_was_not_earned_is_named() -> None:
    assert stated(objective_usd=lambda usd: usd + 0.02, gap=-0.02 / 16999) == [("ramp", "objective_usd", "")]


def test_bound_below_the_objective_is_named() -> None:
    # two full months and one at 5/6, less one move: 6,000 + 6,000 + 5,000 - 1 = 16,999
    assert stated(bound_usd=16998.98, gap=-0.02 / 16998.98) == [("ramp", "bound_usd", "")]


def test_gap_that_does_not_follow_is_named() -> None:
    assert stated(gap=0.5) == [("ramp", "gap", "")]


def test_moves_that_were_not_counted_are_named() -> None:
    assert stated(stats=lambda stats: stats.replace(moves=0)) == [("ramp", "moves", "")]


@pytest.mark.parametrize(
    "field", ["committed_kw", "wanted_kw", "delivered_kw", "racks", "gpus", "revenue_usd", "penalty_usd"]
)
def test_row_that_states_another_figure_is_named(field: str) -> None:
    def change(rows: tuple[DemandPeriod, ...]) -> tuple[DemandPeriod, ...]:
        return (rows[0], rows[1].replace(**{field: getattr(rows[1], field) + 1}), rows[2])

    assert stated(demands=change) == [("ramp", "lease", "2026-06")]


def test_rows_that_are_missing_doubled_or_out_of_term_are_named() -> None:
    assert stated(demands=lambda rows: rows[1:]) == [("ramp", "lease", "2026-05")]
    assert stated(demands=lambda rows: (*rows, rows[0])) == [("ramp", "lease", "2026-05")]
    other = DemandPeriod.model_validate(
        {"demand": "x", "period": "2026-09", "committed_kw": 0.0, "delivered_kw": 0.0, "racks": 0, "gpus": 0}
        | {"revenue_usd": 0.0, "penalty_usd": 0.0}
    )
    assert stated(demands=lambda rows: (*rows, other)) == [("ramp", "x", "")]


def test_shortfall_that_is_not_named_is_named() -> None:
    assert stated(shortfalls=()) == [("ramp", "lease", "2026-07")]
    assert stated(shortfalls=lambda runs: runs * 2) == [("ramp", "lease", "2026-07")]
    early = {"start": date(2026, 6, 1)}
    assert stated(shortfalls=lambda runs: (runs[0].replace(**early),)) == [
        ("ramp", "lease", "2026-06"),
        ("ramp", "lease", "2026-07"),
    ]
    later = {"tenant_may_leave_from": date(2026, 7, 2)}
    assert stated(shortfalls=lambda runs: (runs[0].replace(**later),)) == [("ramp", "lease", "2026-07")]
