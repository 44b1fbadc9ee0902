"""The pages that the commands print, put together from their tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from capalloc.metrics import Metrics
from capalloc.report.blocks import blocks
from capalloc.report.delivery import deliveries
from capalloc.report.figures import PowerUnit, power_unit
from capalloc.report.headline import headline
from capalloc.report.headroom import headroom, headroom_by_place
from capalloc.report.money import firm_note, money, prospects, prospects_note
from capalloc.report.off import off
from capalloc.report.precedence import precedence
from capalloc.report.prices import dear_nodes, prices
from capalloc.report.runs import Days
from capalloc.report.shortfall import missing, shortfalls
from capalloc.schema.headroom import Headroom
from capalloc.schema.plan import Outcome, Plan
from capalloc.schema.scenario import Scenario
from capalloc.schema.verdict import Verdict

_MOST_PLACES = 4
"""Lines of halls, and of contingency nodes, on the page of a plan."""


def plan_page(
    scenario: Scenario,
    plan: Plan,
    verdict: Verdict | None,
    metrics: Metrics,
    all_periods: bool = False,
    places: Sequence[Headroom] = (),
) -> Iterator[RenderableType]:
    """Everything that ``capalloc plan`` shows, part by part; ``all_periods`` shows each period on its own line.

    ``places`` is what halls and contingency nodes have left.
    """
    unit, days = _unit(plan, metrics), Days.of(scenario.horizon)
    yield headline(scenario, plan, verdict, metrics.revenue)
    yield from deliveries(scenario, plan, metrics.asked, unit, all_periods)
    yield headroom(metrics.site, days, unit, all_periods)
    if places:
        yield from headroom_by_place(places, _MOST_PLACES, _places_in(scenario))
    if plan.off:
        yield off(plan)
    yield blocks(metrics.blocks, plan.periods, days, all_periods)
    yield money(plan, metrics.revenue)
    if not all(one.is_prospect for one in metrics.revenue):
        yield Text(firm_note(), style="dim")
    if any(one.is_prospect for one in metrics.revenue):
        yield prospects(plan, metrics.revenue)
        yield Text(prospects_note(), style="dim")
    yield from _lacks(scenario, plan, metrics, unit, all_periods)
    yield from precedence(scenario, plan, unit)
    if dear_nodes(plan):
        yield prices(plan, days)


def _places_in(scenario: Scenario) -> int:
    """How many halls and contingency nodes there are."""
    site = scenario.facility
    return len({place.hall for place in site.positions}) + sum(node.contingency for node in site.power)


def no_plan_page(scenario: Scenario, outcome: Outcome) -> Iterator[RenderableType]:
    """What ``capalloc plan`` shows when there is no plan."""
    yield Text(f"No plan for {scenario.name}: {outcome.reason}", style="red")
    if outcome.detail:
        yield Text(outcome.detail)


def _unit(plan: Plan, metrics: Metrics) -> PowerUnit:
    asked = (max(row.delivered_kw, row.committed_kw, row.wanted_kw) for row in plan.demands)
    return power_unit((*asked, *(row.limit_kw for row in metrics.site)))


def _lacks(
    scenario: Scenario, plan: Plan, metrics: Metrics, unit: PowerUnit, all_periods: bool
) -> Iterator[RenderableType]:
    if plan.shortfalls:
        yield shortfalls(scenario, plan, unit)
    if plan.unplaced:
        yield missing(plan, Days.of(scenario.horizon), all_periods)
    if not plan.shortfalls and not plan.unplaced:
        yield Text("No shortfall: every commitment and every minimum is met in every period.", style="green")
