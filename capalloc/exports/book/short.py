"""What demands miss, for how long, what that costs, and what keeps racks away."""

from __future__ import annotations

from capalloc.exports.book.table import Column, Table
from capalloc.schema.plan import Plan

LOST, PENALTY = "Lost fee USD", "Penalty USD"
_SHORTFALLS = (
    Column("Demand"),
    Column("From", "day"),
    Column("Until", "day", note="The first day after."),
    Column("Most short kW", "kw", note="On the worst of the days."),
    Column(PENALTY, "usd", total=True),
    Column(LOST, "usd", total=True, note="What full delivery would have earned more; nothing for a workload."),
    Column("May leave from", "day", note="When the tenant may leave for it."),
)
_REASONS = (
    Column("Demand"),
    Column("Period"),
    Column("Missing racks", "count", note="Of its most preferred type."),
    Column("Rule", note="What keeps racks away."),
    Column("Where"),
    Column("Racks kept away", "count"),
)


def shortfalls_table(plan: Plan) -> Table:
    """A row for each run of days on which a demand is short."""
    rows = [
        (one.demand, one.start, one.until, one.most_short_kw, one.penalty_usd, one.lost_fee_usd,
         one.tenant_may_leave_from)
        for one in plan.shortfalls
    ]  # fmt: skip
    return Table("Shortfalls", _SHORTFALLS, rows)


def reasons_table(plan: Plan) -> Table:
    """A row for each reason why a demand misses racks in a period."""
    rows = [
        (one.demand, one.period, one.racks, reason.rule, reason.where, reason.racks)
        for one in plan.unplaced
        for reason in one.reasons
    ]
    return Table("Why short", _REASONS, rows)
