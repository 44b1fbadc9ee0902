"""The model by class: racks that no rule tells apart are counted together, in whole numbers (symmetric aggregation)."""

from __future__ import annotations

import numpy as np

from capalloc.planner.lp.linear import LinearModel
from capalloc.planner.lp.program import Floats
from capalloc.planner.model.columns import Preferences, add_columns, integer_counts
from capalloc.planner.model.level import Level, draws_w
from capalloc.planner.model.objective import usd_per_cost
from capalloc.planner.model.rules import DELIVERY, GROUPS, LOADS, SERVICE, SITE
from capalloc.reduction.classes import Reduction
from capalloc.reduction.counts import Counts


class ModelByClass:
    """Columns and rows of every rule over the classes and periods of a reduction."""

    def __init__(self, reduction: Reduction, prefer: Preferences) -> None:
        self.reduction, self.instance, self.classes = reduction, reduction.instance, reduction.classes
        self.linear = LinearModel(usd_per_cost(self.instance), len(self.instance.periods))
        self.columns = add_columns(self.linear, reduction, prefer)
        level = Level(self.linear, reduction, self.columns, draws_w(reduction), np.arange(len(self.classes.size)))
        self.levels: tuple[Level, ...] = (level,)
        self.packing, self.money, self.isolations = level.packing, level.money, level.isolations
        for add in (*LOADS, *DELIVERY, *SERVICE, *SITE, *GROUPS):
            add(level)

    def counts(self, values: Floats) -> Counts:
        """Counts by class of the columns' values."""
        return integer_counts(self.columns, values)
