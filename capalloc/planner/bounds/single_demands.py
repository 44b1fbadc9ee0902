"""Single-demand relaxation: what each demand would earn with every rack it accepts.

Dropping all that makes demands share a site (that a rack serves one of them, and every limit) leaves each by itself,
and its gain rises with what it gets. So the discounted sum of the gains with all racks that a demand may use bounds
every plan. The bound costs no solver; it matters where others end without one, or hardly below infinity. Relaxing
constraints can only raise a maximum: L. A. Wolsey, Integer Programming, 2nd edition, Wiley 2020, chapter 2.
"""

from __future__ import annotations

import numpy as np

from capalloc.instance.model import Floats, Instance


def single_demands_usd(instance: Instance) -> float:
    """Discounted USD that no plan can pass, moves left out."""
    return float(instance.discount @ most_of_periods(instance))


def most_of_periods(instance: Instance) -> Floats:
    """(T,) USD, not discounted, that no plan can pass in each period, moves left out."""
    racks, total = instance.racks, np.zeros(len(instance.periods))
    for d, data in enumerate(instance.demands):
        kinds = racks.type[racks.eligible[:, d] & racks.inside[:, d]]
        for curve in data.curves:
            everything = np.full(len(instance.periods), curve.measure[kinds].sum())
            total += curve.gain_usd(everything)
    return total


def base_of_periods(instance: Instance) -> Floats:
    """(T,) USD, not discounted, when nothing is delivered."""
    total = np.zeros(len(instance.periods))
    for data in instance.demands:
        for curve in data.curves:
            total += curve.base
    return total
