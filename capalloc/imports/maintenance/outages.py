"""Notices as outages: which of them are some, of what, and on which days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from capalloc.calendar import PeriodUnit
from capalloc.imports.maintenance.notices import Notice
from capalloc.imports.maintenance.objects import Objects
from capalloc.imports.maintenance.place import Place
from capalloc.imports.missing import Tally
from capalloc.schema.event import Outage
from capalloc.schema.scenario import Scenario

_HOURS: dict[PeriodUnit, float] = {"day": 24.0, "week": 7 * 24.0, "month": 28 * 24.0}
_SAY_SO = "say what they are in the file of --objects"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which notices are outages."""

    tentative: bool = False
    """Those that are not confirmed yet are too."""
    reduced_redundancy: bool = True
    """Those that take redundancy alone are too."""
    degraded: bool = True
    """Those after which some of the capacity stays are too."""


@dataclass(frozen=True, slots=True)
class Outages:
    """The outages, in the order of their days, each with the notice that it comes from."""

    found: tuple[tuple[Outage, Notice], ...]
    unknown: tuple[tuple[str, str], ...]
    """(object, notice) of each object that is no place of the site."""
    short: int
    """Outages that are shorter than the periods of the plan, in which they count as long as the period."""
    reduced: int
    """Outages of which a notice says that they take redundancy alone."""


def outages_of(
    scenario: Scenario, notices: Iterable[Notice], objects: Objects, wanted: Wanted, tally: Tally
) -> Outages:
    """The outages that notices mean inside the horizon; what is none, or cannot be one, is counted."""
    found: dict[_Key, tuple[Outage, Notice, str]] = {}
    unknown: dict[str, str] = {}
    there = {_key(event) for event in scenario.events if isinstance(event, Outage)}
    for notice in _in_force(scenario, notices, wanted, tally):
        for place, impact in _places(notice, objects, wanted, unknown, tally):
            outage = Outage(type="outage", start=notice.first_day, until=notice.after, **place.given)
            if _key(outage) in there:
                tally.add("outages that the scenario has already", notice.where)
            else:
                found.setdefault(_key(outage), (outage, notice, impact))
    ordered = [found[key] for key in sorted(found)]
    usual = _HOURS[scenario.horizon.period]
    return Outages(
        tuple((outage, notice) for outage, notice, _ in ordered),
        tuple(unknown.items()),
        short=sum(notice.hours < usual for _, notice, _ in ordered),
        reduced=sum(impact == "REDUCED-REDUNDANCY" for *_, impact in ordered),
    )


_Key = tuple[date, date, str]
"""Days and place."""


def _key(outage: Outage) -> _Key:
    return outage.start, outage.until, outage.place


def _in_force(scenario: Scenario, notices: Iterable[Notice], wanted: Wanted, tally: Tally) -> Iterator[Notice]:
    horizon = scenario.horizon
    for notice in notices:
        if notice.status == "CANCELLED":
            tally.add("notices that are cancelled", notice.where)
        elif notice.status == "COMPLETED":
            tally.add("notices that are completed", notice.where)
        elif notice.status == "TENTATIVE" and not wanted.tentative:
            tally.add("notices that are tentative", notice.where, "--tentative counts them as outages")
        elif notice.hours < 0:
            tally.add("notices that end before they begin", notice.where)
        elif notice.first_day >= horizon.end or notice.after <= horizon.start:
            tally.add("notices outside the horizon", notice.where)
        else:
            yield notice


def _places(
    notice: Notice, objects: Objects, wanted: Wanted, unknown: dict[str, str], tally: Tally
) -> Iterator[tuple[Place, str]]:
    """What of the site is out by a notice, and how: by its objects, else by its place, else by its summary."""
    named = [(name, impact) for name, impact in notice.impacts if _counts(name, impact, notice, wanted, tally)]
    for name, impact in named:
        places = objects.places(name, notice.provider)
        if not places:
            _tell_unknown(name, notice, objects, unknown, tally)
        yield from ((place, impact) for place in places)
    if not notice.impacts and _counts("", notice.impact, notice, wanted, tally):
        yield from ((place, notice.impact) for place in _elsewhere(notice, objects, unknown, tally))


def _elsewhere(notice: Notice, objects: Objects, unknown: dict[str, str], tally: Tally) -> Iterator[Place]:
    named = objects.of_event(notice.place, notice.summary or notice.name)
    names = named.unknown if named else (notice.place or notice.summary or notice.name,)
    yield from {str(place.given): place for place in named.places}.values()
    for name in names:
        _tell_unknown(name, notice, objects, unknown, tally)
    for room in named.around if named.places else ():
        tally.add("rooms that a notice names as where something else is", f"{room!r} ({notice.where})")


def _tell_unknown(name: str, notice: Notice, objects: Objects, unknown: dict[str, str], tally: Tally) -> None:
    unknown.setdefault(name, notice.name)
    could_be = objects.could_be(name)
    if could_be:
        where = f"{name!r} ({notice.where}; it may be {' or '.join(could_be)})"
        tally.add("objects of notices that may be several places of the site", where, _SAY_SO)
    else:
        tally.add("objects of notices that are no place of the site", f"{name!r} ({notice.where})", _SAY_SO)


def _counts(name: str, impact: str, notice: Notice, wanted: Wanted, tally: Tally) -> bool:
    where = f"{notice.where}{f', {name}' if name else ''}"
    if impact == "NO-IMPACT":
        tally.add("notices without impact", where)
        return False
    if impact == "REDUCED-REDUNDANCY" and not wanted.reduced_redundancy:
        mend = "racks run on their other feed meanwhile; `capalloc impact` tells what one more loss would do"
        tally.add("notices of reduced redundancy", where, mend)
        return False
    if impact == "DEGRADED" and not wanted.degraded:
        tally.add("notices of degraded service", where, "no event says how much of the capacity stays")
        return False
    return True
