"""What racks do by a plain look at each day, and what a list of work makes of it: the slow, clear twin."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from capalloc.report.moves import SHEET, doing, sheet_rows
from capalloc.schema.diff import Diff
from capalloc.schema.plan import Plan

DAY = timedelta(days=1)


def doing_on(plan: Plan, rack: str, day: date) -> str:
    """What a rack does on a day, in words."""
    for span in plan.off:
        if span.rack == rack and span.start <= day < span.until:
            return "off"
    for one in plan.buffers:
        if one.rack == rack and one.start <= day < one.until:
            return f"spare of {one.demand}"
    for one in plan.assignments:
        if one.rack == rack and one.start <= day < one.until:
            return one.demand
    return "idle"


@dataclass(frozen=True)
class Item:
    """A line of a list of work."""

    rack: str
    day: date
    change: str
    was: date | None
    before: str
    after: str


def items_of(answer: Diff) -> list[Item]:
    """The lines of the answer itself."""
    words = ((one, doing(one.source_state, one.source), doing(one.to_state, one.to)) for one in answer.moves)
    return [Item(one.rack, one.date, one.change, one.was, before, after) for one, before, after in words]


def items_of_sheet(answer: Diff) -> list[Item]:
    """The same from the table that a floor team works from."""
    rows = [dict(zip(SHEET, map(str, cells), strict=True)) for cells in sheet_rows(answer)]
    return [
        Item(
            rack=row["rack"],
            day=date.fromisoformat(row["date"]),
            change=row["change"],
            was=date.fromisoformat(row["was"]) if row["was"] else None,
            before=row["from"],
            after=row["to"],
        )
        for row in rows
        if row["work"] != "set up"
    ]


def overlaid(first: Plan, answer: Diff, racks: Iterable[str], start: date, end: date) -> dict[tuple[str, date], str]:
    """What each rack does on each day of [start, end) with the answer's spans in place of what the first plan says."""
    found = {}
    for rack in racks:
        day = start
        while day < end:
            found[rack, day] = doing_on(first, rack, day)
            day += DAY
    for span in answer.spans:
        day = span.start
        while day < span.until:
            assert found[span.rack, day] == doing(span.states[0], span.demands[0])
            found[span.rack, day] = doing(span.states[1], span.demands[1])
            day += DAY
    return found


def applied(
    first: Plan, racks: Iterable[str], items: list[Item], start: date, end: date
) -> dict[tuple[str, date], str]:
    """What each rack does on each day of [start, end) when the work is done on top of the first plan."""
    found = {}
    for rack in racks:
        mine = [item for item in items if item.rack == rack]
        dropped = {item.was or item.day for item in mine if item.change != "new"}
        added = {item.day: item for item in mine if item.change != "cancelled"}
        now = before = doing_on(first, rack, start)
        day = start
        while day < end:
            planned = doing_on(first, rack, day)
            if planned != before and day not in dropped:
                assert now == before, f"{rack} does {now} on {day}, and is planned to go from {before}"
                now = planned
            if day in added:
                assert now == added[day].before, f"{rack} does {now} on {day}, not {added[day].before}"
                now = added[day].after
            before = planned
            found[rack, day] = now
            day += DAY
    return found
