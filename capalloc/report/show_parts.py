"""Tables that the things of ``capalloc show`` have in common."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rich.table import Table
from rich.text import Text

from capalloc.calendar import format_days
from capalloc.report.causes import in_words
from capalloc.report.figures import PowerUnit, count, percent, plural, power_unit
from capalloc.report.runs import Line, runs
from capalloc.report.table import Column, Grid, grid, words
from capalloc.schema.headroom import Fed, Fits, Held, Outage, Room
from capalloc.schema.rules import Rule

NOBODY = "nobody"
_NAMES_SHOWN = 8
_HELD = 4
"""Cells of a line of who holds what."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """How periods are shown."""

    labels: Sequence[str]
    """Every period of the plan."""
    unit: str
    all_periods: bool = False

    @property
    def head(self) -> Column:
        """The column of periods."""
        return words(self.unit.capitalize())

    def lines(self, cells: Iterable[tuple[str, Sequence[str]]]) -> list[Line]:
        """(period, its cells), with equal neighbours joined."""
        return runs((Line(period, tuple(row)) for period, row in cells), self.labels, self.all_periods)


def facts(lines: Iterable[tuple[str, str]]) -> Table:
    """What a thing is: a name and a value on each line; lines without a value are left out."""
    built = Table.grid(padding=(0, 2))
    built.add_column(style="bold", no_wrap=True)
    built.add_column(overflow="fold")
    for name, value in lines:
        if value:
            built.add_row(Text(name), Text(value))
    return built


def listed(names: Sequence[str], most: int = _NAMES_SHOWN) -> str:
    """Names behind each other, the first few of many."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f", … and {count(more)} more" if more > 0 else "")


def counted(names: Sequence[str], noun: str) -> str:
    """How many there are, and their names; nothing where there are none."""
    return f"{plural(len(names), noun)}: {listed(names)}" if names else ""


def outages(found: Sequence[Outage]) -> str:
    """Every outage with its days."""
    return "; ".join(f"{one.what} {format_days(one.start, one.until)}" for one in found)


def labelled(labels: Mapping[str, object]) -> str:
    """Labels with their values."""
    return listed([f"{key}: {value}" for key, value in labels.items()])


def fed(one: Fed) -> str:
    """Feeds, with their share where it is not even, and how many positions hang on them."""
    if one.feed_b is None:
        return f"{one.feed_a} alone ({count(one.positions)})"
    split = "" if one.split_a == 0.5 else f" with {percent(one.split_a, 0)} on {one.feed_a}"
    return f"{one.feed_a} + {one.feed_b}{split} ({count(one.positions)})"


def room_table(title: str, rooms: Sequence[tuple[str, Room]], calendar: Calendar) -> Grid:
    """kW left, free positions, and racks of each type that would still fit."""
    unit = power_unit(room.left_kw for _, room in rooms)
    types = [one.rack_type for one in rooms[0][1].fits] if rooms else []
    columns = [
        calendar.head,
        Column(f"Left {unit.name}"),
        Column(f"After loss {unit.name}"),
        *free_columns(room for _, room in rooms),
        *(Column(name) for name in types),
        words("Kept out by"),
    ]
    kept = any(room.kept for _, room in rooms)
    lines = calendar.lines((period, _room_cells(room, unit, kept)) for period, room in rooms)
    return grid(title, columns, ((line.period, *line.cells) for line in lines))


def free_columns(rooms: Iterable[Room]) -> list[Column]:
    """Free positions, and those of them that are kept, where any are."""
    return [Column("Free positions"), *([Column("Kept for later")] if any(room.kept for room in rooms) else [])]


def free_cells(room: Room, kept: bool) -> tuple[str, ...]:
    """The cells of :func:`free_columns`."""
    return (count(room.free), *([count(room.kept)] if kept else []))


def _room_cells(room: Room, unit: PowerUnit, kept: bool) -> tuple[str, ...]:
    power = unit.show(room.left_kw), unit.show(room.left_after_loss_kw)
    bounds = dict.fromkeys(bound(one) for one in room.fits)
    return (*power, *free_cells(room, kept), *map(fitting, room.fits), "; ".join(bounds))


def fitting(fits: Fits) -> str:
    """Racks that would fit, marked where more might."""
    return count(fits.racks) if fits.exact else f"≥ {count(fits.racks)}"


def bound(fits: Fits) -> str:
    """What keeps the next rack out."""
    if fits.rule is Rule.COMPATIBILITY:
        return f"free positions in {fits.where} are cooled otherwise"
    after = "" if fits.lost is None else f" after loss of {fits.lost}"
    return in_words(fits.rule, fits.where) + after


def held_table(title: str, held: Sequence[tuple[str, Sequence[Held]]], calendar: Calendar) -> Grid:
    """Racks and draw by demand and rack type; a period is named on its first line."""
    unit = power_unit(one.draw_kw for _, groups in held for one in groups)
    lines = calendar.lines((period, [cell for one in groups for cell in _held(one, unit)]) for period, groups in held)
    columns = [calendar.head, words("Held by"), words("Rack type"), Column("Racks"), Column(f"Draw {unit.name}")]
    return grid(title, columns, (row for line in lines for row in _held_rows(line)))


def _held(one: Held, unit: PowerUnit) -> tuple[str, ...]:
    return (one.demand or NOBODY, one.rack_type, count(one.racks), unit.show(one.draw_kw))


def _held_rows(line: Line) -> Iterator[tuple[str, ...]]:
    if not line.cells:
        yield (line.period, "no racks", "", "", "")
    for start in range(0, len(line.cells), _HELD):
        yield ("" if start else line.period, *line.cells[start : start + _HELD])
