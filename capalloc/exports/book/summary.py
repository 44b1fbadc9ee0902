"""A plan in a few lines, each sum a formula over the sheet that it sums up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import fsum

from capalloc.analysis.picture import Pictured
from capalloc.exports.book import money, places, short, site
from capalloc.exports.book.table import As, Chart, Column, Formula, Kind, Table, Value

_COLUMNS = (Column("Figure"), Column("Value"), Column("Unit"), Column("Remark"))


@dataclass(frozen=True, slots=True)
class Sources:
    """The sheets that the summary is of."""

    money: Table
    by_period: Table
    moves: Table
    shortfalls: Table


@dataclass(frozen=True, slots=True)
class Figure:
    """A line of the summary."""

    name: str
    kind: Kind
    value: Value
    """A formula may name other lines: ``[Fees]``."""
    unit: str = ""
    remark: str = ""


def summary_table(pictured: Pictured, sources: Sources, charts: Sequence[Chart]) -> Table:
    """What the plan is, its way from fees to the objective, and the site where it is fullest."""
    figures = [*_plan(pictured), *_objective(pictured, sources), *_fees(pictured, sources), *_site(sources)]
    rows = {figure.name: f"B{number}" for number, figure in enumerate(figures, start=2)}
    lines = [(one.name, As(one.kind, _resolved(one.value, rows)), one.unit, one.remark) for one in figures]
    return Table("Summary", _COLUMNS, lines, filtered=False, charts=charts)


def _resolved(value: Value, rows: dict[str, str]) -> Value:
    if not isinstance(value, Formula):
        return value
    text = value.text
    for name, cell in rows.items():
        text = text.replace(f"[{name}]", cell)
    return Formula(text, value.value)


def _plan(pictured: Pictured) -> Iterator[Figure]:
    plan, horizon = pictured.plan, pictured.scenario.horizon
    yield Figure("Scenario", "text", plan.scenario, remark=f"sha256 {plan.scenario_sha256}")
    yield Figure("Facility", "text", pictured.scenario.facility.name)
    yield Figure("From", "day", horizon.start)
    yield Figure("Until", "day", horizon.end, remark="The first day after the horizon.")
    yield Figure("Status", "text", str(plan.status), remark="The plan keeps every rule.")
    if plan.prospects:
        names = ", ".join(plan.prospects)
        yield Figure("Prospects", "text", names, remark="As if they had signed: fees and objective have theirs.")


def _objective(pictured: Pictured, sources: Sources) -> Iterator[Figure]:
    way, plan, rate = pictured.revenue.to_objective, pictured.plan, pictured.scenario.policy.discount_rate
    earned, moves = sources.money, f"{way.moves:,} racks leave a demand whose term goes on."
    yield _usd("Fees", f"=SUM({earned.cells(money.FEE)})", way.fees_usd, "Of contracts, not discounted.")
    yield _usd("Values", f"=SUM({earned.cells(money.VALUE)})", way.values_usd, "Of workloads, not discounted.")
    yield _usd("Penalties", f"=SUM({earned.cells(money.PENALTY)})", way.penalties_usd, "For what is short.")
    yield _usd("Cost of moves", f"=SUM({sources.moves.cells(places.COST)})", way.moves_usd, moves)
    undiscounted = "=[Fees]+[Values]-[Penalties]-[Cost of moves]"
    yield _usd("Not discounted", undiscounted, way.undiscounted_usd, "Fees and values less penalties and moves.")
    yield Figure("Discounting", "usd", way.discounting_usd, "USD", f"By {rate:.4g} a year, from the first day.")
    yield _usd("Objective", "=[Not discounted]+[Discounting]", way.objective_usd, "What the plan maximises.")
    yield Figure("Bound", "usd", plan.bound_usd, "USD", "No plan is worth more.")
    gap = (plan.bound_usd - way.objective_usd) / abs(plan.bound_usd) if plan.bound_usd else None
    yield Figure("Gap", "share", Formula('=IF([Bound]=0,"",([Bound]-[Objective])/ABS([Bound]))', gap))


def _fees(pictured: Pictured, sources: Sources) -> Iterator[Figure]:
    contracts, earned = pictured.revenue.contracts, sources.money
    firm, at_risk = (fsum(getattr(one, key) for one in contracts) for key in ("firm_usd", "at_risk_usd"))
    yield _usd("Firm fees", f"=SUM({earned.cells(money.FIRM)})", firm, "Notice on the first day takes none of it.")
    yield _usd("At-risk fees", f"=SUM({earned.cells(money.AT_RISK)})", at_risk, "From when contracts could end.")
    lost = fsum(one.lost_fee_usd for one in pictured.plan.shortfalls)
    yield _usd("Lost fees", f"=SUM({sources.shortfalls.cells(short.LOST)})", lost, "That full delivery would earn.")


def _site(sources: Sources) -> Iterator[Figure]:
    most, least = (sources.by_period.values(head) for head in (site.DELIVERED, site.HEADROOM))
    delivered, headroom = (sources.by_period.cells(head) for head in (site.DELIVERED, site.HEADROOM))
    yield Figure("Most delivered", "mw", Formula(f"=MAX({delivered})", max(most)), "MW", "In any period.")
    yield Figure("Least headroom", "mw", Formula(f"=MIN({headroom})", min(least)), "MW", "At the roots.")


def _usd(name: str, formula: str, value: float, remark: str) -> Figure:
    return Figure(name, "usd", Formula(formula, value), "USD", remark)
