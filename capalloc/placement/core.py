"""Places groups: constructs in several ways, then searches until its time is up."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from capalloc.instance.groups import Groups
from capalloc.instance.layout import Floorplan
from capalloc.instance.model import Ints
from capalloc.placement import records as at
from capalloc.placement.construct import BALANCED, BEST_FIT, DOT_PRODUCT, FIRST_FIT, LOOKED_AT, construct
from capalloc.placement.memory import Memory, pack
from capalloc.placement.scarce import orders, scarcity
from capalloc.placement.search import anneal, tidy

_SCORES = (FIRST_FIT, BALANCED, BEST_FIT, DOT_PRODUCT)
_TIDY_STEPS, _TIDY_RATE = 1_000, 200
"""Steps between looks at the clock, and steps of which one has to tidy something, or it ends."""
_NOISE = 1e-12
"""Share of the worth of everything that is no difference."""
_QUICK, _SLOW = 20_000, 3_000_000
"""Looks into containers up to which every order is tried with every score, and one with the most alike."""


@dataclass(frozen=True, slots=True)
class SearchParams:
    """How long and how the core searches."""

    time_limit: float = 1.0
    """Seconds of search after construction; 0: construction alone."""
    seed: int = 0
    target: float = np.inf
    """Worth at which the search may end: a proven bound."""
    hot: float = 0.1
    """Temperature that a round begins at, as a share of the mean worth of a group."""
    cold: float = 0.012
    """Temperature that it ends at."""
    first_steps: int = 20
    """Steps of the first round for each group."""
    growth: int = 3
    """How much longer each round is than the one before."""
    chunk_s: float = 0.02
    """Seconds after which the clock is looked at."""
    tidying: bool = True
    """Whether what was found is made less fragmented afterwards."""
    tidy_share: float = 0.1
    """Seconds of that, as a share of the time limit."""


@dataclass(frozen=True, slots=True)
class Found:
    """Where racks stand when the search has ended."""

    memory: Memory
    worth: float
    seconds: float
    """Of construction and search."""


def place_groups(plan: Floorplan, groups: Groups, params: SearchParams) -> Found:
    """Place groups on a floor plan, for most worth."""
    begun = time.perf_counter()
    scarce = scarcity(plan, groups)
    memory = pack(plan, groups, scarce.cost, params.seed)
    everything = float(groups.gain @ groups.racks + groups.bonus.sum())
    target = min(params.target, everything) - _NOISE * max(everything, 1.0)
    worth = _constructed(memory, groups, orders(groups, scarce, np.random.default_rng(params.seed)), target)
    if params.time_limit > 0 and len(groups.racks) and len(plan.cells):
        search_s = params.time_limit * (1.0 - params.tidy_share * params.tidying)
        if worth < target:
            worth = _searched(memory, groups, worth, target, params, begun + search_s)
        if params.tidying:
            _tidied(memory, begun + params.time_limit)
    return Found(memory, worth, time.perf_counter() - begun)


def _constructed(memory: Memory, groups: Groups, tried: tuple[Ints, ...], target: float) -> float:
    """The best of several constructions, in ``memory``; its worth."""
    alike, kinds = np.unique(np.column_stack((groups.power, groups.heat)), axis=0, return_inverse=True)
    kinds, cursor = kinds.reshape(-1), np.zeros(len(alike), dtype=np.int64)
    ways = _ways(memory, tried)
    empty_m, empty_w, best = memory.m.copy(), memory.w.copy(), -1.0
    best_m, best_w = memory.m.copy(), memory.w.copy()
    for order, score in ways:
        memory.m[:], memory.w[:] = empty_m, empty_w
        construct(memory.m, memory.w, memory.groups + at.GROUP * order, kinds[order], cursor, score)
        worth = worth_of(memory, groups)
        if worth > best:
            best_m[:], best_w[:], best = memory.m, memory.w, worth
        if best >= target:
            break
    memory.m[:], memory.w[:] = best_m, best_w
    return max(best, 0.0)


def _ways(memory: Memory, tried: tuple[Ints, ...]) -> list[tuple[Ints, int]]:
    """Orders and scores to try: all of them where that is quick, else the first fit, and the most alike."""
    looks = len(tried[0]) * min(memory.rows(), LOOKED_AT)
    if looks <= _QUICK:
        return [(order, score) for order in tried for score in _SCORES]
    ways = [(order, FIRST_FIT) for order in tried]
    return [*ways, (tried[0], DOT_PRODUCT)] if looks <= _SLOW else ways


def worth_of(memory: Memory, groups: Groups) -> float:
    """Worth of what is placed."""
    placed = memory.placed()
    return float(groups.gain @ placed + groups.bonus @ (placed == groups.racks))


def _searched(memory: Memory, groups: Groups, worth: float, target: float, params: SearchParams, until: float) -> float:
    """Anneal in rounds, each longer than the last; the worth of the best, which is in ``memory`` afterwards."""
    typical = (groups.gain @ groups.racks + groups.bonus.sum()) / len(groups.racks)
    best, score = memory.m.copy(), np.array([worth, worth])
    for temperature, cooling, steps in _rounds(len(groups.racks), typical, params, until):
        anneal(memory.m, memory.w, best, score, steps, temperature, cooling)
        if score[1] >= target:
            break
    memory.m[:] = best
    return worth_of(memory, groups)


def _tidied(memory: Memory, until: float) -> None:
    """Less fragmentation and imbalance at the same worth, while that goes on and time is left."""
    steps = _TIDY_STEPS
    while (now := time.perf_counter()) < until and tidy(memory.m, memory.w, steps) * _TIDY_RATE > steps:
        left, took = until - time.perf_counter(), time.perf_counter() - now
        steps = max(min(2 * steps, int(steps * left / max(took, 1e-9))), _TIDY_STEPS // 10)


def _rounds(count: int, typical: float, params: SearchParams, until: float) -> Iterator[tuple[float, float, int]]:
    """Temperature, cooling and steps of one chunk after the other, until the time is up."""
    steps, rate = max(params.first_steps * count, 2_000), 1e6
    while (left := until - time.perf_counter()) > 0:
        steps = min(steps, max(int(rate * left), 500))
        hot = max(params.hot * min(1.0, steps / (params.first_steps * count)), params.cold)
        cooling = (params.cold / hot) ** (1.0 / steps)
        done, temperature, started = 0, hot * typical, time.perf_counter()
        while done < steps and time.perf_counter() < until:
            chunk = min(max(int(rate * params.chunk_s), 500), steps - done)
            yield temperature, cooling, chunk
            done, temperature = done + chunk, temperature * cooling**chunk
            rate = done / max(time.perf_counter() - started, 1e-6)
        steps *= params.growth
