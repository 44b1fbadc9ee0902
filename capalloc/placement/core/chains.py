"""Chains of annealing side by side: multi-start simulated annealing in rounds that grow longer.

Each chain has records and random numbers of its own, so threads share nothing but the best that each found; kernels
let go of the interpreter's lock. A round cools from hot to cold, begins from where the last one ended, and is a few
times as long as it: short rounds find what is easy within milliseconds, long ones cool slowly enough for the rest, and
whenever time is up the last round has cooled as far as the time allows. Moves keep every rule, so any best may be taken
when the clock, a token or the bound ends the chains. Annealing: see ``annealing``.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass

import numpy as np

from capalloc.cancel import CancelToken
from capalloc.placement.core.annealing import anneal
from capalloc.placement.core.memory import Memory
from capalloc.placement.core.neighbourhood import PUT_OUT
from capalloc.placement.core.params import SearchParams
from capalloc.placement.core.records import Header
from capalloc.progress import OnProgress, Progress


@dataclass(frozen=True, slots=True)
class Task:
    """What chains search for."""

    groups: int
    typical: float
    """Mean worth of a group."""
    free: float
    """Share of the groups that nothing keeps together and that may be split."""
    target: float
    until: float
    """When the time is up, by ``time.perf_counter``."""


def search(
    memory: Memory, worth: float, task: Task, params: SearchParams, cancel: CancelToken, report: OnProgress
) -> None:
    """Search from what stands, worth ``worth``; the best is in ``memory`` afterwards, also when it is cancelled."""
    chains = [Chain(memory.copy(), number, worth, task, params, cancel) for number in range(params.threads)]
    with ThreadPoolExecutor(len(chains)) as pool:
        running = [pool.submit(chain.run, chains) for chain in chains]
        try:
            while wait(running, timeout=params.report_s).not_done:
                best = max(float(chain.score[1]) for chain in chains)
                report(Progress("place", best, seconds_left=max(task.until - time.perf_counter(), 0.0)))
        finally:
            for chain in chains:
                chain.stopped = True
    for ended in running:
        ended.result()
    memory.m[:] = max(chains, key=lambda chain: float(chain.score[1])).best


class Chain:
    """One search."""

    def __init__(
        self, memory: Memory, number: int, worth: float, task: Task, params: SearchParams, cancel: CancelToken
    ) -> None:
        memory.m[Header.RANDOM] += number
        self.memory, self.stopped, self._task, self._params, self._cancel = memory, False, task, params, cancel
        self.best, self.score = memory.m.copy(), np.array([worth, worth])
        self._scratch = np.zeros(PUT_OUT, dtype=np.int64), np.zeros(2)

    def run(self, chains: Sequence[Chain]) -> None:
        """Anneal round after round, until the time is up, it is stopped, or any chain has reached the target."""
        m, w, params = self.memory.m, self.memory.w, self._params
        refills = round(params.refills + (params.refills_free - params.refills) * self._task.free)
        for temperature, cooling, steps in self._rounds():
            anneal(m, w, self.best, self.score, *self._scratch, steps, temperature, cooling, refills)
            reached = any(chain.score[1] >= self._task.target for chain in chains)
            if reached or self.stopped or self._cancel.cancelled:
                break

    def _rounds(self) -> Iterator[tuple[float, float, int]]:
        """Temperature, cooling and steps of one chunk after the other, until the time is up."""
        params, task = self._params, self._task
        first, least = params.first_steps * task.groups, params.least_chunk
        steps, rate = max(first, params.least_first_steps), params.first_rate
        while (left := task.until - time.perf_counter()) > 0:
            steps = min(steps, max(int(rate * left), least))
            hot = max(params.hot * min(1.0, steps / first), params.cold)
            cooling = (params.cold / hot) ** (1.0 / steps)
            done, temperature, started = 0, hot * task.typical, time.perf_counter()
            while done < steps and time.perf_counter() < task.until:
                chunk = min(max(int(rate * params.chunk_s), least), steps - done)
                yield temperature, cooling, chunk
                done, temperature = done + chunk, temperature * cooling**chunk
                rate = done / max(time.perf_counter() - started, 1e-6)
            steps *= params.growth
