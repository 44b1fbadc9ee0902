"""What ``capalloc surplus`` prints: what can be sold by period, and one period in full."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from capalloc.report.about import about_line
from capalloc.report.causes import in_words
from capalloc.report.figures import DASH, PowerUnit, count, plural, power_unit
from capalloc.report.runs import Days, Line, runs
from capalloc.report.table import Column, Grid, grid, words
from capalloc.schema.scenario import Horizon
from capalloc.schema.surplus import Lots, Sellable, Stranded, Surplus

_PLACES_SHOWN = 3
_LINES_SHOWN = 12


def surplus_page(answer: Surplus, horizon: Horizon, all_periods: bool = False) -> Iterator[RenderableType]:
    """Tables over all periods, then the first of them in full."""
    yield Text(about_line(answer.about))
    unit = power_unit(one.sellable_kw for one in (*answer.periods, *answer.lasting))
    days = Days.of(horizon)
    yield _by_period("Sellable in each period alone", answer.periods, answer, unit, days, all_periods)
    title = "Sellable from each period to the horizon's end, the same racks all the way"
    yield _by_period(title, answer.lasting, answer, unit, days, all_periods)
    yield from _notes(answer)
    for one in answer.periods[:1]:
        yield from _in_full(one, f"in {one.period} alone", unit)
    for one in answer.lasting[:1]:
        yield from _in_full(one, f"from {one.period} to the end", unit)


def _by_period(
    title: str, found: Sequence[Sellable], answer: Surplus, unit: PowerUnit, days: Days, all_periods: bool
) -> Grid:
    heads = [Column(f"Sold {unit.name}"), Column("GPUs"), Column("Racks")]
    heads += [Column(f"Lots of {count(gpus)}") for gpus in answer.terms.lots]
    lines = runs((Line(one.period, _cells(one, unit)) for one in found), [*days.periods], all_periods, days)
    return grid(title, [words(days.unit.capitalize()), *heads], ((line.period, *line.cells) for line in lines))


def _cells(one: Sellable, unit: PowerUnit) -> tuple[str, ...]:
    kw = unit.show(one.sellable_kw) + ("" if one.proven else "+")
    return (kw, count(one.sellable_gpus), count(one.racks), *map(_lots, one.lots))


def _lots(lots: Lots) -> str:
    return count(lots.count) if lots.proven else f"{count(lots.count)} to {count(lots.at_most)}"


def _notes(answer: Surplus) -> Iterator[Text]:
    every = (*answer.periods, *answer.lasting)
    yield Text(
        "Lots of one size can be sold together, each whole in one fabric block (row where there are none) and of one "
        "rack type; figures of two sizes, of two periods and of the two tables do not add up.",
        style="dim",
    )
    if any(not one.proven for one in every):
        yield Text("+: at least; more is not excluded (at_most_kw in --json).", style="dim")
    if any(one.switched_off for one in every):
        yield Text("Some of it needs racks switched off that serve nobody: see the periods in full.", style="dim")


def _in_full(one: Sellable, what: str, unit: PowerUnit) -> Iterator[RenderableType]:
    if one.by_hall:
        cells = ((h.hall, h.rack_type, unit.show(h.kw), count(h.gpus), count(h.racks)) for h in one.by_hall)
        columns = [words("Hall"), words("Rack type"), Column(f"Sold {unit.name}"), Column("GPUs"), Column("Racks")]
        yield grid(f"Sold {what}", columns, cells)
    else:
        yield Text(f"Nothing can be sold {what}", style="bold")
    if one.switched_off:
        yield Text(f"With {plural(one.switched_off, 'idle rack')} switched off", style="dim")
    if one.binding:
        yield _binding(one, what, unit)
    yield _stranded(one, what)


def _binding(one: Sellable, what: str, unit: PowerUnit) -> Grid:
    shown = [(in_words(k.rule, k.where), count(k.racks), unit.show(k.kw)) for k in one.binding[:_LINES_SHOWN]]
    if more := one.binding[_LINES_SHOWN:]:
        rest = sum(k.racks for k in more), sum(k.kw for k in more)
        shown.append((f"{count(len(more))} more", count(rest[0]), unit.show(rest[1])))
    return grid(f"Idle racks kept from being sold {what}", [words("By"), Column("Racks"), Column(unit.name)], shown)


def _stranded(one: Sellable, what: str) -> Grid:
    unit = power_unit([one.roots_left_kw])
    by_cause: dict[str, list[Stranded]] = defaultdict(list)
    for part in one.stranded:
        by_cause[part.cause].append(part)
    rows = [
        ("beside the load", DASH, unit.show(one.roots_left_kw)),
        ("taken by the surplus", DASH, unit.show(one.roots_taken_kw)),
    ]
    rows += [
        (f"stranded by {cause}", _where(parts), unit.show(sum(p.kw for p in parts)))
        for cause, parts in by_cause.items()
    ]
    return grid(f"What the roots could carry {what}", [words("What"), words("Where"), Column(unit.name)], rows)


def _where(parts: Sequence[Stranded]) -> str:
    more = len(parts) - _PLACES_SHOWN
    return ", ".join(part.where for part in parts[:_PLACES_SHOWN]) + (f", … and {count(more)} more" if more > 0 else "")
