"""First periods that are decided: a plan that keeps them, and samples in which they can be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from capalloc.analysis.edits import ending
from capalloc.analysis.hedge.begun import begun
from capalloc.analysis.hedge.drawn import Deciding, Draw
from capalloc.cancel import CancelToken
from capalloc.errors import InternalError, NoAnswerError, ScenarioError
from capalloc.formats import scenario_sha256
from capalloc.instance.model import NOBODY, Instance
from capalloc.planner.params import PlannerParams
from capalloc.planner.stochastic.block import Stage
from capalloc.roster.ending import Ending, relative_gap
from capalloc.roster.read import read
from capalloc.roster.roster import Roster
from capalloc.schema.plan import Plan
from capalloc.schema.scenario import IDLE, Pin, Scenario
from capalloc.solve import Result, solve
from capalloc.verify import verify


@dataclass(frozen=True, slots=True)
class Keeping:
    """What a worker has to know to see whether a sample keeps first periods."""

    deciding: Deciding
    stage: Stage
    planned: Roster
    """That of the plan that begins with the stage."""
    pins: tuple[Pin, ...]
    """The stage as :func:`pins_of` has it."""
    params: PlannerParams


def pins_of(scenario: Scenario, stage: Stage) -> tuple[Pin, ...]:
    """Pins by which racks serve in the scenario's first periods whom the stage has them serve."""
    return tuple(_pins(scenario, stage))


def _pins(scenario: Scenario, stage: Stage) -> Iterator[Pin]:
    names, periods = (*stage.demands, IDLE), scenario.horizon.periods  # NOBODY is the last name
    for rack, serving in zip(scenario.facility.racks, stage.serving, strict=True):
        begins = np.flatnonzero(np.concatenate(([True], serving[1:] != serving[:-1])))
        for begin, end in zip(begins, [*begins[1:], len(serving)], strict=True):
            days = {"from": periods[begin].start, "until": periods[end - 1].end}
            yield Pin.model_validate({"rack": rack.name, "demand": names[serving[begin]], **days})


def planned(
    base: Result, scenario: Scenario, pins: tuple[Pin, ...], params: PlannerParams, cancel: CancelToken | None
) -> Result:
    """The plan of a scenario that begins with a stage, by its ``pins``; any plan's bound is that of the ``base`` plan.

    Raises NoAnswerError where none is found.
    """
    kept = _pinned(scenario, pins)
    result = solve(kept, params=params, cancel=cancel)
    if result.plan is None or base.plan is None:
        raise NoAnswerError(f"no plan of '{scenario.name}' begins with what is decided: {result.outcome.detail}")
    plan = _of(scenario, result.plan, base.plan.bound_usd, params)
    verdict = verify(scenario, plan)
    if verdict.verdict != "ok":
        raise InternalError(f"the verifier rejects the hedged plan: {verdict.violations[0].message}")
    return Result(plan, plan.termination, verdict, base.compiled)


def _pinned(scenario: Scenario, pins: tuple[Pin, ...]) -> Scenario:
    return scenario.replace(pins=(*scenario.pins, *pins))


def _of(scenario: Scenario, plan: Plan, bound_usd: float, params: PlannerParams) -> Plan:
    """A plan of the scenario with pins as one of the scenario itself, of which any plan may be worth ``bound_usd``."""
    bound = max(bound_usd, plan.objective_usd)
    status, termination = Ending(params.time_limit).with_plan(plan.objective_usd, bound)
    return plan.replace(
        scenario_sha256=scenario_sha256(scenario),
        status=status,
        termination=termination,
        bound_usd=bound,
        gap=relative_gap(plan.objective_usd, bound),
    )


def broken(keeping: Keeping, draw: Draw, cancel: CancelToken) -> str | None:
    """The rule that first periods break in a sample, in a sentence; None where they keep all of them.

    Where they break one with the racks that are off and the spares that are at hand, others are searched for.
    """
    deciding = keeping.deciding
    came = ending(deciding.drawn(draw), deciding.until)
    try:
        plan = begun(came, keeping.stage, keeping.planned)
        if plan is not None and verify(came, plan).verdict == "ok":
            return None
        result = solve(_pinned(came, keeping.pins), params=keeping.params, cancel=cancel)
    except ScenarioError as error:
        return str(error)
    if result.plan is None:
        return result.outcome.detail or "no plan keeps every rule"
    return _otherwise(result.instance, result.plan, keeping.stage)


def _otherwise(instance: Instance, plan: Plan, stage: Stage) -> str | None:
    """The first rack that serves somebody else than the stage has it serve."""
    found = read(instance, plan).serving
    names = instance.demand_names
    for r, t in zip(*np.nonzero(stage.serving != NOBODY), strict=True):
        wanted = stage.demands[stage.serving[r, t]]
        if found[r, t] == NOBODY or names[found[r, t]] != wanted:
            return f"rack {instance.racks.names[r]} cannot serve {wanted} in {instance.periods[t].label}"
    return None
