"""Searches side by side: each a chain of annealed rounds with records of its own."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass

import numpy as np

from capalloc.placement.core import records as at
from capalloc.placement.core.memory import Memory
from capalloc.placement.core.search import PUT_OUT, anneal


@dataclass(frozen=True, slots=True)
class SearchParams:
    """How long and how the core searches."""

    time_limit: float = 1.0
    """Seconds of construction and search; 0: construction alone."""
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
    tidy_share: float = 0.1
    """Share of the time limit that is kept for making the answer less fragmented."""


@dataclass(frozen=True, slots=True)
class Task:
    """What chains search for."""

    groups: int
    typical: float
    """Mean worth of a group."""
    loose: float
    """Share of the groups that nothing keeps together."""
    target: float
    until: float
    """When the time is up, by ``time.perf_counter``."""


def search(memory: Memory, worth: float, task: Task, params: SearchParams) -> None:
    """Search from what stands, worth ``worth``; the best is in ``memory`` afterwards. Ctrl-C ends it early."""
    chains = [Chain(memory.copy(), number, worth, task, params) for number in range(params.threads)]
    with ThreadPoolExecutor(len(chains)) as pool:
        running = []
        try:
            running += [pool.submit(chain.run, chains) for chain in chains]
            wait(running)
        except KeyboardInterrupt:
            for chain in chains:
                chain.stopped = True
    for ended in running:
        ended.result()
    memory.m[:] = max(chains, key=lambda chain: float(chain.score[1])).best


class Chain:
    """One search."""

    def __init__(self, memory: Memory, number: int, worth: float, task: Task, params: SearchParams) -> None:
        memory.m[at.RANDOM] += number
        self.memory, self.stopped, self._task, self._params = memory, False, task, params
        self.best, self.score = memory.m.copy(), np.array([worth, worth])
        self._scratch = np.zeros(PUT_OUT, dtype=np.int64), np.zeros(2)

    def run(self, chains: Sequence[Chain]) -> None:
        """Anneal round after round, until the time is up, it is stopped, or any chain has reached the target."""
        m, w, params = self.memory.m, self.memory.w, self._params
        refills = round(params.refills + (params.refills_loose - params.refills) * self._task.loose)
        for temperature, cooling, steps in self._rounds():
            anneal(m, w, self.best, self.score, *self._scratch, steps, temperature, cooling, refills)
            if self.stopped or any(chain.score[1] >= self._task.target for chain in chains):
                break

    def _rounds(self) -> Iterator[tuple[float, float, int]]:
        """Temperature, cooling and steps of one chunk after the other, until the time is up."""
        params, task = self._params, self._task
        first = params.first_steps * task.groups
        steps, rate = max(first, 2_000), 1e6
        while (left := task.until - time.perf_counter()) > 0:
            steps = min(steps, max(int(rate * left), 500))
            hot = max(params.hot * min(1.0, steps / first), params.cold)
            cooling = (params.cold / hot) ** (1.0 / steps)
            done, temperature, started = 0, hot * task.typical, time.perf_counter()
            while done < steps and time.perf_counter() < task.until:
                chunk = min(max(int(rate * params.chunk_s), 500), steps - done)
                yield temperature, cooling, chunk
                done, temperature = done + chunk, temperature * cooling**chunk
                rate = done / max(time.perf_counter() - started, 1e-6)
            steps *= params.growth
