"""A scenario and a plan, lowered once for all checks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from capalloc.calendar import Period
from capalloc.schema.demand import Demand
from capalloc.schema.plan import Plan
from capalloc.schema.rules import Rule
from capalloc.schema.scenario import Scenario
from capalloc.schema.verdict import Violation
from capalloc.verify.fleet import Fleet, Standing, fleet_of
from capalloc.verify.load import Load, loads_of
from capalloc.verify.roster import Borders, Roster, once_each, roster_of
from capalloc.verify.site import Site, site_of
from capalloc.verify.term import Term, term_of


@dataclass(frozen=True, slots=True)
class Case:
    """What the checks look at. Lists have one entry a period."""

    scenario: Scenario
    plan: Plan
    periods: tuple[Period, ...]
    borders: Borders
    demands: dict[str, Demand]
    """The planned demands by name."""
    terms: dict[str, Term]
    site: Site
    fleet: Fleet
    roster: Roster
    by_demand: tuple[dict[str, tuple[Standing, ...]], ...]
    """The racks that serve each demand; a period like the one before shares its entry."""
    loads: tuple[Load, ...]

    def serving(self, period: Period) -> Iterator[tuple[Standing, Demand]]:
        """Each rack that serves in the period, with its demand."""
        for rack, demand in self.roster.serving[period.index].items():
            yield self.fleet.racks[rack], self.demands[demand]

    def served(self, demand: Demand, period: Period) -> tuple[Standing, ...]:
        """The racks that serve a demand in the period."""
        return self.by_demand[period.index].get(demand.name, ())


Check = Callable[[Case], Iterator[Violation]]


def case_of(scenario: Scenario, plan: Plan) -> Case:
    """Lower a scenario without faults and any plan."""
    periods = scenario.horizon.periods
    demands = {demand.name: demand for demand in scenario.planned(frozenset(plan.prospects))}
    site = site_of(scenario, periods)
    fleet = fleet_of(scenario, plan, periods)
    roster = roster_of(scenario, plan, periods, demands, fleet, site)
    return Case(
        scenario=scenario,
        plan=plan,
        periods=periods,
        borders=Borders(periods),
        demands=demands,
        terms={name: term_of(scenario, demand) for name, demand in demands.items()},
        site=site,
        fleet=fleet,
        roster=roster,
        by_demand=once_each(lambda serving: _by_demand(fleet, serving), roster.serving),
        loads=loads_of(scenario, periods, site, fleet, roster),
    )


def _by_demand(fleet: Fleet, serving: dict[str, str]) -> dict[str, tuple[Standing, ...]]:
    racks: dict[str, list[Standing]] = {}
    for rack, demand in serving.items():
        racks.setdefault(demand, []).append(fleet.racks[rack])
    return {demand: tuple(standings) for demand, standings in racks.items()}


def found(
    rule: Rule,
    where: str,
    period: Period | None,
    amount: Fraction | float,
    limit: Fraction | float,
    unit: str,
    message: str,
) -> Violation:
    """A violation with plain numbers."""
    return Violation(
        rule=rule,
        where=where,
        period=period.label if period is not None else "",
        amount=float(amount),
        limit=float(limit),
        unit=unit,
        message=message,
    )
