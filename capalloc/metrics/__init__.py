"""Figures derived from a scenario and a plan for it: what the site carries, what is firm, what was asked for."""

from __future__ import annotations

from dataclasses import dataclass

from capalloc.instance.compile import compile_scenario
from capalloc.instance.model import Instance
from capalloc.metrics.asked import Asked, asked_of
from capalloc.metrics.revenue import Revenue, revenue_of
from capalloc.metrics.site import SitePeriod, Tightest, site_of
from capalloc.roster.blocks import Fragments, blocks_of
from capalloc.roster.read import read
from capalloc.schema.plan import Plan
from capalloc.schema.scenario import Scenario

__all__ = ["Asked", "Metrics", "Revenue", "SitePeriod", "Tightest", "measure"]


@dataclass(frozen=True, slots=True)
class Metrics:
    """Figures of a plan."""

    site: tuple[SitePeriod, ...]
    """Of each period."""
    revenue: tuple[Revenue, ...]
    """Of each planned contract."""
    asked: tuple[Asked, ...]
    """Of each planned demand."""
    blocks: tuple[Fragments, ...]
    """Of each period."""


def measure(scenario: Scenario, plan: Plan, instance: Instance | None = None) -> Metrics:
    """Figures of a plan for a scenario.

    ``instance`` is the scenario compiled with the plan's prospects, where that has been done.
    Raises ScenarioError where the scenario cannot be compiled, PlanFileError where the plan does not fit it.
    """
    instance = instance or compile_scenario(scenario, frozenset(plan.prospects))
    roster = read(instance, plan)
    return Metrics(
        site=tuple(site_of(instance, roster)),
        revenue=tuple(revenue_of(instance, roster)),
        asked=tuple(asked_of(data, instance.periods) for data in instance.demands),
        blocks=tuple(blocks_of(instance, roster)),
    )
