"""Happenings as iCalendar, alone or in place of those of an earlier calendar."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from icalendar import Calendar, Event

from capalloc.exports.ics.happenings import Happening
from capalloc.formats.calendars import OURS, first_line, is_ours, no_calendar, read_calendars

_PRODUCT = "-//capalloc//capalloc export ics//EN"
_CANCELLED = "CANCELLED"
_MOST = 2_000_000_000
"""Highest SEQUENCE that is raised; RFC 5545 ends near 2^31."""
_BESIDE = ("duration", "rrule", "rdate", "exdate")
"""What else says when an event is, that none of ours has."""


def read_calendar(path: Path) -> Calendar:
    """The calendar of a file. Raises ScenarioError where it has none or several, or an event of ours is broken."""
    calendars = read_calendars(path)
    if len(calendars) > 1:
        raise no_calendar(path, f" that can be updated: {len(calendars)} are there, expected one")
    try:
        for event in _ours(calendars[0]):
            _version(event), _first_day(event), _last_day(event)
    except (ValueError, OverflowError) as error:
        raise no_calendar(path, f" that can be updated: {first_line(error)}") from error
    return calendars[0]


def calendar_of(
    name: str, first_day: date, happenings: Sequence[Happening], earlier: Calendar | None = None
) -> tuple[bytes, dict[str, int]]:
    """The calendar, and how many of its events are new, changed, cancelled and the same.

    What ``earlier`` has before ``first_day`` stays, and so do events that others have put there. An event that is no
    longer planned is cancelled; one on another day, or with other words, is the same event with a higher SEQUENCE.
    """
    made = Calendar() if earlier is None else earlier
    if earlier is None:
        made.add("prodid", _PRODUCT)
        made.add("version", "2.0")
        made.add("x-wr-calname", name)
    writing = _Writing(made, first_day)
    writing.write(happenings)
    return made.to_ical(), writing.counted


class _Writing:
    """Happenings on their way into a calendar."""

    def __init__(self, calendar: Calendar, first_day: date) -> None:
        self._calendar, self._first_day = calendar, first_day
        self.counted = {"new": 0, "changed": 0, "cancelled": 0, "same": 0}
        self._taken: set[str] = set()
        self._open: dict[str, list[Event]] = defaultdict(list)
        for event in _ours(calendar):
            self._taken.add(str(event["uid"]))
            if _last_day(event) >= first_day:
                self._open[str(event["uid"]).rpartition("-")[0]].append(event)

    def write(self, happenings: Iterable[Happening]) -> None:
        """Bring the calendar up to date."""
        by_key: dict[str, list[Happening]] = defaultdict(list)
        for happening in happenings:
            by_key[_fingerprint(happening.key)].append(happening)
        new = []
        for key in [*by_key, *(key for key in self._open if key not in by_key)]:
            there = sorted(self._open.get(key, []), key=lambda event: (_is_cancelled(event), _first_day(event)))
            for one, event in _paired(by_key.get(key, []), there):
                if event is not None:
                    self._change(event, {"status": _CANCELLED} if one is None else _properties(one))
                elif one is not None:
                    new.append((one.start, one.key, key, one))
        for _, _, key, added in sorted(new, key=lambda found: found[:2]):
            self._add(key, added)

    def _add(self, key: str, one: Happening) -> None:
        number = next(n for n in range(1, len(self._taken) + 2) if f"{key}-{n}{OURS}" not in self._taken)
        event = Event()
        event.add("uid", f"{key}-{number}{OURS}")
        self._taken.add(str(event["uid"]))
        self._stamp(event, 0)
        _put(event, _properties(one))
        self._calendar.add_component(event)
        self.counted["new"] += 1

    def _change(self, event: Event, properties: dict[str, object]) -> None:
        wanted = Event()
        _put(wanted, properties)
        if all(_text(event, name) == _text(wanted, name) for name in properties):
            self.counted["same"] += properties["status"] != _CANCELLED
            return
        for name in properties:
            event.pop(name, None)
        _put(event, properties)
        self._stamp(event, _version(event) + 1)
        self.counted["cancelled" if properties["status"] == _CANCELLED else "changed"] += 1

    def _stamp(self, event: Event, sequence: int) -> None:
        """Which version this is. No clock is asked: a version is a second younger than the one before."""
        for name in ("sequence", "dtstamp"):
            event.pop(name, None)
        event.add("sequence", sequence)
        event.add("dtstamp", datetime.combine(self._first_day, time(), UTC) + timedelta(seconds=sequence))


def _paired(wanted: Sequence[Happening], there: Sequence[Event]) -> Iterator[tuple[Happening | None, Event | None]]:
    """Each happening with its event: the one of the same day, else the first that is left; then what is left."""
    left = list(there)
    apart = []
    for one in wanted:
        same = next((event for event in left if _first_day(event) == one.start), None)
        if same is None:
            apart.append(one)
        else:
            left.remove(same)
            yield one, same
    for one in apart:
        yield one, left.pop(0) if left else None
    yield from ((None, event) for event in left)


def _properties(one: Happening) -> dict[str, object]:
    return {
        "dtstart": one.start,
        "dtend": one.until,
        "summary": one.summary,
        "description": one.description,
        "location": one.location,
        "categories": [one.category],
        "status": "CONFIRMED",
        "transp": "TRANSPARENT",
    } | dict.fromkeys(_BESIDE, "")


def _put(event: Event, properties: Mapping[str, object]) -> None:
    for name, value in properties.items():
        if value:
            event.add(name, value)


def _text(event: Event, name: str) -> str:
    value = event.get(name)
    return "\n".join(str(one.to_ical()) for one in (value if isinstance(value, list) else [value]) if one is not None)


def _ours(calendar: Calendar) -> list[Event]:
    """Events that plans have put there."""
    return [event for event in calendar.events if is_ours(event)]


def _version(event: Event) -> int:
    found = int(str(event.get("sequence", 0)))
    if not 0 <= found <= _MOST:
        raise ValueError(f"found SEQUENCE {found}, expected 0 to {_MOST}")
    return found


def _fingerprint(key: tuple[str, ...]) -> str:
    return hashlib.sha256("\0".join(key).encode()).hexdigest()[:24]


def _is_cancelled(event: Event) -> bool:
    return str(event.get("status", "")) == _CANCELLED


def _first_day(event: Event) -> date:
    return _day(event.start)


def _last_day(event: Event) -> date:
    return max(_day(event.end) - timedelta(days=1), _first_day(event))


def _day(time: date | datetime) -> date:
    return time.date() if isinstance(time, datetime) else time
