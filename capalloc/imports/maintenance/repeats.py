"""When an event happens that happens again and again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, takewhile
from typing import Any

from dateutil.rrule import rrulestr
from icalendar import Event, vRecur

_MOST = 100_000
"""Times of one event that are looked at: every hour of eleven years."""


class Repeating(Exception):  # noqa: N818 - a sentence of what cannot be read, caught where notices are counted
    """How an event repeats cannot be read."""


def starts_of(
    event: Event, start: datetime | date, until: date, apart: Iterable[datetime | date] = ()
) -> Iterator[datetime | date]:
    """The times at which an event begins, before a day: its RRULE and RDATE without its EXDATE (RFC 5545, 3.8.5).

    ``apart``: times that have a version of their own, left out too. Raises Repeating.
    """
    if "recurrence-id" in event or not ({"rrule", "rdate"} & {name.lower() for name in event}):
        yield start
        return
    if "exrule" in event:
        raise Repeating("it has a rule of exceptions (EXRULE)")
    left_out = _meant_by({*_dates(event, "exdate"), *apart}, start)
    times = sorted({*_by_rule(event, start, until), *_dates(event, "rdate"), start}, key=_ordered)
    yield from (one for one in times if not left_out & _ways_to_say(one) and _ordered(one)[0] < until)


def _meant_by(times: Iterable[datetime | date], start: datetime | date) -> set[datetime | date]:
    """Times that are left out, as days where the event is of whole days."""
    return {one.date() if isinstance(one, datetime) and not isinstance(start, datetime) else one for one in times}


def _ways_to_say(one: datetime | date) -> set[datetime | date]:
    """How calendars name a time that they leave out: the moment, in any zone, without a zone, or its day."""
    return {one, one.replace(tzinfo=None), one.date()} if isinstance(one, datetime) else {one}


def _by_rule(event: Event, start: datetime | date, until: date) -> list[datetime | date]:
    rule: Any = event.get("rrule")
    if rule is None:
        return []
    if isinstance(rule, list):
        raise Repeating("it has several rules")
    first = start if isinstance(start, datetime) else datetime.combine(start, time())
    try:
        found = rrulestr(str(_ending(rule, first).to_ical(), "utf-8"), dtstart=first)
        last = datetime.combine(until, time(), tzinfo=first.tzinfo) + timedelta(days=1)
        before = takewhile(lambda one: one < last, found.xafter(first, inc=True))
        kept = list(islice(before, _MOST + 1))
    except (ValueError, TypeError, OverflowError) as error:
        raise Repeating(str(error)) from error
    if len(kept) > _MOST:
        raise Repeating(f"it happens more than {_MOST:,} times before the horizon ends")
    return list(kept) if isinstance(start, datetime) else [one.date() for one in kept]


def _ending(rule: Any, first: datetime) -> Any:
    """A rule whose UNTIL is of the kind of its first time, as RFC 5545 wants it and many calendars do not write it."""
    ends = rule.get("until")
    if not ends:
        return rule
    last = ends[0] if isinstance(ends, list) else ends
    if not isinstance(last, datetime):
        last = datetime.combine(last, time.max.replace(microsecond=0))
    if first.tzinfo is None:
        last = last.replace(tzinfo=None)
    elif last.tzinfo is None:
        last = last.replace(tzinfo=first.tzinfo)
    return vRecur({**rule, "until": [last if first.tzinfo is None else last.astimezone(UTC)]})


def _dates(event: Event, name: str) -> Iterator[datetime | date]:
    value: Any = event.get(name)
    for one in value if isinstance(value, list) else [] if value is None else [value]:
        for each in one.dts:
            if isinstance(each.dt, tuple):
                raise Repeating("its further dates are spans of time")
            yield each.dt


def _ordered(one: datetime | date) -> tuple[date, time]:
    return (one.date(), one.time()) if isinstance(one, datetime) else (one, time())
