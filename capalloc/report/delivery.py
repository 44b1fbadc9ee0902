"""Power and GPUs by demand and period against the committed ramp."""

from __future__ import annotations

from collections.abc import Iterator

from capalloc.calendar import Period
from capalloc.report.figures import DASH, PowerUnit, count, usd
from capalloc.report.runs import Line, runs
from capalloc.report.table import Column, Grid, grid, words
from capalloc.schema.demand import Contract, Demand
from capalloc.schema.plan import DemandPeriod, Plan
from capalloc.schema.scenario import Scenario

_BASIS = {
    "it_nameplate": "IT nameplate",
    "it_expected": "IT expected",
    "facility": "facility load",
}
_NOISE_KW = 1e-6


def deliveries(scenario: Scenario, plan: Plan, unit: PowerUnit, all_periods: bool) -> Iterator[Grid]:
    """One table for each planned demand, contracts first."""
    demands = sorted(scenario.planned(frozenset(plan.prospects)), key=lambda demand: not isinstance(demand, Contract))
    for demand in demands:
        rows = [row for row in plan.demands if row.demand == demand.name]
        if rows:
            yield _delivery(demand, rows, scenario, plan, unit, all_periods)


def _delivery(
    demand: Demand, rows: list[DemandPeriod], scenario: Scenario, plan: Plan, unit: PowerUnit, all_periods: bool
) -> Grid:
    contract = isinstance(demand, Contract)
    short = contract and any(_short_kw(row) for row in rows)
    calendar = {period.label: period for period in scenario.horizon.periods}
    lines = [Line(row.period, _cells(row, unit, contract, short, calendar[row.period])) for row in rows]
    columns = _columns(unit, contract, short, scenario.horizon.period)
    joined = runs(lines, plan.periods, all_periods)
    return grid(_title(demand, unit), columns, ((line.period, *line.cells) for line in joined))


def _title(demand: Demand, unit: PowerUnit) -> str:
    if isinstance(demand, Contract):
        return f"{demand.name}: contract with {demand.tenant}, {unit.name} of {_BASIS[demand.basis]}"
    return f"{demand.name}: workload, {unit.name} of {demand.draw} draw"


def _columns(unit: PowerUnit, contract: bool, short: bool, period: str) -> list[Column]:
    power = [f"Committed {unit.name}", f"Delivered {unit.name}"] if contract else [f"Wanted {unit.name}"]
    power += [f"Short {unit.name}"] if short else []
    power += [] if contract else [f"Minimum {unit.name}", f"Delivered {unit.name}"]
    money = "Fee per month" if contract else "Value per hour"
    return [
        words(period.capitalize()),
        *(Column(head) for head in (*power, "Racks", "GPUs")),
        Column(money, optional=True),
    ]


def _cells(row: DemandPeriod, unit: PowerUnit, contract: bool, short: bool, period: Period) -> tuple[str, ...]:
    if contract:
        power = [unit.show(row.committed_kw), unit.show(row.delivered_kw)]
        power += [_shown_short(row, unit)] if short else []
        money = usd(row.revenue_usd / period.months)
    else:
        power = [unit.show(kw) for kw in (row.wanted_kw, row.committed_kw, row.delivered_kw)]
        money = usd(row.revenue_usd / period.hours)
    return (*power, count(row.racks), count(row.gpus), money)


def _short_kw(row: DemandPeriod) -> float:
    short = row.committed_kw - row.delivered_kw
    return short if short > _NOISE_KW else 0.0


def _shown_short(row: DemandPeriod, unit: PowerUnit) -> str:
    short = _short_kw(row)
    return unit.show(short) if short else DASH
