"""What the runner asks of whatever computes cases: an executor of :mod:`concurrent.futures` that has the shared data.

The function is sent by name, so it stands in a module; the shared data goes to each worker once, each case with its
call.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeVar

from capalloc.cancel import CancelToken

Shared = TypeVar("Shared")
Case = TypeVar("Case")
Answer = TypeVar("Answer")

Function = Callable[[Shared, Case, CancelToken], Answer]
"""Answers one case; once the token is set, nobody waits for the answer."""


class Pool(Protocol):
    """Workers that have the function and the shared data."""

    @property
    def width(self) -> int:
        """Cases that are computed at the same time."""
        ...

    def submit(self, case: Any) -> Future[Any]:
        """Begin a case."""
        ...

    def stop(self) -> None:
        """End whatever is at work, soon and without its answers."""
        ...


class Engine(Protocol):
    """Where cases are computed."""

    @property
    def can_end_cases(self) -> bool:
        """Whether a case that does not end by itself can be ended from outside."""
        ...

    def open(self, function: Function[Shared, Case, Answer], shared: Shared) -> AbstractContextManager[Pool]:
        """Workers for a function, for as long as the context lasts."""
        ...
