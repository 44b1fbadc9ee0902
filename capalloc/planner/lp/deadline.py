"""How long a search may go on: until its time is over, or until somebody asks for what there is."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import TypeVar

from ortools.util.python.solve_interrupter import SolveInterrupter

from capalloc.background import Background
from capalloc.cancel import CancelToken

_T = TypeVar("_T")


class CancelledError(Exception):
    """Somebody asked for what there is; never leaves :meth:`Deadline.interruptible`."""


class Deadline:
    """Seconds that are left, and the token that ends them at once.

    A set token is heard once, by the first block of :meth:`interruptible` in which a solver is called. What is
    called after that, in haste, runs to its end.
    """

    def __init__(self, seconds: float = math.inf, cancel: CancelToken | None = None) -> None:
        self._begun = time.monotonic()
        self._end = self._begun + seconds
        self._cancel = cancel or CancelToken()
        self._kept: dict[str, float] = {}
        self._lock = Lock()
        self.work = 0.0
        """What solvers have done, in numbers of a matrix that simplex iterations have gone through."""
        self._hearing = 0
        self.interrupted = False
        """Whether the token was heard."""

    def left(self, kept: float = 0.0) -> float:
        """Seconds left when ``kept`` of them are for something else; 0 or less when the time is over."""
        return self._end - sum(self._kept.values()) - kept - time.monotonic()

    def worked(self, work: float) -> None:
        """Count what a solver has done; any thread may."""
        with self._lock:
            self.work += work

    def spent(self) -> float:
        """Seconds since the search began."""
        return time.monotonic() - self._begun

    def lasting(self, seconds: float) -> Deadline:
        """Another that ends no sooner than in so many seconds, and hears the same token."""
        return Deadline(max(self.left(), seconds), self._cancel)

    def keep(self, what: str, seconds: float) -> None:
        """Keep so many seconds for something that follows the search; they are not left until 0 are kept."""
        self._kept[what] = seconds

    def seconds(self, most: float, least: float = 0.0) -> float:
        """Seconds that a search may take: ``most`` of those left, and ``least`` where there has to be an answer."""
        return max(min(self.left(), most), least)

    @property
    def cancelled(self) -> bool:
        """Whether the token is set, heard or not."""
        return self._cancel.cancelled

    def over(self) -> bool:
        """Whether no time is left, or the token is set, heard or not."""
        return self.cancelled or self.left() <= 0

    @contextmanager
    def interruptible(self) -> Iterator[None]:
        """Leave the block when the token is set while a solver runs, with no time left."""
        self._hearing += 1
        try:
            yield
        except CancelledError:
            self.interrupted = True
            self._end = time.monotonic()
        finally:
            self._hearing -= 1

    def call(self, solver: Callable[[SolveInterrupter], _T]) -> _T:
        """The result of a solver call, which runs on another thread.

        Inside :meth:`interruptible`, raises CancelledError once the token is set. The solver is told to stop; one that
        cannot be told, as HiGHS, is left behind and ends at its own time limit.
        """
        interrupter = SolveInterrupter()

        def listen() -> None:
            if self._asked():
                interrupter.interrupt()
                raise CancelledError

        listen()
        return Background(lambda: solver(interrupter)).result(listen)

    def _asked(self) -> bool:
        return self._hearing > 0 and not self.interrupted and self._cancel.cancelled
