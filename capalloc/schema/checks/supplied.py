"""Supplies that do not go with their roots: a sliver of what stands there, far above the rating, a gap between."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from capalloc.calendar import format_day
from capalloc.schema.checks.fault import Fault, Loc, named
from capalloc.schema.checks.outsized import SLIVER, drawn_kw, standing_racks
from capalloc.schema.event import Event, NewSupply
from capalloc.schema.facility import Facility, Supply
from capalloc.schema.scenario import Horizon

_SPLINTER = 0.005
"""One supply of several below this share of what stands there is warned about: kW are a thousand times MW."""
_FAR = 10
"""So many times the root's rating is far above it."""


@dataclass(frozen=True, slots=True)
class _Fed:
    """A supply, and its path."""

    loc: Loc
    supply: Supply | NewSupply

    def in_force(self, day: date) -> bool:
        """Whether it feeds its root on a day."""
        start, until = self.supply.start, self.supply.until
        return (start is None or start <= day) and (until is None or day < until)


def odd_supplies(site: Facility, events: tuple[Event, ...] = (), horizon: Horizon | None = None) -> Iterator[Fault]:
    """A fault for each kind of odd supply; with a horizon, dates outside it are not looked at."""
    fed = [_Fed(("facility", "supplies", index), supply) for index, supply in enumerate(site.supplies)]
    fed += [_Fed(("events", index), event) for index, event in enumerate(events) if isinstance(event, NewSupply)]
    drawn = drawn_kw(site, standing_racks(site))
    by_root: dict[str, list[_Fed]] = defaultdict(list)
    for one in fed:
        by_root[one.supply.node].append(one)
    yield from _far_above(site, fed)
    for root, ones in by_root.items():
        small = [one for one in ones if 0 < one.supply.kw < _SPLINTER * drawn[root]]
        if small:
            yield _splinters(small, root, drawn[root])
        else:
            yield from _by_date(site, root, ones, drawn[root], horizon)


def _far_above(site: Facility, fed: list[_Fed]) -> Iterator[Fault]:
    rated = {node.name: node.rated_kw for node in site.power}
    large = [one for one in fed if one.supply.kw > _FAR * rated[one.supply.node] > 0]
    if large:
        first, names = large[0], named(one.supply.name for one in large)
        root = first.supply.node
        message = f"found {first.supply.kw:,.10g} kW into {root!r}, which is rated {rated[root]:,.10g} kW"
        yield Fault((*first.loc, "kw"), f"{message}; usual is about that or less: mind the unit of {names}")


def _splinters(small: list[_Fed], root: str, kw: float) -> Fault:
    found = small[0].supply.kw
    message = (
        f"found {found:,.10g} kW where the racks that stand below {root!r} draw {kw:,.0f} kW; usual is a good part"
    )
    return Fault(
        (*small[0].loc, "kw"), f"{message} of that: mind the unit of {named(one.supply.name for one in small)}"
    )


def _by_date(site: Facility, root: str, ones: list[_Fed], most: float, horizon: Horizon | None) -> Iterator[Fault]:
    """A fault for the first days on which the supplies in force are a sliver of the racks, and for the first gap."""
    found = {True: "", False: ""}
    for day, until in _spans(ones, horizon):
        total = sum(one.supply.kw for one in ones if one.in_force(day))
        gap = total == 0 and _between(day, ones)
        if (total == 0 and not gap) or total >= SLIVER * most or found[gap]:
            continue
        kw = drawn_kw(site, standing_racks(site, day))[root]
        if total < SLIVER * kw:
            days = f"from {format_day(day)}" if day > date.min else "from the first day"
            days += f" until {format_day(until)}" if until < date.max else ""
            found[gap] = (
                f"found nothing in force {days}, between supplies, where the racks that stand below {root!r} draw "
                f"{kw:,.0f} kW: mind the dates of supplies"
                if gap
                else f"found {total:,.10g} kW in all supplies in force {days} where the racks that stand there draw "
                f"{kw:,.0f} kW below {root}; usual is about that or more"
            )
    yield from (Fault((*ones[0].loc, "until" if gap else "kw"), text) for gap, text in found.items() if text)


def _between(day: date, ones: list[_Fed]) -> bool:
    """Whether a supply has ended by the day, and one begins later."""
    ended = any(one.supply.until is not None and one.supply.until <= day for one in ones)
    return ended and any(one.supply.start is not None and one.supply.start > day for one in ones)


def _spans(ones: list[_Fed], horizon: Horizon | None) -> Iterator[tuple[date, date]]:
    """The stretches in which the same supplies are in force, in order."""
    first, last = (horizon.start, horizon.end) if horizon else (date.min, date.max)
    days = {day for one in ones for day in (one.supply.start, one.supply.until) if day is not None}
    yield from pairwise([first, *sorted(day for day in days if first < day < last), last])
