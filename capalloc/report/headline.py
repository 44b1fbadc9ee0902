"""The plan in one glance."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text

from capalloc.report.figures import count, percent, plural, usd
from capalloc.report.runs import span
from capalloc.schema.plan import Plan
from capalloc.schema.status import Status
from capalloc.schema.verdict import Verdict


def headline(plan: Plan, verdict: Verdict | None) -> Table:
    """Scenario, status, objective, bound, gap, shortfall, moves, verdict and time."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="bold", no_wrap=True)
    grid.add_column(overflow="fold")
    for name, value, style in _lines(plan, verdict):
        grid.add_row(Text(name), Text(value, style=style))
    return grid


def _lines(plan: Plan, verdict: Verdict | None) -> list[tuple[str, str, str]]:
    seconds = plan.stats.seconds
    total = seconds.compile + seconds.plan + seconds.place + seconds.verify
    return [
        ("Scenario", _subject(plan), ""),
        ("Status", _status(plan), "green" if plan.status is not Status.INFEASIBLE else "red"),
        ("Objective", f"{usd(plan.objective_usd)} (discounted)", ""),
        ("Bound", f"{usd(plan.bound_usd)}, gap {percent(plan.gap, 3)}", ""),
        *_shortfall(plan),
        ("Racks moved", f"{count(plan.stats.moves)} of {count(plan.stats.racks)}", ""),
        ("Verdict", *_verdict(verdict)),
        ("Time", f"{total:.1f} s", ""),
    ]


def _subject(plan: Plan) -> str:
    periods = f", {span(plan.periods[0], plan.periods[-1])}" if plan.periods else ""
    prospects = f", with prospects {', '.join(plan.prospects)}" if plan.prospects else ""
    return f"{plan.scenario}{periods}{prospects}"


def _status(plan: Plan) -> str:
    ended = plan.termination
    reason = "" if ended.reason.value == plan.status.value else f" ({ended.reason})"
    return f"{plan.status}{reason}" + (f": {ended.detail}" if ended.detail else "")


def _shortfall(plan: Plan) -> list[tuple[str, str, str]]:
    """A line where contracts are short, with what it costs; nothing where they are not."""
    if not plan.shortfalls:
        return []
    names = ", ".join(dict.fromkeys(row.demand for row in plan.shortfalls))
    penalty, lost = sum(row.penalty_usd for row in plan.shortfalls), sum(row.lost_fee_usd for row in plan.shortfalls)
    return [("Shortfall", f"{names}: penalty {usd(penalty)}, fee lost {usd(lost)}; see below", "red")]


def _verdict(verdict: Verdict | None) -> tuple[str, str]:
    if verdict is None:
        return "not checked", ""
    if verdict.verdict == "ok":
        return "ok: every rule holds", "green"
    return f"violated: {plural(len(verdict.violations), 'violation')}", "red"
