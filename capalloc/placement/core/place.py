"""Places groups: constructs in several ways, searches until its time is up, and consolidates.

The constructive answer is there within milliseconds and keeps every rule, so each later stage may be cut short: the
construction too, after a time that suffices for all but the largest sites, ends with the best so far; the search
returns the best that it has met, and consolidation leaves its worth alone. The search runs on what `presolve`
leaves of the limits; the answer is replayed on all of them, with the load of every node.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from capalloc.cancel import CancelToken
from capalloc.placement.core.chains import Task, search
from capalloc.placement.core.consolidation import consolidate
from capalloc.placement.core.memory import Memory, pack
from capalloc.placement.core.moves import replay
from capalloc.placement.core.params import SearchParams
from capalloc.placement.core.scarcity import scarcity
from capalloc.placement.core.start import Starter, worth_of
from capalloc.placement.problem.layout import ANYWHERE, PlacementProblem
from capalloc.placement.problem.presolve import binding_problem
from capalloc.placement.problem.requests import Groups
from capalloc.progress import OnProgress

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


def place_groups(
    problem: PlacementProblem,
    groups: Groups,
    params: SearchParams,
    cancel: CancelToken | None = None,
    report: OnProgress = lambda _: None,
) -> Found:
    """Place groups for most worth; once ``cancel`` is set, what there is. ``report`` hears of the search."""
    begun, cancel = time.perf_counter(), cancel or CancelToken()
    scarce, starter = scarcity(problem, groups), Starter(groups, params)
    memory = pack(binding_problem(problem, groups), groups, scarce.cost, params.seed)
    everything = float(groups.gain @ groups.racks + groups.bonus.sum())
    target = min(params.target, everything) - _NOISE * max(everything, 1.0)
    ends = begun + params.time_limit if params.time_limit > 0 else np.inf
    built = max(ends, begun + params.construct_s)
    worth = starter.best(memory, scarce, target, built)
    if params.time_limit > 0 and len(groups.racks) and len(problem.cells):
        if worth < target and time.perf_counter() < ends:
            until = begun + params.time_limit * (1.0 - params.consolidate_share)
            free = float(((groups.level == ANYWHERE) & ~groups.all_or_nothing).mean())
            task = Task(len(groups.racks), everything / len(groups.racks), free, target, until)
            search(memory, worth, task, params, cancel, report)
        starter.complete(memory, ends)
        _consolidate(memory, ends, params, cancel)
        starter.complete(memory, ends)
        worth = worth_of(memory, groups)
    seconds = time.perf_counter() - begun
    full = pack(problem, groups, scarce.cost, params.seed)
    replay(memory.m, full.m, full.w)
    return Found(full, worth, seconds)


def _consolidate(memory: Memory, until: float, params: SearchParams, cancel: CancelToken) -> None:
    """Consolidate while that goes on, time is left and nobody has cancelled."""
    steps = params.consolidate_steps
    while (now := time.perf_counter()) < until and not cancel.cancelled:
        if consolidate(memory.m, memory.w, steps) * params.consolidate_rate <= steps:
            break
        left, took = until - time.perf_counter(), time.perf_counter() - now
        steps = max(min(2 * steps, int(steps * left / max(took, 1e-9))), params.consolidate_steps // 10)
