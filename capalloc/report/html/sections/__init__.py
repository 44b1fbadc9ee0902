"""The sections of a report, in the order in which they are read."""

from __future__ import annotations

from collections.abc import Callable

from capalloc.analysis.picture import Pictured
from capalloc.report.html.section import Section
from capalloc.report.html.sections.calendar import calendar
from capalloc.report.html.sections.floor import floor
from capalloc.report.html.sections.money import money
from capalloc.report.html.sections.power import power
from capalloc.report.html.sections.ramp import ramp
from capalloc.report.html.sections.summary import summary
from capalloc.report.html.sections.tables import tables

_SECTIONS: tuple[Callable[[Pictured], Section], ...] = (summary, ramp, floor, power, money, calendar, tables)


def sections_of(pictured: Pictured) -> list[Section]:
    """All sections of a plan's report."""
    return [section(pictured) for section in _SECTIONS]
