"""Runs solver calls two at a time: solvers let other threads run meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from threading import Lock
from typing import TypeVar

from capalloc.background import Background

_T = TypeVar("_T")
AT_ONCE = 2
"""Calls at once, on any machine: what is searched for next may depend on it, and so may a plan."""


def side_by_side(calls: Sequence[Callable[[], _T]]) -> list[_T]:
    """The results of the calls, in their order; the first exception that one of them ends with is raised.

    It is raised once no call runs any more: each hears of a cancelled search by itself.
    """
    waiting, lock = iter(enumerate(calls)), Lock()

    def work() -> list[tuple[int, _T]]:
        return [(number, call()) for number, call in _shared(waiting, lock)]

    workers = [Background(work) for _ in range(min(AT_ONCE, len(calls)))]
    for worker in workers:
        worker.wait()
    done = dict(pair for worker in workers for pair in worker.result())
    return [done[number] for number in range(len(calls))]


def _shared(waiting: Iterator[_T], lock: Lock) -> Iterator[_T]:
    """Items of an iterator that several threads take from."""
    while True:
        with lock:
            item = next(waiting, None)
        if item is None:
            return
        yield item
