"""From USD of the model's objective to USD of the plan's: constants, tie-breaks and scale."""

from __future__ import annotations

import numpy as np

from capalloc.instance.model import Instance
from capalloc.planner.model.columns import Preferences, move_usd
from capalloc.reduction.classes import Reduction

_LARGEST_COST = 1e6
_BOUND_NOISE = 1e-9
"""Share of a bound that solvers may round away in their last digits."""


def bound_usd(reduction: Reduction, model_bound_usd: float, prefer: Preferences) -> float:
    """A bound on the model's objective turned into one on the plan's, in discounted USD.

    Constants are added, tie-breaks given back, and what solvers round in their last digits is allowed for.
    """
    bound = model_bound_usd + base_usd(reduction) + tie_break_usd(reduction, prefer)
    return bound + _BOUND_NOISE * abs(bound)


def base_usd(reduction: Reduction) -> float:
    """Discounted USD that no plan changes: penalties of delivering nothing, fees of no commitment, sure departures."""
    instance = reduction.instance
    moved = float(reduction.sure_departures[instance.in_term[:, 0]].sum()) * instance.policy.move_cost_usd
    curves = (curve for data in instance.demands for curve in data.curves)
    return float(sum((curve.base * instance.discount).sum() for curve in curves)) - moved


def tie_break_usd(reduction: Reduction, prefer: Preferences) -> float:
    """Most that the tie-breaks can take from the objective of any plan."""
    classes, periods = reduction.classes, len(reduction.instance.periods)
    rank = max((len(data.types) - 1 for data in reduction.instance.demands), default=0)
    racks = int(classes.size[classes.delivery < 0].sum()) + len(reduction.instance.deliveries)
    priced = reduction.instance.policy.move_cost_usd > 0
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
