"""What a roster delivers of commitments, and instances in which that has to be delivered again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from capalloc.instance.model import Bools, DemandData, Instance, Ints
from capalloc.roster.figures import delivered_racks
from capalloc.roster.roster import Roster


def delivered(instance: Instance, roster: Roster) -> Iterator[tuple[DemandData, Ints]]:
    """Each demand with the (T,) units that it is delivered."""
    for data, racks in zip(instance.demands, delivered_racks(instance, roster), strict=True):
        yield data, data.unit @ racks


def short_of(instance: Instance, roster: Roster) -> Iterator[str]:
    """Demands that are delivered less than they are committed."""
    for data, units in delivered(instance, roster):
        if (units < data.committed).any():
            yield data.demand.name


def keeping(instance: Instance, roster: Roster, keeps: Bools) -> Instance:
    """The instance in which demands are delivered what the roster delivers of their commitments.

    ``keeps`` are the demands (D,), or also the periods (D, T), in which that is.
    """
    demands = (
        replace(data, must=np.maximum(data.must, np.where(keeps[d], np.minimum(data.committed, units), 0)))
        for d, (data, units) in enumerate(delivered(instance, roster))
    )
    return replace(instance, demands=tuple(demands))


def keeping_all(instance: Instance, roster: Roster) -> Instance:
    """The instance in which every demand is delivered what the roster delivers of its commitment, or minimum.

    In periods that are frozen nothing is asked for: there all is as it was.
    """
    until = instance.scenario.policy.freeze_until
    changeable = np.array([until is None or period.end > until for period in instance.periods], dtype=bool)
    return keeping(instance, roster, np.tile(changeable, (len(instance.demands), 1)))


def keeps(instance: Instance, roster: Roster) -> bool:
    """Whether a roster delivers all that has to be delivered."""
    return all((units >= data.must).all() for data, units in delivered(instance, roster))


def usd_delivered(instance: Instance, roster: Roster, of: Bools) -> float:
    """Discounted USD of what some of the demands, ``of`` (D,), are delivered, whatever was moved for it."""
    racks = delivered_racks(instance, roster)
    gains = [
        curve.gain_usd(curve.measure @ racks[d])
        for d, data in enumerate(instance.demands)
        if of[d]
        for curve in data.curves
    ]
    return float(sum(instance.discount @ gain for gain in gains))
