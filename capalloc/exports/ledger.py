"""What each demand gets and earns, period by period: the lines that finance works with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from capalloc.analysis.picture import Pictured
from capalloc.calendar import Period
from capalloc.schema.plan import DemandPeriod
from capalloc.schema.revenue import RevenuePeriod

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


def ledger_of(pictured: Pictured) -> list[Line]:
    """All lines, by period and then by demand in the scenario's order."""
    return list(_lines(pictured))


def _lines(pictured: Pictured) -> Iterator[Line]:
    periods = {period.label: period for period in pictured.periods}
    given = {(row.demand, row.period): row for row in pictured.plan.demands}
    contracts = {one.demand: one for one in pictured.revenue.contracts}
    for money in pictured.revenue.periods:
        contract = contracts.get(money.demand)
        kind: DemandKind = "workload"
        if contract is not None:
            kind = "prospect" if contract.firm_until is None else "contract"
        tenant = None if contract is None else contract.tenant
        yield Line(periods[money.period], money.demand, tenant, kind, given[money.demand, money.period], money)
