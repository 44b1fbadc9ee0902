"""Runs a function over many cases: answers in the order of the cases, told as they come, whatever happens to one.

It knows executors by the interface of :mod:`concurrent.futures` alone (PEP 3148). Where a worker dies, its pool is
opened again and only what is missing is computed: what was at work then is tried once more, each case alone, so that
a case that ends its worker twice is known to have done it, and has failed.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Future, wait
from dataclasses import dataclass, field
from typing import Any, Generic

from capalloc.cancel import CancelToken
from capalloc.errors import NoAnswerError
from capalloc.runner.engine import Answer, Case, Engine, Function, Pool, Shared

_LISTEN_S = 0.1
"""Seconds after which the runner looks up from waiting."""
_MOST_BREAKS = 3
"""Pools that may break before any case has ended: then the workers are at fault, not the cases."""
_KILLER = "its worker ended without a word, twice: out of memory, or killed"
_NO_WORKERS = (
    "no worker lives long enough to answer a case; a script that asks from Python has to do so below "
    "`if __name__ == '__main__':`, since workers read the script too"
)


@dataclass(frozen=True, slots=True)
class Ended(Generic[Answer]):
    """How a case ended."""

    answer: Answer | None = None
    failure: str | None = None
    """Why there is no answer, in a sentence."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a run has come."""

    done: int
    left: int
    seconds_left: float | None
    """As far as the cases computed so far tell; None before the first."""


Heard = Callable[[int, Ended[Answer], Standing], None]
"""Hears of each case, by its number, as it ends."""


def run(
    cases: Sequence[Case],
    shared: Shared,
    function: Function[Shared, Case, Answer],
    engine: Engine,
    *,
    known: Mapping[int, Ended[Answer]] | None = None,
    heard: Heard[Answer] | None = None,
    cancel: CancelToken | None = None,
    patience_s: float | None = None,
) -> tuple[Ended[Answer] | None, ...]:
    """Each case with its end, in order; None for those that a ``cancel`` token left undone.

    ``known`` has those that need not be computed, by their number. ``heard`` hears of every other one, on the thread
    that called, as it ends. A case that is at work for longer than ``patience_s`` seconds is ended from outside, where
    the engine can, and has failed.

    Raises NoAnswerError where workers cannot begin at all, and what ``heard`` raises.
    """
    work = _Run(
        cases, function, shared, engine, dict(known or {}), heard or _nothing, cancel or CancelToken(), patience_s
    )
    work.finish()
    return tuple(work.ended.get(number) for number in range(len(cases)))


def _nothing(number: int, ended: Ended[Any], standing: Standing) -> None:
    """Hear and do nothing."""


@dataclass(slots=True)
class _Run(Generic[Shared, Case, Answer]):
    cases: Sequence[Case]
    function: Function[Shared, Case, Answer]
    shared: Shared
    engine: Engine
    ended: dict[int, Ended[Answer]]
    heard: Heard[Answer]
    cancel: CancelToken
    patience_s: float | None
    waiting: deque[int] = field(init=False)
    suspects: deque[int] = field(default_factory=deque)
    """Cases that were at work when a worker died: each is tried once more, alone."""
    computed: int = 0
    breaks: int = 0
    begun: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.waiting = deque(number for number in range(len(self.cases)) if number not in self.ended)

    def finish(self) -> None:
        """Compute until nothing is missing, or somebody asked for what there is."""
        while (self.waiting or self.suspects) and not self.cancel.cancelled:
            with self.engine.open(self.function, self.shared) as pool:
                _Shift(self, pool).work()

    def end(self, number: int, ended: Ended[Answer]) -> None:
        """Keep how a case ended, and tell."""
        self.ended[number] = ended
        self.computed += 1
        left = len(self.cases) - len(self.ended)
        pace = (time.monotonic() - self.begun) / self.computed
        self.heard(number, ended, Standing(len(self.ended), left, pace * left))

    def broken(self, at_work: Sequence[int], alone: bool) -> None:
        """Go on after a worker has died; what was ``at_work`` ``alone``, on its second try, has failed."""
        self.breaks += 1
        if self.breaks >= _MOST_BREAKS and not any(one.answer is not None for one in self.ended.values()):
            raise NoAnswerError(_NO_WORKERS)
        if not alone:
            self.suspects.extend(at_work)
            return
        for number in at_work:
            self.end(number, Ended(failure=_KILLER))


@dataclass(slots=True)
class _Shift(Generic[Shared, Case, Answer]):
    """The life of one pool: until everything is done, a worker dies, or a case has to be ended."""

    run: _Run[Shared, Case, Answer]
    pool: Pool
    flying: dict[Future[Answer], tuple[int, float]] = field(default_factory=dict)
    """Each case at work, with the time at which it began."""
    alone: bool = False
    """The one case at work was at work already when a worker died."""

    def work(self) -> None:
        """Begin cases and take in their answers."""
        while self._fill():
            done, _ = wait(self.flying, timeout=_LISTEN_S, return_when=FIRST_COMPLETED)
            taken = [self._take(future) for future in done]
            if not (alive := all(taken)):
                self.run.broken(sorted(number for number, _ in self.flying.values()), self.alone)
            if not alive or self._overdue() or self.run.cancel.cancelled:
                return self.pool.stop()
        return None

    def _fill(self) -> bool:
        """Begin as much as may be at work; whether anything is."""
        waiting, suspects = self.run.waiting, self.run.suspects
        while waiting and len(self.flying) < self.pool.width:
            self._begin(waiting.popleft())
        if not self.flying and suspects:
            self.alone = True
            self._begin(suspects.popleft())
        return bool(self.flying)

    def _begin(self, number: int) -> None:
        try:
            future = self.pool.submit(self.run.cases[number])
        except BrokenExecutor as fault:  # a worker has died since the last look
            future = Future()
            future.set_exception(fault)
        self.flying[future] = number, time.monotonic()

    def _take(self, future: Future[Answer]) -> bool:
        """Take in a case that has ended; False where its worker has died, and the case stays among those at work."""
        number, _ = self.flying[future]
        try:
            ended = Ended(future.result())
        except (BrokenExecutor, CancelledError):
            return False
        except Exception as fault:  # whatever is wrong with one case, the others go on
            ended = Ended(failure=f"{type(fault).__name__}: {fault}")
        del self.flying[future]
        self.run.end(number, ended)
        return True

    def _overdue(self) -> bool:
        """Fail the cases that take too long, where they can be ended; the others at work begin again."""
        patience_s, now = self.run.patience_s, time.monotonic()
        if patience_s is None or not self.run.engine.can_end_cases:
            return False
        late = [number for number, begun in self.flying.values() if now - begun > patience_s]
        for number in late:
            self.run.end(number, Ended(failure=f"did not end within {patience_s:,.0f} s"))
        if late:
            self.run.waiting.extendleft(number for number, _ in self.flying.values() if number not in late)
        return bool(late)
