"""What the site has left, and where it is tightest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from rich.console import RenderableType
from rich.text import Text

from capalloc.metrics import SitePeriod, Tightest
from capalloc.report.figures import DASH, PowerUnit, count, percent, power_unit
from capalloc.report.runs import Days, Line, runs, span
from capalloc.report.show_parts import fitting, free_cells, free_columns
from capalloc.report.table import Column, Grid, grid, words
from capalloc.schema.headroom import Headroom


def headroom(site: Sequence[SitePeriod], days: Days, unit: PowerUnit, all_periods: bool) -> Grid:
    """Site load, limit and what is left; the tightest node in normal operation or after a loss."""
    columns = [
        words(days.unit.capitalize()),
        Column(f"Load {unit.name}"),
        Column(f"Limit {unit.name}"),
        Column(f"Left {unit.name}"),
        words("Tightest node"),
        Column("Used"),
    ]
    lines = [Line(row.period, _cells(row, unit)) for row in site]
    joined = runs(lines, [row.period for row in site], all_periods, days)
    title = f"Headroom of the site: load and limit in {unit.name} in normal operation{kept(site[0].reserve_kw, unit)}"
    return grid(title, columns, ((line.period, *line.cells) for line in joined))


def kept(reserve_kw: float, unit: PowerUnit) -> str:
    """What of the kW left on all roots together is the reserve; nothing where none is kept."""
    return f"; of what the site has left, {unit.named(reserve_kw)} are the reserve" if reserve_kw else ""


def _cells(row: SitePeriod, unit: PowerUnit) -> tuple[str, ...]:
    found = [tightest for tightest in (row.normal, row.failover) if tightest is not None]
    power = (unit.show(row.load_kw), unit.show(row.limit_kw), unit.show(row.left_kw))
    if not found:
        return (*power, DASH, DASH)
    tightest = max(found, key=lambda one: one.utilization)
    return (*power, _where(tightest), percent(tightest.utilization))


def _where(tightest: Tightest) -> str:
    return tightest.node if tightest.lost is None else f"{tightest.node} after loss of {tightest.lost}"


def headroom_by_place(places: Sequence[Headroom], most: int | None = None, of: int = 0) -> Iterator[RenderableType]:
    """kW left and racks that would still fit by hall and contingency node, each at its tightest period.

    Neighbours with equal figures share a line; of more than ``most`` lines of halls, or of nodes, the tightest
    show; ``of`` is how many halls and nodes there are.
    """
    unit = power_unit(one.room.left_kw for one in places)
    types = [one.rack_type for one in places[0].room.fits] if any(one.room.free for one in places) else []
    columns = [
        words("Hall or node"),
        words("Tightest"),
        Column(f"Left {unit.name}"),
        Column(f"After loss {unit.name}"),
        *free_columns(one.room for one in places),
        *(Column(name, optional=True) for name in types),
    ]
    kinds = [[one for one in places if one.kind == kind] for kind in ("hall", "node")]
    kept = any(one.room.kept for one in places)
    lines = [_alike(kind, unit, bool(types), kept) for kind in kinds]
    shown = [line for kind in lines for line in _tightest_lines(kind, most)]
    title = f"Headroom by hall and contingency node, {unit.name} in normal operation and after any loss; racks that fit"
    yield grid(title, columns, [line.cells for line in shown])
    hidden = of - sum(line.places for line in shown)
    if hidden > 0:
        yield Text(f"… and {count(hidden)} more; capalloc show lists them", style="dim")
    if kept:
        yield Text(_KEPT, style="dim")


_KEPT = "Kept for later: free positions that racks take when they arrive. capalloc place counts them as held."


@dataclass(frozen=True, slots=True)
class _PlaceLine:
    """A line of halls or nodes whose figures are equal."""

    cells: tuple[str, ...]
    places: int
    left_kw: float


def _alike(places: Sequence[Headroom], unit: PowerUnit, with_types: bool, kept: bool) -> list[_PlaceLine]:
    grouped = [
        (cells, list(group)) for cells, group in groupby(places, lambda one: _place_cells(one, unit, with_types, kept))
    ]
    return [
        _PlaceLine((_names(group), *cells), len(group), group[0].room.left_after_loss_kw) for cells, group in grouped
    ]


def _names(places: Sequence[Headroom]) -> str:
    return span(places[0].name, places[-1].name) + (f" ({count(len(places))})" if len(places) > 2 else "")


def _tightest_lines(lines: Sequence[_PlaceLine], most: int | None) -> list[_PlaceLine]:
    """Those with least left, in the order of the site."""
    if most is None:
        return list(lines)
    tightest = sorted(range(len(lines)), key=lambda number: (lines[number].left_kw, number))[:most]
    return [lines[number] for number in sorted(tightest)]


def _place_cells(one: Headroom, unit: PowerUnit, with_types: bool, kept: bool) -> tuple[str, ...]:
    room = one.room
    power = unit.show(room.left_kw), unit.show(room.left_after_loss_kw)
    fits = map(fitting, room.fits) if with_types else ()
    return (one.period, *power, *free_cells(room, kept), *fits)
