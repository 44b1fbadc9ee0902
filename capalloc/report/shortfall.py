"""What is missing: contracts that are short, and racks that found no place."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from rich.text import Text

from capalloc.calendar import format_day, parse_day
from capalloc.report.figures import DASH, PowerUnit, count, plural, usd
from capalloc.report.runs import Line, runs
from capalloc.report.table import Column, Grid, grid, words
from capalloc.schema.plan import Plan, Reason, Shortfall, Unplaced
from capalloc.schema.rules import Rule

_REASONS_SHOWN = 3


def shortfalls(plan: Plan, unit: PowerUnit) -> Text:
    """A sentence for each run of short periods: how much, where, at what price, and whether the tenant may leave."""
    heading = Text("Shortfalls against contracts\n", style="bold")
    return heading.append("\n".join(f"- {_sentence(row, plan, unit)}" for row in plan.shortfalls), style="not bold")


def missing(plan: Plan, all_periods: bool) -> Grid:
    """What each demand misses of its commitment or minimum, with the rules and places that keep it away."""
    columns = [words("Demand"), words("Periods"), Column("Racks"), words("Kept away by")]
    names = dict.fromkeys(row.demand for row in plan.unplaced)
    rows = (
        (name, line.period, *line.cells)
        for name in names
        for line in runs(_lines(name, plan.unplaced), plan.periods, all_periods)
    )
    return grid("Unplaced: racks missing from a commitment or a minimum", columns, rows)


def _sentence(row: Shortfall, plan: Plan, unit: PowerUnit) -> str:
    size = f"{row.demand} is short of up to {unit.named(row.most_short_kw)}"
    dates = f"from {format_day(row.start)} until {format_day(row.until)} (excluded)"
    price = f"penalty {usd(row.penalty_usd)}, fee lost {usd(row.lost_fee_usd)}"
    away = _reasons(_worst(row, plan))
    cause = "" if away == DASH else f" Kept away by {away}."
    leave = row.tenant_may_leave_from
    exit_ = "" if leave is None else f" The tenant may leave from {format_day(leave)} on."
    return f"{size} {dates}: {price}.{cause}{exit_}"


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
    return [Line(row.period, (count(row.racks), _reasons(row.reasons))) for row in unplaced if row.demand == name]


def _reasons(reasons: tuple[Reason, ...]) -> str:
    shown = [f"{reason.rule} at {reason.where} ({plural(reason.racks, 'rack')})" for reason in reasons[:_REASONS_SHOWN]]
    more = len(reasons) - len(shown)
    return "; ".join(shown + ([f"{more} more"] if more else [])) or DASH
