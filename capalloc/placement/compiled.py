"""Compiles the kernels of the placement core: on first use, kept on disk afterwards, and said on stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, TypeVar

import numba
from numba.core import event

Kernel = TypeVar("Kernel", bound=Callable[..., Any])


def kernel(function: Kernel) -> Kernel:
    """Compile a function over arrays; its machine code is kept on disk where there is a place that can be written."""
    try:
        return numba.njit(function, cache=True, nogil=True, error_model="numpy")
    except RuntimeError:  # neither the package's folder nor the user's cache can be written
        return numba.njit(function, nogil=True, error_model="numpy")


class _Announcer(event.Listener):
    """Says once that kernels are being compiled, since the first answer then takes seconds."""

    said = False

    def on_start(self, _: event.Event) -> None:
        if not _Announcer.said and sys.stderr is not None:
            _Announcer.said = True
            print("capalloc: compiling the placement kernels, once for this installation", file=sys.stderr, flush=True)

    def on_end(self, _: event.Event) -> None:
        """Nothing to say."""


event.register("numba:compile", _Announcer())
