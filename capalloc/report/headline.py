"""The plan in one glance."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from capalloc.metrics import Revenue
from capalloc.report.figures import gap_between, percent, plural, usd
from capalloc.report.runs import span
from capalloc.report.shortfall import by_kind
from capalloc.schema.plan import Plan, Shortfall
from capalloc.schema.scenario import Scenario
from capalloc.schema.status import Status
from capalloc.schema.verdict import Verdict


def headline(scenario: Scenario, plan: Plan, verdict: Verdict | None, revenue: Sequence[Revenue]) -> Table:
    """Scenario, status, objective, bound, gap, prospects, shortfalls, moves, verdict and time."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="bold", no_wrap=True)
    grid.add_column(overflow="fold")
    for name, value, style in _lines(scenario, plan, verdict, revenue):
        grid.add_row(Text(name), Text(value, style=style))
    return grid


def _lines(
    scenario: Scenario, plan: Plan, verdict: Verdict | None, revenue: Sequence[Revenue]
) -> list[tuple[str, str, str]]:
    seconds = plan.stats.seconds
    missed = by_kind(scenario, plan)
    total = seconds.compile + seconds.plan + seconds.place + seconds.verify
    return [
        ("Scenario", _subject(plan), ""),
        ("Status", status_line(plan), "green" if plan.status is not Status.INFEASIBLE else "red"),
        ("Objective", f"{usd(plan.objective_usd)} (discounted)", ""),
        ("Bound", _bound(plan), ""),
        *_prospects(revenue, missed.get("prospects", ())),
        *_commitments(missed.get("contracts", ())),
        *_minima(missed.get("minima", ())),
        ("Racks moved", f"{plural(plan.stats.moves, 'time')}, among {plural(plan.stats.racks, 'rack')}", ""),
        ("Verdict", *verdict_line(verdict)),
        ("Time", f"{total:.1f} s", ""),
    ]


def _bound(plan: Plan) -> str:
    bound = usd(plan.bound_usd)
    return f"{bound}, {gap_between(plan.objective_usd, plan.bound_usd, plan.gap).removeprefix(f'bound {bound}, ')}"


def _subject(plan: Plan) -> str:
    periods = f", {span(plan.periods[0], plan.periods[-1])}" if plan.periods else ""
    prospects = f", with prospects {', '.join(plan.prospects)}" if plan.prospects else ""
    return f"{plan.scenario}{periods}{prospects}"


def status_line(plan: Plan) -> str:
    """The status, and why the search ended."""
    ended = plan.termination
    reason = "" if ended.reason.value == plan.status.value else f" ({ended.reason})"
    return f"{plan.status}{reason}" + (f": {ended.detail}" if ended.detail else "")


def _prospects(revenue: Sequence[Revenue], missed: Sequence[Shortfall]) -> list[tuple[str, str, str]]:
    """A line where the objective counts on prospects."""
    found = [one for one in revenue if one.is_prospect]
    if not found:
        return []
    names = ", ".join(f"{one.demand} ({percent(one.probability, 0)})" for one in found)
    fees, weighted = sum(one.prospect_usd for one in found), sum(one.weighted_usd for one in found)
    short = f"; {_names(missed)} not served in full, see below" if missed else ""
    says = f"{names}: fees {usd(fees)}, weighted {usd(weighted)}; the objective has them in full{short}"
    return [("Not signed", says, "")]


def _commitments(missed: Sequence[Shortfall]) -> list[tuple[str, str, str]]:
    """A line where contracts are short, with what it costs; nothing where they are not."""
    if not missed:
        return []
    penalty, lost = sum(row.penalty_usd for row in missed), sum(row.lost_fee_usd for row in missed)
    return [("Shortfall", f"{_names(missed)}: penalty {usd(penalty)}, fee lost {usd(lost)}; see below", "red")]


def _minima(missed: Sequence[Shortfall]) -> list[tuple[str, str, str]]:
    """A line where workloads are below their minimum, with what it costs; nothing where they are not."""
    if not missed:
        return []
    penalty = sum(row.penalty_usd for row in missed)
    return [("Below minimum", f"{_names(missed)}: penalty {usd(penalty)}; see below", "red")]


def _names(rows: Sequence[Shortfall]) -> str:
    return ", ".join(dict.fromkeys(row.demand for row in rows))


def verdict_line(verdict: Verdict | None) -> tuple[str, str]:
    """What the independent check says, and its colour."""
    if verdict is None:
        return "not checked", ""
    if verdict.verdict == "ok":
        return "ok: every rule holds", "green"
    return f"violated: {plural(len(verdict.violations), 'violation')}", "red"
