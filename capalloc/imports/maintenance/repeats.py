"""When an event happens that happens again and again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice, takewhile
from typing import Any

from dateutil.rrule import rrulestr
from icalendar import Event

_MOST = 100_000
"""Times of one event that are looked at: every hour of eleven years."""


class Repeating(Exception):  # noqa: N818 - a sentence of what cannot be read, caught where notices are counted
    """How an event repeats cannot be read."""


def starts_of(event: Event, start: datetime | date, until: date) -> Iterator[datetime | date]:
    """The times at which an event begins, before a day: its RRULE and RDATE without its EXDATE (RFC 5545, 3.8.5).

    Raises Repeating.
    """
    if "recurrence-id" in event or not ({"rrule", "rdate"} & {name.lower() for name in event}):
        yield start
        return
    left_out = set(_dates(event, "exdate"))
    times = sorted({*_by_rule(event, start, until), *_dates(event, "rdate"), start}, key=_ordered)
    yield from (one for one in times if one not in left_out and _ordered(one)[0] < until)


def _by_rule(event: Event, start: datetime | date, until: date) -> list[datetime | date]:
    rule: Any = event.get("rrule")
    if rule is None:
        return []
    if isinstance(rule, list):
        raise Repeating("it has several rules")
    first = start if isinstance(start, datetime) else datetime.combine(start, time())
    try:
        found = rrulestr(rule.to_ical().decode(), dtstart=first)
        last = datetime.combine(until, time(), tzinfo=first.tzinfo) + timedelta(days=1)
        before = takewhile(lambda one: one < last, found.xafter(first, inc=True))
        kept = list(islice(before, _MOST + 1))
    except (ValueError, TypeError, OverflowError) as error:
        raise Repeating(str(error)) from error
    if len(kept) > _MOST:
        raise Repeating(f"it happens more than {_MOST:,} times before the horizon ends")
    return list(kept) if isinstance(start, datetime) else [one.date() for one in kept]


def _dates(event: Event, name: str) -> Iterator[datetime | date]:
    value: Any = event.get(name)
    for one in value if isinstance(value, list) else [] if value is None else [value]:
        for each in one.dts:
            if isinstance(each.dt, tuple):
                raise Repeating("its further dates are spans of time")
            yield each.dt


def _ordered(one: datetime | date) -> tuple[date, time]:
    return (one.date(), one.time()) if isinstance(one, datetime) else (one, time())
