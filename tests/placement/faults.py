"""What is wrong with the answer to a case, and whether it is the best there is."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from capalloc.placing import place
from capalloc.schema.placing import Placing
from capalloc.schema.request import Placed
from capalloc.verify.placed import verify_placed
from tests.placement.broken import broken
from tests.placement.case import Case
from tests.placement.optimum import Best, best_of
from tests.placement.random_cases import random_case

NOISE = 1e-6
"""Figures are told to six decimals."""
SECONDS = 0.03
"""Search time of one case."""


@dataclass(frozen=True)
class Verdict:
    """What came of one case."""

    seed: int
    faults: tuple[str, ...]
    """What must not be, each with its kind before a colon: crash, rejected, optimum, above, bound, figures
    or reasons."""
    missed: float
    """Share of the optimum that the answer is below it; 0 where it is the optimum."""


def answer(case: Case, time_limit: float = SECONDS, occupied: tuple[Placed, ...] | None = None) -> Placing:
    """The answer to a case; with other ``occupied`` if given."""
    return place(
        case.facility,
        case.requests,
        occupied=case.occupied if occupied is None else occupied,
        objective=case.objective,
        seed=case.seed,
        time_limit=time_limit,
        on=case.on,
        standing=case.standing,
    )


def checked(seed: int, time_limit: float = SECONDS) -> Verdict:
    """Answer the case of a seed and compare; a crash is a fault too."""
    try:
        case = random_case(seed)
        best = best_of(case)
        found = answer(case, time_limit)
        missed = max(best.worth - case.worth(found.placed), Fraction(0))
        return Verdict(seed, tuple(_faults(case, found, best)), float(missed / best.worth) if missed else 0.0)
    except Exception:
        return Verdict(seed, (f"crash: {traceback.format_exc(limit=-2)}",), 1.0)


def rejections(case: Case, placed: tuple[Placed, ...]) -> list[str]:
    """What the checker, or else the second opinion, has against a placement."""
    wrong = verify_placed(
        case.facility, case.requests, placed, occupied=case.occupied, on=case.on, standing=case.standing
    )
    return [violation.message for violation in wrong] or [f"{rule} is broken" for rule in broken(case, placed)]


def _faults(case: Case, found: Placing, best: Best) -> Iterator[str]:
    worth, most = float(case.worth(found.placed)), float(best.worth)
    yield from (f"rejected: {message}" for message in rejections(case, found.placed))
    yield from (f"optimum: rejected, {message}" for message in rejections(case, best.placed))
    if worth > most + NOISE:
        yield f"above: {worth} where the optimum is {most}"
    if found.bound is None or found.bound < most - NOISE:
        yield f"bound: {found.bound} where the optimum is {most}"
    if abs(found.objective - worth) > NOISE:
        yield f"figures: objective told as {found.objective}, recounted {worth}"
    yield from _unexplained(case, found)


def _unexplained(case: Case, found: Placing) -> Iterator[str]:
    """Requests of which racks are missing, and only they, are told with their number and a reason."""
    stand = {request.name: 0 for request in case.requests}
    for line in found.placed:
        stand[line.request] += 1
    missing = {request.name: request.racks - stand[request.name] for request in case.requests}
    told = {entry.request: entry.racks for entry in found.unplaced}
    if told != {name: racks for name, racks in missing.items() if racks}:
        yield f"reasons: told {told}, missing {missing}"
    for entry in found.unplaced:
        if not entry.reasons:
            yield f"reasons: none for {entry.request}"
