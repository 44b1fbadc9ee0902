"""A reduction with the linear model of all its rules."""

from __future__ import annotations

import numpy as np

from capalloc.planner.lp.linear import LinearModel
from capalloc.planner.lp.program import Floats
from capalloc.planner.model.columns import Preferences, add_columns, whole_counts
from capalloc.planner.model.grouping import add_grouping_rows
from capalloc.planner.model.limits import add_demand_rows, add_packing_rows
from capalloc.planner.model.objective import usd_per_cost
from capalloc.planner.model.protocol import Level
from capalloc.planner.model.state import add_state_rows
from capalloc.reduction.classes import Reduction
from capalloc.reduction.counts import Counts


class ModelByClass:
    """Columns and rows of every rule over the classes and periods of a reduction."""

    def __init__(self, reduction: Reduction, prefer: Preferences) -> None:
        instance, classes = reduction.instance, reduction.classes
        self.reduction, self.instance, self.classes = reduction, instance, classes
        self.linear = LinearModel(usd_per_cost(instance), len(instance.periods))
        self.columns = add_columns(self.linear, reduction, prefer)
        self.levels: tuple[Level, ...] = (Level(classes, self.columns, np.arange(len(classes.size))),)
        self.packing = add_packing_rows(self.linear, reduction, self.columns)
        self.money = add_demand_rows(self.linear, reduction, self.columns)
        add_state_rows(self.linear, reduction, self.columns)
        self.isolations = add_grouping_rows(self.linear, reduction, self.columns)

    def counts(self, values: Floats) -> Counts:
        """Counts by class of the columns' values."""
        return whole_counts(self.columns, values)
