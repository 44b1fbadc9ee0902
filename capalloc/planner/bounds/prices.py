"""Prices: what another kW would be worth, from the duals of a linear relaxation.

A node's price in a period is what the objective of the relaxation would gain, per kW and month, if the node could
carry one kW more in normal operation and after every loss; it is never negative, and 0 where the node has room. A
dark node has none.
A demand's price is what the objective would gain, per kW and month, if one kW of the demand were served from outside
the site: what it pays at the margin, or, where it has all it may have, what the racks and watts are worth that would be
free for others. It is never negative: nobody has to take what would only be in the way.
Both are in discounted USD. Where several limits bind together the duals are not unique, and a price may hold in one
direction only: as gain of the next kW more or as loss of the first kW less. Duals as prices: D. Bertsimas and
J. N. Tsitsiklis, Introduction to Linear Optimization, Athena Scientific 1997, chapter 4.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from capalloc.instance.model import DemandData, Floats, Instance, Ints
from capalloc.planner.bounds.single_periods import SinglePeriod, duals_of_periods
from capalloc.planner.lp.deadline import Deadline
from capalloc.planner.lp.linear import NONE, LinearModel
from capalloc.planner.model.level import Money
from capalloc.schema.plan import DemandPrice, NodePrice
from capalloc.schema.rules import Rule

_LEAST_USD = 0.01
"""A price below a cent per kW is a tie-break's."""

Duals = Callable[[int], tuple[Floats, int, float]]
"""Period -> (duals of all rows, the period or window of the model that speaks for it, factor of its duals)."""


def duals_of_model(duals: Floats) -> Duals:
    """Duals of a model over all periods, whose money is discounted."""
    return lambda t: (duals, t, 1.0)


def duals_of_single_periods(
    instance: Instance, found: Sequence[SinglePeriod], model: LinearModel, deadline: Deadline
) -> Duals | None:
    """Duals of single periods, whose money is not; None where there was no time for those of some period."""
    spread: dict[int, tuple[Floats, int]] = {}
    known_duals = duals_of_periods(found, model.cut_rows(), deadline)
    if deadline.over() and any(known is None for known in known_duals):
        return None
    for single, known in zip(found, known_duals, strict=True):
        duals = np.zeros(model.rows)
        if known is not None:
            duals[single.part.rows] = known
        spread.update(dict.fromkeys(single.periods, (duals, single.window)))
    return lambda t: (*spread[t], float(instance.discount[t]))


def node_prices(instance: Instance, packing: dict[int, Ints], duals: Duals | None) -> tuple[NodePrice, ...]:
    """Duals of a node's rows, normal and after each loss, added up; ``packing`` is packing row -> model rows.

    None are known where the duals are not.
    """
    if duals is None:
        return ()
    total: dict[tuple[str, int], float] = {}
    for t in range(len(instance.periods)):
        of_rows, at, factor = duals(t)
        for i, rows in packing.items():
            row = instance.rows[i]
            if row.rule != Rule.COOLING and rows[at] != NONE and of_rows[rows[at]] * factor > _LEAST_USD:
                total[row.where, t] = total.get((row.where, t), 0.0) + float(of_rows[rows[at]]) * factor
    return tuple(
        NodePrice(
            node=node, period=instance.periods[t].label, usd_per_kw_month=round(dual / instance.periods[t].months, 6)
        )
        for (node, t), dual in sorted(total.items())
    )


def _measure_per_kw(data: DemandData, part: Money) -> float:
    """Units of the rows of a curve in a kW that is delivered by the first accepted type."""
    first = data.types[0]
    return float(data.curves[part.curve].measure[first]) / (float(data.unit[first]) * data.kw_per_unit) / part.scale


def demand_prices(instance: Instance, money: Sequence[Money], duals: Duals | None) -> tuple[DemandPrice, ...]:
    """Duals of the rows that tie a demand's money to what it gets, less those of its ramp, per kW of its basis.

    None are known where the duals are not.
    """
    if duals is None:
        return ()
    per_kw: dict[tuple[int, int], float] = {}
    for t in range(len(instance.periods)):
        of_rows, at, factor = duals(t)
        for part in money:
            data = instance.demands[part.demand]
            if not data.in_term[t]:
                continue
            usd = float(of_rows[part.rows[at]]) * _measure_per_kw(data, part)
            if part.curve == 0:  # the ramp is that of the demand, not of a curve
                usd -= float(of_rows[part.ramp.rows[at]]) / (data.kw_per_unit * part.ramp.scale)
            per_kw[part.demand, t] = per_kw.get((part.demand, t), 0.0) + usd * factor
    return tuple(
        DemandPrice(
            demand=instance.demands[d].name,
            period=instance.periods[t].label,
            usd_per_kw_month=round(max(usd, 0.0) / instance.periods[t].months, 6),
        )
        for (d, t), usd in sorted(per_kw.items())
    )
