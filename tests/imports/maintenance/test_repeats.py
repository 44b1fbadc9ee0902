"""How often an event that repeats is looked at."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from icalendar import Event, vRecur

from capalloc.imports.maintenance import repeats
from capalloc.imports.maintenance.repeats import Repeating, starts_of

START = datetime(2016, 1, 1)
UNTIL = date(2027, 1, 1)


def repeating(rule: str) -> Event:
    """An event that begins with 2016."""
    event = Event()
    event.add("rrule", vRecur.from_ical(rule))
    return event


def test_an_event_of_as_many_times_as_are_looked_at_is_read_and_of_one_more_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(repeats, "_MOST", 10)
    assert len(list(starts_of(repeating("FREQ=DAILY;COUNT=10"), START, UNTIL))) == 10
    with pytest.raises(Repeating, match="it happens more than 10 times before the horizon ends"):
        list(starts_of(repeating("FREQ=DAILY;COUNT=11"), START, UNTIL))


def test_times_after_the_horizon_do_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repeats, "_MOST", 10)
    assert len(list(starts_of(repeating("FREQ=YEARLY"), START, date(2020, 1, 2)))) == 5


def test_every_hour_of_eleven_years_is_read_and_every_minute_is_not() -> None:
    # 11 years with the 29 February of 2016, 2020 and 2024.
    assert len(list(starts_of(repeating("FREQ=HOURLY"), START, UNTIL))) == (11 * 365 + 3) * 24
    with pytest.raises(Repeating, match="more than 100,000 times"):
        list(starts_of(repeating("FREQ=MINUTELY;COUNT=200000"), START, UNTIL))
