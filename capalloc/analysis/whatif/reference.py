"""The base plan as cases are compared with it, and the scenario in which it is today's plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from capalloc.analysis.base import Base
from capalloc.analysis.outcome import incumbent_of, missed_of, money_of
from capalloc.instance.compile import compile_scenario
from capalloc.instance.model import NOBODY, Instance, Ints
from capalloc.roster.figures import departures, roster_usd
from capalloc.roster.roster import Roster
from capalloc.schema.plan import DemandPeriod, Plan
from capalloc.schema.scenario import Scenario
from capalloc.schema.whatif import BaseFigures


@dataclass(frozen=True, slots=True)
class Reference:
    """What a worker has to know of the base plan."""

    today: Scenario
    """The scenario with the base plan as incumbent."""
    prospects: frozenset[str]
    rows: tuple[DemandPeriod, ...]
    ends: Mapping[str, date]
    """The day on which the term of each demand ends."""
    free: Ints
    """(T,) usable racks that serve nobody."""
    placed: Mapping[str, str]
    """The position of each delivery that the plan places."""
    figures: BaseFigures
    most_usd: float
    """What no plan that gives as much to what comes first is worth more than, discounted USD."""


def reference_of(base: Base) -> Reference:
    """What cases of a base plan are compared with.

    As today's plan it has made the moves that led to it: where the scenario has an incumbent of its own, what leaving
    that one cost no longer counts, in the plan and in its bound alike.
    """
    today = base.scenario.replace(incumbent=incumbent_of(base.scenario, base.plan))
    instance, roster, plan = base.instance, base.roster, base.plan
    spent = 0.0
    if base.scenario.incumbent is not None:
        instance = compile_scenario(today, base.prospects)
        spent = roster_usd(instance, roster) - plan.objective_usd
    figures = BaseFigures(
        objective_usd=plan.objective_usd + spent,
        bound_usd=plan.bound_usd + spent,
        gap=plan.gap,
        racks_moved=int(departures(instance, roster).sum()),
        missed=missed_of(plan),
        **money_of(base.scenario, plan),
    )
    return Reference(
        today=today,
        prospects=base.prospects,
        rows=plan.demands,
        ends=ends_of(instance),
        free=free_of(instance, roster),
        placed=placed_by(plan),
        figures=figures,
        most_usd=plan.most_usd + spent,
    )


def placed_by(plan: Plan) -> dict[str, str]:
    """The position of each delivery that a plan places."""
    return {one.rack: one.position for one in plan.placements}


def ends_of(instance: Instance) -> dict[str, date]:
    """The day on which the term of each demand ends."""
    return {data.name: data.term.end for data in instance.demands}


def free_of(instance: Instance, roster: Roster) -> Ints:
    """(T,) usable racks that serve nobody."""
    there = instance.racks.usable & (roster.position[:, None] != NOBODY)
    free: Ints = np.count_nonzero(there & (roster.serving == NOBODY), axis=0)
    return free
