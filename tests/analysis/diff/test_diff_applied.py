"""The work between two plans, done on top of the first, gives the second."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from capalloc import PlannerParams, solve
from capalloc.analysis.diff import diff
from capalloc.calendar import add_months, format_day
from capalloc.schema.plan import Plan
from capalloc.schema.scenario import Scenario
from tests.analysis.diff.plain import DAY, applied, doing_on, items_of, items_of_sheet, overlaid
from tests.corpus.dated import dated_record
from tests.verify.tiny import RACKS, bare

FIRST = date(2026, 5, 1)
MONTHS = 5
DOINGS = ("", "", "off", "lease", "lease", "job", "spare of lease")


def spans(rack: str, doings: list[str], start: int) -> list[dict[str, Any]]:
    """What a rack does month by month, as spans of a plan."""
    found: list[dict[str, Any]] = []
    for number, doing in enumerate(doings):
        begin, until = (format_day(add_months(FIRST, start + number + later)) for later in (0, 1))
        if found and found[-1]["doing"] == doing and found[-1]["until"] == begin:
            found[-1]["until"] = until
        else:
            found.append({"rack": rack, "doing": doing, "from": begin, "until": until})
    return found


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """A plan of some of twelve racks over some of five months; nobody asks whether it keeps a rule."""
    start = draw(st.integers(0, 2))
    months = draw(st.integers(1, MONTHS - start))
    racks = draw(st.lists(st.sampled_from(RACKS), unique=True, max_size=4))
    lines = [
        one for rack in racks for one in spans(rack, [draw(st.sampled_from(DOINGS)) for _ in range(months)], start)
    ]
    keys = ("rack", "from", "until")
    serving, held, off = [], [], []
    for line in lines:
        span = {key: line[key] for key in keys}
        if line["doing"] == "off":
            off.append(span)
        elif line["doing"].startswith("spare of "):
            held.append(span | {"demand": "lease"})
        elif line["doing"]:
            serving.append(span | {"demand": line["doing"]})
    labels = [format_day(add_months(FIRST, start + number)) for number in range(months)]
    return Plan.model_validate(bare(serving, periods=labels, buffers=held, off=off))


def require_applied(first: Plan, second: Plan, racks: tuple[str, ...]) -> None:
    answer = diff(first, second)
    start, end = answer.overlap.start, answer.overlap.until
    days = [start + DAY * number for number in range((end - start).days)]
    wanted = {(rack, day): doing_on(second, rack, day) for rack in racks for day in days}
    assert overlaid(first, answer, racks, start, end) == wanted
    assert applied(first, racks, items_of(answer), start, end) == wanted
    assert applied(first, racks, items_of_sheet(answer), start, end) == wanted


@settings(max_examples=150, deadline=None)
@given(plans(), plans())
def test_work_of_drawn_plans_turns_the_first_into_the_second(first: Plan, second: Plan) -> None:
    if set(first.periods) & set(second.periods):
        require_applied(first, second, RACKS)


@settings(max_examples=30, deadline=None)
@given(plans())
def test_a_plan_beside_itself_is_the_same(plan: Plan) -> None:
    assert diff(plan, plan).same


def test_work_between_made_plans_turns_the_first_into_the_second() -> None:
    # A scenario beside the same with other values of its demands: racks go elsewhere, on dates inside periods.
    compared = 0
    for seed in range(24):
        record = dated_record(seed)
        dear = [one | {"value": [{"usd_per_gpu_hour": 9.0}]} for one in record["workloads"]]
        made = [
            solve(Scenario.model_validate(record | changes), params=PlannerParams(gap=1.0)).plan
            for changes in ({}, {"workloads": dear})
        ]
        if made[0] is not None and made[1] is not None:
            racks = tuple(rack["name"] for rack in record["facility"]["racks"])
            require_applied(made[0], made[1], racks)
            compared += 1
    assert compared > 16
