"""Minimal subsets over a monotone predicate: which few of many things already have a property that more of them keep.

``holds(part)`` must be monotone: what holds of a part holds of whatever contains it. It is the costly step, here a
feasibility question to a solver, so the methods count by how often they ask (Marques-Silva, Janota, Belov: Minimal
sets over monotone predicates in Boolean formulae, CAV 2013).

An irreducible subset is found by QuickXplain (Junker: QUICKXPLAIN: Preferred explanations and relaxations for
over-constrained problems, AAAI 2004). It asks about k log(n / k) times for k of n things, where deletion filtering
(Chinneck, Dravnieks: Locating minimal infeasible constraint sets in linear programs, ORSA Journal on Computing 3(2),
1991) asks n times. One with the fewest things is found by implicit hitting sets (Ignatiev, Previti, Liffiton,
Marques-Silva: Smallest MUS extraction with minimal hitting set dualization, CP 2015).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from ortools.sat.python import cp_model

from capalloc.background import Background

Item = TypeVar("Item")
Holds = Callable[[frozenset[Item]], bool]


def irreducible(items: Sequence[Item], holds: Holds[Item], given: frozenset[Item] = frozenset()) -> frozenset[Item]:
    """A subset of ``items`` that holds together with ``given`` and of which nothing may be left out.

    ``holds(given | items)`` must be true. Earlier items are kept rather than later ones (QuickXplain).
    """
    return _quickxplain(given, True, tuple(items), holds)


def _quickxplain(given: frozenset[Item], fresh: bool, items: tuple[Item, ...], holds: Holds[Item]) -> frozenset[Item]:
    """What of the items has to join ``given``; ``fresh``: whether that has grown since it was last asked about."""
    if not items or (fresh and holds(given)):
        return frozenset()
    if len(items) == 1:
        return frozenset(items)
    first, second = items[: len(items) // 2], items[len(items) // 2 :]
    late = _quickxplain(given | frozenset(first), bool(first), second, holds)
    early = _quickxplain(given | late, bool(late), first, holds)
    return late | early


def smallest(items: Sequence[Item], holds: Holds[Item]) -> tuple[frozenset[Item], Callable[[], frozenset[Item] | None]]:
    """An irreducible subset that holds, and a search for one with the fewest items (None: it is that already).

    The search alternates: a set that does not hold misses some item of each set that must be met ("correction"), so
    the smallest set that meets all corrections known so far either holds, and is a smallest one, or yields another
    correction (implicit hitting sets).
    """
    found = irreducible(items, holds)

    def fewest() -> frozenset[Item] | None:
        corrections: list[frozenset[Item]] = []
        while True:
            chosen = _hitting(items, corrections)
            if len(chosen) >= len(found):
                return None
            if holds(chosen):
                return chosen
            corrections.append(correction(items, chosen, holds))

    return found, fewest


def correction(items: Sequence[Item], kept: frozenset[Item], holds: Holds[Item]) -> frozenset[Item]:
    """A minimal correction subset: outside ``kept``, and without it the items no longer hold.

    ``kept`` alone must not hold.
    """
    everything = frozenset(items)
    others = [item for item in items if item not in kept]
    return irreducible(others, lambda dropped: not holds(everything - dropped))


def _hitting(items: Sequence[Item], sets: Sequence[frozenset[Item]]) -> frozenset[Item]:
    """A smallest subset that meets every set (minimum hitting set, by CP-SAT); the earliest items where several are."""
    model = cp_model.CpModel()
    taken = {item: model.new_bool_var("") for item in items}
    for one in sets:
        model.add_bool_or([taken[item] for item in items if item in one])
    size = len(items)
    model.minimize(sum(taken[item] * (size * size + i) for i, item in enumerate(items)))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.catch_sigint_signal = False  # signals are the business of who owns the process
    if Background(lambda: solver.solve(model)).result() != cp_model.OPTIMAL:
        raise RuntimeError("no set meets the corrections, although all items together do")
    return frozenset(item for item in items if solver.boolean_value(taken[item]))
