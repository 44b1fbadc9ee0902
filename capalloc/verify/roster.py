"""Who serves whom when, read from a plan however broken it may be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce
from itertools import groupby
from operator import attrgetter, or_

from capalloc.schema.plan import Assignment, Plan, Span
from capalloc.schema.scenario import Scenario
from capalloc.verify.fleet import Bay, Fleet, probe_day
from capalloc.verify.measure import NOBODY
from capalloc.verify.when import NEVER, Borders, When, during, has, over_time, runs


@dataclass(frozen=True, slots=True)
class Stay:
    """A rack serves one demand without a break, in the periods [first, end)."""

    demand: str
    first: int
    end: int

    @property
    def when(self) -> When:
        """The periods as a set."""
        return during(range(self.first, self.end))


@dataclass(frozen=True, slots=True)
class Batch:
    """Racks of one bay that do the same in the periods [first, end)."""

    bay: Bay
    demand: str
    """NOBODY: they are idle and powered."""
    first: int
    end: int
    racks: int


@dataclass(frozen=True, slots=True)
class Roster:
    """What the racks do. What serves nobody in any period is left out of ``stays`` and ``busy``."""

    assignments: tuple[Assignment, ...]
    """All of the plan, by rack and day."""
    stays: Mapping[str, tuple[Stay, ...]]
    """Whom each rack serves, in order of time; of overlapping assignments the earliest counts."""
    busy: Mapping[str, When]
    """Periods in which each rack serves anybody."""
    off: Mapping[str, When]
    """Periods in which the plan lists each rack as off."""
    idle: Mapping[str, When]
    """Periods in which each rack serves nobody and is powered, if there are any."""
    held: Mapping[str, str]
    """The demand that the incumbent leaves each rack with."""
    serving: tuple[Batch, ...]
    """The stays, with racks of equal stays taken together."""
    idling: tuple[Batch, ...]
    """Idle and powered racks, taken together likewise."""
    tally: tuple[Mapping[tuple[str, str], int], ...]
    """Racks that serve in each period, by demand and rack type."""

    def demand_of(self, rack: str, period: int) -> str | None:
        """The demand that the rack serves in a period."""
        return next((stay.demand for stay in self.stays.get(rack, ()) if stay.first <= period < stay.end), None)

    def serves(self, rack: str, demand: str) -> When:
        """Periods in which the rack serves the demand."""
        return reduce(or_, (stay.when for stay in self.stays.get(rack, ()) if stay.demand == demand), NEVER)

    def racks(self, period: int) -> Counter[str]:
        """Racks that serve each demand in a period."""
        racks: Counter[str] = Counter()
        for (demand, _), count in self.tally[period].items():
            racks[demand] += count
        return racks


def roster_of(scenario: Scenario, plan: Plan, borders: Borders, planned: Iterable[str], fleet: Fleet) -> Roster:
    """Read a plan: what names no rack or no planned demand is left out here and reported by its rule."""
    names = frozenset(planned)
    ordered = sorted(plan.assignments, key=attrgetter("rack", "start", "until", "demand"))
    doing = dict(_stays(ordered, borders, names, fleet))
    stays, busy = {rack: stays for rack, (stays, _) in doing.items()}, {rack: when for rack, (_, when) in doing.items()}
    off = _off(plan.off, borders)
    idle = {} if scenario.policy.idle == "off" else dict(_idle(fleet, busy, off))
    serving = tuple(_together(fleet, _doing(stays)))
    return Roster(
        assignments=tuple(ordered),
        stays=stays,
        busy=busy,
        off=off,
        idle=idle,
        held=_held(scenario, names, fleet),
        serving=serving,
        idling=tuple(_together(fleet, _idling(idle))),
        tally=_tally(serving, len(borders.periods)),
    )


def departures(roster: Roster, in_term: Mapping[str, When], periods: int) -> tuple[int, ...]:
    """Racks that stop serving a demand whose term touches the period, for each period."""
    left = [0] * periods
    for rack, demand in roster.held.items():
        left[0] += has(in_term[demand], 0) and roster.demand_of(rack, 0) != demand
    for batch in roster.serving:
        if batch.end < periods and has(in_term[batch.demand], batch.end):
            left[batch.end] += batch.racks
    return tuple(left)


def _stays(
    ordered: Iterable[Assignment], borders: Borders, planned: frozenset[str], fleet: Fleet
) -> Iterator[tuple[str, tuple[tuple[Stay, ...], When]]]:
    """The stays of each rack that has any, and the periods in all of them; racks with equal entries share them."""
    known: dict[tuple[Entry, ...], tuple[tuple[Stay, ...], When]] = {}
    for rack, entries in groupby(ordered, key=attrgetter("rack")):
        if rack in fleet.racks:
            same = tuple((entry.demand, entry.start, entry.until) for entry in entries)
            if same not in known:
                stays = tuple(_one_at_a_time((entry for entry in same if entry[0] in planned), borders))
                known[same] = stays, reduce(or_, (stay.when for stay in stays), NEVER)
            if known[same][0]:
                yield rack, known[same]


Entry = tuple[str, date, date]
"""Demand, first day, day after the last: of an assignment."""


def _one_at_a_time(entries: Iterable[Entry], borders: Borders) -> list[Stay]:
    """The stays of one rack, from its assignments by day."""
    stays: list[Stay] = []
    end = 0
    for demand, start, until in entries:
        touched = borders.touched(start, until)
        first = max(touched.start, end)
        if first >= touched.stop:
            continue
        end = touched.stop
        if stays and (stays[-1].demand, stays[-1].end) == (demand, first):
            first = stays.pop().first
        stays.append(Stay(demand, first, end))
    return stays


def _off(spans: Iterable[Span], borders: Borders) -> dict[str, When]:
    off: dict[str, When] = {}
    for span in spans:
        off[span.rack] = off.get(span.rack, NEVER) | during(borders.covered(span.start, span.until))
    return off


def _idle(fleet: Fleet, busy: Mapping[str, When], off: Mapping[str, When]) -> Iterator[tuple[str, When]]:
    for rack, standing in fleet.racks.items():
        when = standing.ready & ~busy.get(rack, NEVER) & ~off.get(rack, NEVER)
        if when:
            yield rack, when


_Doing = tuple[str, str, int, int]
"""Rack, demand or NOBODY, first period, end."""


def _doing(stays: Mapping[str, tuple[Stay, ...]]) -> Iterator[_Doing]:
    for rack, each in stays.items():
        for stay in each:
            yield rack, stay.demand, stay.first, stay.end


def _idling(idle: Mapping[str, When]) -> Iterator[_Doing]:
    for rack, when in idle.items():
        for run in runs(when):
            yield rack, NOBODY, run.start, run.stop


def _together(fleet: Fleet, doing: Iterable[_Doing]) -> Iterator[Batch]:
    racks = fleet.racks
    counts = Counter((racks[rack].bay.number, demand, first, end) for rack, demand, first, end in doing)
    for (bay, demand, first, end), count in counts.items():
        yield Batch(fleet.bays[bay], demand, first, end, count)


def _tally(serving: tuple[Batch, ...], periods: int) -> tuple[Mapping[tuple[str, str], int], ...]:
    amounts = (((batch.demand, batch.bay.kind.name), batch.first, batch.end, batch.racks) for batch in serving)
    return tuple(over_time(amounts, periods))


def _held(scenario: Scenario, planned: frozenset[str], fleet: Fleet) -> dict[str, str]:
    if scenario.incumbent is None:
        return {}
    probe = probe_day(scenario)
    return {
        entry.rack: entry.demand
        for entry in scenario.incumbent.assignments
        if entry.start <= probe < entry.until and entry.demand in planned and entry.rack in fleet.racks
    }
