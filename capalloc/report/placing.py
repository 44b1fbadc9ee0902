"""What ``capalloc place`` shows: the answer in one glance, the halls, and who found no place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from capalloc.report.causes import kept_away
from capalloc.report.figures import DASH, PowerUnit, count, percent, power_unit
from capalloc.report.table import Column, Grid, grid, words
from capalloc.schema.facility import Facility
from capalloc.schema.placing import Placing, UnplacedRequest, ZoneHeat
from capalloc.schema.request import Request
from capalloc.synthetic.halls import HallUse

_LATER = (
    "Of them later: racks that hold their positions and arrive later; capalloc plan and show count these positions as "
    "free until then."
)
_UNPLACED_SHOWN = 20
_HALLS_SHOWN = 20
_ZONES_SHOWN = 20


def placing_page(
    facility: Facility, requests: Sequence[Request], placing: Placing, halls: Sequence[HallUse]
) -> Iterator[RenderableType]:
    """The answer, the halls, the zones, and the requests of which racks found no position, as far as fits a page."""
    unit = power_unit((placing.kw_placed, placing.stranded_kw))
    yield _headline(facility, requests, placing, unit)
    yield _halls(halls[:_HALLS_SHOWN], unit)
    if len(halls) > _HALLS_SHOWN:
        yield Text(f"… and {count(len(halls) - _HALLS_SHOWN)} more halls")
    if any(one.later for one in halls):
        yield Text(_LATER, style="dim")
    if placing.zones:
        yield _zones(facility, placing.zones[:_ZONES_SHOWN])
    if len(placing.zones) > _ZONES_SHOWN:
        yield Text(f"… and {count(len(placing.zones) - _ZONES_SHOWN)} more zones; --json lists them all")
    if placing.unplaced:
        yield _unplaced(placing.unplaced[:_UNPLACED_SHOWN])
    else:
        yield Text("Every request is placed whole.", style="green")
    if len(placing.unplaced) > _UNPLACED_SHOWN:
        yield Text(f"… and {count(len(placing.unplaced) - _UNPLACED_SHOWN)} more; --json lists them all")


def _headline(facility: Facility, requests: Sequence[Request], placing: Placing, unit: PowerUnit) -> Table:
    built = Table.grid(padding=(0, 2))
    built.add_column(style="bold", no_wrap=True)
    built.add_column(overflow="fold")
    for name, value in _lines(facility, requests, placing, unit):
        built.add_row(Text(name), Text(value))
    return built


def _lines(
    facility: Facility, requests: Sequence[Request], placing: Placing, unit: PowerUnit
) -> Iterator[tuple[str, str]]:
    asked = sum(request.racks for request in requests)
    yield "Facility", facility.name
    yield "Objective", f"{_figure(placing, placing.objective)} (most {_OBJECTIVES[placing.maximised]})"
    yield "Bound", _bound(placing)
    yield "Requests", f"{count(placing.requests_placed)} of {count(len(requests))} placed whole"
    yield "Racks", f"{count(placing.racks_placed)} of {count(asked)} placed, {unit.named(placing.kw_placed)}"
    yield "Stranded", f"{unit.named(placing.stranded_kw)} that no free position can draw"
    yield "Verdict", "ok: every rule holds"
    yield "Time", f"{placing.seconds_core:.3f} s placing, {placing.seconds_total:.3f} s in all"


_OBJECTIVES = {"racks": "racks", "kw": "kW", "requests": "whole requests", "value": "value"}


def _bound(placing: Placing) -> str:
    if placing.bound is None:
        return "none asked for"
    gap = "" if placing.gap is None else f", gap {percent(placing.gap, 2)}"
    return f"{_figure(placing, placing.bound)}{gap}"


def _figure(placing: Placing, figure: float) -> str:
    """A value of the objective: whole where it counts racks or requests."""
    if placing.maximised in ("racks", "requests"):
        return f"{figure:,.10g}"
    return f"{figure:,.1f}" + (" kW" if placing.maximised == "kw" else "")


def _halls(halls: Sequence[HallUse], unit: PowerUnit) -> Grid:
    """Positions of each hall, and what stands on them."""
    later = any(one.later for one in halls)
    columns = [
        words("Hall"),
        Column("Positions"),
        Column("Own racks"),
        *([Column("Of them later")] if later else []),
        Column("Placed"),
        Column("Free"),
        Column(f"Placed {unit.name}"),
    ]
    rows = (
        (
            one.hall,
            *map(count, (one.positions, one.own, *([one.later] if later else []), one.placed, one.free)),
            unit.show(one.placed_kw),
        )
        for one in halls
    )
    return grid("Halls: positions and what stands on them", columns, rows)


def _zones(facility: Facility, zones: Sequence[ZoneHeat]) -> Grid:
    """Heat of each zone against its limits; only the ways of heat that some zone limits."""
    ways = [
        ("Liquid", [(zone.liquid_kw, zone.liquid_limit_kw) for zone in zones]),
        ("Air", [(zone.air_kw, zone.air_limit_kw) for zone in zones]),
        ("All heat", [(zone.heat_kw, zone.limit_kw) for zone in zones]),
    ]
    limited = [(name, pairs) for name, pairs in ways if any(limit is not None for _, limit in pairs)]
    unit = power_unit(limit or 0.0 for _, pairs in limited for _, limit in pairs)
    columns = [words("Zone"), words("Halls")]
    for name, _ in limited:
        columns += [Column(f"{name} {unit.name}"), Column("of")]
    halls = _halls_of(facility)
    rows = (
        (zone.zone, halls.get(zone.zone, DASH), *(cell for _, pairs in limited for cell in _heat(*pairs[i], unit)))
        for i, zone in enumerate(zones)
    )
    return grid("Cooling: heat in each zone, of what stood before too", columns, rows)


def _heat(kw: float, limit: float | None, unit: PowerUnit) -> tuple[str, str]:
    """Heat and its limit; nothing where the zone limits another kind of heat."""
    return (DASH, DASH) if limit is None else (unit.show(kw), unit.show(limit))


def _halls_of(facility: Facility) -> dict[str, str]:
    """The halls of each zone."""
    halls: dict[str, dict[str, None]] = {}
    for place in facility.positions:
        if place.cooling_zone is not None:
            halls.setdefault(place.cooling_zone, {})[place.hall] = None
    return {zone: ", ".join(names) for zone, names in halls.items()}


def _unplaced(unplaced: Sequence[UnplacedRequest]) -> Grid:
    columns = [words("Request"), Column("Racks"), words("Kept away by")]
    rows = ((one.request, count(one.racks), kept_away(one.reasons)) for one in unplaced)
    return grid("Unplaced: racks without a position", columns, rows)
