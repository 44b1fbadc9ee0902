"""Where cases are computed on this machine."""

from __future__ import annotations

import os

from capalloc.runner.engine import Engine
from capalloc.runner.here import Here
from capalloc.runner.processes import Processes


def local(jobs: int | None, cases: int) -> Engine:
    """Workers for some cases, as many as cores unless ``jobs`` are given.

    None where there is but one case, as it takes as long as starting one.
    """
    return Here() if cases <= 1 else Processes(min(jobs or cores(), cases))


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
