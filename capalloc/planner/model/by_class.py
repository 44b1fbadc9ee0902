"""A reduction with the linear model of all its rules."""

from __future__ import annotations

import numpy as np

from capalloc.instance.model import Instance
from capalloc.planner.lp.linear import LinearModel
from capalloc.planner.lp.program import Floats
from capalloc.planner.model.columns import Preferences, add_columns, move_usd, whole_counts
from capalloc.planner.model.grouping import add_grouping_rows
from capalloc.planner.model.limits import add_demand_rows, add_packing_rows
from capalloc.planner.model.protocol import Level
from capalloc.planner.model.state import add_state_rows
from capalloc.reduction.classes import Reduction
from capalloc.reduction.counts import Counts

_LARGEST_COST = 1e6
BOUND_NOISE = 1e-9
"""Share of a bound that solvers may round away in their last digits."""


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

    def bound_usd(self, model_bound_usd: float, prefer: Preferences) -> float:
        """A bound on the model's objective turned into one on the plan's.

        Constants are added, tie-breaks given back, and what solvers round in their last digits is allowed for.
        """
        bound = model_bound_usd + base_usd(self.reduction) + tie_break_usd(self.reduction, prefer)
        return bound + BOUND_NOISE * abs(bound)


def base_usd(reduction: Reduction) -> float:
    """Discounted USD that no plan changes: penalties of delivering nothing, fees of no commitment, sure departures."""
    instance = reduction.instance
    moved = float(reduction.stranded[instance.in_term[:, 0]].sum()) * instance.scenario.policy.move_cost_usd_per_rack
    curves = (curve for data in instance.demands for curve in data.curves)
    return float(sum((curve.base * instance.discount).sum() for curve in curves)) - moved


def tie_break_usd(reduction: Reduction, prefer: Preferences) -> float:
    """Most that the tie-breaks can take from the objective of any plan."""
    classes, periods = reduction.classes, len(reduction.instance.periods)
    rank = max((len(data.types) - 1 for data in reduction.instance.demands), default=0)
    racks = int(classes.size[classes.delivery < 0].sum()) + len(reduction.instance.deliveries)
    priced = reduction.instance.scenario.policy.move_cost_usd_per_rack > 0
    move = 0.0 if priced else move_usd(reduction.instance, prefer)
    return racks * periods * (rank * prefer.type_rank_usd + prefer.off_usd + move)


def usd_per_cost(instance: Instance) -> float:
    """A power of ten that brings what everything could earn to some millions."""
    racks = len(instance.racks.names)
    most = sum(
        float(curve.slopes[:, 0].sum() * curve.measure.max(initial=0)) * racks
        for data in instance.demands
        for curve in data.curves
    )
    return float(10.0 ** np.floor(np.log10(max(most / _LARGEST_COST, 1.0))))
