"""One repair of every conflict at once: each quantity is changed once, by what suffices for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Self

from capalloc.analysis.explain.family import Family
from capalloc.analysis.explain.repairs import Chosen, bisected, needed
from capalloc.schema.scenario import Scenario

_RANKS_TRIED, _COMBINATIONS_TRIED = 3, 30

_Change = tuple[Family, int]


def since(chosen: Chosen, given: Sequence[Chosen]) -> Chosen:
    """A repair found after others were made, as one of the scenario without them: steps made before it count too."""
    pairs = [_since(change, [made for one in given for made in one.made]) for change in chosen.made]
    return _chosen(pairs)


def _since(change: _Change, given: Sequence[_Change]) -> _Change:
    family, number = change
    before = [made for made in given if made[0].key == family.key and not family.stepwise]
    return (before[0][0], number + sum(steps for _, steps in before)) if before else change


def together(
    ranked: Sequence[Sequence[Chosen]], scenario: Scenario, allows: Callable[[Scenario], bool]
) -> Chosen | None:
    """The first repairs of each conflict that go together, merged and no larger than needed; None where none do.

    ``allows`` tells whether a scenario has a plan; it may raise OutOfTimeError.
    """
    for some in _combinations(ranked):
        quantities = [_Quantity.of(changes) for changes in _by_quantity(some)]
        chosen = _sufficient(quantities, lambda one: allows(one.apply(scenario)))
        if chosen is not None:
            return chosen
    return None


def _combinations(ranked: Sequence[Sequence[Chosen]]) -> Iterator[tuple[Chosen, ...]]:
    """One repair of each conflict, those nearest to the cheapest first."""
    numbered = product(*(list(enumerate(some[:_RANKS_TRIED])) for some in ranked))
    ordered = sorted(numbered, key=lambda pairs: sum(rank for rank, _ in pairs))
    for pairs in ordered[:_COMBINATIONS_TRIED]:
        yield tuple(chosen for _, chosen in pairs)


def _by_quantity(some: Sequence[Chosen]) -> list[list[_Change]]:
    """The changes of each quantity; the same change of several repairs is one."""
    found: dict[object, list[_Change]] = {}
    for change in (change for chosen in some for change in chosen.made):
        found.setdefault(change[0].key, []).append(change)
    return list(found.values())


@dataclass(frozen=True, slots=True)
class _Quantity:
    """What several repairs change, by numbers of one family."""

    family: Family
    most: int
    """The largest of their numbers."""
    last: int
    """The largest that there is, where several repairs change it; else the same."""

    @classmethod
    def of(cls, changes: Sequence[_Change]) -> Self:
        """The quantity of changes with one key."""
        family, most = max(changes, key=lambda change: change[1])
        last = max(family.last, most) if len(changes) > 1 and not family.stepwise else most
        if family.always is not None and len({one.says(most) for one, _ in changes}) > 1:
            family = replace(family, says=family.always)
        return cls(family, most, last)


def _sufficient(quantities: Sequence[_Quantity], allowed: Callable[[Chosen], bool]) -> Chosen | None:
    """The largest numbers if they suffice, or more where several repairs have one; of these the least that do."""
    families = tuple(one.family for one in quantities)

    def suffices(numbers: Sequence[int]) -> bool:
        return allowed(Chosen(families, tuple(numbers)))

    starts = dict.fromkeys((tuple(one.most for one in quantities), tuple(one.last for one in quantities)))
    if not (found := next(filter(suffices, starts), ())):
        return None
    numbers = list(found)
    for i, one in enumerate(quantities):
        if one.last > one.most:
            numbers[i] = bisected(one.family, i, numbers, suffices)
    return Chosen(families, needed(tuple(numbers), suffices, 0))


def _chosen(pairs: Sequence[_Change]) -> Chosen:
    return Chosen(tuple(family for family, _ in pairs), tuple(number for _, number in pairs))
