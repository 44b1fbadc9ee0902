"""Maintenance notices of a calendar as outages of a scenario.

Source: RFC 5545 (iCalendar); NANOG BCOP "Maintenance Notification" (jda/maintnote-std): X-MAINTNOTE properties.
"""

from __future__ import annotations

from capalloc.imports.maintenance.notices import Notice, read_notices
from capalloc.imports.maintenance.objects import Objects, read_objects
from capalloc.imports.maintenance.outages import Outages, Wanted, outages_of
from capalloc.imports.maintenance.written import events_page, objects_page

__all__ = [
    "Notice",
    "Objects",
    "Outages",
    "Wanted",
    "events_page",
    "objects_page",
    "outages_of",
    "read_notices",
    "read_objects",
]
