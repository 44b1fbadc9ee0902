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
from capalloc.schema.surplus import Lots, Sellable, Stranded, StrandedCause, Surplus

_PLACES_SHOWN = 3
_LINES_SHOWN = 10
_LASTING = "from each period to the horizon's end, the same racks all the way"
_CAUSES: dict[StrandedCause, str] = {
    "power": "power: limits of nodes",
    "failover": "failover: limits after a loss",
    "supply": "supply: reserve, supplies, bring-up",
    "cooling": "cooling: heat of zones",
    "space": "space: no idle rack to sell",
    "isolation": "isolation: others stand alone",
    "locality": "locality: too few for a lot",
    "held": "held: idle racks that are kept",
}
_LOTS = (
    "Lots of one size can be sold together, each whole in one fabric block (row where there are none) and of one rack "
    "type; lots of two sizes, figures of two periods and those of the two tables do not add up."
)
_DELIVERED = (
    "Nor are deliveries moved: {count} of them keep the positions that this plan gives them. A new plan with this one "
    "as incumbent may put those that have yet to come elsewhere, and sell more."
)
_ROOTS = (
    "Taken: what sold racks draw more than they did idle, with the losses of the facility, less what is switched off. "
    "The rest is stranded: rules are let go of one after the other, each line is what could then be drawn in addition."
)


def surplus_page(answer: Surplus, horizon: Horizon, all_periods: bool = False) -> Iterator[RenderableType]:
    """Tables over all periods, then the first of them in full."""
    yield Text(about_line(answer.about))
    unit = power_unit(one.sellable_kw for one in (*answer.periods, *answer.lasting.periods))
    table = _Table(answer, unit, Days.of(horizon), all_periods)
    if answer.periods:
        yield table.of("Sellable in each period alone", answer.periods)
    if answer.lasting.periods:
        yield table.of(f"Sellable {_LASTING}", answer.lasting.periods)
    yield from _notes(answer)
    for one in answer.periods[:1]:
        yield from _in_full(one, f"in {one.period} alone", unit)
    for one in answer.lasting.periods[:1]:
        yield from _in_full(one, f"from {one.period} to the end", unit)
    if answer.periods or answer.lasting.periods:
        yield Text(_ROOTS, style="dim")


class _Table:
    """Periods line by line, equal neighbours joined."""

    def __init__(self, answer: Surplus, unit: PowerUnit, days: Days, all_periods: bool) -> None:
        self._unit, self._days, self._all = unit, days, all_periods
        heads = [Column(f"Sold {unit.name}"), Column("GPUs"), Column("Racks")]
        heads += [Column(f"Lots of {count(gpus)}") for gpus in answer.terms.lots]
        self._columns = [
            words(days.unit.capitalize()),
            *heads,
            Column("Most kept idle by", figures=False, optional=True),
        ]

    def of(self, title: str, found: Sequence[Sellable]) -> Grid:
        lines = (Line(one.period, self._cells(one)) for one in found)
        joined = runs(lines, [*self._days.periods], self._all, self._days)
        return grid(title, self._columns, ((line.period, *line.cells) for line in joined))

    def _cells(self, one: Sellable) -> tuple[str, ...]:
        sold = self._unit.show(one.sellable_kw) + ("" if one.proven else "+")
        binds = f"{in_words(one.binding[0].rule, one.binding[0].where)}" if one.binding else DASH
        return (sold, count(one.sellable_gpus), count(one.racks), *map(_lots, one.lots), binds)


def _lots(lots: Lots) -> str:
    return count(lots.count) if lots.proven else f"{count(lots.count)} to {count(lots.at_most)}"


def _notes(answer: Surplus) -> Iterator[Text]:
    every = (*answer.periods, *answer.lasting.periods)
    yield Text(_LOTS, style="dim")
    if any(not one.proven for one in every):
        yield Text("+: at least; that no more can be sold is not proven (at_most_kw in --json).", style="dim")
    if answer.deliveries:
        yield Text(_DELIVERED.format(count=count(answer.deliveries)), style="dim")
    if not answer.complete:
        yield Text("Cut short: periods that are missing were not looked at.", style="red")


def _in_full(one: Sellable, what: str, unit: PowerUnit) -> Iterator[RenderableType]:
    if one.by_hall:
        yield _by_hall(one, what, unit)
    else:
        yield Text(f"Nothing can be sold {what}", style="bold")
    if one.switched_off:
        yield Text(
            f"To make room for it {plural(one.switched_off, 'rack')} that nobody has are switched off.", style="dim"
        )
    if one.binding:
        yield _binding(one, what, unit)
    yield _roots(one, what)


def _by_hall(one: Sellable, what: str, unit: PowerUnit) -> Grid:
    """Racks by hall and type, and lots there."""
    lots = [{(there.hall, there.rack_type): there.count for there in size.by_hall} for size in one.lots]
    sold = {(there.hall, there.rack_type): there for there in one.by_hall}
    rows = []
    for place in dict.fromkeys((*sold, *(place for size in lots for place in size))):
        there = sold.get(place)
        cells = (unit.show(there.kw), count(there.gpus), count(there.racks)) if there else (DASH,) * 3
        rows.append((*place, *cells, *(count(size.get(place, 0)) for size in lots)))
    heads = [Column(f"Sold {unit.name}"), Column("GPUs"), Column("Racks")]
    heads += [Column(f"Lots of {count(size.gpus)}") for size in one.lots]
    return grid(f"Sold {what}", [words("Hall"), words("Rack type"), *heads], rows)


def _binding(one: Sellable, what: str, unit: PowerUnit) -> Grid:
    shown = [(in_words(kept.rule, kept.where), count(kept.racks), unit.show(kept.kw)) for kept in one.binding]
    more = one.binding[_LINES_SHOWN:]
    if more:
        racks, kw = sum(kept.racks for kept in more), sum(kept.kw for kept in more)
        shown[_LINES_SHOWN:] = [(f"{count(len(more))} more", count(racks), unit.show(kw))]
    return grid(f"Idle racks kept from being sold {what}", [words("By"), Column("Racks"), Column(unit.name)], shown)


def _roots(one: Sellable, what: str) -> Grid:
    unit = power_unit([one.roots_left_kw])
    by_cause: dict[StrandedCause, list[Stranded]] = defaultdict(list)
    for part in one.stranded:
        by_cause[part.cause].append(part)
    rows = [("taken by the surplus", DASH, unit.show(one.roots_taken_kw))]
    rows += [(_CAUSES[cause], _where(p), unit.show(sum(part.kw for part in p))) for cause, p in by_cause.items()]
    rows.append(("left beside the plan's load", "", unit.show(one.roots_left_kw)))
    columns = [words("What"), words("Where"), Column(unit.name)]
    return grid(f"What the roots could carry in addition {what}", columns, rows, last_is_total=True)


def _where(parts: Sequence[Stranded]) -> str:
    more = len(parts) - _PLACES_SHOWN
    return ", ".join(part.where for part in parts[:_PLACES_SHOWN]) + (f", … {count(more)} more" if more > 0 else "")
