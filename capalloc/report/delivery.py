"""Power and GPUs by demand and period against the committed ramp."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rich.console import RenderableType
from rich.text import Text

from capalloc.calendar import Period
from capalloc.metrics import Asked
from capalloc.report.figures import DASH, PowerUnit, count, usd
from capalloc.report.runs import Days, Line, runs
from capalloc.report.table import Column, Grid, grid, words
from capalloc.schema.demand import Contract, Demand
from capalloc.schema.plan import DemandPeriod, Plan
from capalloc.schema.scenario import Scenario

_BASIS = {
    "it_nameplate": "IT nameplate",
    "it_expected": "IT expected",
    "facility": "facility load",
}
_NOISE = 1e-6
_MEAN = "mean: of all days of the period, of which some lie under another step of {} or outside its term"


@dataclass(frozen=True, slots=True)
class _Delivery:
    """One demand's rows, and how to write them."""

    demand: Demand
    asked: Asked
    unit: PowerUnit
    calendar: Mapping[str, Period]
    rows: Sequence[DemandPeriod]

    @property
    def contract(self) -> bool:
        return isinstance(self.demand, Contract)

    @property
    def short(self) -> bool:
        """Whether a contract is short in any period."""
        return self.contract and any(self.missing(row) for row in self.rows)

    def delivered(self, row: DemandPeriod) -> float:
        """What a row delivers, in the unit that the demand asks in."""
        return {"mw": row.delivered_kw, "gpus": float(row.gpus), "racks": float(row.racks)}[self.asked.unit]

    def missing(self, row: DemandPeriod) -> float:
        """What a row misses of its commitment or minimum."""
        missing = self.asked.least[row.period] - self.delivered(row)
        return missing if missing > _NOISE else 0.0

    def show(self, amount: float) -> str:
        """An amount in the unit that the demand asks in."""
        return self.unit.show(amount) if self.asked.unit == "mw" else count(round(amount))


def deliveries(
    scenario: Scenario, plan: Plan, asked: Sequence[Asked], unit: PowerUnit, all_periods: bool
) -> Iterator[RenderableType]:
    """One table for each planned demand, contracts first, and what a mean in it is."""
    demands = sorted(scenario.planned(frozenset(plan.prospects)), key=lambda demand: not isinstance(demand, Contract))
    days = Days.of(scenario.horizon)
    wishes = {one.demand: one for one in asked}
    for demand in demands:
        rows = [row for row in plan.demands if row.demand == demand.name]
        if rows:
            delivery = _Delivery(demand, wishes[demand.name], unit, days.periods, rows)
            yield _grid(delivery, days, plan.periods, all_periods)
            if any(row.period in delivery.asked.in_parts for row in rows):
                yield Text(_MEAN.format(demand.name), style="dim")


def _grid(delivery: _Delivery, days: Days, periods: Sequence[str], all_periods: bool) -> Grid:
    lines = [Line(row.period, _cells(row, delivery)) for row in delivery.rows]
    columns = [words(days.unit.capitalize()), *_columns(delivery)]
    joined = runs(lines, periods, all_periods, days)
    return grid(_title(delivery), columns, ((line.period, *line.cells) for line in joined))


def _title(delivery: _Delivery) -> str:
    demand, power = delivery.demand, delivery.unit.name
    if isinstance(demand, Contract):
        return f"{demand.name}: contract with {demand.tenant}, {power} of {_BASIS[demand.basis]}"
    return f"{demand.name}: workload, {power} of {demand.draw} draw"


def _columns(delivery: _Delivery) -> list[Column]:
    name = {"mw": delivery.unit.name, "gpus": "GPUs", "racks": "racks"}[delivery.asked.unit]
    asked = ["Committed"] if delivery.contract else ["Wanted", "Minimum"]
    heads = [f"{word} {name}" for word in (*asked, *(["Short"] if delivery.short else []))]
    money = Column("Fee per month" if delivery.contract else "Value per hour", optional=True)
    return [*(Column(head) for head in (*heads, f"Delivered {delivery.unit.name}", "Racks", "GPUs")), money]


def _cells(row: DemandPeriod, delivery: _Delivery) -> tuple[str, ...]:
    asked, period = delivery.asked, delivery.calendar[row.period]
    amounts = [asked.wanted[row.period]] if delivery.contract else [asked.wanted[row.period], asked.least[row.period]]
    cells = [delivery.show(amount) for amount in amounts]
    if delivery.short:
        missing = delivery.missing(row)
        cells.append(delivery.show(missing) if missing else DASH)
    money = usd(row.revenue_usd / (period.months if delivery.contract else period.hours))
    if row.period in asked.in_parts:
        money = f"mean {money}"
    return (*cells, delivery.unit.show(row.delivered_kw), count(row.racks), count(row.gpus), money)
