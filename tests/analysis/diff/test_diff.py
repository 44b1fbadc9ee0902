"""Two plans by hand: work, places, risk, days in common, and what is refused."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from capalloc.analysis.diff import diff
from capalloc.errors import NoAnswerError, PlanFileError
from capalloc.formats import scenario_sha256
from capalloc.formats.sheets import dump_sheet
from capalloc.report.moves import SHEET, sheet_rows
from capalloc.schema.plan import Plan
from capalloc.schema.scenario import Scenario
from tests.verify.tiny import bare, job, lease, scenario, serve, site
from tests.verify.tiny import plan as honest

ALL = [f"r{number}" for number in range(1, 13)]


def made(case: Scenario, *assignments: Any, **parts: Any) -> Plan:
    """A plan with honest figures that says which scenario it was made for."""
    return honest(case, *assignments, **parts).replace(scenario_sha256=scenario_sha256(case))


def drawn(*spans: Any, periods: tuple[str, ...] = ("2026-05", "2026-06", "2026-07"), **parts: Any) -> Plan:
    """A plan of spans alone."""
    return Plan.model_validate(bare([one for part in spans for one in part], periods=list(periods), **parts))


def said(one: Any) -> tuple[str, str, str | None, str | None, str]:
    """A line of work in short."""
    return (one.date.isoformat(), one.rack, one.source, one.to, one.change)


def test_work_is_what_turns_the_first_plan_into_the_second() -> None:
    first = drawn(serve("job", ["r1"], "2026-05", "2026-06"), serve("lease", ["r1"], "2026-06"), serve("job", ["r2"]))
    second = drawn(serve("job", ["r1"], "2026-05", "2026-07"), serve("lease", ["r1"], "2026-07"))
    answer = diff(first, second)
    assert [said(one) for one in answer.moves] == [
        ("2026-05-01", "r2", "job", None, "new"),
        ("2026-07-01", "r1", "job", "lease", "rescheduled"),
    ]
    assert answer.moves[1].was == date(2026, 6, 1)
    back = diff(second, first)
    # The first day has r2 go from idle to its job; the hand-over of r1 is a month earlier again.
    assert [said(one) for one in back.moves] == [
        ("2026-05-01", "r2", None, "job", "new"),
        ("2026-06-01", "r1", "job", "lease", "rescheduled"),
    ]


def test_work_that_is_dropped_is_cancelled() -> None:
    first = drawn(serve("job", ["r1"], "2026-05", "2026-06"), serve("lease", ["r1"], "2026-06"))
    (one,) = diff(first, drawn(serve("job", ["r1"]))).moves
    assert said(one) == ("2026-06-01", "r1", "job", "lease", "cancelled")


def test_what_is_cancelled_on_a_day_comes_before_what_is_new_on_it() -> None:
    # r1 was to be off from June; it is to serve the job then, after r12, which is no longer to.
    off = [{"rack": "r1", "from": "2026-06", "until": "2026-08"}]
    first = drawn(serve("job", ["r12"], "2026-06"), off=off)
    moves = diff(first, drawn(serve("job", ["r1"], "2026-06"))).moves
    assert [(one.date.isoformat(), one.rack, one.change) for one in moves] == [
        ("2026-06-01", "r1", "cancelled"),
        ("2026-06-01", "r12", "cancelled"),
        ("2026-06-01", "r1", "new"),
    ]


def test_spares_idle_and_switched_off_racks_are_told_apart() -> None:
    span = {"from": "2026-06", "until": "2026-08"}
    first = drawn(serve("lease", ["r1", "r2"]))
    second = drawn(
        serve("lease", ["r1", "r2"], "2026-05", "2026-06"),
        buffers=[span | {"rack": "r1", "demand": "lease"}],
        off=[span | {"rack": "r2"}],
    )
    states = [(one.source, one.source_state, one.to, one.to_state) for one in diff(first, second).moves]
    assert states == [("lease", "serves", "lease", "spare"), ("lease", "serves", None, "off")]


def test_hand_over_is_told_with_whom_it_served_last_and_since_when() -> None:
    # r1 leaves its job at the end of May, stands idle through June, and comes to the lease in July.
    case = scenario(contracts=[lease(mw=0.01)], policy={"handover_days": 7})
    first = made(case, serve("job", ["r1"]))
    second = made(case, [*serve("job", ["r1"], "2026-05", "2026-06"), *serve("lease", ["r1"], "2026-07")])
    leaves, comes = diff(first, second, case).moves
    assert (leaves.to, leaves.last, leaves.free_since, leaves.handover_days) == (None, None, None, None)
    assert (leaves.next, leaves.next_on, comes.next) == ("lease", date(2026, 7, 1), None)
    assert (comes.to, comes.last, comes.free_since, comes.handover_days) == ("lease", "job", date(2026, 6, 1), 7)
    known = diff(first, second).moves[1]
    assert (known.last, known.handover_days) == ("job", None)


def test_a_rack_that_comes_back_to_its_demand_is_not_handed_over() -> None:
    first = drawn(serve("job", ["r1"]))
    second = drawn(serve("job", ["r1"], "2026-05", "2026-06"), serve("job", ["r1"], "2026-07"))
    assert [one.last for one in diff(first, second).moves] == [None, None]


def test_racks_are_listed_as_one_walks() -> None:
    case = scenario()
    first, second = made(case), made(case, serve("job", ALL))
    moves = diff(first, second, case).moves
    assert [one.rack for one in moves] == ALL
    one = moves[9]
    assert (one.hall, one.row, one.position, one.feeds, one.rack_type) == ("h1", "b", "p10", ("u3", "u4"), "hgx")


DELIVERY = {"name": "new", "rack_type": "hgx", "position": "", "available_from": "2026-06", "status": "planned"}


def delivered(position: str | None, start: str = "2026-06") -> dict[str, Any]:
    lines = [] if position is None else [{"rack": "new", "position": position, "from": start}]
    return {"placements": lines}


@pytest.mark.parametrize(
    ("one", "two", "change", "positions", "was"),
    [
        (delivered("p13"), delivered("p14"), "relocated", ("p13", "p14"), None),
        (delivered("p13"), delivered(None), "cancelled", ("p13", None), None),
        (delivered(None), delivered("p14"), "new", (None, "p14"), None),
        (delivered("p13"), delivered("p13", "2026-07"), "rescheduled", ("p13", "p13"), date(2026, 6, 1)),
    ],
    ids=["relocated", "cancelled", "new", "rescheduled"],
)
def test_deliveries_that_stand_elsewhere_are_told(
    one: Any, two: Any, change: str, positions: tuple[str | None, str | None], was: date | None
) -> None:
    (stand,) = diff(drawn(**one), drawn(**two)).stands
    assert (stand.rack, stand.change, stand.positions, stand.was) == ("new", change, positions, was)


def test_a_delivery_that_stood_before_the_days_in_common_is_no_difference() -> None:
    first = drawn(**delivered("p13", "2026-05"))
    assert not diff(first, drawn(periods=("2026-06", "2026-07", "2026-08"))).stands


def test_no_text_of_the_list_becomes_a_formula() -> None:
    rows = dump_sheet(SHEET, sheet_rows(diff(drawn(), drawn(serve("=SUM(A1)", ["@r1"])))))
    assert "\n2026-05-01,new,'@r1,,bring into service,idle,'=SUM(A1)," in rows


def test_demands_differ_in_the_periods_in_which_they_do() -> None:
    case = scenario(contracts=[lease(mw=0.02)])
    first = made(case, serve("lease", ["r1", "r2"]))
    second = made(case, [*serve("lease", ["r1"]), *serve("lease", ["r2"], "2026-05", "2026-06")])
    answer = diff(first, second, case)
    # One of two racks of 10 kW from June on: half of $6,000 a month.
    assert [(one.demand, one.period, one.kw, one.racks, one.usd) for one in answer.demands] == [
        ("lease", "2026-06", (20.0, 10.0), (2, 1), (6000.0, 3000.0)),
        ("lease", "2026-07", (20.0, 10.0), (2, 1), (6000.0, 3000.0)),
    ]
    assert answer.usd == (18000.0, 12000.0)
    # One run of days, from June to the end of July.
    assert (answer.risk.shortfalls, answer.risk.most_short_kw) == ((0, 1), (0.0, 10.0))
    assert (answer.risk.firm_usd, answer.risk.at_risk_usd) == ((18000.0, 12000.0), (0.0, 0.0))
    # 200 kW of supply; idle racks draw 2 kW each: 2 x 10 + 10 x 2 in the first plan, and 11 x 2 + 10 in the second.
    assert answer.risk.least_left_kw == (160.0, 160.0)


def test_gpus_of_a_leaner_type_are_no_shortfall() -> None:
    # 32 GPUs are 40 kW of the first type, and 20 kW of the second, which delivers them in full.
    racks = {"r1": {"rack_type": "big"}}
    ramp = [{"from": "2026-05", "gpus": 32}]
    contract = lease(ramp=ramp, rack_types=["hgx", "big"])
    case = scenario(site(racks=racks), workloads=[], contracts=[contract])
    plan = made(case, serve("lease", ["r1"]))
    assert [(row.committed_kw, row.delivered_kw) for row in plan.demands] == [(40.0, 20.0)] * 3
    assert diff(plan, plan).risk.shortfalls == (0, 0)


def test_what_the_best_plans_may_differ_by_is_within_both_gaps() -> None:
    first = drawn(objective_usd=100.0, bound_usd=110.0, gap=10 / 110)
    second = drawn(objective_usd=130.0, bound_usd=135.0, gap=5 / 135)
    answer = diff(first, second)
    # 130 - 110 at least, 135 - 100 at most.
    assert (answer.difference_usd, answer.best_difference_usd) == (30.0, (20.0, 35.0))


def test_plans_of_two_scenarios_have_no_difference_of_objectives() -> None:
    answer = diff(drawn(), drawn().replace(scenario_sha256="other"))
    assert answer.difference_usd is None
    assert answer.best_difference_usd is None
    assert answer.notes[0] == "The plans are of two versions of 'tiny': their objectives do not compare by themselves."


def test_prospects_that_count_as_if_signed_are_named() -> None:
    notes = diff(drawn(), drawn(prospects=["lease", "other"])).notes
    assert "Prospects count as if signed: lease, other in the second plan." in notes


def test_months_beside_weeks_are_compared_by_racks_alone() -> None:
    first = drawn(serve("job", ["r1"], "2026-05", "2026-06"), periods=("2026-05",))
    second = drawn(
        serve("job", ["r1"], "2026-05-01", "2026-05-15"),
        periods=("2026-05-01", "2026-05-08", "2026-05-15", "2026-05-22"),
    )
    answer = diff(first, second)
    assert (answer.overlap.periods, answer.overlap.until) == ((), date(2026, 5, 29))
    assert [said(one) for one in answer.moves] == [("2026-05-15", "r1", "job", None, "new")]
    assert not answer.same
    assert any(note.startswith("No period has the same days in both plans") for note in answer.notes)


@pytest.mark.parametrize(
    ("spans", "says"),
    [
        ([("2026-05", "2026-07"), ("2026-06", "2026-08")], "from 2026-06 until 2026-08, which overlaps what it does"),
        ([("2026-07", "2026-06")], "from 2026-07 until 2026-06, which ends before it begins"),
    ],
    ids=["two at once", "backwards"],
)
def test_a_rack_that_does_what_it_cannot_is_refused(spans: list[tuple[str, str]], says: str) -> None:
    lines = [line for start, until in spans for line in serve("job", ["r1"], start, until)]
    with pytest.raises(PlanFileError, match=f"^second plan: found rack r1 {says}"):
        diff(drawn(), drawn(lines), names=("first plan", "second plan"))


def test_without_a_day_in_common_there_is_no_answer() -> None:
    with pytest.raises(NoAnswerError, match="the first covers 2026-05 until 2026-08, the second 2027-01 until 2027-02"):
        diff(drawn(), drawn(periods=("2027-01",)))


@pytest.mark.parametrize("periods", [(), ("2026-06", "2026-05"), ("May",)], ids=["none", "out of order", "no days"])
def test_a_plan_without_periods_is_refused(periods: tuple[str, ...]) -> None:
    with pytest.raises(PlanFileError, match=r"^second plan: periods: (found|'May' is not a date)"):
        diff(drawn(), drawn(periods=periods), names=("first plan", "second plan"))


def test_a_plan_that_breaks_a_rule_is_refused_by_name() -> None:
    case = scenario(site(supply_kw=60.0), workloads=[job()])
    good, bad = made(case), made(case, serve("job", ALL))
    with pytest.raises(PlanFileError, match=r"^second plan: breaks the scenario's rules"):
        diff(good, bad, case, names=("first plan", "second plan"))


def test_a_scenario_of_neither_plan_is_refused() -> None:
    case, other = scenario(), scenario(workloads=[job(racks=3)])
    with pytest.raises(
        PlanFileError,
        match="neither a nor b was made for the scenario 'tiny' as it is, but both for another version of it;",
    ):
        diff(made(case), made(case), other, names=("a", "b"))
