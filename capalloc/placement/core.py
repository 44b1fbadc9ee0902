"""Places groups: constructs in several ways, then searches until its time is up."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass

import numpy as np

from capalloc.instance.groups import Groups
from capalloc.instance.layout import LEVELS, Floorplan
from capalloc.instance.model import Ints
from capalloc.placement import records as at
from capalloc.placement.binding import binding_plan
from capalloc.placement.construct import BALANCED, BEST_FIT, DOT_PRODUCT, FIRST_FIT, LOOKED_AT, construct
from capalloc.placement.memory import Memory, pack
from capalloc.placement.moves import replay
from capalloc.placement.scarce import orders, scarcity
from capalloc.placement.search import PUT_OUT, anneal, tidy

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
    first_steps: int = 200
    """Steps of the first round for each group."""
    growth: int = 10
    """How much longer each round is than the one before."""
    refills: int = 10
    """Percent of the steps that empty a part of a cell and fill it again."""
    refills_loose: int = 60
    """The same where nothing keeps groups together."""
    threads: int = 2
    """Searches side by side, each with a seed of its own."""
    chunk_s: float = 0.005
    """Seconds after which the clock is looked at."""
    tidying: bool = True
    """Whether what was found is made less fragmented afterwards."""
    tidy_share: float = 0.1
    """Seconds of that, as a share of the time limit."""


@dataclass(frozen=True, slots=True)
class Found:
    """Where racks stand when the search has ended."""

    memory: Memory
    """With the loads of every node, those that cannot bind too."""
    worth: float
    seconds: float
    """Of construction and search."""


def place_groups(plan: Floorplan, groups: Groups, params: SearchParams) -> Found:
    """Place groups on a floor plan, for most worth."""
    begun = time.perf_counter()
    scarce = scarcity(plan, groups)
    memory = pack(binding_plan(plan, groups), groups, scarce.cost, params.seed)
    everything = float(groups.gain @ groups.racks + groups.bonus.sum())
    target = min(params.target, everything) - _NOISE * max(everything, 1.0)
    worth = _constructed(memory, groups, orders(groups, scarce, np.random.default_rng(params.seed)), target)
    if params.time_limit > 0 and len(groups.racks) and len(plan.cells):
        search_s = params.time_limit * (1.0 - params.tidy_share * params.tidying)
        if worth < target:
            worth = _searched(memory, groups, worth, target, params, begun + search_s)
        _completed(memory)
        if params.tidying:
            _tidied(memory, begun + params.time_limit)
    seconds = time.perf_counter() - begun
    whole = pack(plan, groups, scarce.cost, params.seed)
    replay(memory.m, memory.groups, whole.m, whole.w)
    return Found(whole, worth, seconds)


def _constructed(memory: Memory, groups: Groups, tried: tuple[Ints, ...], target: float) -> float:
    """The best of several constructions, in ``memory``; its worth."""
    alike, kinds = np.unique(np.column_stack((groups.power, groups.heat)), axis=0, return_inverse=True)
    kinds, cursor, last = kinds.reshape(-1), np.zeros(len(alike), dtype=np.int64), np.zeros(len(LEVELS), dtype=np.int64)
    ways = _ways(memory, tried)
    empty_m, empty_w, best = memory.m.copy(), memory.w.copy(), -1.0
    best_m, best_w = memory.m.copy(), memory.w.copy()
    for order, score in ways:
        memory.m[:], memory.w[:] = empty_m, empty_w
        construct(memory.m, memory.w, memory.groups + at.GROUP * order, kinds[order], cursor, last, score, LOOKED_AT)
        worth = worth_of(memory, groups)
        if worth > best:
            best_m[:], best_w[:], best = memory.m, memory.w, worth
        if best >= target:
            break
    memory.m[:], memory.w[:] = best_m, best_w
    return max(best, 0.0)


def _completed(memory: Memory) -> None:
    """Let in whatever still fits, also where it is worth nothing."""
    m = memory.m
    missing = np.sort(m[m[at.MISSING] : m[at.MISSING_END]])
    kinds = np.arange(len(missing))
    construct(m, memory.w, missing, kinds, kinds.copy(), np.zeros(len(LEVELS), dtype=np.int64), FIRST_FIT, LOOKED_AT)


def _ways(memory: Memory, tried: tuple[Ints, ...]) -> list[tuple[Ints, int]]:
    """Orders and scores to try: all of them where that is quick, else the first fit, and the most alike."""
    looks = len(tried[0]) * min(memory.rows(), LOOKED_AT)
    if looks <= _QUICK:
        return [(tried[0], score) for score in _SCORES] + [(order, FIRST_FIT) for order in tried[1:]]
    ways = [(order, FIRST_FIT) for order in tried]
    return [*ways, (tried[0], DOT_PRODUCT)] if looks <= _SLOW else ways


def worth_of(memory: Memory, groups: Groups) -> float:
    """Worth of what is placed."""
    placed = memory.placed()
    return float(groups.gain @ placed + groups.bonus @ (placed == groups.racks))


def _searched(memory: Memory, groups: Groups, worth: float, target: float, params: SearchParams, until: float) -> float:
    """Anneal side by side; the worth of the best, which is in ``memory`` afterwards. Ctrl-C ends it early."""
    typical = (groups.gain @ groups.racks + groups.bonus.sum()) / len(groups.racks)
    loose = float(((groups.level == LEVELS.index("none")) & ~groups.whole).mean())
    refills = round(params.refills + (params.refills_loose - params.refills) * loose)
    chains = [_Chain(memory.copy(), number, worth, target, refills) for number in range(params.threads)]
    rounds = [_rounds(len(groups.racks), typical, params, until) for _ in chains]
    with ThreadPoolExecutor(len(chains)) as pool:
        running = [pool.submit(chain.run, steps, chains) for chain, steps in zip(chains, rounds, strict=True)]
        try:
            wait(running)
        except KeyboardInterrupt:
            for chain in chains:
                chain.stopped = True
    for ended in running:
        ended.result()
    memory.m[:] = max(chains, key=lambda chain: float(chain.score[1])).best
    return worth_of(memory, groups)


class _Chain:
    """One search with records of its own."""

    def __init__(self, memory: Memory, number: int, worth: float, target: float, refills: int) -> None:
        self.memory, self.target, self.refills, self.stopped = memory, target, refills, False
        memory.m[at.RANDOM] += number
        self.best, self.score = memory.m.copy(), np.array([worth, worth])
        self.out, self.changes = np.zeros(PUT_OUT, dtype=np.int64), np.zeros(2)

    def run(self, rounds: Iterator[tuple[float, float, int]], chains: Sequence[_Chain]) -> None:
        """Anneal round after round, until the time is up, it is stopped, or any chain has reached the target."""
        m, w = self.memory.m, self.memory.w
        for temperature, cooling, steps in rounds:
            scratch = self.out, self.changes
            anneal(m, w, self.best, self.score, *scratch, steps, temperature, cooling, self.refills)
            if self.stopped or any(chain.score[1] >= self.target for chain in chains):
                break


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
