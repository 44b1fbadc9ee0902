"""How much of a plan's revenue is firm."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from capalloc.calendar import Period, add_days, add_months
from capalloc.instance.model import DemandData, Instance
from capalloc.schema.demand import Contract
from capalloc.schema.plan import Plan


@dataclass(frozen=True, slots=True)
class Revenue:
    """A contract's fees over the horizon, undiscounted, split by how sure they are.

    Firm is what falls before ``firm_until``: the day when the contract could end if notice were given on the
    horizon's first day. Where nobody may give notice, all of it is firm.
    """

    demand: str
    firm_usd: float
    at_risk_usd: float
    firm_until: date


def revenue_of(instance: Instance, plan: Plan) -> Iterator[Revenue]:
    """Firm revenue and revenue at risk of each planned contract, from the plan's rows of demands."""
    periods = {period.label: period for period in instance.periods}
    for data in instance.demands:
        if not isinstance(data.demand, Contract):
            continue
        until = _firm_until(data, data.demand, instance.scenario.horizon.start)
        rows = [row for row in plan.demands if row.demand == data.name]
        firm = sum(row.revenue_usd * _share_before(until, data, periods[row.period]) for row in rows)
        yield Revenue(data.name, firm, sum(row.revenue_usd for row in rows) - firm, until)


def _firm_until(data: DemandData, contract: Contract, today: date) -> date:
    """The day when the contract ends if whoever may give notice does so on ``today``."""
    if contract.termination.by == "none":
        return data.term.end
    initial = add_months(data.term.start, contract.termination.initial_term_months)
    return min(data.term.end, add_days(max(today, initial), contract.termination.notice_days))


def _share_before(day: date, data: DemandData, period: Period) -> float:
    """Share of the term's days in the period that lie before ``day``."""
    start, end = data.term.overlap(period.start, period.end)
    return max(0, (min(end, day) - start).days) / (end - start).days if start < end else 0.0
