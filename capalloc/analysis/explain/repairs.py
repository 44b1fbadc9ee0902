"""Repairs of a conflict: the least of every change that gives a plan.

A change allows the more the larger it is, so its least size is found by bisection over feasibility questions. Where
other requirements stand in the way as well, a minimal set of them that has to change along is found first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from capalloc.analysis.edits import demand_of
from capalloc.analysis.explain.conflicts import Conflict
from capalloc.analysis.explain.family import Family
from capalloc.analysis.explain.minimal_subsets import irreducible
from capalloc.analysis.explain.problem import Problem
from capalloc.analysis.explain.requirement import Commitment, Requirement
from capalloc.analysis.explain.requirements import commitments, families_of
from capalloc.analysis.explain.requirements.racks import more_racks
from capalloc.analysis.explain.span import span_of
from capalloc.instance.model import Instance
from capalloc.schema.scenario import Scenario

Allowed = Callable[[Sequence[int]], bool]
"""Whether a plan exists with the changes of these numbers."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Changes that were made together, each with its number in its family; 0 where it turned out not to be needed."""

    families: tuple[Family, ...]
    numbers: tuple[int, ...]

    def apply(self, scenario: Scenario) -> Scenario:
        """The scenario with the changes."""
        for family, number in self.made:
            scenario = family.apply(scenario, number)
        return scenario

    @property
    def made(self) -> tuple[tuple[Family, int], ...]:
        """The changes that are needed."""
        return tuple((f, n) for f, n in zip(self.families, self.numbers, strict=True) if n > 0)


def repairs(problem: Problem, conflict: Conflict, aside: frozenset[Commitment]) -> Iterator[Chosen]:
    """The least change of each sort after which every commitment but those set aside can be met.

    Where no commitment takes part in the conflict, none is asked for.
    """
    found = False
    for some in _sorts(problem, conflict, aside):
        if (chosen := _least(problem, some, conflict, aside)) is not None:
            found = True
            yield chosen
    if not found and len(conflict.demands) > 1:
        span = span_of(problem.base, conflict.periods)
        lower = [next(commitments.families(problem.base, name, span, False)) for name in conflict.demands]
        if (chosen := _least(problem, lower, conflict, aside)) is not None:
            yield chosen


def _sorts(problem: Problem, conflict: Conflict, aside: frozenset[Commitment]) -> Iterator[tuple[Family, ...]]:
    span = span_of(problem.base, conflict.periods)
    for name in conflict.demands:
        rest = _companions(problem, conflict, aside, None, name)
        others = len(conflict.demands) > 1
        for family in commitments.families(problem.base, name, span, others):
            yield (family, *(rest or ()))
    for one in conflict.requirements:
        rest = _companions(problem, conflict, aside, one, None)
        for family in families_of(problem.base, one, span) if rest is not None else ():
            yield (family, *(rest or ()))
    if conflict.commitments and not conflict.requirements:
        for kind in demand_of(problem.scenario, conflict.demands[0]).rack_types[:1]:
            yield (more_racks(problem.base, kind, span),)


def _companions(
    problem: Problem, conflict: Conflict, aside: frozenset[Commitment], one: Requirement | None, demand: str | None
) -> tuple[Family, ...] | None:
    """What else has to change with a requirement, or with what a demand must get, of a conflict.

    The first limit of a pair of UPS conflicts as well as the second: raising one alone repairs nothing. None where
    nothing outside the conflict helps.
    """
    freed = frozenset(c for c in conflict.months if c.demand == demand)
    kept = [c for c in problem.commitments if conflict.months and c not in aside and c not in freed]
    first = frozenset() if one is None else frozenset((one,))
    others = [other for other in problem.requirements if other not in conflict.requirements]
    if one is not None:
        others.sort(key=lambda other: other.kind is not one.kind)  # the like of it first
    if not problem.feasible((*first, *others), kept):
        return None
    needed = irreducible(others, lambda part: problem.feasible(part | first, kept))
    span = span_of(problem.base, conflict.periods)
    known = set() if one is None else {one.name}
    found = []
    for other in [other for other in others if other in needed]:
        if other.name not in known and (family := next(families_of(problem.base, other, span), None)):
            known.add(other.name)
            found.append(family)
    return tuple(found)


