"""The answer to ``capalloc impact``: what happens while the things named are out of service."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from capalloc.analysis.base import Base, base_of, period_asked
from capalloc.analysis.impact.demands import demand_hits
from capalloc.analysis.impact.described import described
from capalloc.analysis.impact.limits import limits_of, next_losses
from capalloc.analysis.impact.outage import outage_of
from capalloc.analysis.impact.state import State
from capalloc.analysis.impact.when import hits_by_period, least_harm, windows_of
from capalloc.analysis.names import FEEDING, Names
from capalloc.errors import Problem, ScenarioError
from capalloc.instance.model import NOBODY, Bools, Instance
from capalloc.schema.impact import Impact, RowHit
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
    dark, on_one_feed = state.dark[:, t], state.on_one_feed[:, t]
    limits = limits_of(state, t)
    return Impact(
        about=base.about,
        nodes=tuple(names),
        period=base.plan.periods[t],
        out=tuple(described(base.instance, state.outage, t)),
        racks_dark=_racks(base.instance, dark),
        racks_on_one_feed=_racks(base.instance, on_one_feed),
        idle_racks_dark=periods[t].idle_racks_dark,
        kw_lost=periods[t].kw_lost,
        gpus_lost=sum(one.gpus_lost for one in demands),
        demands=demands,
        rows=tuple(_rows(base.instance, state, t)),
        limits=limits,
        over=periods[t].over,
        then=next_losses(state, t),
        usd_at_stake_per_month=round(sum(one.usd_at_stake_per_month for one in demands), 2),
        usd_at_stake_per_hour=round(sum(one.usd_at_stake_per_hour for one in demands), 2),
        periods=periods,
        windows=windows_of(base, periods),
        least_harm=least_harm(base, periods),
    )


def _racks(instance: Instance, chosen: Bools) -> tuple[str, ...]:
    return tuple(instance.racks.names[r] for r in np.flatnonzero(chosen).tolist())


def _rows(instance: Instance, state: State, t: int) -> Iterator[RowHit]:
    """Demand by demand the rows in which racks are dark or left with one feed, in the order of the site."""
    roster, spots = state.fleet.roster, instance.positions
    owner = np.where(roster.serving[:, t] != NOBODY, roster.serving[:, t], roster.buffer[:, t])
    for d, demand in enumerate((*instance.demand_names, None)):
        own = state.fleet.on[:, t] & (owner == (d if demand is not None else NOBODY))
        chosen = (own, own & state.dark[:, t], own & state.on_one_feed[:, t])
        if chosen[1].any() or chosen[2].any():
            counts = [
                np.bincount(spots.row[roster.position[c]], minlength=len(spots.row_names)).tolist() for c in chosen
            ]
            yield from _hit_rows(demand, spots.row_names, zip(*counts, strict=True))


def _hit_rows(demand: str | None, names: Sequence[str], counts: Iterable[tuple[int, int, int]]) -> Iterator[RowHit]:
    for name, (racks, dark, on_one_feed) in zip(names, counts, strict=True):
        if dark or on_one_feed:
            hall, _, row = name.partition("/")
            yield RowHit(demand=demand, hall=hall, row=row, racks=racks, dark=dark, on_one_feed=on_one_feed)
