"""Compiles kernels by numba: on first use, kept on disk afterwards, and said on stderr.

Kernels may be called in any thread. numba compiles one at a time, under a lock of its own; settings of numba that are
changed here for a moment are changed under that lock, or under the one below.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

import numba
from numba.core import config, event

_ROOMS = ("instance", "naming", "placement")
"""Packages that have kernels, and one whose constants they use."""
Kernel = TypeVar("Kernel", bound=Callable[..., Any])
_LOCK = Lock()
"""Held while numba's cache folder is another, as modules with kernels are imported."""


def kernel(function: Kernel) -> Kernel:
    """Compile a function over arrays; its machine code is kept on disk where there is a place that can be written."""
    return _compiled(function)


def inner(function: Kernel) -> Kernel:
    """Compile a function that kernels alone call: without the entry from Python, which takes long to compile."""
    return _compiled(function, no_cpython_wrapper=True, no_cfunc_wrapper=True)


def _compiled(function: Kernel, **options: bool) -> Kernel:
    kept = _folder()
    with _kept_in(kept):
        cached = kept is not None
        compiled: Kernel = numba.njit(function, nogil=True, error_model="numpy", cache=cached, **options)
    return compiled


@cache
def _folder() -> Path | None:
    """Where machine code of exactly these sources is kept; None where nothing can be written.

    numba looks at the file of a kernel alone to tell whether its machine code is stale, but kernels call each other
    and share constants: the folder is named by what all of them say.
    """
    package = Path(__file__).parent
    digest = hashlib.sha256()
    for source in sorted(path for room in _ROOMS for path in (package / room).rglob("*.py")):
        digest.update(source.read_bytes())
    name = f"capalloc-kernels-{digest.hexdigest()[:16]}"
    own = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    places = [os.environ.get("NUMBA_CACHE_DIR"), package / "__pycache__", own]
    return next((Path(place) / name for place in places if place and _writable(Path(place) / name)), None)


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


@contextmanager
def _kept_in(folder: Path | None) -> Iterator[None]:
    with _LOCK:
        before, config.CACHE_DIR = config.CACHE_DIR, str(folder or "")
        try:
            yield
        finally:
            config.CACHE_DIR = before


class _Compiling(event.Listener):  # type: ignore[misc]  # numba has no types
    """Says once that kernels are being compiled, since the first answer then takes seconds, and keeps that short.

    At its first level of optimisation the compiler takes a fifth less, and kernels are as fast.
    """

    def __init__(self) -> None:
        self._depth, self._said, self._before = 0, False, config.OPT

    def on_start(self, begun: event.Event) -> None:
        if not _ours(begun):
            return
        if self._depth == 0:
            self._before, config.OPT = config.OPT, type(config.OPT)(1)
        self._depth += 1
        if not self._said and sys.stderr is not None:
            self._said = True
            kept = "they are kept for later" if _folder() else "no folder for them can be written, so this comes again"
            print(f"capalloc: compiling kernels on their first use; {kept}", file=sys.stderr, flush=True)

    def on_end(self, ended: event.Event) -> None:
        if not _ours(ended):
            return
        self._depth -= 1
        if self._depth == 0:
            config.OPT = self._before


def _ours(one: event.Event) -> bool:
    return bool(one.data["dispatcher"].py_func.__module__.startswith("capalloc."))


event.register("numba:compile", _Compiling())
