"""The guide: a relaxation without linking rules, whose plan tells where to look for one that keeps them.

Such a plan may change everything from one calendar window to the next, so it is made quickly, and no plan is worth
more, for it has every plan that keeps hand-over, bring-up and a budget of moves too. It says who has which hall and
type to itself, and where each demand goes, in the end; the steps from period to period lead there as fast as the rules
allow.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from capalloc.instance.model import Bools, Floats, Ints
from capalloc.planner.lp.linear import NONE, LinearModel
from capalloc.reduction.classes import RackClasses
from capalloc.reduction.counts import Counts

_SOME = 0.5
"""From so many racks on a count is one, whatever a solver's last digits."""


@dataclass(frozen=True, slots=True)
class Guide:
    """What to aim at."""

    chosen: Floats
    """(columns,) choices; NaN where a column is none, or the plan does not tell."""
    aside: Bools
    """(columns,) racks that would serve whom the plan does not have them serve, in this window or the next."""
    pair: Ints
    """(columns,) a number for each class and demand whose racks the column counts; NONE for other columns."""
    window: Ints
    """(T,) the window that each period is of in that plan."""
    bound: Floats
    """(T,) discounted USD that each period can earn at most, without what no plan changes."""

    def left_out(self, t: int, values: Floats, when: Ints) -> Bools:
        """(columns,) those set aside but where racks serve so already in the period before ``t``."""
        before = (when == t - 1) & (self.pair != NONE) & (values > _SOME)
        return self.aside & ~np.isin(self.pair, self.pair[before])


def chosen_by(model: LinearModel, other: LinearModel, values: Floats, window: Ints) -> Floats:
    """(columns,) the choices of ``model`` over periods, as the values of ``other`` over windows have them."""
    chosen = np.full(model.columns, np.nan)
    for numbers, theirs in zip(model.priority, other.priority, strict=True):
        groups = min(len(numbers), len(theirs))
        mine, known = numbers[:groups], theirs[:groups][:, window]
        both = (mine >= 0) & (known >= 0)
        chosen[mine[both]] = np.rint(values[known[both]])
    return chosen


def set_aside(classes: RackClasses, counts: Counts, theirs: RackClasses, window: Ints) -> Bools:
    """(C, D, T) whether no rack of the class serves the demand in ``counts`` by window, nor did for the incumbent.

    Neither in the window of the period nor in the one after it; ``theirs`` are the classes of the counts.
    """
    racks = 1 + max((int(members.max()) for members in (*classes.racks, *theirs.racks)), default=0)
    serve = counts.serve > 0
    serve = serve | np.concatenate((serve[:, :, 1:], serve[:, :, -1:]), axis=2)
    by_rack = np.zeros((racks, *serve.shape[1:]), dtype=bool)
    for c, members in enumerate(theirs.racks):
        by_rack[members] |= serve[c]
    wanted = np.array([by_rack[members].any(axis=0) for members in classes.racks]).reshape(-1, *serve.shape[1:])
    held = classes.held[:, None] == np.arange(serve.shape[1])[None, :]
    aside: Bools = ~wanted[:, :, window] & ~held[:, :, None]
    return aside


def of_columns(serve: Ints, aside: Bools, columns: int) -> tuple[Bools, Ints]:
    """(columns,) each: what is set aside, and the pair of class and demand; of (C, D, T) arrays."""
    exists = serve != NONE
    left_out, pair = np.zeros(columns, dtype=bool), np.full(columns, NONE)
    left_out[serve[exists]] = aside[exists]
    number = np.arange(serve.shape[0] * serve.shape[1]).reshape(*serve.shape[:2], 1)
    pair[serve[exists]] = np.broadcast_to(number, serve.shape)[exists]
    return left_out, pair
