"""Cases one after the other on a thread of this process: no worker to start, and none to lose."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from capalloc.cancel import CancelToken
from capalloc.runner.engine import Case, Function, Pool, Shared


@dataclass(frozen=True, slots=True)
class Here:
    """This process."""

    can_end_cases: bool = False

    @contextmanager
    def open(self, function: Function[Shared, Case, Any], shared: Shared) -> Iterator[Pool]:
        """One thread; what is at work when it is left ends by its token."""
        with ThreadPoolExecutor(1) as executor:
            pool = _Thread(executor, function, shared)
            try:
                yield pool
            finally:
                pool.stop()


@dataclass(slots=True)
class _Thread:
    executor: ThreadPoolExecutor
    function: Function[Any, Any, Any]
    shared: Any
    width: int = 1
    token: CancelToken = field(default_factory=CancelToken)

    def submit(self, case: Any) -> Future[Any]:
        return self.executor.submit(self.function, self.shared, case, self.token)

    def stop(self) -> None:
        self.token.cancel()
