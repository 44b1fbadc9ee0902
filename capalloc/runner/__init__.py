"""Many cases of one function at once: in order, saved as they end, on processes here or on a cluster."""

from __future__ import annotations

from capalloc.runner.engine import Engine, Function, Pool
from capalloc.runner.run import Ended, Standing, run

__all__ = ["Ended", "Engine", "Function", "Pool", "Standing", "run"]
