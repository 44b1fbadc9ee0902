"""Files that a run of the suite makes once, whichever of its workers needs them first."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest


class Shared:
    """A folder of the whole run."""

    def __init__(self, factory: pytest.TempPathFactory) -> None:
        own = factory.getbasetemp()
        self._folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "pages"
        self._folder.mkdir(exist_ok=True)

    def file(self, name: str, make: Callable[[], str]) -> Path:
        """The file of a name with what ``make`` gave first; others wait while it is made."""
        path = self._folder / name
        with (self._folder / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not path.exists():
                half = path.with_suffix(".half")
                half.write_text(make(), encoding="utf-8")
                half.rename(path)
        return path
