"""What the racks of each period ask of power and cooling, added up by kinds of racks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from capalloc.calendar import Period
from capalloc.schema.hardware import RackType
from capalloc.schema.scenario import Scenario
from capalloc.verify.exact import NOTHING, exact
from capalloc.verify.fleet import Fleet
from capalloc.verify.flow import Flow, Grid, Spot
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
    groups = _Groups(fleet)
    known: dict[tuple[int, int, int], Load] = {}
    loads = []
    for period in periods:
        limits = site.limits[period.index]
        key = id(limits), id(roster.serving[period.index]), id(roster.idle[period.index])
        if key not in known:
            counts = groups.drawing(roster, period)
            known[key] = Load(grid.flow(limits, groups.units(grid, counts)), groups.heat(grid, kinds, counts))
        loads.append(known[key])
    return tuple(loads)


_Counts = Counter[tuple[int, str | None]]
"""Drawing racks by (group, demand or None when idle)."""


class _Groups:
    """Racks of one type whose positions share feeds, split and zone."""

    def __init__(self, fleet: Fleet) -> None:
        numbers: dict[tuple[Spot, str | None, str], int] = {}
        self._of: dict[str, int] = {}
        for name, standing in fleet.racks.items():
            place = standing.position
            if place is not None:
                key = (place.feed_a, place.feed_b, place.share_a), place.cooling_zone, standing.kind.name
                self._of[name] = numbers.setdefault(key, len(numbers))
        self._keys = tuple(numbers)

    def drawing(self, roster: Roster, period: Period) -> _Counts:
        """Racks that serve or idle in the period."""
        of = self._of
        serving = roster.serving[period.index].items()
        counts: _Counts = Counter((of[rack], demand) for rack, demand in serving if rack in of)
        counts.update((of[rack], None) for rack in roster.idle[period.index])
        return counts

    def units(self, grid: Grid, counts: _Counts) -> dict[Spot, int]:
        """Draw by spot, in the grid's units."""
        units: dict[Spot, int] = {}
        for (group, demand), racks in counts.items():
            spot, _, kind = self._keys[group]
            units[spot] = units.get(spot, 0) + racks * grid.draw_units(kind, demand)
        return units

    def heat(self, grid: Grid, kinds: Mapping[str, RackType], counts: _Counts) -> dict[str, tuple[Fraction, Fraction]]:
        """Liquid and air heat by zone, in kW."""
        racks: Counter[tuple[str, str, str | None]] = Counter()
        for (group, demand), count in counts.items():
            _, zone, kind = self._keys[group]
            if zone is not None:
                racks[zone, kind, demand] += count
        heat: dict[str, tuple[Fraction, Fraction]] = {}
        for (zone, kind, demand), count in racks.items():
            kw = count * grid.draw(kind, demand)
            wet = kw * exact(kinds[kind].liquid_fraction)
            liquid, air = heat.get(zone, (NOTHING, NOTHING))
            heat[zone] = liquid + wet, air + kw - wet
        return heat
