"""Racks that would still fit: the verifier takes so many more, and no more where the figure is exact."""

from __future__ import annotations

import random
from itertools import combinations

import pytest
from pydantic import ValidationError

from capalloc import solve, verify
from capalloc.analysis.show.room import Fit
from capalloc.analysis.show.site import PlannedSite
from capalloc.calendar import Period
from capalloc.planner.params import PlannerParams
from capalloc.schema.checks.references import faults
from capalloc.schema.facility import Rack
from capalloc.schema.plan import Assignment, Plan
from capalloc.schema.rules import Rule
from capalloc.schema.scenario import Scenario
from tests.corpus.random_scenarios import random_scenario

WATTS = {Rule.POWER, Rule.FAILOVER, Rule.SUPPLY, Rule.COOLING}
STANDS = {Rule.AVAILABILITY, Rule.COMPATIBILITY, Rule.POSITION, Rule.EXCLUSIVITY}
MOST_FREE = 5


def thinned(seed: int) -> Scenario | None:
    """A scenario of the corpus without some of its racks; None where something else speaks of these."""
    drawn, rng = random_scenario(seed), random.Random(seed)
    site = drawn.scenario.facility
    kept = [rack for rack in site.racks if rng.random() < 0.6] or list(site.racks[:1])
    try:
        scenario = drawn.scenario.replace(facility=site.replace(racks=tuple(kept)), incumbent=None, pins=())
    except ValidationError:
        return None
    return None if not drawn.tiny or list(faults(scenario)) else scenario


def with_racks(scenario: Scenario, plan: Plan, kind: str, positions: list[str], at: Period) -> tuple[Scenario, Plan]:
    """The same with racks of a type that draw their nameplate for a workload in one period."""
    racks = [
        Rack(name=f"more-{name}", rack_type=kind, position=name, available_from=at.start, available_until=at.end)
        for name in positions
    ]
    extra = {
        "name": "extra",
        "rack_types": [kind],
        "demand": [{"from": at.start, "racks": max(len(racks), 1)}],
        "value": [{"usd_per_gpu_hour": 1.0}],
    }
    site = scenario.facility
    workloads = [*(one.model_dump(by_alias=True) for one in scenario.workloads), extra]
    changed = Scenario.model_validate(
        scenario.model_dump(by_alias=True)
        | {"workloads": workloads, "facility": site.replace(racks=(*site.racks, *racks))}
    )
    served = (Assignment(rack=rack.name, demand="extra", start=at.start, until=at.end) for rack in racks)
    assignments = sorted((*plan.assignments, *served), key=lambda one: (one.rack, one.start))
    return changed, plan.replace(assignments=tuple(assignments))


def accepted(scenario: Scenario, plan: Plan, kind: str, positions: list[str], at: Period) -> bool:
    """Whether the verifier finds no limit that the added racks pass, and that each can stand and run there."""
    verdict = verify(*with_racks(scenario, plan, kind, positions, at))
    return not any(
        one.rule in WATTS or (one.rule in STANDS and ("extra" in one.message or "more-" in one.message))
        for one in verdict.violations
    )


def most(scenario: Scenario, plan: Plan, kind: str, free: list[str], at: Period) -> int:
    """The most racks that the verifier takes on any of the free positions."""
    return next(
        size
        for size in range(len(free), -1, -1)
        if any(accepted(scenario, plan, kind, list(chosen), at) for chosen in combinations(free, size))
    )


@pytest.mark.parametrize("seed", range(0, 72, 2))
def test_so_many_racks_fit_and_no_more(seed: int) -> None:
    scenario = thinned(seed)
    plan = None if scenario is None else solve(scenario, params=PlannerParams(time_limit=5)).plan
    if scenario is None or plan is None:
        return
    site, rng = PlannedSite(scenario, plan), random.Random(seed)
    spots, places = site.instance.positions, []
    places += [(name, site.positions_of_hall(hall)) for hall, name in enumerate(spots.hall_names)]
    places += [(name, site.positions_of_row(row)) for row, name in enumerate(spots.row_names)]
    places += [(node.name, site.positions_below(v)) for v, node in enumerate(site.loads.forest.nodes)]
    name, positions = rng.choice(places)
    period = rng.choice(site.instance.periods)
    for kind, type_name in enumerate(site.instance.type_names):
        free = [spots.names[p] for p in positions.tolist() if site.free[p, period.index]]
        if len(free) <= MOST_FREE:
            fit = site.room.at(positions, name).fits(kind, period.index)
            found = most(scenario, plan, type_name, free, period)
            assert fit.racks == found if fit.exact else fit.racks <= found
            assert 0 <= fit.racks <= len(free)
            require_a_cause(fit, found, len(free))


def require_a_cause(fit: Fit, found: int, free: int) -> None:
    if fit.exact and fit.racks == free:
        assert fit.bound.rule is Rule.POSITION
    elif fit.exact and found < free:
        assert fit.bound.rule in WATTS | {Rule.COMPATIBILITY, Rule.AVAILABILITY, Rule.POSITION}
