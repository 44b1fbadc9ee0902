"""What happens on which days, each with what tells it from all others whatever its day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from capalloc.analysis.base import Base
from capalloc.analysis.picture.marks import Kind, Mark, marks_of
from capalloc.analysis.picture.moves import Move, moves_of
from capalloc.analysis.picture.pictured import Pictured
from capalloc.calendar import add_days
from capalloc.report.charts.marks import LANE_OF, how_much, what
from capalloc.report.figures import plural

_MOVES = (Kind.HAND_OVER, Kind.START, Kind.STOP)
"""Told row by row, with their racks, by :func:`moves_of`."""
_NAMED = 200
"""Names in one description."""


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happens on a day, or lasts from it on."""

    key: tuple[str, ...]
    """What it is, without its day: a later plan that has it on another day moves it."""
    start: date
    until: date
    """The first day after it."""
    summary: str
    category: str
    description: str = ""
    location: str = ""


def happenings_of(base: Base) -> list[Happening]:
    """All that a calendar shows of a plan, by day, then in the order of their keys."""
    pictured = Pictured(base.scenario, base.plan, base.instance)
    site = base.scenario.facility.name
    found = [*(_move(one, site) for one in moves_of(pictured)), *_marks(pictured, site)]
    return sorted(found, key=lambda one: (one.start, one.key, one.until, one.summary))


def _move(one: Move, site: str) -> Happening:
    racks = plural(len(one.racks), "rack")
    place = one.row or ""
    does = {
        "hand over": f"{one.source} hands over {racks} to {one.target}",
        "bring into service": f"{racks} brought into service for {one.target}",
        "release": f"{one.source} releases {racks}",
    }[one.work]
    return Happening(
        key=(site, one.work, one.source or "", one.target or "", place),
        start=one.day,
        until=add_days(one.day, 1),
        summary=f"{does}{f', row {place}' if place else ''}",
        category="Moves",
        description=_listed("rack", one.racks),
        location=f"{site}, hall {one.hall}, row {place}" if place else site,
    )


def _marks(pictured: Pictured, site: str) -> Iterator[Happening]:
    for mark in marks_of(pictured):
        if mark.kind not in _MOVES:
            yield _mark(mark, site)


def _mark(mark: Mark, site: str) -> Happening:
    amount = how_much(mark)
    return Happening(
        key=(site, mark.kind.value, mark.subject, mark.other),
        start=mark.day,
        until=mark.until or add_days(mark.day, 1),
        summary=f"{what(mark)}{f': {amount}' if amount else ''}",
        category=LANE_OF[mark.kind],
        description=_listed(mark.unit, mark.names),
        location=site,
    )


def _listed(noun: str, names: Sequence[str]) -> str:
    """The first of some names, and how many more there are; nothing where there are none."""
    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    return f"{noun.capitalize()}s: {', '.join(names[:_NAMED])}{more}" if names else ""
