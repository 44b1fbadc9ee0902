"""What each demand gets and earns, period by period: the lines that finance works with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from capalloc.analysis.base import Base
from capalloc.analysis.revenue import revenue_of_base
from capalloc.calendar import Period
from capalloc.schema.plan import DemandPeriod
from capalloc.schema.revenue import RevenueAnswer, RevenuePeriod

DemandKind = Literal["contract", "prospect", "workload"]


@dataclass(frozen=True, slots=True)
class Line:
    """A demand in a period that its term touches."""

    period: Period
    demand: str
    tenant: str | None
    """None for a workload."""
    kind: DemandKind
    given: DemandPeriod
    money: RevenuePeriod

    @property
    def net_usd(self) -> float:
        """Fee and value less penalty."""
        return self.money.fee_usd + self.money.value_usd - self.money.penalty_usd


@dataclass(frozen=True, slots=True)
class Ledger:
    """All lines, by period and then by demand in the scenario's order, and what they come to."""

    lines: tuple[Line, ...]
    revenue: RevenueAnswer


def ledger_of(base: Base) -> Ledger:
    """The lines of a plan."""
    revenue = revenue_of_base(base)
    return Ledger(tuple(_lines(base, revenue)), revenue)


def _lines(base: Base, revenue: RevenueAnswer) -> Iterator[Line]:
    periods = {period.label: period for period in base.scenario.horizon.periods}
    given = {(row.demand, row.period): row for row in base.plan.demands}
    contracts = {one.demand: one for one in revenue.contracts}
    for money in revenue.periods:
        contract = contracts.get(money.demand)
        kind: DemandKind = "workload"
        if contract is not None:
            kind = "prospect" if contract.firm_until is None else "contract"
        tenant = None if contract is None else contract.tenant
        yield Line(periods[money.period], money.demand, tenant, kind, given[money.demand, money.period], money)
