"""A facility in one period, and what stands in it: its own racks on a day, or those of a plan."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from capalloc.calendar import Period
from capalloc.errors import PlanFileError, Problem, ScenarioError
from capalloc.formats.fingerprint import scenario_sha256
from capalloc.instance.compile import compile_scenario
from capalloc.instance.model import Instance
from capalloc.placement.problem.standing import StandingRack, own_racks, plan_racks
from capalloc.roster.draw import drawn_w
from capalloc.roster.read import read
from capalloc.roster.standing import stands_of
from capalloc.schema.beside import Beside
from capalloc.schema.checks.fault import refuse
from capalloc.schema.checks.placing import beside_faults, standing_faults
from capalloc.schema.facility import Facility
from capalloc.schema.request import Standing
from capalloc.schema.scenario import Horizon, Scenario


@dataclass(frozen=True, slots=True)
class Scene:
    """What the limits of a facility are in one period, and what stands before anything is placed."""

    scenario: Scenario
    """The facility with the events that count."""
    period: Period
    racks: tuple[StandingRack, ...] = ()
    shut: frozenset[int] = frozenset()
    """Positions on which no rack can run, whatever their feeds carry."""
    to_come: frozenset[str] = frozenset()
    """Racks that hold their positions and do not stand there yet."""

    @property
    def holders(self) -> dict[str, str]:
        """The rack on each position that one holds."""
        places = self.scenario.facility.positions
        return {places[rack.position].name: rack.name for rack in self.racks}

    def at(self, facility: Facility) -> Scene:
        """The same with a facility that knows further rack types."""
        return replace(self, scenario=self.scenario.model_copy(update={"facility": facility}))


def scene_of(
    facility: Facility, on: date | None = None, standing: Standing | None = None, beside: Beside | None = None
) -> Scene:
    """A facility without faults on a day, today unless given, or in the period of a plan.

    Raises ScenarioError where the plan is not one of the scenario, or the period not one of the plan.
    """
    if beside is not None:
        return _beside(facility, beside, on, standing)
    standing = "nameplate" if standing is None else standing
    refuse(standing_faults(on, standing))
    day = on or date.today()
    horizon = Horizon(start=day, end=day + timedelta(days=1), period="day")
    scenario = Scenario(name=facility.name, facility=facility, horizon=horizon)
    later = (rack.name for rack in facility.racks if not rack.stands(day))
    return Scene(scenario, horizon.periods[0], tuple(own_racks(facility, day, standing)), to_come=frozenset(later))


def _beside(facility: Facility, beside: Beside, on: date | None, standing: Standing | None) -> Scene:
    refuse(beside_faults(facility, beside, on=on, standing=standing))
    if beside.plan.scenario_sha256 != scenario_sha256(beside.scenario):
        message = "was made for another scenario, or for another version of this one; plan again"
        raise ScenarioError([Problem("", 0, "plan", message)])
    instance = compile_scenario(beside.scenario, frozenset(beside.plan.prospects))
    try:
        roster = read(instance, beside.plan)
    except PlanFileError as error:
        raise ScenarioError([Problem("", 0, "plan", str(error))]) from error
    period = beside.when
    drawn = drawn_w(instance, roster, slice(period.index, period.index + 1))[:, 0]
    racks = tuple(plan_racks(facility, roster.position, drawn, period.start))
    stands = stands_of(instance, roster, beside.plan)[:, period.index]
    later = (rack.name for rack, there in zip(facility.racks, stands.tolist(), strict=True) if not there)
    return Scene(beside.scenario, period, racks, _shut(instance, period), frozenset(later))


def _shut(instance: Instance, period: Period) -> frozenset[int]:
    return frozenset(np.flatnonzero(~instance.positions.ok[:, period.index]).tolist())
