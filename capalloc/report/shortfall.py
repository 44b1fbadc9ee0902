"""What is missing: contracts and workloads that are short, and racks that found no place."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal

from rich.text import Text

from capalloc.calendar import format_day, parse_day
from capalloc.report.causes import kept_away
from capalloc.report.figures import DASH, PowerUnit, count, usd, usd_cents
from capalloc.report.runs import Days, Line, runs
from capalloc.report.table import Column, Grid, grid, words
from capalloc.schema.demand import Workload
from capalloc.schema.plan import Plan, Reason, Shortfall, Unplaced
from capalloc.schema.rules import Rule
from capalloc.schema.scenario import Scenario

Kind = Literal["contracts", "minima", "prospects"]
"""Whom a shortfall concerns: who has signed, ourselves, or who may sign."""


def by_kind(scenario: Scenario, plan: Plan) -> dict[Kind, list[Shortfall]]:
    """Shortfalls against signed contracts, against minima of workloads, and what prospects miss: kinds with any."""
    own = {workload.name for workload in scenario.workloads}
    unsigned = {contract.name for contract in scenario.contracts if scenario.is_prospect(contract)}
    kinds: dict[Kind, list[Shortfall]] = {}
    for row in plan.shortfalls:
        kind: Kind = "minima" if row.demand in own else "prospects" if row.demand in unsigned else "contracts"
        kinds.setdefault(kind, []).append(row)
    return {kind: kinds[kind] for kind in sorted(kinds)}


def shortfalls(scenario: Scenario, plan: Plan, unit: PowerUnit) -> Text:
    """A sentence for each run of short days: how much, where, at what price, and whether the tenant may leave."""
    workloads = {workload.name: workload for workload in scenario.workloads}
    kinds = by_kind(scenario, plan)
    heading = Text(f"Shortfalls against {' and '.join(kinds)}\n", style="bold")
    rows = (row for rows in kinds.values() for row in rows)
    lines = (f"- {sentence(row, workloads.get(row.demand), plan, unit)}" for row in rows)
    return heading.append("\n".join(lines), style="not bold")


def missing(plan: Plan, days: Days, all_periods: bool) -> Grid:
    """What each demand misses of its commitment or minimum, with the rules and places that keep it away."""
    columns = [words("Demand"), words("Periods"), Column("Racks"), words("Kept away by")]
    names = dict.fromkeys(row.demand for row in plan.unplaced)
    rows = (
        (name, line.period, *line.cells)
        for name in names
        for line in runs(_lines(name, plan.unplaced), plan.periods, all_periods, days)
    )
    return grid("Unplaced: racks missing from a commitment or a minimum", columns, rows)


def sentence(row: Shortfall, workload: Workload | None, plan: Plan, unit: PowerUnit) -> str:
    """How much is short, when, at what price, why, and whether the tenant may leave."""
    what = "short of" if workload is None else "below its minimum by"
    size = f"{row.demand} is {what} up to {unit.named(row.most_short_kw)}"
    dates = f"from {format_day(row.start)} until {format_day(row.until)} (excluded)"
    price = f"fee lost {usd(row.lost_fee_usd)}" if workload is None else _rate(workload)
    away = kept_away(_worst(row, plan))
    cause = "" if away == DASH else f" Kept away: {away}."
    leave = row.tenant_may_leave_from
    exit_ = "" if leave is None else f" The tenant may leave from {format_day(leave)} on."
    return f"{size} {dates}: penalty {usd(row.penalty_usd)}, {price}.{cause}{exit_}"


def _rate(workload: Workload) -> str:
    """What a GPU-hour below the minimum costs, and who says so."""
    by_default = "" if workload.penalty_usd_per_gpu_hour is not None else ", ten times its first tier by default"
    return f"{usd_cents(workload.shortage_usd_per_gpu_hour)} for each GPU-hour{by_default}"


def _worst(row: Shortfall, plan: Plan) -> tuple[Reason, ...]:
    """The reasons of the run's periods, each rule and place once with its most racks, most racks first."""
    most: dict[tuple[Rule, str], Reason] = {}
    touched = _labels(row, plan)
    for lack in plan.unplaced:
        if lack.demand == row.demand and lack.period in touched:
            for reason in lack.reasons:
                known = most.setdefault((reason.rule, reason.where), reason)
                most[reason.rule, reason.where] = max(known, reason, key=lambda one: one.racks)
    return tuple(sorted(most.values(), key=lambda one: -one.racks))


def _labels(row: Shortfall, plan: Plan) -> frozenset[str]:
    starts = [parse_day(label) for label in plan.periods]
    ends = [*starts[1:], date.max]
    dated = zip(plan.periods, starts, ends, strict=True)
    return frozenset(label for label, start, end in dated if start < row.until and row.start < end)


def _lines(name: str, unplaced: Iterable[Unplaced]) -> list[Line]:
    return [Line(row.period, (count(row.racks), kept_away(row.reasons))) for row in unplaced if row.demand == name]
