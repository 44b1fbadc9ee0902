"""What code deep inside tells whoever listens outside: files that were read or written, warnings that were given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Told(Generic[Item]):
    """Items that are told inside :meth:`heard`: every listener of a thread hears them, or nobody."""

    def __init__(self, name: str) -> None:
        self._heard: ContextVar[tuple[list[Item], ...]] = ContextVar(name, default=())

    @contextmanager
    def heard(self) -> Iterator[list[Item]]:
        """The items that are told inside, in their order."""
        items: list[Item] = []
        outer = self._heard.set((*self._heard.get(), items))
        try:
            yield items
        finally:
            self._heard.reset(outer)

    def tell(self, items: Iterable[Item]) -> None:
        """Tell whoever hears."""
        told = list(items)
        for heard in self._heard.get():
            heard.extend(told)


_WRITTEN: Told[Path] = Told("files that were written")
files_written, tell_written = _WRITTEN.heard, _WRITTEN.tell
"""The files that are written inside, in their order; give some to whoever hears them."""
