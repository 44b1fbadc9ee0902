"""What a plan comes to, and what it is as today's plan of another question."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from capalloc.schema.plan import Assignment, Plan
from capalloc.schema.scenario import Scenario
from capalloc.schema.whatif import Missed


def incumbent_of(scenario: Scenario, plan: Plan) -> Plan:
    """A plan as far as an incumbent is looked at, after what an incumbent of the scenario's own did before it.

    So racks that still cool after a hand-over are known to.
    """
    start = scenario.horizon.start
    until = max(start, scenario.policy.freeze_until or start)
    before = scenario.incumbent.assignments if scenario.incumbent else ()
    kept = [*_before(before, start), *(entry for entry in plan.assignments if entry.start <= until)]
    return plan.replace(
        assignments=tuple(kept), demands=(), shortfalls=(), unplaced=(), prices=(), demand_prices=(), off=(), buffers=()
    )


def _before(entries: Iterable[Assignment], day: date) -> Iterable[Assignment]:
    for entry in entries:
        if entry.start < day:
            yield entry.replace(until=min(entry.until, day))


def money_of(scenario: Scenario, plan: Plan) -> dict[str, float]:
    """Fees, values and penalties over the horizon, not discounted."""
    own = {workload.name for workload in scenario.workloads}
    return {
        "fees_usd": sum(row.revenue_usd for row in plan.demands if row.demand not in own),
        "values_usd": sum(row.revenue_usd for row in plan.demands if row.demand in own),
        "penalties_usd": sum(row.penalty_usd for row in plan.demands),
    }


def missed_of(plan: Plan) -> tuple[Missed, ...]:
    """What demands get less than their commitments, by period."""
    short = {(lack.demand, lack.period) for lack in plan.unplaced}
    return tuple(
        Missed(demand=row.demand, period=row.period, short_kw=round(max(row.committed_kw - row.delivered_kw, 0.0), 6))
        for row in plan.demands
        if (row.demand, row.period) in short
    )
