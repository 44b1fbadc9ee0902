"""Who serves whom in each period, read from a plan however broken it may be."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from capalloc.calendar import Period
from capalloc.schema.plan import Assignment, Plan, Span
from capalloc.schema.scenario import Scenario
from capalloc.verify.fleet import Fleet, Standing, probe_day
from capalloc.verify.site import Site

_State = TypeVar("_State")
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Roster:
    """State of the racks. Lists have one entry a period; a period like the one before shares its entry."""

    serving: tuple[dict[str, str], ...]
    """The demand that each serving rack serves; of overlapping assignments the earliest counts."""
    off: tuple[frozenset[str], ...]
    """Racks that the plan lists as off."""
    idle: tuple[tuple[str, ...], ...]
    """Racks that serve nobody and are powered."""
    held: Mapping[str, str]
    """The demand that the incumbent leaves each rack with."""
    tally: tuple[Counter[tuple[str, str]], ...]
    """Racks that serve, by demand and rack type."""

    def powered(self, period: Period) -> set[str]:
        """Racks that serve or stand idle and powered."""
        return {*self.serving[period.index], *self.idle[period.index]}


class Borders:
    """Finds the periods that an interval touches, or covers."""

    def __init__(self, periods: tuple[Period, ...]) -> None:
        self._starts = [period.start for period in periods]
        self._ends = [period.end for period in periods]

    def touched(self, start: date, until: date) -> range:
        """Indices of the periods with a day in [start, until)."""
        if until <= start:
            return range(0)
        return range(bisect_right(self._ends, start), bisect_left(self._starts, until))

    def covered(self, start: date, until: date) -> range:
        """Indices of the periods with all days in [start, until)."""
        return range(bisect_left(self._starts, start), bisect_right(self._ends, until))

    def meet(self, start: date, until: date) -> bool:
        """Whether the interval begins and ends with periods."""
        periods = self.covered(start, until)
        return bool(periods) and self._starts[periods[0]] == start and self._ends[periods[-1]] == until


def roster_of(
    scenario: Scenario, plan: Plan, periods: tuple[Period, ...], planned: Iterable[str], fleet: Fleet, site: Site
) -> Roster:
    """Read a plan: what names no rack or no planned demand is left out here and reported by its rule."""
    names = frozenset(planned)
    borders = Borders(periods)
    serving = _serving(plan.assignments, borders, len(periods), names, fleet)
    off = _off(plan.off, borders, len(periods))
    idle = _idle(scenario, periods, fleet, site, serving, off)
    kinds = {name: standing.kind.name for name, standing in fleet.racks.items()}

    def tally(each: dict[str, str]) -> Counter[tuple[str, str]]:
        return Counter((demand, kinds[rack]) for rack, demand in each.items())

    return Roster(serving, off, idle, _held(scenario, names, fleet), once_each(tally, serving))


def once_each(of: Callable[[_State], _T], states: Iterable[_State]) -> tuple[_T, ...]:
    """``of`` every state, worked out once for states that are one object."""
    known: dict[int, _T] = {}
    kept = list(states)
    for state in kept:
        if id(state) not in known:
            known[id(state)] = of(state)
    return tuple(known[id(state)] for state in kept)


def _serving(
    assignments: Iterable[Assignment], borders: Borders, periods: int, planned: frozenset[str], fleet: Fleet
) -> tuple[dict[str, str], ...]:
    begins: list[list[tuple[str, str]]] = [[] for _ in range(periods + 1)]
    ends: list[list[str]] = [[] for _ in range(periods + 1)]
    taken: dict[str, int] = {}  # the first period in which a rack is free again
    for entry in sorted(assignments, key=lambda entry: (entry.rack, entry.start, entry.until, entry.demand)):
        if entry.rack in fleet.racks and entry.demand in planned:
            touched = borders.touched(entry.start, entry.until)
            first = max(touched.start, taken.get(entry.rack, 0))  # who came earlier is there up to then, without a gap
            if first < touched.stop:
                begins[first].append((entry.rack, entry.demand))
                ends[touched.stop].append(entry.rack)
                taken[entry.rack] = touched.stop
    return tuple(_spells(begins[:-1], ends[:-1]))


def _spells(begins: list[list[tuple[str, str]]], ends: list[list[str]]) -> Iterator[dict[str, str]]:
    """Who serves whom in each period, from what begins and ends with it."""
    now: dict[str, str] = {}
    for begin, end in zip(begins, ends, strict=True):
        if begin or end:
            now = dict(now)
            for rack in end:
                del now[rack]
            now.update(begin)
        yield now


def _off(spans: Iterable[Span], borders: Borders, periods: int) -> tuple[frozenset[str], ...]:
    off: list[set[str]] = [set() for _ in range(periods)]
    for span in spans:
        for index in borders.covered(span.start, span.until):
            off[index].add(span.rack)
    shared: dict[frozenset[str], frozenset[str]] = {}
    return tuple(shared.setdefault(each, each) for each in map(frozenset, off))


def _idle(
    scenario: Scenario,
    periods: tuple[Period, ...],
    fleet: Fleet,
    site: Site,
    serving: tuple[dict[str, str], ...],
    off: tuple[frozenset[str], ...],
) -> tuple[tuple[str, ...], ...]:
    if scenario.policy.idle == "off":
        return tuple(() for _ in periods)
    whys = {id(standing.why): standing.why for standing in fleet.racks.values()}.values()
    known: dict[tuple[object, ...], tuple[str, ...]] = {}
    idle = []
    for period in periods:
        t = period.index
        key = id(serving[t]), off[t], id(site.limits[t]), tuple(not why[t] for why in whys)
        if key not in known:
            waiting = ((name, standing) for name, standing in fleet.racks.items() if name not in serving[t])
            known[key] = tuple(
                name
                for name, standing in waiting
                if not standing.why[t] and name not in off[t] and fed(site, period, standing)
            )
        idle.append(known[key])
    return tuple(idle)


def fed(site: Site, period: Period, standing: Standing) -> bool:
    """Whether every feed that carries the rack in normal operation is energised."""
    position = standing.position
    if position is None:
        return False
    live, index = site.limits[period.index].live, site.index
    if position.feed_b is None:
        return live[index[position.feed_a]]
    share = position.share_a
    return (share == 0 or live[index[position.feed_a]]) and (share == 1 or live[index[position.feed_b]])


def _held(scenario: Scenario, planned: frozenset[str], fleet: Fleet) -> dict[str, str]:
    if scenario.incumbent is None:
        return {}
    probe = probe_day(scenario)
    return {
        entry.rack: entry.demand
        for entry in scenario.incumbent.assignments
        if entry.start <= probe < entry.until and entry.demand in planned and entry.rack in fleet.racks
    }
