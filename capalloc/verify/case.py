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
from capalloc.verify.delivery import Delivery, deliveries
from capalloc.verify.fleet import Fleet, Standing, fleet_of
from capalloc.verify.load import Load, loads_of
from capalloc.verify.roster import Roster, departures, roster_of
from capalloc.verify.site import Site, site_of
from capalloc.verify.term import Term, term_of
from capalloc.verify.when import Borders, When, during


@dataclass(frozen=True, slots=True)
class Case:
    """What the checks look at."""

    scenario: Scenario
    plan: Plan
    periods: tuple[Period, ...]
    borders: Borders
    demands: dict[str, Demand]
    """The planned demands by name."""
    terms: dict[str, Term]
    in_term: dict[str, When]
    """Periods that each demand's term touches."""
    site: Site
    fleet: Fleet
    roster: Roster
    loads: tuple[Load, ...]
    """One entry a period."""
    deliveries: tuple[Delivery, ...]
    """Every demand in every period that its term touches."""
    departures: tuple[int, ...]
    """Racks that stop serving a demand whose term goes on, in each period."""

    def may_stand(self, standing: Standing, demand: str) -> bool:
        """Whether the demand may use the rack at its position; also where it has none."""
        where, place = self.demands[demand].where, standing.position
        if where is None or place is None:
            return True
        feeds = (self.site.index[feed] for feed in (place.feed_a, place.feed_b) if feed is not None)
        nodes = {self.site.nodes[node].name for feed in feeds for node in self.site.path[feed]}
        return where.allows(place, standing.rack, nodes)


Check = Callable[[Case], Iterator[Violation]]


def case_of(scenario: Scenario, plan: Plan) -> Case:
    """Lower a scenario without faults and any plan."""
    periods = scenario.horizon.periods
    borders = Borders(periods)
    demands = {demand.name: demand for demand in scenario.planned(frozenset(plan.prospects))}
    terms = {name: term_of(scenario, demand) for name, demand in demands.items()}
    in_term = {name: during(borders.touched(term.start, term.end)) for name, term in terms.items()}
    site = site_of(scenario.facility, scenario.events, borders)
    fleet = fleet_of(scenario, plan, periods, site)
    roster = roster_of(scenario, plan, borders, demands, fleet)
    return Case(
        scenario=scenario,
        plan=plan,
        periods=periods,
        borders=borders,
        demands=demands,
        terms=terms,
        in_term=in_term,
        site=site,
        fleet=fleet,
        roster=roster,
        loads=loads_of(scenario, site, roster),
        deliveries=tuple(deliveries(scenario.facility, periods, demands, terms, roster)),
        departures=departures(roster, in_term, len(periods)),
    )


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
