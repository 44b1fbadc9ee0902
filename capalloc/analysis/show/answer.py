"""The answer to ``capalloc show``: each thing that was named, or the whole site."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from capalloc.analysis.base import period_asked
from capalloc.analysis.names import Meant, Names
from capalloc.analysis.show.demand import show_demand, show_prospect
from capalloc.analysis.show.node import show_node
from capalloc.analysis.show.place import show_hall, show_row
from capalloc.analysis.show.rack import show_position, show_rack
from capalloc.analysis.show.site import PlannedSite
from capalloc.analysis.show.tree import show_site
from capalloc.analysis.show.zone import show_zone
from capalloc.instance.compile import compile_scenario
from capalloc.schema.plan import Plan
from capalloc.schema.scenario import Scenario
from capalloc.schema.shown import Shown, Thing

_SHOWN: dict[str, Callable[[PlannedSite, int, Sequence[int]], Thing]] = {
    "site": lambda site, _, periods: show_site(site, periods),
    "node": show_node,
    "hall": show_hall,
    "row": show_row,
    "zone": show_zone,
    "rack": show_rack,
    "position": show_position,
    "demand": show_demand,
    "prospect": show_prospect,
}


def show(scenario: Scenario, plan: Plan, names: Sequence[str] = (), *, period: str | None = None) -> Shown:
    """What each name means in a plan: what it is, what hangs on it, its load and limits, who holds it.

    Without names, and for the name ``site``, it is the whole site.

    A name is that of a power node, a hall, a row (``hall/row``), a cooling zone, a rack, a position or a demand; where
    several have it, ``node:NAME`` and so on tell which. ``period`` is a period's label, or a day or month in it.

    Raises ScenarioError for a name that means nothing or more than one thing, a period outside the horizon, or a
    scenario with faults; PlanFileError where the plan does not fit the scenario.
    """
    instance = compile_scenario(scenario, frozenset(plan.prospects))
    meant = Names(instance).meant(names)
    periods = range(len(plan.periods)) if period is None else [period_asked(instance.periods, period)]
    site = PlannedSite(scenario, plan, instance)
    things = tuple(_thing(site, one, periods) for one in meant) or (show_site(site, periods),)
    return Shown(scenario=scenario.name, horizon=plan.periods, things=things)


def _thing(site: PlannedSite, meant: Meant, periods: Sequence[int]) -> Thing:
    return _SHOWN[meant.kind](site, meant.number, periods)
