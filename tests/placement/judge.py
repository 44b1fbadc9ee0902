"""What is wrong with the answer to a case, and whether it is the best there is."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from dataclasses import dataclass

from capalloc.placing import place
from capalloc.schema.placing import Placing
from capalloc.schema.request import Placed
from capalloc.verify.placed import verify_placed

from .case import Case
from .drawer import drawn
from .optimum import best_of

NOISE = 1e-6
"""Figures are told to six decimals."""
SECONDS = 0.03
"""Search time of one case."""


@dataclass(frozen=True)
class Verdict:
    """What came of one case."""

    seed: int
    faults: tuple[str, ...]
    """What must not be, each with its kind before a colon: crash, rejected, above, bound, figures, reasons."""
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
        draw=case.draw,
    )


def judged(seed: int, time_limit: float = SECONDS) -> Verdict:
    """Answer the case of a seed and compare; a crash is a fault too."""
    try:
        case = drawn(seed)
        best = float(best_of(case).worth)
        found = answer(case, time_limit)
        worth = float(case.worth(found.placed))
        return Verdict(seed, tuple(_faults(case, found, best)), max(best - worth, 0.0) / best if best else 0.0)
    except Exception:
        return Verdict(seed, (f"crash: {traceback.format_exc(limit=-2)}",), 1.0)


def _faults(case: Case, found: Placing, best: float) -> Iterator[str]:
    worth = float(case.worth(found.placed))
    wrong = verify_placed(
        case.facility, case.requests, found.placed, occupied=case.occupied, on=case.on, draw=case.draw
    )
    yield from (f"rejected: {violation.message}" for violation in wrong)
    if worth > best + NOISE:
        yield f"above: {worth} where the optimum is {best}"
    if found.bound is None or found.bound < best - NOISE:
        yield f"bound: {found.bound} where the optimum is {best}"
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
