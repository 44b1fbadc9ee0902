"""A power node, as ``capalloc show`` prints it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType

from capalloc.calendar import format_days
from capalloc.report.figures import DASH, PowerUnit, percent, plural, power_unit
from capalloc.report.headroom import kept
from capalloc.report.show_parts import Calendar, counted, facts, held_table, labelled, outages, room_table
from capalloc.report.table import Column, Grid, grid, words
from capalloc.schema.shown import NodePeriod, NodeShown


def node_page(node: NodeShown, calendar: Calendar) -> Iterator[RenderableType]:
    """What a node is, its load and limits, the room at its positions, and who holds its racks."""
    unit = power_unit((node.rated_kw, *(one.load_kw for one in node.periods)))
    yield facts(_facts(node, unit))
    yield _loads(node, unit, calendar)
    rooms = [(one.period, one.room) for one in node.periods]
    title = f"Room at the {plural(rooms[0][1].positions, 'position')} on {node.name}: racks that would still fit"
    yield room_table(title, rooms, calendar)
    held = [(one.period, one.held) for one in node.periods]
    yield held_table(f"Racks that hang on {node.name}, by one feed at least", held, calendar)


def _facts(node: NodeShown, unit: PowerUnit) -> Iterator[tuple[str, str]]:
    yield "Node", f"{node.name}: {node.node_kind}" + (", a contingency" if node.contingency else "")
    yield "Path", " > ".join((*node.path, node.name))
    yield "Children", counted(node.children, "node")
    yield "Rows", counted(node.rows, "row")
    yield "Rating", _rating(node, unit)
    yield "Carries", "facility load: rack kW times PUE" if node.load == "facility" else "rack kW"
    yield "Static load", unit.named(node.static_load_kw) if node.static_load_kw else ""
    yield "Available", format_days(node.available_from, node.available_until)
    for one in node.supplies:
        kind = "" if one.firm else ", interruptible"
        yield "Supply", f"{one.name}: {unit.named(one.kw)} {format_days(one.start, one.until)}".rstrip() + kind
    yield "Outages", outages(node.outages)
    yield "Labels", labelled(node.labels)


def _rating(node: NodeShown, unit: PowerUnit) -> str:
    usable = node.rated_kw * node.max_utilization
    normal = f"{unit.named(usable)} of it in normal operation" if node.max_utilization < 1 else "all of it usable"
    failover = f"{unit.named(node.failover_kw)} while another node is out"
    return f"{unit.named(node.rated_kw)}; {normal}, {failover}"


def _loads(node: NodeShown, unit: PowerUnit, calendar: Calendar) -> Grid:
    columns = [
        calendar.head,
        Column(f"Load {unit.name}"),
        Column(f"Limit {unit.name}"),
        Column(f"Left {unit.name}"),
        Column("Used"),
        words("Worst loss"),
        Column(f"Load then {unit.name}"),
        Column(f"Limit then {unit.name}"),
        Column(f"Left then {unit.name}"),
    ]
    lines = calendar.lines((one.period, _cells(one, unit)) for one in node.periods)
    what = f"Load and limit of {node.name} in {unit.name}: in normal operation, and after the loss that asks most"
    title = what + kept(node.reserve_kw, unit)
    return grid(title, columns, ((line.period, *line.cells) for line in lines))


def _cells(one: NodePeriod, unit: PowerUnit) -> Sequence[str]:
    used = DASH if not one.limit_kw else percent(one.load_kw / one.limit_kw)
    normal = (*(unit.show(kw) for kw in (one.load_kw, one.limit_kw, one.headroom_kw)), used)
    if one.dark_by is not None:
        return (*normal, f"dark: {one.dark_by} is down", DASH, DASH, DASH)
    if one.worst is None:
        return (*normal, DASH, DASH, DASH, DASH)
    worst = one.worst
    return (*normal, worst.lost, *(unit.show(kw) for kw in (worst.load_kw, worst.limit_kw, worst.headroom_kw)))
