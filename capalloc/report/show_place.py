"""A row, a hall, a cooling zone or a position, as ``capalloc show`` prints it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType

from capalloc.calendar import format_days
from capalloc.report.figures import DASH, PowerUnit, count, plural, power_unit
from capalloc.report.show_parts import (
    Calendar,
    counted,
    facts,
    fed,
    held_table,
    labelled,
    listed,
    outages,
    room_table,
)
from capalloc.report.table import Column, Grid, grid, words
from capalloc.schema.shown import PlacePeriod, PlaceShown, PositionPeriod, PositionShown, ZonePeriod, ZoneShown


def place_page(place: PlaceShown, calendar: Calendar) -> Iterator[RenderableType]:
    """What a row or hall is, the room in it, and who holds its racks."""
    cooled = ", ".join(f"{count(number)} {cooling}" for cooling, number in place.cooling.items())
    yield facts(
        [
            (place.kind.capitalize(), f"{place.name}: {plural(place.positions, 'position')} ({cooled})"),
            ("Rows", counted(place.rows, "row")),
            ("Feeds", listed([fed(one) for one in place.feeds])),
            ("Zones", listed(place.zones)),
            ("Outages", outages(place.outages)),
        ]
    )
    yield from _room_and_racks(f"{place.kind} {place.name}", place.periods, calendar)


def _room_and_racks(
    name: str, periods: Sequence[PlacePeriod | ZonePeriod | PositionPeriod], calendar: Calendar
) -> Iterator[Grid]:
    yield room_table(
        f"Room in {name}: racks that would still fit", [(one.period, one.room) for one in periods], calendar
    )
    yield held_table(f"Racks in {name}", [(one.period, one.held) for one in periods], calendar)


def zone_page(zone: ZoneShown, calendar: Calendar) -> Iterator[RenderableType]:
    """What a zone cools, its heat against its limits, the room in it, and who holds its racks."""
    yield facts(
        [
            ("Zone", f"{zone.name}: {plural(zone.positions, 'position')}"),
            ("Rows", counted(zone.rows, "row")),
            ("Available", format_days(zone.available_from, zone.available_until)),
            ("Labels", labelled(zone.labels)),
        ]
    )
    yield _heat(zone, calendar)
    yield from _room_and_racks(f"zone {zone.name}", zone.periods, calendar)


def _heat(zone: ZoneShown, calendar: Calendar) -> Grid:
    unit = power_unit(one.limit_kw for period in zone.periods for one in period.heat)
    kinds = [one.what for one in zone.periods[0].heat]
    heads = (f"{kind.capitalize()} {word} {unit.name}" for kind in kinds for word in ("heat", "limit", "left"))
    lines = calendar.lines((one.period, _heat_cells(one, unit)) for one in zone.periods)
    columns = [calendar.head, *map(Column, heads)]
    return grid(f"Heat in zone {zone.name}", columns, ((line.period, *line.cells) for line in lines))


def _heat_cells(period: ZonePeriod, unit: PowerUnit) -> list[str]:
    return [unit.show(kw) for one in period.heat for kw in (one.load_kw, one.limit_kw, one.headroom_kw)]


def position_page(position: PositionShown, calendar: Calendar) -> Iterator[RenderableType]:
    """Where a position is, who stands there when, and what it has room for."""
    yield facts(
        [
            ("Position", f"{position.name}: number {position.index} of row {position.row}"),
            ("Cooling", position.cooling + (f", zone {position.zone}" if position.zone else "")),
            ("Feeds", listed([fed(one) for one in position.feeds])),
            ("Fabric block", position.fabric_block or ""),
            ("Labels", labelled(position.labels)),
        ]
    )
    lines = calendar.lines((one.period, _stands(one)) for one in position.periods)
    columns = [calendar.head, words("Rack"), words("Held by"), Column("Draw kW"), words("Power")]
    yield grid(f"Racks at {position.name}", columns, ((line.period, *line.cells) for line in lines))
    rooms = [(one.period, one.room) for one in position.periods]
    yield room_table(f"Room at {position.name}: racks that would still fit", rooms, calendar)


def _stands(one: PositionPeriod) -> tuple[str, ...]:
    holders = ", ".join(group.demand or "nobody" for group in one.held)
    draw = sum(group.draw_kw for group in one.held)
    power = "on" if one.dark_by is None else f"dark: {one.dark_by}"
    return (listed(one.racks) or "free", holders or DASH, f"{draw:,.1f}", power)
