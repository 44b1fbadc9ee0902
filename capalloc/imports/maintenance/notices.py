"""Notices of a calendar, each in its latest version, with the days that they touch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from pathlib import Path
from typing import Any, cast

from icalendar import Event
from icalendar.error import InvalidCalendar

from capalloc.formats.calendars import is_ours, read_calendars
from capalloc.imports.maintenance.repeats import Repeating, starts_of
from capalloc.imports.missing import Tally

_CANCEL = "CANCEL"
"""The method of a calendar that cancels what it holds."""
_IMPACTS = ("NO-IMPACT", "REDUCED-REDUNDANCY", "DEGRADED", "OUTAGE")


@dataclass(frozen=True, slots=True)
class Notice:
    """One maintenance, and what it is of."""

    name: str
    """What a person calls it: its number, or else its summary."""
    summary: str
    provider: str
    status: str
    """``CONFIRMED``, ``TENTATIVE``, ``CANCELLED``, ``IN-PROCESS``, ``COMPLETED`` or a word of one's own."""
    impacts: tuple[tuple[str, str], ...]
    """(object, impact) of each object; a notice that names none has none."""
    impact: str
    """Of the notice as a whole; a word that is none of the known ones counts as an outage, and so does no word."""
    place: str
    """Where it is, by the properties for that; parted by commas."""
    first_day: date
    """The first day that it touches."""
    after: date
    """The first day that it does not touch any more."""
    hours: float
    """How long it is; below 0 where it ends before it begins."""
    times: str
    """When it begins and ends, for a person."""
    where: str
    """Its file and name, as messages say it."""


def read_notices(paths: Iterable[Path], until: date, zone: tzinfo | None, tally: Tally) -> list[Notice]:
    """The notices of calendars that begin before a day, by day; what repeats is there as often as it does.

    ``zone`` is where the site's days are; without it, days are those of each notice's own time zone.

    Raises ScenarioError where a file is no calendar.
    """
    latest = dict(_latest(_of_others(paths, tally), tally))
    apart = _moved(latest)
    over = {uid for (uid, one), (_, event) in latest.items() if not one and _status(event) == "CANCELLED"}
    found: list[Notice] = []
    for (uid, _), (path, event) in latest.items():
        if uid in over:
            _cancelled(event)  # all of its times are, those too that were moved
        where = f"{path.name}: {_name(event)}"
        try:
            found += _notices(event, where, until, apart[uid], zone)
            if _is_strange_zone(event) and zone is not None:
                tally.add("notices of a time zone that is not known, taken as the site's", where)
        except Repeating as error:
            tally.add(
                "notices that repeat in a way that cannot be read", f"{where} ({error})", "write them out one by one"
            )
        except (InvalidCalendar, ValueError, TypeError, OverflowError) as error:
            tally.add("notices without a time that can be read", f"{where} ({error})")
    return sorted(found, key=lambda one: (one.first_day, one.after, one.name))


def _of_others(paths: Iterable[Path], tally: Tally) -> Iterator[tuple[Path, Event]]:
    """The events that others have put into calendars; what a plan does is no outage."""
    for path in paths:
        for event in _events(path):
            if is_ours(event):
                tally.add("events that a plan has put there", f"{path.name}: {_name(event)} ({_line(event['uid'])})")
            else:
                yield path, event


def _events(path: Path) -> list[Event]:
    found = []
    for calendar in read_calendars(path):
        events = [event for event in calendar.walk("VEVENT") if isinstance(event, Event)]
        if _line(calendar.get("method", "")).upper() == _CANCEL:
            events = [_cancelled(event) for event in events]
        found += events
    return found


def _cancelled(event: Event) -> Event:
    """An event of a calendar that is sent to cancel it (RFC 5546, 3.2.5), whatever the event says itself."""
    event.pop("x-maintnote-status", None)
    event["status"] = "CANCELLED"
    return event


def _status(event: Event) -> str:
    return _line(event.get("x-maintnote-status", event.get("status", "CONFIRMED"))).upper()


_Key = tuple[str, str]
"""UID, and which of the times it repeats."""


def _latest(events: Iterable[tuple[Path, Event]], tally: Tally) -> Iterator[tuple[_Key, tuple[Path, Event]]]:
    """Of each event the version with the highest SEQUENCE, of equal ones the youngest, of those the cancellation."""
    versions: dict[_Key, list[tuple[Path, Event]]] = {}
    for number, (path, event) in enumerate(events):
        uid = str(event.get("uid", f"no-uid-{number}"))
        versions.setdefault((uid, _text(event, "recurrence-id")), []).append((path, event))
    for key, found in versions.items():
        found.sort(key=lambda one: _age(one[1]))
        for path, event in found[:-1]:
            which = f"{path.name}: {_name(event)} (version {_number(event.get('sequence', 0))})"
            tally.add("versions of notices that a later version replaces", which)
        yield key, found[-1]


