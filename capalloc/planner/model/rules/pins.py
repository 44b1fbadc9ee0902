"""Pins: pinned and frozen assignments are kept."""

from __future__ import annotations

import numpy as np

from capalloc.instance.pins import CLASH, NO_PIN
from capalloc.planner.lp.linear import NONE
from capalloc.planner.lp.program import Bools
from capalloc.planner.model.level import Level
from capalloc.reduction.classes import Reduction


def may_serve(reduction: Reduction) -> Bools:
    """(C, D, T) whether the class is pinned to no other demand."""
    pin = reduction.classes.pin[:, None, :]
    free: Bools = (pin == NO_PIN) | (pin == np.arange(len(reduction.instance.demands))[None, :, None])
    return free


def must_serve(reduction: Reduction) -> Bools:
    """(C, D, T) whether racks that stand are pinned to the demand: they all serve it where they may."""
    classes = reduction.classes
    here = classes.pin[:, None, :] == np.arange(len(reduction.instance.demands))[None, :, None]
    pinned: Bools = here & (classes.delivery < 0)[:, None, None]
    return pinned


def add(level: Level) -> None:
    """A placed delivery that is pinned serves; pins of racks that stand are bounds of their columns."""
    linear, classes, columns = level.linear, level.classes, level.columns
    clash = ((classes.pin == CLASH) & classes.usable).any(axis=1)
    if (clash & (classes.delivery < 0)).any():
        linear.add_rows(1, "pins that clash", lower=1.0, upper=1.0)
    elsewhere = np.flatnonzero(clash & (classes.delivery >= 0))
    linear.put(linear.add_rows(len(elsewhere), "pins that clash here", upper=0.0), columns.place[elsewhere], 1.0)
    c, t = np.nonzero((classes.delivery >= 0)[:, None] & (classes.pin >= 0) & classes.usable)
    rows = linear.add_rows(len(c), "pinned", lower=0.0)
    linear.put(rows, columns.serve[c, classes.pin[c, t], t], 1.0)
    linear.put(rows, columns.place[c], -1.0)
    standing, at = np.nonzero((classes.delivery < 0)[:, None] & (classes.pin >= 0) & classes.usable)
    broken = columns.serve[standing, classes.pin[standing, at], at] == NONE
    if broken.any():
        linear.add_rows(1, "pinned to a demand that cannot take it", lower=1.0, upper=1.0)
