"""Who was served before whom: what the order of commitments has changed, and who is short while others are served."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import RenderableType
from rich.text import Text

from capalloc.calendar import format_day
from capalloc.report.figures import PowerUnit, count, signed, usd
from capalloc.report.runs import span
from capalloc.report.table import Column, Grid, grid, words
from capalloc.schema.demand import Contract, Demand
from capalloc.schema.plan import Plan
from capalloc.schema.rules import Rule
from capalloc.schema.scenario import Scenario


def precedence(scenario: Scenario, plan: Plan, unit: PowerUnit) -> Iterator[RenderableType]:
    """Each part, where there is something to tell."""
    if plan.precedence is not None:
        yield _served_first(plan, unit)
        less = f"The plan is worth {usd(plan.precedence.less_usd)} (discounted) less than where money alone decides."
        yield Text(less, style="dim")
        most = f"No plan that gives as much to what comes first is worth more than {usd(plan.precedence.bound_usd)}."
        yield Text(most, style="dim")
    yield from _displacing(scenario, plan, unit)
    rows = [_row(one, unit) for one in _shorted(scenario, plan)]
    if rows:
        columns = [words("Short"), words("Periods"), words("While racks that it accepts serve")]
        columns += [Column("Racks"), Column(unit.name), words("Because")]
        yield grid("Short while others are served", columns, rows)


def _served_first(plan: Plan, unit: PowerUnit) -> Grid:
    assert plan.precedence is not None
    columns = [words("From"), words("Until"), words("Demand"), Column(f"More {unit.name}"), Column("More racks")]
    rows = (
        (
            format_day(one.start),
            format_day(one.until),
            one.demand,
            signed(unit.show(one.more_kw)),
            f"{one.more_racks:+,d}",
        )
        for one in plan.precedence.changes
    )
    return grid("Served in order of priority, against a plan in which money alone decides", columns, rows)


def _displacing(scenario: Scenario, plan: Plan, unit: PowerUnit) -> Iterator[RenderableType]:
    """Where prospects may displace signed contracts: which are short while a prospect is served."""
    demands = {demand.name: demand for demand in scenario.planned(frozenset(plan.prospects))}
    prospects = [name for name, demand in demands.items() if scenario.is_prospect(demand)]
    if not plan.allow_displacing or not prospects:
        return
    signed = [name for name, demand in demands.items() if isinstance(demand, Contract) and name not in prospects]
    rows = [row for name in signed for other in prospects for row in _given_way(scenario, plan, name, other, unit)]
    if rows:
        columns = [words("Signed"), words("Periods"), Column(f"Short {unit.name}"), words("Prospect")]
        columns.append(Column(f"Delivered {unit.name}"))
        yield grid("Signed contracts that are short while a prospect is served (--allow-displacing)", columns, rows)
    else:
        yield Text("No signed contract gives way to a prospect: none is short while one is served.", style="green")
    if scenario.policy.priority == "contracts":
        yield Text(_AS_SIGNED, style="dim")


_AS_SIGNED = (
    "With --allow-displacing a prospect ranks as if it were signed: it comes before internal work, whatever that is "
    "worth, unless priorities say otherwise. Without, it comes after every signed contract, and money decides between "
    "it and internal work, so that the plan may be worth more."
)


def _given_way(scenario: Scenario, plan: Plan, name: str, other: str, unit: PowerUnit) -> Iterator[tuple[str, ...]]:
    """A line for a contract that is short in periods in which another is delivered something."""
    served = {row.period: row.delivered_kw for row in plan.demands if row.demand == other and row.delivered_kw > 0}
    short = {label: kw for label, kw in _short_kw(scenario, plan, name).items() if label in served}
    if short:
        periods = list(short)
        delivered = max(served[period] for period in periods)
        yield name, span(periods[0], periods[-1]), unit.show(max(short.values())), other, unit.show(delivered)


def _short_kw(scenario: Scenario, plan: Plan, name: str) -> dict[str, float]:
    """kW that a contract lacks, by period with a shortfall; GPUs may all be there though they draw less than usual."""
    missing = {row.period: row.committed_kw - row.delivered_kw for row in plan.demands if row.demand == name}
    short: dict[str, float] = {}
    for lack in plan.shortfalls:
        for period in scenario.horizon.periods:
            if lack.demand == name and period.touches(lack.start, lack.until):
                kw = missing[period.label]
                kw = min(kw, lack.most_short_kw) if kw > 0 else lack.most_short_kw
                short[period.label] = max(short.get(period.label, 0.0), kw)
    return short


@dataclass(frozen=True, slots=True)
class _Shorted:
    """A demand that is short while another is served by racks that it accepts."""

    demand: str
    other: str
    periods: tuple[str, ...]
    most_racks: int
    most_kw: float
    """kW of those racks, as the other is delivered them."""
    because: str


def _row(one: _Shorted, unit: PowerUnit) -> tuple[str, ...]:
    periods = span(one.periods[0], one.periods[-1])
    return one.demand, periods, one.other, count(one.most_racks), unit.show(one.most_kw), one.because


def _shorted(scenario: Scenario, plan: Plan) -> Iterator[_Shorted]:
    """Each pair once, with its first and last period, in the order of the plan's demands."""
    per_rack = {(row.demand, row.period): row.delivered_kw / max(row.racks, 1) for row in plan.demands}
    found: dict[tuple[str, str], dict[str, int]] = {}
    for lack in plan.unplaced:
        for reason in lack.reasons:
            if reason.rule is Rule.EXCLUSIVITY:
                found.setdefault((lack.demand, reason.where), {})[lack.period] = reason.racks
    for (name, other), racks in found.items():
        most_kw = max(number * per_rack.get((other, period), 0.0) for period, number in racks.items())
        yield _Shorted(name, other, tuple(racks), max(racks.values()), most_kw, _because(scenario, plan, name, other))


def _because(scenario: Scenario, plan: Plan, name: str, other: str) -> str:
    """Why the other is served: it comes first, money decides, or nothing better is known."""
    demands = {demand.name: demand for demand in scenario.planned(frozenset(plan.prospects))}
    if name not in demands or other not in demands:
        return ""
    own, its = demands[name], demands[other]
    if _comes_before(scenario, plan, its, own):
        return f"{other} comes first"
    if _comes_before(scenario, plan, own, its):
        if name in plan.undecided:
            return "the search ended before their order was decided"
        return f"no plan was found that gives {name} more"
    return "money decides between them"


def _comes_before(scenario: Scenario, plan: Plan, first: Demand, second: Demand) -> bool:
    """Whether the one is served first: by priority, and signed contracts before prospects in any case."""
    ours, theirs = (not plan.allow_displacing and scenario.is_prospect(demand) for demand in (first, second))
    if isinstance(first, Contract) and theirs and not ours:
        return True
    first_rank, second_rank = (scenario.rank_of(demand, plan.allow_displacing) for demand in (first, second))
    return first_rank > second_rank
