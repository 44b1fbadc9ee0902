"""Too little memory, told as that: libraries say it in many ways, and blame themselves.

Where the address space of the process is limited (``ulimit -v``, RLIMIT_AS), some of them end it without a word, so a
search that will hardly fit is not begun.
"""

from __future__ import annotations

import errno
import re
import resource
from collections.abc import Iterator
from contextlib import contextmanager

from capalloc.errors import CapallocError, TooLittleMemoryError

_MB = 1e6
LEAST_MB = 550.0
"""Address space of solvers, compilers and threads, whatever is asked."""
_RACK_MB, _CELL_MB = 0.007, 1e-5
"""What planning takes for each rack, and for each rack, demand and period, as measured on generated sites."""
_WANTS = re.compile(r"failed to map segment|cannot allocate memory|bad_alloc|out of memory", re.IGNORECASE)
_THREADS = re.compile(r"can't start new thread|Resource temporarily unavailable", re.IGNORECASE)


def needed_mb(racks: int, demands: int, periods: int) -> float:
    """About how much address space a plan takes, in MB: what RLIMIT_AS limits, of which less is ever resident."""
    return LEAST_MB + racks * (_RACK_MB + demands * periods * _CELL_MB)


def limit_mb() -> float | None:
    """The address space that this process may take, in MB; None where nothing limits it."""
    most, _ = resource.getrlimit(resource.RLIMIT_AS)
    return None if most == resource.RLIM_INFINITY else most / _MB


def want_of_memory(fault: BaseException | None, needed: float = LEAST_MB) -> TooLittleMemoryError | None:
    """A fault as one of too little memory, should it be one; ``needed`` is what the work takes, in MB."""
    limit = limit_mb()
    for one in _with_causes(fault):
        if isinstance(one, CapallocError):  # raised on purpose, whatever it quotes and whatever it came of
            return one if isinstance(one, TooLittleMemoryError) else None
        if isinstance(one, MemoryError) or getattr(one, "errno", None) == errno.ENOMEM or _WANTS.search(str(one)):
            return _told(needed, limit)
        if (
            isinstance(one, RuntimeError | OSError)
            and not isinstance(one, BlockingIOError)
            and _THREADS.search(str(one))
        ):
            return _told(needed, limit) if limit else TooLittleMemoryError(_NO_THREADS)
    return None


_NO_THREADS = "no more threads can be started; allow this user or container more of them (ulimit -u, or its pids limit)"


@contextmanager
def memory_for(needed: float) -> Iterator[None]:
    """Inside, whatever is said for want of memory is a TooLittleMemoryError; so is a beginning that is hopeless."""
    limit = limit_mb()
    if limit is not None and limit < needed:
        raise _told(needed, limit)
    try:
        yield
    except Exception as fault:
        if (told := want_of_memory(fault, needed)) is not None:
            raise told from fault
        raise


def _told(needed: float, limit: float | None) -> TooLittleMemoryError:
    takes = f"this takes about {max(needed, LEAST_MB):,.0f} MB"
    if limit is None:
        return TooLittleMemoryError(f"too little memory: {takes}, and the system has given no more")
    space = f"too little memory: {takes} of address space"
    if limit < needed:
        return TooLittleMemoryError(f"{space}, and this process may have {limit:,.0f} (ulimit -v)")
    return TooLittleMemoryError(f"{space} or more, of the {limit:,.0f} that it may have (ulimit -v)")


def _with_causes(fault: BaseException | None) -> Iterator[BaseException]:
    """A fault, and those that it came of."""
    while fault is not None:
        yield fault
        fault = fault.__cause__ or fault.__context__
