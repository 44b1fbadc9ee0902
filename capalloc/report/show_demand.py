"""A demand, as ``capalloc show`` prints it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import RenderableType

from capalloc.calendar import format_day, format_days
from capalloc.report.figures import DASH, PowerUnit, count, percent, plural, power_unit, usd
from capalloc.report.show_parts import Calendar, facts, held_table, listed
from capalloc.report.table import Column, Grid, grid, words
from capalloc.schema.shown import DemandShown, DemandShownPeriod, DemandStep, Stand

_PLACES_SHOWN = 6


def demand_page(demand: DemandShown, calendar: Calendar) -> Iterator[RenderableType]:
    """A demand's terms and steps, what it is delivered, by which racks, and where they stand."""
    yield facts(_facts(demand))
    yield _steps(demand)
    if not demand.periods:
        return
    yield _delivered(demand, calendar)
    yield held_table(f"Racks of {demand.name}", [(one.period, one.held) for one in demand.periods], calendar)
    yield _places(demand, calendar)


def _facts(demand: DemandShown) -> Iterator[tuple[str, str]]:
    kind = "workload" if demand.tenant is None else f"contract with {demand.tenant}"
    yield "Demand", f"{demand.name}: {kind}"
    if not demand.planned:
        yield "Planned", f"no, it is a prospect: capalloc plan with --prospect {demand.name} plans it"
    yield "Term", format_days(demand.start, demand.until)
    for key, value in demand.terms.items():
        yield key, _written(value)


def _written(value: Any) -> str:
    """A value as YAML has it on one line, without marks around plain words."""
    match value:
        case dict():
            return ", ".join(f"{key}: {_nested(part)}" for key, part in value.items())
        case list():
            return ", ".join(map(_nested, value))
        case str():
            return value
        case _:
            return json.dumps(value)


def _nested(value: Any) -> str:
    match value:
        case dict():
            return f"{{{_written(value)}}}"
        case list():
            return f"[{_written(value)}]"
        case _:
            return _written(value)


def _steps(demand: DemandShown) -> Grid:
    if demand.tenant is None:
        columns = [words("From"), Column("Wanted"), Column("Minimum"), words("Unit")]
        rows = [(format_day(one.start), _amount(one.amount), _amount(one.least), _unit(one)) for one in demand.steps]
        return grid(f"Steps of {demand.name}", columns, rows)
    columns = [words("From"), Column("Committed"), words("Unit"), Column("Fee factor")]
    rows = [(format_day(one.start), _amount(one.amount), _unit(one), _amount(one.fee_factor)) for one in demand.steps]
    return grid(f"Ramp of {demand.name}", columns, rows)


def _amount(amount: float | None) -> str:
    return DASH if amount is None else f"{amount:,.10g}"


def _unit(step: DemandStep) -> str:
    return {"mw": "MW", "gpus": "GPUs", "racks": "racks"}[step.unit]


def _delivered(demand: DemandShown, calendar: Calendar) -> Grid:
    unit = power_unit(max(one.wanted_kw, one.delivered_kw) for one in demand.periods)
    wanted, least = ("Wanted", "Minimum") if demand.tenant is None else ("Committed", "")
    columns = [
        calendar.head,
        Column(f"{wanted} {unit.name}"),
        *([Column(f"{least} {unit.name}")] if least else []),
        Column(f"Delivered {unit.name}"),
        Column(f"Draw {unit.name}"),
        Column("Racks"),
        Column("Spares"),
        Column("GPUs"),
        Column("Penalty"),
    ]
    lines = calendar.lines((one.period, _cells(one, unit, bool(least))) for one in demand.periods)
    return grid(f"Delivered to {demand.name}", columns, ((line.period, *line.cells) for line in lines))


def _cells(one: DemandShownPeriod, unit: PowerUnit, with_least: bool) -> tuple[str, ...]:
    least = (unit.show(one.committed_kw),) if with_least else ()
    counts = (count(one.racks), count(one.spares), count(one.gpus))
    power = (unit.show(one.wanted_kw), *least, unit.show(one.delivered_kw), unit.show(one.draw_kw))
    return (*power, *counts, usd(one.penalty_usd) if one.penalty_usd else DASH)


def _places(demand: DemandShown, calendar: Calendar) -> Grid:
    columns = [calendar.head, words("Halls"), words("Rows"), words("Most loaded contingency nodes")]
    lines = calendar.lines((one.period, _stands(one)) for one in demand.periods)
    title = f"Where {demand.name} stands: racks, and their share of all its racks"
    return grid(title, columns, ((line.period, *line.cells) for line in lines))


def _stands(one: DemandShownPeriod) -> tuple[str, ...]:
    rows = plural(len(one.rows), "row")
    largest = sorted(one.nodes, key=lambda stand: -stand.racks)
    return (_most(one.halls), rows if len(one.rows) > _PLACES_SHOWN else _most(one.rows), _most(largest))


def _most(stands: Sequence[Stand]) -> str:
    return listed([f"{one.name} {one.racks:,.10g} ({percent(one.share, 0)})" for one in stands], _PLACES_SHOWN) or DASH
