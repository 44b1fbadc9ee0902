"""A row or a hall, as ``capalloc show`` prints it."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType

from capalloc.analysis.show.record import Fed, PlaceShown
from capalloc.report.figures import count, percent, plural
from capalloc.report.show_parts import Calendar, counted, facts, held_table, listed, outages, room_table


def place_page(place: PlaceShown, calendar: Calendar) -> Iterator[RenderableType]:
    """What a row or hall is, the room in it, and who holds its racks."""
    yield facts(_facts(place))
    rooms = [(one.period, one.room) for one in place.periods]
    yield room_table(f"Room in {place.kind} {place.name}: racks that would still fit", rooms, calendar)
    held = [(one.period, one.held) for one in place.periods]
    yield held_table(f"Racks in {place.kind} {place.name}", held, calendar)


def _facts(place: PlaceShown) -> Iterator[tuple[str, str]]:
    cooled = ", ".join(f"{count(number)} {cooling}" for cooling, number in place.cooling.items())
    yield place.kind.capitalize(), f"{place.name}: {plural(place.positions, 'position')} ({cooled})"
    yield "Rows", counted(place.rows, "row")
    yield "Feeds", listed([_fed(one) for one in place.feeds])
    yield "Zones", listed(place.zones)
    yield "Outages", outages(place.outages)


def _fed(one: Fed) -> str:
    if one.feed_b is None:
        return f"{one.feed_a} alone ({count(one.positions)})"
    split = "" if one.split_a == 0.5 else f" {percent(one.split_a, 0)} on A"
    return f"{one.feed_a} + {one.feed_b}{split} ({count(one.positions)})"
