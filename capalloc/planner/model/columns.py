"""The columns of a model: who serves what, what is off, what leaves, where deliveries go; their bounds and costs.

Shapes: C classes, D demands, T periods. A column that a rule forbids does not exist (NONE).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from capalloc.instance.model import Instance
from capalloc.planner.lp.linear import ALWAYS, LinearModel
from capalloc.planner.lp.program import Bools, Floats, Ints
from capalloc.planner.model.level import Columns
from capalloc.planner.model.rules import MAY_SERVE, pins
from capalloc.reduction.classes import Reduction
from capalloc.reduction.counts import Counts


@dataclass(frozen=True, slots=True)
class Preferences:
    """Tie-breaks in USD, too small to outweigh money and given back in the bound (``objective.bound_usd``)."""

    type_rank_usd: float = 0.01
    """Per rack and period, for each step down a demand's order of rack types."""
    off_usd: float = 0.01
    """Per rack and period switched off, at most."""
    move_usd: float = 0.05
    """Per departure, where the policy has moves cost nothing."""
    unplaced_usd: float = 0.1
    """Per delivery left without a position."""


MONEY_ALONE = Preferences(0.0, 0.0, 0.0, 0.0)
"""No tie-breaks at all."""


def add_columns(model: LinearModel, reduction: Reduction, prefer: Preferences) -> Columns:
    """Create the columns with their bounds, costs and tie-breaks."""
    serve = _add_serve(model, reduction, prefer)
    classes = reduction.classes
    size = classes.size[:, None]
    rising = np.linspace(0.5, 1.0, len(size))[:, None]  # so that the same classes are chosen in every period
    off = model.add_columns(_may_be_off(reduction), size, usd=-prefer.off_usd * rising, integer=True)
    leave = _add_leave(model, reduction, serve, prefer)
    hold = model.add_columns(_may_hold(reduction), classes.size[:, None, None], integer=True)
    delivered = classes.delivery >= 0
    place = model.add_columns(delivered, classes.size, usd=prefer.unplaced_usd, integer=True, when=ALWAYS)
    return Columns(serve, off, leave, hold, place)


def may_serve(reduction: Reduction) -> Bools:
    """(C, D, T) whether a rack of the class may serve the demand in the period at all: no rule forbids it."""
    classes, instance = reduction.classes, reduction.instance
    allowed = np.ones((len(classes.type), len(instance.demands), len(instance.periods)), dtype=bool)
    for rule_allows in MAY_SERVE:
        allowed &= rule_allows(reduction)
    return allowed


def _add_serve(model: LinearModel, reduction: Reduction, prefer: Preferences) -> Ints:
    classes, demands = reduction.classes, reduction.instance.demands
    exists = may_serve(reduction)
    rank = np.zeros((len(classes.type), len(demands)))
    for d, data in enumerate(demands):
        order = {kind: i for i, kind in enumerate(data.types)}
        rank[:, d] = [order.get(int(kind), 0) for kind in classes.type]
    must = exists & pins.must_serve(reduction)
    size = np.broadcast_to(classes.size[:, None, None], exists.shape)
    usd = -prefer.type_rank_usd * rank[:, :, None]
    return model.add_columns(exists, size, lower=np.where(must, size, 0), usd=usd, integer=True)


def _may_be_off(reduction: Reduction) -> Bools:
    policy, classes = reduction.instance.policy, reduction.classes
    if not policy.idle_powered:
        return np.zeros_like(classes.usable)
    frees = reduction.instance.idle_w[classes.type] > 0
    if policy.most_newly_powered is not None:
        frees = np.ones_like(frees)
    return np.asarray(classes.usable & frees[:, None])


def move_usd(instance: Instance, prefer: Preferences) -> float:
    """What a departure costs: the policy's price, or the tie-break where that is zero."""
    return instance.policy.move_cost_usd or prefer.move_usd


def _add_leave(model: LinearModel, reduction: Reduction, serve: Ints, prefer: Preferences) -> Ints:
    """Leaving costs money while the demand's term goes on; after it, it only starts the hand-over."""
    instance, classes = reduction.instance, reduction.classes
    in_term = instance.in_term
    before = np.zeros(serve.shape, dtype=bool)
    before[:, :, 1:] = serve[:, :, :-1] >= 0
    before[:, :, 0] = (classes.held[:, None] == np.arange(serve.shape[1])[None, :]) & first_of_group(reduction)[:, None]
    hand_over = instance.policy.has_hand_over
    exists = before & (in_term[None, :, :] | hand_over)
    cost = instance.discount * move_usd(instance, prefer)
    usd = np.where(in_term, -cost[None, :], 0.0)
    racks = np.array([len(members) for members in classes.racks], dtype=np.int64)
    return model.add_columns(exists, racks[:, None, None], usd=usd[None, :, :])


def first_of_group(reduction: Reduction) -> Bools:
    """(C,) classes of racks that stand, and the first class of every delivery class: it counts for the whole class."""
    delivery = reduction.classes.delivery
    first = delivery < 0
    first[np.unique(delivery, return_index=True)[1]] = True
    return first


def _may_hold(reduction: Reduction) -> Bools:
    classes, demands = reduction.classes, reduction.instance.demands
    wants = np.array([(data.demand.buffer_share > 0) * data.in_term for data in demands], dtype=bool)
    wants = wants.reshape(len(demands), classes.usable.shape[1])
    return np.asarray(classes.usable[:, None, :] & (classes.eligible & classes.allowed)[:, :, None] & wants[None, :, :])


def integer_counts(columns: Columns, values: Floats) -> Counts:
    """The values of the columns, rounded to the whole numbers that they are but for a solver's last digits."""
    padded = np.append(values, 0.0)  # where NONE points

    def read(numbers: Ints) -> Ints:
        integer: Ints = np.rint(padded[numbers]).astype(np.int64)
        return integer

    return Counts(read(columns.serve), read(columns.off), read(columns.hold), read(columns.place))