def _age(event: Event) -> tuple[int, str, bool]:
    return _number(event.get("sequence", 0)), _text(event, "dtstamp"), _status(event) == "CANCELLED"


def _moved(latest: Mapping[_Key, tuple[Path, Event]]) -> dict[str, list[datetime | date]]:
    """By UID, the times of which there is a version apart."""
    found: dict[str, list[datetime | date]] = defaultdict(list)
    for (uid, _), (_, event) in latest.items():
        with suppress(InvalidCalendar, Repeating):
            time_of_it = _recurrence(event)
            found[uid] += [] if time_of_it is None else [time_of_it]
    return found


def _notices(
    event: Event, where: str, until: date, apart: Sequence[datetime | date], zone: tzinfo | None
) -> Iterator[Notice]:
    length = event.duration
    left_out = () if _recurrence(event) is not None else apart
    for begins in starts_of(event, event.start, until, left_out):
        yield _notice(event, where, _local(begins, zone), _local(begins + length, zone))


def _notice(event: Event, where: str, start: datetime | date, end: datetime | date) -> Notice:
    return Notice(
        name=_name(event),
        summary=_line(event.get("summary", "")),
        provider=_line(event.get("x-maintnote-provider", "")),
        status=_status(event),
        impacts=tuple(_impacts(event)),
        impact=_impact(event.get("x-maintnote-impact")),
        place=", ".join(_places(event)),
        first_day=_day(start),
        after=_after(start, end),
        hours=(_moment(end) - _moment(start)) / timedelta(hours=1),
        times=_times(start, end),
        where=where,
    )


def _after(start: datetime | date, end: datetime | date) -> date:
    """The day after the last that is touched: an end at midnight touches no further day."""
    touches = isinstance(end, datetime) and (end.time() != time() or end == start) and end.date() < date.max
    return max(_day(end) + timedelta(days=touches), _day(start) + timedelta(days=1))


def _moment(one: datetime | date) -> datetime:
    return one if isinstance(one, datetime) else datetime.combine(one, time())


def _times(start: datetime | date, end: datetime | date) -> str:
    """From when to when, for a person: of whole days the last one, where a calendar has the day after it."""
    if isinstance(start, datetime) and isinstance(end, datetime):
        return f"{start.isoformat(' ', 'minutes')} to {end.isoformat(' ', 'minutes')}"
    first, last = _day(start), max(_day(end) - timedelta(days=1), _day(start))
    return first.isoformat() if first == last else f"{first.isoformat()} through {last.isoformat()}"


def _recurrence(event: Event) -> datetime | date | None:
    """When an event that repeats would have happened in place of this version of it.

    Raises InvalidCalendar, and Repeating where it stands for all later times too.
    """
    value = _first(event, "recurrence-id")
    if value is not None and str(value.params.get("RANGE", "")).upper() == "THISANDFUTURE":
        raise Repeating("it changes all later times too")
    return None if value is None else cast("datetime | date", value.dt)


def _is_strange_zone(event: Event) -> bool:
    """Whether its time is of a zone that neither the calendar nor the world's list of zones has."""
    value = _first(event, "dtstart")
    return "TZID" in value.params and isinstance(value.dt, datetime) and value.dt.tzinfo is None


def _impact(value: object) -> str:
    """One of the known impacts: no word, or another, is an outage, by the convention."""
    word = _line(value).upper()
    return word if word in _IMPACTS else "OUTAGE"


def _impacts(event: Event) -> Iterator[tuple[str, str]]:
    for one in _several(event, "x-maintnote-object-id"):
        own = one.params.get("X-MAINTNOTE-OBJECT-IMPACT") if hasattr(one, "params") else None
        yield _line(one), _impact(own or event.get("x-maintnote-impact"))


def _places(event: Event) -> Iterator[str]:
    for name in ("location", "resources"):
        yield from (_line(one) for one in _several(event, name))


def _several(event: Event, name: str) -> list[Any]:
    value: Any = event.get(name)
    found = value if isinstance(value, list) else [] if value is None else [value]
    return [one for one in found if _line(one)]


def _name(event: Event) -> str:
    numbers = _several(event, "x-maintnote-maintenance-id")
    return _line(numbers[0] if numbers else event.get("summary", "")) or _line(event.get("uid", "")) or "a notice"


def _line(value: object) -> str:
    """A text on one line, without signs that a terminal or a file would obey."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in str(value)).split())


def _text(event: Event, name: str) -> str:
    value = _first(event, name)
    return "" if value is None else str(value.to_ical())


def _first(event: Event, name: str) -> Any:
    value = event.get(name)
    return value[0] if isinstance(value, list) else value


def _number(value: object) -> int:
    try:
        return int(str(value))
    except ValueError:
        return 0


def _local(one: datetime | date, zone: tzinfo | None) -> datetime | date:
    if zone is None or not isinstance(one, datetime) or one.tzinfo is None:
        return one
    return one.astimezone(zone)


def _day(one: datetime | date) -> date:
    return one.date() if isinstance(one, datetime) else one
