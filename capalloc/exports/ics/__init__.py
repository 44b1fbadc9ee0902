"""What happens when, as a calendar that a later plan brings up to date.

Source: RFC 5545 (iCalendar), RFC 5546 (which of two versions of an event counts: UID, then SEQUENCE).
"""

from __future__ import annotations

from capalloc.exports.ics.happenings import Happening, happenings_of
from capalloc.exports.ics.written import calendar_of, read_calendar

__all__ = ["Happening", "calendar_of", "happenings_of", "read_calendar"]
