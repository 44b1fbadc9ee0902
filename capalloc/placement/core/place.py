"""Places groups: constructs in several ways, searches until its time is up, and tidies."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from capalloc.placement.core.annealing import SearchParams, Task, search
from capalloc.placement.core.memory import Memory, pack
from capalloc.placement.core.moves import replay
from capalloc.placement.core.scarcity import orders, scarcity
from capalloc.placement.core.search import tidy
from capalloc.placement.core.start import Starter, worth_of
from capalloc.placement.problem.layout import LEVELS, Floorplan
from capalloc.placement.problem.presolve import binding_plan
from capalloc.placement.problem.requests import Groups

_TIDY_STEPS, _TIDY_RATE = 1_000, 200
"""Steps between looks at the clock, and steps of which one has to tidy something, or it ends."""
_NOISE = 1e-12
"""Share of the worth of everything that is no difference."""


@dataclass(frozen=True, slots=True)
class Found:
    """Where racks stand when the search has ended."""

    memory: Memory
    """With the loads of every node, those that cannot bind too."""
    worth: float
    seconds: float
    """Of construction and search."""


def place_groups(plan: Floorplan, groups: Groups, params: SearchParams) -> Found:
    """Place groups on a floor plan, for most worth."""
    begun = time.perf_counter()
    scarce, starter = scarcity(plan, groups), Starter.of(groups)
    memory = pack(binding_plan(plan, groups), groups, scarce.cost, params.seed)
    everything = float(groups.gain @ groups.racks + groups.bonus.sum())
    target = min(params.target, everything) - _NOISE * max(everything, 1.0)
    worth = starter.best(memory, orders(groups, scarce, np.random.default_rng(params.seed)), target)
    if params.time_limit > 0 and len(groups.racks) and len(plan.cells):
        if worth < target:
            until = begun + params.time_limit * (1.0 - params.tidy_share)
            loose = float(((groups.level == LEVELS.index("none")) & ~groups.whole).mean())
            typical = everything / len(groups.racks)
            search(memory, worth, Task(len(groups.racks), typical, loose, target, until), params)
        starter.complete(memory)
        _tidy(memory, begun + params.time_limit)
        worth = worth_of(memory, groups)
    seconds = time.perf_counter() - begun
    whole = pack(plan, groups, scarce.cost, params.seed)
    replay(memory.m, memory.groups, whole.m, whole.w)
    return Found(whole, worth, seconds)


def _tidy(memory: Memory, until: float) -> None:
    """Less fragmentation and imbalance at the same worth, while that goes on and time is left."""
    steps = _TIDY_STEPS
    while (now := time.perf_counter()) < until and tidy(memory.m, memory.w, steps) * _TIDY_RATE > steps:
        left, took = until - time.perf_counter(), time.perf_counter() - now
        steps = max(min(2 * steps, int(steps * left / max(took, 1e-9))), _TIDY_STEPS // 10)
