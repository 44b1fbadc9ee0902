"""Finds what conflicts: the first months in which commitments cannot be met, and the fewest requirements why.

A conflict is an irreducible infeasible subset (IIS; in logic a minimal unsatisfiable subset) of commitments and
requirements: no plan keeps all of it, and a plan keeps it without any one of its pieces. The pieces are those that a
planner named, not rows of a matrix, and the earliest months are looked at first. See Chinneck, "Feasibility and
Infeasibility in Optimization" (Springer, 2008), and :mod:`capalloc.analysis.explain.minimal_subsets` for how it is
found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from capalloc.analysis.explain.minimal_subsets import irreducible, smallest
from capalloc.analysis.explain.oracle import OutOfTimeError
from capalloc.analysis.explain.problem import Problem
from capalloc.analysis.explain.requirement import Commitment, Piece, Requirement


@dataclass(frozen=True, slots=True)
class Conflict:
    """Pieces of a scenario that no plan keeps together, while some plan keeps them but for any one of them."""

    commitments: tuple[Commitment, ...]
    """What demands must get in the months that were looked at."""
    requirements: tuple[Requirement, ...]
    months: tuple[Commitment, ...]
    """Every window of those demands in which the same requirements conflict."""
    proven_smallest: bool
    """No conflict of these months has fewer pieces."""

    @property
    def demands(self) -> tuple[str, ...]:
        """Contracts whose commitments conflict, and workloads whose minima do, by name."""
        return tuple(sorted({one.demand for one in self.commitments}))

    @property
    def periods(self) -> tuple[int, ...]:
        """Periods of the conflict."""
        return tuple(sorted({t for one in self.months for t in range(one.first, one.end)}))


def find_conflict(problem: Problem, aside: frozenset[Commitment], *, fewest: bool = True) -> Conflict | None:
    """The earliest conflict when some commitments are left out of account; None when a plan meets all others.

    Unless ``fewest``, one of which nothing may be left out will do, with the months in which it was found.

    Raises OutOfTimeError when none is known by the deadline.
    """
    others = [one for one in problem.commitments if one not in aside]
    if problem.feasible((), others):
        return None
    chosen = _earliest(problem, others)
    pieces: list[Piece] = [*chosen, *problem.requirements]
    if not fewest:
        return _conflict(problem, irreducible(pieces, problem.conflict), False, ())
    found, search = smallest(pieces, problem.conflict)
    proven = True
    try:
        found = search() or found
    except OutOfTimeError:
        proven = False
    return _conflict(problem, found, proven, others)


def _earliest(problem: Problem, others: Sequence[Commitment]) -> list[Commitment]:
    """Commitments of the first window up to which they conflict, and those of earlier windows that it takes."""
    if not problem.feasible((), ()):
        return []
    windows = sorted({one.first for one in others})
    low, high = 0, len(windows) - 1  # up to windows[high] there is a conflict, before windows[low] there is none
    while low < high:
        middle = (low + high) // 2
        if problem.feasible((), [one for one in others if one.first <= windows[middle]]):
            low = middle + 1
        else:
            high = middle
    last = [one for one in others if one.first == windows[low]]
    before = [one for one in others if one.first < windows[low]]
    needed = irreducible(before, lambda part: not problem.feasible((), (*last, *part)))
    return [*sorted(needed), *last]


def _conflict(problem: Problem, found: frozenset[Piece], proven: bool, others: Sequence[Commitment]) -> Conflict:
    commitments = tuple(sorted(one for one in found if isinstance(one, Commitment)))
    requirements = tuple(one for one in problem.requirements if one in found)
    months = commitments
    if len({one.first for one in commitments}) == 1:
        months = tuple(_likewise(problem, commitments, requirements, others))
    return Conflict(commitments, requirements, months, proven)


def _likewise(
    problem: Problem,
    commitments: Sequence[Commitment],
    requirements: Sequence[Requirement],
    others: Sequence[Commitment],
) -> Iterator[Commitment]:
    """The commitments, and those of the same demands in later windows where the same holds."""
    demands = {one.demand for one in commitments}
    yield from commitments
    for first in sorted({one.first for one in others if one.first > commitments[0].first}):
        then = [one for one in others if one.first == first and one.demand in demands]
        try:
            if len(then) == len(demands) and problem.conflict((*then, *requirements)):
                yield from then
        except OutOfTimeError:
            return
