"""The answer to ``capalloc impact``: what happens while the things named are out of service."""

from __future__ import annotations

from collections.abc import Sequence

from capalloc.analysis.base import Base, base_of, period_asked
from capalloc.analysis.impact.demands import demand_hits
from capalloc.analysis.impact.described import described
from capalloc.analysis.impact.limits import chosen, limits_of, next_losses
from capalloc.analysis.impact.outage import outage_of
from capalloc.analysis.impact.racks import rack_hits, row_hits
from capalloc.analysis.impact.state import State
from capalloc.analysis.impact.when import hits_by_period, least_harm, windows_of
from capalloc.analysis.names import FEEDING, Names
from capalloc.errors import Problem, ScenarioError
from capalloc.schema.impact import Impact
from capalloc.schema.plan import Plan
from capalloc.schema.scenario import Scenario


def impact(scenario: Scenario, plan: Plan, names: Sequence[str], *, period: str | None = None) -> Impact:
    """What happens while several things are out of service at once: who goes dark, what is overloaded, and when not.

    A name is that of a power node, a row (``hall/row``), a hall, a cooling zone or a supply; where several have it,
    ``node:NAME`` and so on tell which. ``period`` is a period's label, or a day or month in it; None: the plan's first.

    Raises PlanFileError where the plan was made for another scenario or breaks its rules; ScenarioError for a name that
    means nothing or more than one thing, no name, or a period outside the horizon.
    """
    return impact_of(base_of(scenario, plan), names, period=period)


def impact_of(base: Base, names: Sequence[str], *, period: str | None = None) -> Impact:
    """The same of a plan that has been judged already."""
    if not names:
        raise ScenarioError([Problem("", 0, "NODE", "found none, expected what is to be out of service")])
    known = Names(base.instance, FEEDING)
    things = list(dict.fromkeys(known.meant(names)))
    t = 0 if period is None else period_asked(base.instance.periods, period)
    state = State(base.instance, base.roster, outage_of(base.instance, things))
    return _answer(base, state, [known.text(thing) for thing in things], t)


def _answer(base: Base, state: State, names: list[str], t: int) -> Impact:
    demands, periods = tuple(demand_hits(base, state, t)), tuple(hits_by_period(base, state))
    return Impact(
        about=base.about,
        nodes=tuple(names),
        period=base.plan.periods[t],
        out=tuple(described(base.instance, state.outage, t)),
        racks_dark=chosen(base.instance.racks.names, state.dark[:, t]),
        racks_on_one_feed=chosen(base.instance.racks.names, state.on_one_feed[:, t]),
        idle_racks_dark=periods[t].idle_racks_dark,
        kw_lost=periods[t].kw_lost,
        gpus_lost=sum(one.gpus_lost for one in demands),
        demands=demands,
        racks=tuple(rack_hits(base.instance, state, t)),
        rows=tuple(row_hits(base.instance, state, t)),
        limits=limits_of(state, t),
        over=periods[t].over,
        then=next_losses(state, t),
        usd_at_stake_per_month=round(sum(one.usd_at_stake_per_month for one in demands), 2),
        usd_at_stake_per_hour=round(sum(one.usd_at_stake_per_hour for one in demands), 2),
        periods=periods,
        windows=windows_of(base, periods),
        least_harm=least_harm(base, periods),
    )
