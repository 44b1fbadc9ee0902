"""A floor that takes and gives back requests one at a time, or the constructive answer, in a process of its own.

``python -m benchmarks.placement.online_process FAMILY --racks N --seed N`` prints a JSON list of what was timed. All
kernels are compiled and every step taken once on a small facility before, and the collector of garbage is off while a
clock runs, as ``timeit`` has it.
"""

from __future__ import annotations

import argparse
import gc
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from random import Random
from typing import TypeVar

import numpy as np

from capalloc.placement.floor import Floor
from capalloc.placing import place
from capalloc.schema.request import Placed, Request
from capalloc.verify.placed import verify_placed

from ..measured import verdict_of
from ..process import answering
from .families import FAMILIES, Instance
from .laps import Laps

_T = TypeVar("_T")
EXCHANGES, COUNTS, ANSWERS = 2_000, 20, 5
"""Requests taken away and placed again, counts of slots, constructive answers."""
SLOT_RACKS, SLOT_KW, SLOT_AIR_KW = 8, 40.0, 14.0
"""Of a group whose slots are counted: 8 racks of HGX servers, which are one of Colossus' groups of 512 GPUs."""
_WARM = 40
"""Positions of the small facility; whole groups have more."""


def main() -> int:
    """Time one family at one size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("family")
    parser.add_argument("--racks", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    asked = parser.parse_args()
    return answering(lambda: [asdict(one) for one in timed(asked.family, asked.racks, asked.seed)])


def timed(family: str, racks: int, seed: int) -> list[Laps]:
    """What a family takes at one size, after a small one."""
    time_steps = {"colossus": on_a_floor, "tree": constructed}[family]
    for size in (_WARM, racks):
        laps = time_steps(FAMILIES[family].make(size, seed), Random(seed))
    return laps


def on_a_floor(instance: Instance, rng: Random) -> list[Laps]:
    """Slots of the empty floor, its filling, slots of the filled one, and exchanges on that."""
    facility, requests = instance
    floor = Floor(facility)
    with uncollected():
        empty = _slots(floor)
        placed = [_timed(floor.place, request) for request in requests]
        full = _slots(floor)
    filled = floor.placed
    verdict = _verdict(instance, filled)
    standing = [request for request, (_, lines) in zip(requests, placed, strict=True) if lines]
    with uncollected():
        exchanged = list(_exchanges(floor, standing, rng))
    kept = floor.placed
    return [
        _laps("place", "us", [seconds for seconds, _ in placed], len(filled), verdict),
        _laps("remove and place", "us", exchanged, len(kept), _verdict(instance, kept)),
        _laps("slots, empty", "ms", empty, 0, _verdict(instance, ())),
        _laps("slots, filled", "ms", full, len(filled), verdict),
    ]


def _slots(floor: Floor) -> list[float]:
    return [_timed(floor.slots, SLOT_RACKS, SLOT_KW, SLOT_AIR_KW)[0] for _ in range(COUNTS)]


def _exchanges(floor: Floor, standing: list[Request], rng: Random) -> Iterator[float]:
    """Seconds of each; a request that finds no place again is not asked for any more."""
    for _ in range(EXCHANGES):
        number = rng.randrange(len(standing))
        request = standing[number]
        taking, _ = _timed(floor.remove, request.name)
        placing, lines = _timed(floor.place, request)
        if not lines:
            standing.pop(number)
        yield taking + placing


def constructed(instance: Instance, rng: Random) -> list[Laps]:
    """Core seconds of the constructive answer for each rack that it places."""
    seconds: list[float] = []
    placed: tuple[Placed, ...] = ()
    for _ in range(ANSWERS):
        with uncollected():
            answer = place(*instance, objective="kw", time_limit=0, bound=False)
        placed = answer.placed
        seconds.append(answer.seconds_core / len(placed))
    return [_laps("constructive, a rack", "us", seconds, len(placed), _verdict(instance, placed))]


@contextmanager
def uncollected() -> Iterator[None]:
    """No collection of garbage inside."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _timed(step: Callable[..., _T], *arguments: object) -> tuple[float, _T]:
    begun = time.perf_counter()
    result = step(*arguments)
    return time.perf_counter() - begun, result


def _verdict(instance: Instance, placed: tuple[Placed, ...]) -> str:
    """What the checker says of all that stands."""
    return verdict_of([violation.rule for violation in verify_placed(*instance, placed)])


def _laps(step: str, unit: str, seconds: Sequence[float], racks: int, verdict: str) -> Laps:
    return Laps(
        step,
        unit,
        len(seconds),
        racks,
        mean_s=float(np.mean(seconds)),
        median_s=float(np.median(seconds)),
        late_s=float(np.percentile(seconds, 99)),
        largest_s=max(seconds),
        verdict=verdict,
    )


if __name__ == "__main__":
    sys.exit(main())
