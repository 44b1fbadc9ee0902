"""What the racks of each period ask of power and cooling, added up where they come and go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from capalloc.schema.demand import Demand
from capalloc.schema.hardware import RackType
from capalloc.schema.scenario import Scenario
from capalloc.verify.exact import NOTHING, exact
from capalloc.verify.flow import Flow, Meter
from capalloc.verify.grid import Grid
from capalloc.verify.measure import NOBODY, draw_kw
from capalloc.verify.roster import Batch, Roster
from capalloc.verify.site import Site, Spot
from capalloc.verify.when import Amount, changes, over_time, runs

Units = Mapping[tuple[str, str], int]
"""Draw units of a rack, by type and demand."""


@dataclass(frozen=True, slots=True)
class Load:
    """What one period asks of power and cooling."""

    flow: Flow
    heat: Mapping[str, tuple[Fraction, Fraction]]
    """Liquid and air heat of each zone, in kW."""


def loads_of(scenario: Scenario, site: Site, roster: Roster) -> tuple[Load, ...]:
    """Power and heat of each period."""
    drawn = _draws_kw(scenario)
    grid, batches = Grid(scenario.facility, site, drawn.values()), (*roster.serving, *roster.idling)
    units = {key: grid.draw_units(kw) for key, kw in drawn.items()}
    kinds = {kind.name: kind for kind in scenario.facility.rack_types}
    flows = _flows(grid, site, units, batches)
    heat = _heat(grid, kinds, units, batches, len(site.bounds))
    return tuple(Load(*pair) for pair in zip(flows, heat, strict=True))


def _flows(grid: Grid, site: Site, units: Units, batches: tuple[Batch, ...]) -> Iterator[Flow]:
    """The flow of each period; a period in the state of the one before shares its answer."""
    periods, meter = len(site.bounds), Meter(grid, site)
    racks, static = changes(_draws(units, batches), periods), changes(_statics(grid, site), periods)
    flow: Flow | None = None
    for t in range(periods):
        for spot, draw in racks[t].items():
            meter.add_racks(spot, draw)
        for node, load in static[t].items():
            meter.add_static(node, load)
        if flow is None or racks[t] or static[t] or site.bounds[t] is not site.bounds[t - 1]:
            flow = meter.read(t)
        yield flow


def _draws(units: Units, batches: tuple[Batch, ...]) -> Iterator[Amount[Spot]]:
    """Draw by spot, in draw units."""
    for batch in batches:
        if batch.bay.spot is not None:
            draw = batch.racks * units[batch.bay.kind.name, batch.demand]
            yield batch.bay.spot, batch.first, batch.end, draw


def _statics(grid: Grid, site: Site) -> Iterator[Amount[int]]:
    """Static load by node while it is energised, in load units."""
    for node, load in grid.static.items():
        for run in runs(site.live[node]):
            yield node, run.start, run.stop, load


def _heat(
    grid: Grid, kinds: Mapping[str, RackType], units: Units, batches: tuple[Batch, ...], periods: int
) -> Iterator[dict[str, tuple[Fraction, Fraction]]]:
    """Liquid and air heat by zone, in kW, for each period."""
    for racks in over_time(_zoned(batches), periods):
        heat: dict[str, tuple[Fraction, Fraction]] = {}
        for (zone, kind), draw in _draw_by_kind(units, racks).items():
            kw = grid.draw_of(draw)
            wet = kw * exact(kinds[kind].liquid_fraction)
            liquid, air = heat.get(zone, (NOTHING, NOTHING))
            heat[zone] = liquid + wet, air + kw - wet
        yield heat


_Zoned = tuple[str, str, str]
"""Zone, rack type, demand."""


def _zoned(batches: tuple[Batch, ...]) -> Iterator[Amount[_Zoned]]:
    """Racks by zone, type and demand."""
    for batch in batches:
        place = batch.bay.position
        if place is not None and place.cooling_zone is not None:
            yield (place.cooling_zone, batch.bay.kind.name, batch.demand), batch.first, batch.end, batch.racks


def _draw_by_kind(units: Units, racks: Mapping[_Zoned, int]) -> dict[tuple[str, str], int]:
    """Draw by zone and type, in draw units."""
    draws: dict[tuple[str, str], int] = {}
    for (zone, kind, demand), count in racks.items():
        draws[zone, kind] = draws.get((zone, kind), 0) + count * units[kind, demand]
    return draws


def _draws_kw(scenario: Scenario) -> dict[tuple[str, str], Fraction]:
    """kW of a rack by type and demand, NOBODY for an idle rack."""
    kinds = scenario.facility.rack_types
    draws = {(kind.name, NOBODY): exact(kind.idle_kw) for kind in kinds}
    for demand in (*scenario.workloads, *scenario.all_contracts):
        for kind in kinds:
            draws[kind.name, demand.name] = _serving_kw(demand, kind)
    return draws


def _serving_kw(demand: Demand, kind: RackType) -> Fraction:
    return draw_kw(demand, kind) * exact(demand.utilization)
