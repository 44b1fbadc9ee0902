"""A rack, as ``capalloc show`` prints it."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType

from capalloc.calendar import format_days
from capalloc.report.figures import DASH, count
from capalloc.report.show_parts import Calendar, facts, fed, labelled, listed
from capalloc.report.table import Column, grid, words
from capalloc.schema.shown import RackPeriod, RackShown

_STATES = {
    "serves": "serves",
    "spare": "held as a spare",
    "idle": "idle, powered",
    "off": "off",
    "unusable": "stands, may not serve",
    "away": "not there",
}


def rack_page(rack: RackShown, calendar: Calendar) -> Iterator[RenderableType]:
    """What a rack is, where it stands, and whom it serves when."""
    yield facts(_facts(rack))
    lines = calendar.lines((one.period, _cells(one)) for one in rack.periods)
    columns = [calendar.head, words("State"), words("Demand"), Column("Draw kW")]
    yield grid(f"What {rack.name} does", columns, ((line.period, *line.cells) for line in lines))


def _facts(rack: RackShown) -> Iterator[tuple[str, str]]:
    gpus = f"{count(rack.gpus)} GPUs, " if rack.gpus else ""
    draws = f"{rack.nameplate_kw:g} kW nameplate, {rack.expected_kw:g} expected, {rack.idle_kw:g} idle"
    yield "Rack", f"{rack.name}: {rack.rack_type}, {gpus}{draws}"
    yield "Status", rack.status
    yield "Tenant", rack.tenant or ""
    yield "Position", _where(rack)
    yield "Feeds", listed([fed(one) for one in rack.feeds])
    yield "Zone", rack.zone or ""
    yield "Available", format_days(rack.available_from, rack.available_until)
    yield "Labels", labelled(rack.labels)


def _where(rack: RackShown) -> str:
    if rack.position is None:
        return "none: the plan places it nowhere"
    chosen = ", chosen by a plan" if rack.placed_by_plan else ""
    return f"{rack.position} in row {rack.row}{chosen}"


def _cells(one: RackPeriod) -> tuple[str, ...]:
    return (_STATES[one.state], one.demand or DASH, f"{one.draw_kw:,.1f}")
