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
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar, cast

import numba
from numba.core import caching, config, event

_ROOMS = ("instance", "placement")
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
    compiled: Any = numba.njit(function, nogil=True, error_model="numpy", **options)
    if kept is not None:
        with _kept_in(kept):
            compiled._cache = _Code(compiled.py_func)
    return cast("Kernel", compiled)


class _Code(caching.FunctionCache):  # type: ignore[misc]  # numba has no types
    """Machine code on disk, which is never needed: what cannot be read is compiled anew, what cannot be kept is not."""

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        try:
            return super().load_overload(sig, target_context)
        except Exception as fault:  # whatever a damaged pickle raises
            _say_once(f"machine code that was kept cannot be read ({type(fault).__name__}); compiling it anew")
            with suppress(OSError):
                self.flush()  # the index then names no code
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        try:
            super().save_overload(sig, data)
        except Exception as fault:  # a full disk, or an index that cannot be read
            why = fault.strerror if isinstance(fault, OSError) else type(fault).__name__
            _say_once(f"machine code of kernels cannot be kept ({why}), so it is compiled again next time")


@cache
def _say_once(sentence: str) -> None:
    if sys.stderr is not None:
        with suppress(OSError):  # a full disk keeps no answer back
            print(f"capalloc: {sentence}", file=sys.stderr, flush=True)


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
    places = [os.environ.get("NUMBA_CACHE_DIR"), package / "__pycache__", os.environ.get("XDG_CACHE_HOME") or _home()]
    return next((Path(place) / name for place in places if place and _writable(Path(place) / name)), None)


def _home() -> Path | None:
    """The user's own cache; None for a user without a home, as in containers."""
    try:
        return Path.home() / ".cache"
    except RuntimeError:
        return None


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
        self._depth, self._before = 0, config.OPT

    def on_start(self, begun: event.Event) -> None:
        if not _ours(begun):
            return
        if self._depth == 0:
            self._before, config.OPT = config.OPT, type(config.OPT)(1)
        self._depth += 1
        kept = "they are kept for later" if _folder() else "no folder for them can be written, so this comes again"
        _say_once(f"compiling kernels on their first use; {kept}")

    def on_end(self, ended: event.Event) -> None:
        if not _ours(ended):
            return
        self._depth -= 1
        if self._depth == 0:
            config.OPT = self._before


def _ours(one: event.Event) -> bool:
    return bool(one.data["dispatcher"].py_func.__module__.startswith("capalloc."))


event.register("numba:compile", _Compiling())
