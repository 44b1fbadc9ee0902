"""Whole racks for a model cut into periods: one period after the other, each given those before it.

In each step yes and no (which hall a demand has to itself, where it forms lots) are settled first, by keeping the
choice of the period before or by a search that leaves counts loose; then counts are whole numbers next to those of
that answer, found by a small search. Every step works on a program of one period, so its size does not grow with the
calendar.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np
from ortools.math_opt.python import mathopt

from capalloc.planner.apart import solve_relaxed
from capalloc.planner.linear import LinearModel
from capalloc.planner.patience import Patience
from capalloc.planner.program import Answer, Bools, Floats, Program
from capalloc.planner.slices import Slice, Slices

_NEAR = 1.0
"""Racks by which a whole count may lie away from the loose one."""
_SOME_S = 0.5
"""Least seconds of a search: late is better than without a plan."""
_LONG_S = 10.0
"""Seconds of the searches that must not fail, once the time is over."""
_OFF_BY = 1e-6


@dataclass(frozen=True, slots=True)
class Settings:
    """How hard each step searches."""

    gap: float
    """Relative gap of a step's searches."""
    seed: int
    ahead: int
    """Periods that each step looks ahead: those in which a rack that changes hands serves nobody."""
    patience: Patience
    """Once it is over, what is begun is finished in haste."""
    kept: float = 0.0
    """Seconds for what follows."""


def forward(model: LinearModel, slices: Slices, worth: Floats, settings: Settings) -> Floats | None:
    """Values of all columns; None where some step has no whole answer.

    ``worth`` is (T,) what each period could earn at most: where keeping the choices of the period before comes close
    to it, they are kept.
    """
    values = np.zeros(model.columns)
    switch = is_switch(model)
    for t in range(model.periods):
        ahead = min(settings.ahead, model.periods - 1 - t)
        part = slices.step(t, values, ahead, float(model.periods - t - ahead))
        share = max(settings.patience.left(settings.kept) / (model.periods - t), _SOME_S)
        before = _before(model, values, t)
        most = float(worth[t]) if ahead == 0 else None
        found = None
        with settings.patience.hearing():
            found = _step(part, switch, before, most, share, settings)
        if found is None and settings.patience.interrupted:
            found = _step(part, switch, before, most, _SOME_S, settings)
        if found is None:
            return None
        now = slices.decided[part.columns] == t
        values[part.columns[now]] = found[now]
    return values


def is_switch(model: LinearModel) -> Bools:
    """(columns,) yes or no."""
    switch = np.zeros(model.columns, dtype=bool)
    for numbers in model.switches:
        switch[numbers[numbers >= 0]] = True
    return switch


def _before(model: LinearModel, values: Floats, t: int) -> Floats:
    """(columns,) for the switches of period ``t`` what the same ones were before; NaN where there is none."""
    kept = np.full(model.columns, np.nan)
    for numbers in model.switches if t else ():
        both = (numbers[:, t] >= 0) & (numbers[:, t - 1] >= 0)
        kept[numbers[both, t]] = np.rint(values[numbers[both, t - 1]])
    return kept


def _step(
    part: Slice, switch: Bools, before: Floats, worth: float | None, share: float, settings: Settings
) -> Floats | None:
    """Whole values of a part's columns."""
    begun = time.monotonic()
    yes_no = switch[part.columns] & part.program.whole
    most = solve_relaxed(part.program.relaxed()).bound if worth is None else worth
    loose = _kept(part.program, yes_no, before[part.columns], settings)
    if yes_no.any() and (loose is None or loose.bound < most - settings.gap * abs(most)):
        loose = _better(part.program, loose, _searched(part.program, yes_no, share / 2, settings))
    if loose is not None and loose.values is not None:
        near = _whole_near(part.program, loose.values, yes_no)
        answer = _search(near, share / 4, settings)
        if answer.values is not None:
            return _rounded(part.program, answer.values)
    left = max(share - (time.monotonic() - begun), _LONG_S)
    answer = _search(part.program, left, settings)
    return None if answer.values is None else _rounded(part.program, answer.values)


def _kept(program: Program, yes_no: Bools, before: Floats, settings: Settings) -> Answer | None:
    """The loose answer with the choices of the period before; None where they cannot be kept."""
    fixed = yes_no & ~np.isnan(before)
    if yes_no.any() and not fixed.any():
        return None
    lower, upper = program.lower.copy(), program.upper.copy()
    lower[fixed], upper[fixed] = before[fixed], before[fixed]
    held = replace(program, lower=lower, upper=upper, whole=yes_no & ~fixed)
    answer = _search(held, _SOME_S, settings) if held.whole.any() else solve_relaxed(held)
    return answer if answer.values is not None else None


def _searched(program: Program, yes_no: Bools, seconds: float, settings: Settings) -> Answer | None:
    answer = _search(replace(program, whole=yes_no), seconds, settings)
    return answer if answer.values is not None else None


def _better(program: Program, one: Answer | None, other: Answer | None) -> Answer | None:
    if one is None or other is None or one.values is None or other.values is None:
        return one or other
    return one if program.usd @ one.values >= program.usd @ other.values else other


def _search(program: Program, seconds: float, settings: Settings) -> Answer:
    return program.solve(mathopt.SolverType.HIGHS, time_limit=seconds, gap=settings.gap, seed=settings.seed)


def _whole_near(program: Program, loose: Floats, yes_no: Bools) -> Program:
    """The program with whole counts next to the loose ones, and yes and no as they are."""
    lower, upper = program.lower.copy(), program.upper.copy()
    count = program.whole & ~yes_no
    lower[count] = np.maximum(lower[count], np.floor(loose[count] + _OFF_BY) - _NEAR)
    upper[count] = np.minimum(upper[count], np.ceil(loose[count] - _OFF_BY) + _NEAR)
    lower[yes_no] = upper[yes_no] = np.rint(loose[yes_no])
    return replace(program, lower=lower, upper=upper)


def _rounded(program: Program, values: Floats) -> Floats:
    return np.where(program.whole, np.rint(values), values)
