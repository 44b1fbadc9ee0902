"""What the racks of each period ask of power and cooling, added up by kinds of racks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from capalloc.calendar import Period
from capalloc.schema.facility import Position
from capalloc.schema.hardware import RackType
from capalloc.schema.scenario import Scenario
from capalloc.verify.exact import NOTHING, exact
from capalloc.verify.fleet import Fleet
from capalloc.verify.flow import Flow, Grid
from capalloc.verify.roster import Roster
from capalloc.verify.site import Site


@dataclass(frozen=True, slots=True)
class Load:
    """What one period asks of power and cooling."""

    flow: Flow
    heat: Mapping[str, tuple[Fraction, Fraction]]
    """Liquid and air heat of each zone, in kW."""


def loads_of(
    scenario: Scenario, periods: tuple[Period, ...], site: Site, fleet: Fleet, roster: Roster
) -> tuple[Load, ...]:
    """Power and heat of each period; a period in the state of an earlier one shares its answer."""
    grid, kinds = Grid(scenario, site), {kind.name: kind for kind in scenario.facility.rack_types}
    known: dict[object, Load] = {}
    loads = []
    for period in periods:
        counts = _counts(fleet, roster, period)
        limits = site.limits[period.index]
        key = (id(limits), frozenset(counts.items()))
        if key not in known:
            known[key] = Load(grid.flow(limits, _kw(grid, counts)), _heat(grid, kinds, counts))
        loads.append(known[key])
    return tuple(loads)


_Group = tuple[tuple[str, str | None, float], str | None, str, str | None]
"""(feeds and split, zone, rack type, demand or None when idle)."""


def _counts(fleet: Fleet, roster: Roster, period: Period) -> Counter[_Group]:
    """Drawing racks by feeds, zone, type and demand."""
    counts: Counter[_Group] = Counter()
    drawing: list[tuple[str, str | None]] = [*roster.serving[period.index].items()]
    drawing += [(rack, None) for rack in roster.idle[period.index]]
    for rack, demand in drawing:
        standing = fleet.racks[rack]
        if standing.position is not None:
            counts[(*_place(standing.position), standing.kind.name, demand)] += 1
    return counts


def _place(position: Position) -> tuple[tuple[str, str | None, float], str | None]:
    return (position.feed_a, position.feed_b, position.share_a), position.cooling_zone


def _kw(grid: Grid, counts: Counter[_Group]) -> dict[tuple[str, str | None, float], Fraction]:
    kw: dict[tuple[str, str | None, float], Fraction] = {}
    for (feeds, _, kind, demand), racks in counts.items():
        kw[feeds] = kw.get(feeds, NOTHING) + racks * grid.draw(kind, demand)
    return kw


def _heat(grid: Grid, kinds: Mapping[str, RackType], counts: Counter[_Group]) -> dict[str, tuple[Fraction, Fraction]]:
    racks: Counter[tuple[str, str, str | None]] = Counter()
    for (_, zone, kind, demand), count in counts.items():
        if zone is not None:
            racks[zone, kind, demand] += count
    heat: dict[str, tuple[Fraction, Fraction]] = {}
    for (zone, kind, demand), count in racks.items():
        kw = count * grid.draw(kind, demand)
        wet = kw * exact(kinds[kind].liquid_fraction)
        liquid, air = heat.get(zone, (NOTHING, NOTHING))
        heat[zone] = liquid + wet, air + kw - wet
    return heat
