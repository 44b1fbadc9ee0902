"""Wide neighbourhoods: demands, periods and classes drawn at random, as much of the plan as is solved in a few seconds.

Where a plan can be bettered by no demand or pair of demands alone, parts of several at once still can. Each kind of
part grows while its searches end by themselves and shrinks where they are cut short, so that all have about the size
that can be searched (adaptive large-neighbourhood search: S. Ropke and D. Pisinger, An Adaptive Large Neighborhood
Search Heuristic for the Pickup and Delivery Problem with Time Windows, Transportation Science 40(4), 2006,
doi:10.1287/trsc.1050.0135; there the choice of parts adapts, here their size).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from ortools.math_opt.python import mathopt

from capalloc.background import Background
from capalloc.instance.model import Bools, Ints
from capalloc.planner.lp.deadline import Deadline
from capalloc.planner.lp.program import Answer, Floats, Held
from capalloc.planner.model.protocol import PlanModel
from capalloc.planner.params import PlannerParams
from capalloc.planner.search.watch import Watch
from capalloc.schema.status import Status

_CLASSES, _DEMANDS, _PERIODS = range(3)
_KINDS = ((_DEMANDS,), (_CLASSES,), (_PERIODS,), (_DEMANDS, _PERIODS), (_CLASSES, _PERIODS), (_CLASSES, _DEMANDS))
"""Axes of (C, D, T) along which a part is drawn; it has all of the others."""
_LISTEN_S = 0.02
"""Seconds after which the next of the parts that are searched is looked at."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A part that is being searched, from those values."""

    kind: int
    values: Floats
    search: Background[Answer]


class WideNeighbourhoods:
    """Parts of a model's plan that are searched again, each as large as can be searched."""

    def __init__(self, model: PlanModel, params: PlannerParams, deadline: Deadline, watch: Watch) -> None:
        self._linear, self._program, self._serve = model.linear, model.linear.program(), model.levels[0].columns.serve
        self._params, self._deadline, self._watch = params, deadline, watch
        self._gap = params.rolling_horizon_gap * params.neighbourhoods.gap_share
        self._rng, self._turn = np.random.default_rng(params.seed), 0
        self._shares = np.full(len(_KINDS), params.neighbourhoods.wide_share)
        """(kinds,) of the plan that a part of the kind has."""

    def search(self, values: Floats, at_once: Callable[[], int], enough: Callable[[float], bool]) -> Floats:
        """Better values of the columns, by ``at_once`` parts side by side.

        It ends with the time, when the worth is ``enough``, or when no part gains anything any more. Where several are
        searched at once, what is found depends on which ends first.
        """
        best, idle, most = values, 0, self._params.neighbourhoods.idle_parts * len(_KINDS)
        running: list[_Part] = []
        with self._deadline.interruptible():
            try:
                while idle < most and not (self._deadline.over() or enough(self._linear.value(best))):
                    while len(running) < at_once():
                        running.append(self._begun(best))
                    for part in [part for part in running if part.search.ended(_LISTEN_S)]:
                        running.remove(part)
                        found = self._result(part)
                        idle += 1
                        if self._gains(found, best):
                            best, idle = found, 0
                            self._watch.learn(best=self._linear.value(best))
            finally:
                for part in running:
                    part.search.wait()
            return max([best, *map(self._result, running)], key=self._linear.value)

    def _begun(self, values: Floats) -> _Part:
        """The next part, which is searched from now on."""
        kind = self._turn % len(_KINDS)
        self._turn += 1
        free = self._draw(_KINDS[kind], self._shares[kind])
        return _Part(kind, values, Background(partial(self._solve, values, free)))

    def _result(self, part: _Part) -> Floats:
        """What a search made of the values that it began from; the next part of its kind is larger or smaller."""
        how, answer = self._params.neighbourhoods, part.search.result()
        factor = how.grow if answer.status is Status.OPTIMAL else how.shrink
        self._shares[part.kind] = min(self._shares[part.kind] * factor, 1.0)
        return part.values if answer.values is None else answer.values

    def _gains(self, found: Floats, best: Floats) -> bool:
        worth = self._linear.value(best)
        return self._linear.value(found) > worth + self._gap * abs(worth)

    def _draw(self, axes: tuple[int, ...], share: float) -> Bools:
        """(C, D, T) a part that has about such a share of everything."""
        free = np.ones(self._serve.shape, dtype=bool)
        for axis in axes:
            size = self._serve.shape[axis]
            some = min(max(round(size * share ** (1 / len(axes))), 1), size)
            chosen = np.zeros(size, dtype=bool)
            if axis == _DEMANDS:
                chosen[self._rng.choice(size, some, replace=False)] = True
            elif axis == _PERIODS:
                first = self._rng.integers(size - some + 1)
                chosen[first : first + some] = True
            else:
                chosen[(self._rng.integers(size) + np.arange(some)) % size] = True
            free &= chosen.reshape(np.where(np.arange(free.ndim) == axis, size, 1))
        return free

    def _solve(self, values: Floats, free: Bools) -> Answer:
        columns: Ints = self._serve[(self._serve >= 0) & ~free]
        now = np.rint(values[columns])
        return self._program.held(Held(columns, now, now)).solve(
            mathopt.SolverType.HIGHS,
            time_limit=self._deadline.seconds(self._params.neighbourhoods.wide_s),
            gap=self._gap,
            seed=self._params.seed,
            deadline=self._deadline,
            start=values,
            interior_point=True,
        )