def _least(
    problem: Problem, families: Sequence[Family], conflict: Conflict, aside: frozenset[Commitment]
) -> Chosen | None:
    """The smallest numbers, one family after the other, that allow a plan; None where even the largest do not."""
    if not conflict.months:
        aside = frozenset(problem.commitments)

    def allowed(numbers: Sequence[int]) -> bool:
        changed = Chosen(tuple(families), tuple(numbers)).apply(problem.scenario)
        return problem.allows(changed, aside)

    def quickly(numbers: Sequence[int]) -> bool:
        return problem.allows_with(aside, lambda instance: _changed(instance, families, numbers))

    if any(family.last < 1 for family in families):
        return None
    numbers = None
    if all(family.quick is not None for family in families):
        numbers = _numbers(families, quickly)
    if numbers is None or not allowed(numbers):
        families = [replace(family, says=family.always or family.says) for family in families]
        numbers = _numbers(families, allowed)
    if numbers is None:
        return None
    chosen = Chosen(tuple(families), needed(numbers, allowed))
    return _fewer(problem, chosen, conflict, aside) or chosen


def _fewer(problem: Problem, chosen: Chosen, conflict: Conflict, aside: frozenset[Commitment]) -> Chosen | None:
    """The first of several changes alone, or the others: no step of one where there is a plan without it."""
    parts = (chosen.families[:1], chosen.families[1:]) if len(chosen.made) > 1 else ()
    return next(filter(None, (_least(problem, part, conflict, aside) for part in parts)), None)


def needed(numbers: tuple[int, ...], allowed: Allowed, first: int = 1) -> tuple[int, ...]:
    """Without the changes, from the one numbered ``first`` on, that others bring along.

    A raised rating raises the limit after a loss too.
    """
    for i in range(len(numbers) - 1, first - 1, -1):
        without = (*numbers[:i], 0, *numbers[i + 1 :])
        if numbers[i] and allowed(without):
            numbers = without
    return numbers


def _changed(instance: Instance, families: Sequence[Family], numbers: Sequence[int]) -> Instance:
    for family, number in zip(families, numbers, strict=True):
        if family.quick is not None and number > 0:
            instance = family.quick(instance, number)
    return instance


def _numbers(families: Sequence[Family], allowed: Allowed) -> tuple[int, ...] | None:
    numbers = [family.last for family in families]
    if not any(family.stepwise for family in families) and not allowed(numbers):
        return None
    for i, family in enumerate(families):
        # the first is what the repair is for; others may be superfluous
        tried = (
            _first_step(family, i, numbers, allowed)
            if family.stepwise
            else bisected(family, i, numbers, allowed, i == 0)
        )
        if tried is None:
            return None
        numbers[i] = tried
    return tuple(numbers) if allowed(numbers) else None


def _first_step(family: Family, i: int, numbers: list[int], allowed: Allowed) -> int | None:
    return next((n for n in range(1, family.last + 1) if allowed([*numbers[:i], n, *numbers[i + 1 :]])), None)


def bisected(family: Family, i: int, numbers: Sequence[int], allowed: Allowed, low: int = 0) -> int:
    """The least of the i-th number from ``low`` up to what it is that is allowed, to the resolution of the family."""
    resolution, most = family.resolution, numbers[i]
    high = -(-most // resolution)
    while low < high:
        middle = (low + high) // 2
        if allowed([*numbers[:i], middle * resolution, *numbers[i + 1 :]]):
            high = middle
        else:
            low = middle + 1
    return min(low * resolution, most)
