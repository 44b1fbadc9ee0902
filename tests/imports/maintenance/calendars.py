"""Calendars written by hand."""

from __future__ import annotations

from pathlib import Path

HEAD = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//EN\r\n"
TAIL = "END:VCALENDAR\r\n"


def event(uid: str, start: str, end: str, *lines: str) -> str:
    """A VEVENT; ``start`` and ``end`` with what stands between their names and values, as ``:20260601T220000Z``."""
    times = (f"DTSTART{start}", f"DTEND{end}" if end else "")
    every = ("BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20260101T000000Z", *filter(None, times), *lines, "END:VEVENT")
    return "".join(f"{line}\r\n" for line in every)


def calendar(path: Path, *events: str) -> Path:
    """A file with them."""
    path.write_text(HEAD + "".join(events) + TAIL, encoding="utf-8", newline="")
    return path


def notice(uid: str, start: str, end: str, *objects: str, impact: str = "OUTAGE", **more: str) -> str:
    """A notice after the convention of NANOG; ``more`` are properties, ``_`` for ``-``."""
    named = [f"X-MAINTNOTE-OBJECT-ID:{one}" for one in objects]
    others = [f"{key.upper().replace('_', '-')}:{value}" for key, value in more.items()]
    return event(
        uid, start, end, *named, f"X-MAINTNOTE-IMPACT:{impact}", f"X-MAINTNOTE-MAINTENANCE-ID:WO-{uid}", *others
    )
