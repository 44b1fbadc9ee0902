"""Calendars (iCalendar, RFC 5545) in: files of bounded size, and which of their events are ours."""

from __future__ import annotations

from pathlib import Path

from icalendar import Calendar, Event

from capalloc.errors import Problem, ScenarioError
from capalloc.formats.node import Rejected
from capalloc.formats.reading import MEGABYTE, read_bytes

OURS = "@capalloc"
"""How the UIDs of events end that plans put into calendars."""
CALENDAR_BYTES = 32 * MEGABYTE
"""Largest calendar that is read."""
_LONGEST = 200


def read_calendars(path: Path) -> list[Calendar]:
    """The calendars of a file, at least one. Raises ScenarioError where it has none, or cannot be read."""
    try:
        calendars = Calendar.from_ical(read_bytes(path, str(path), CALENDAR_BYTES), multiple=True)
    except Rejected as error:
        raise ScenarioError(error.problems) from error
    except ValueError as error:
        raise no_calendar(path, f": {first_line(error)}") from error
    if not calendars or not all(isinstance(one, Calendar) for one in calendars):
        raise no_calendar(path, ", expected BEGIN:VCALENDAR … END:VCALENDAR")
    return calendars


def no_calendar(path: Path, why: str) -> ScenarioError:
    """The error of a file that is no calendar, and why not."""
    return ScenarioError([Problem(str(path), 0, "", f"found no calendar (iCalendar, .ics){why}")])


def first_line(error: ValueError | OverflowError) -> str:
    """What an error of the library says first, without signs that a terminal would obey."""
    lines = "".join(sign if sign.isprintable() or sign == "\n" else " " for sign in str(error)).splitlines()
    return lines[0][:_LONGEST] if lines else "unreadable"


def is_ours(event: Event) -> bool:
    """Whether a plan has put an event there."""
    return str(event.get("uid", "")).strip().lower().endswith(OURS)
