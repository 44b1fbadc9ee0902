"""A model cut into its periods."""

from __future__ import annotations

import numpy as np

from capalloc.planner.lp.program import Ints
from capalloc.planner.lp.slices import Slices
from capalloc.planner.model.protocol import PlanModel


def slices_of(model: PlanModel) -> Slices:
    """The linear model, as its rows are now, by period."""
    return Slices(model.linear.program(), model.linear.periods_of(), _begins(model))


def _begins(model: PlanModel) -> Ints:
    """(columns,) the period in which a column of no single period is decided.

    That is, for a delivery's place, when the first racks of its class can run anywhere.
    """
    begins = np.zeros(model.linear.columns, dtype=np.int64)
    for level in model.levels:
        classes = level.classes
        first = np.where(classes.usable.any(axis=1), classes.usable.argmax(axis=1), 0)
        for group in np.unique(classes.delivery[classes.delivery >= 0]):
            mine = np.flatnonzero(classes.delivery == group)
            begins[level.columns.place[mine]] = first[mine].min()
    return begins
