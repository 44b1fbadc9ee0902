"""The pieces of a conflict in a planner's words, with the figures of its months."""

from __future__ import annotations

from collections.abc import Iterator

from capalloc.analysis.edits import demand_of
from capalloc.analysis.explain.conflicts import Conflict
from capalloc.analysis.explain.problem import Problem
from capalloc.analysis.explain.ramps import least, steps_during, steps_of
from capalloc.analysis.explain.record import Required
from capalloc.analysis.explain.requirement import Kind, Requirement
from capalloc.analysis.explain.requirements.commitments import kind_of
from capalloc.analysis.explain.rows import SITE, row_keys
from capalloc.analysis.explain.span import Span, span_of
from capalloc.analysis.explain.words import amount, power
from capalloc.calendar import format_day
from capalloc.schema.demand import Demand
from capalloc.units import W_PER_KW


def required(problem: Problem, conflict: Conflict) -> Iterator[Required]:
    """Commitments, limits, every other requirement; the racks that there are where nothing else conflicts."""
    span = span_of(problem.base, conflict.periods)
    for name in conflict.demands:
        demand = demand_of(problem.scenario, name)
        yield Required(kind=kind_of(demand), where=name, says=_steps(problem, demand, span))
    for one in sorted(conflict.requirements, key=lambda one: one.row is None):
        yield Required(kind=one.kind, where=one.where, lost=one.lost, says=_says(problem, conflict, one))
    if conflict.commitments and not conflict.requirements:
        yield from _racks(problem, conflict)


def _steps(problem: Problem, demand: Demand, span: Span) -> str:
    """The steps, or minima, in force in the months of the conflict."""
    steps = steps_during(steps_of(problem.scenario, demand), span)
    said = [f"{amount(least(step), step.unit)} from {format_day(step.start)}" for step in steps]
    word = "step" if kind_of(demand) is Kind.COMMITMENT else "min"
    return f"{word if len(said) == 1 or word == 'min' else 'steps'} of {', '.join(said)}"


def _says(problem: Problem, conflict: Conflict, one: Requirement) -> str:
    """Limits with the least kW that they leave to racks in the months of the conflict, the reserve with its share."""
    for row, key in zip(problem.base.rows, row_keys(problem.base), strict=True):
        if key == one.row or (one.kind is Kind.RESERVE and row.where == SITE):
            limits = row.limit_w[list(conflict.periods)] if conflict.periods else row.limit_w
            return f"{one.says}{_left(problem, one, int(limits.min()))}"
    return one.says


def _left(problem: Problem, one: Requirement, limit_w: int) -> str:
    """What a limit leaves to racks, or what the reserve is taken from."""
    if one.kind is Kind.RESERVE:
        return f", of {power((limit_w + problem.base.policy.reserve_w) / W_PER_KW)} that the site can carry for racks"
    below = f"{power(-limit_w / W_PER_KW)} below the static load alone"
    return f": {power(limit_w / W_PER_KW)} for racks" if limit_w >= 0 else f": {below}"


def _racks(problem: Problem, conflict: Conflict) -> Iterator[Required]:
    """The racks of the types that the demands accept."""
    accepted = dict.fromkeys(kind for name in conflict.demands for kind in demand_of(problem.scenario, name).rack_types)
    for kind in accepted:
        count = sum(rack.rack_type == kind and rack.status != "retired" for rack in problem.scenario.facility.racks)
        plural = "1 rack is" if count == 1 else f"{count:,} racks are"
        yield Required(kind=Kind.RACKS, where=kind, says=f"{plural} all that there {'is' if count == 1 else 'are'}")
