"""Rules on what a class's racks do: counted once, placed once, pinned, handed over, brought up."""

from __future__ import annotations

import numpy as np

from capalloc.instance.model import Floats
from capalloc.instance.pins import CLASH
from capalloc.planner.lp.linear import NONE, LinearModel
from capalloc.planner.lp.program import Ints
from capalloc.planner.model.columns import Columns
from capalloc.planner.model.limits import draws_w
from capalloc.reduction.classes import Reduction
from capalloc.units import MILLIWATTS_PER_KW, W_PER_KW


def add_state_rows(model: LinearModel, reduction: Reduction, columns: Columns) -> None:
    """Add the rows of exclusivity, position, pins, hand-over, moves and bring-up."""
    add_service_rows(model, reduction, columns)
    add_site_rows(model, reduction, columns, draws_w(reduction.instance, reduction.classes))


def add_service_rows(model: LinearModel, reduction: Reduction, columns: Columns) -> None:
    """Rules on whom racks serve: pins, hand-over, moves."""
    _pinned_deliveries(model, reduction, columns)
    _leaving(model, reduction, columns)
    if reduction.instance.policy.has_hand_over:
        _hand_over(model, reduction, columns)
    _move_budget(model, reduction, columns)


def add_site_rows(model: LinearModel, reduction: Reduction, columns: Columns, draw_w: Ints) -> None:
    """Rules on where racks stand and what is powered there: exclusivity, position, bring-up."""
    add_exclusivity(model, reduction, columns)
    _positions(model, reduction, columns)
    _bring_up_racks(model, reduction, columns)
    _bring_up_mw(model, reduction, columns, draw_w)


def _counted(model: LinearModel, reduction: Reduction, columns: Columns, name: str) -> Ints:
    """(C, T) rows ``... <= racks of the class``: its size where they stand, its placed deliveries otherwise."""
    classes = reduction.classes
    shape = classes.usable.shape
    stands = np.repeat(classes.delivery < 0, shape[1])
    size = np.where(stands, np.repeat(classes.size, shape[1]), 0)
    rows = model.add_rows(shape[0] * shape[1], name, upper=size).reshape(shape)
    model.put(rows, columns.place[:, None], -1.0)
    return rows


def add_exclusivity(model: LinearModel, reduction: Reduction, columns: Columns) -> None:
    """A rack serves one demand, is held for one, or is off."""
    rows = _counted(model, reduction, columns, "exclusivity")
    model.put(rows[:, None, :], columns.serve, 1.0)
    model.put(rows, columns.off, 1.0)
    model.put(rows[:, None, :], columns.hold, 1.0)


def _positions(model: LinearModel, reduction: Reduction, columns: Columns) -> None:
    """Each delivery is placed once at most, and a place class holds no more racks than positions at any time."""
    classes, places = reduction.classes, reduction.position_classes
    for group in np.unique(classes.delivery[classes.delivery >= 0]):
        mine = np.flatnonzero(classes.delivery == group)
        row = model.add_rows(1, f"delivered[{group}]", upper=len(classes.racks[mine[0]]))
        model.put(row[0], columns.place[mine], 1.0)
    for q in np.unique(classes.position_class[classes.delivery >= 0]):
        mine = np.flatnonzero((classes.position_class == q) & (classes.delivery >= 0))
        patterns = np.unique(classes.stay[mine], axis=1)
        rows = model.add_rows(patterns.shape[1], f"position[{q}]", upper=len(places.members[q]))
        model.put(rows[None, :], columns.place[mine][:, None], patterns)


def _pinned_deliveries(model: LinearModel, reduction: Reduction, columns: Columns) -> None:
    """A placed delivery that is pinned serves; pins of racks that stand are bounds of their columns."""
    classes = reduction.classes
    clash = ((classes.pin == CLASH) & classes.usable).any(axis=1)
    if (clash & (classes.delivery < 0)).any():
        model.add_rows(1, "pins that clash", lower=1.0, upper=1.0)
    elsewhere = np.flatnonzero(clash & (classes.delivery >= 0))
    model.put(model.add_rows(len(elsewhere), "pins that clash here", upper=0.0), columns.place[elsewhere], 1.0)
    c, t = np.nonzero((classes.delivery >= 0)[:, None] & (classes.pin >= 0) & classes.usable)
    rows = model.add_rows(len(c), "pinned", lower=0.0)
    model.put(rows, columns.serve[c, classes.pin[c, t], t], 1.0)
    model.put(rows, columns.place[c], -1.0)
    standing, at = np.nonzero((classes.delivery < 0)[:, None] & (classes.pin >= 0) & classes.usable)
    broken = columns.serve[standing, classes.pin[standing, at], at] == NONE
    if broken.any():
        model.add_rows(1, "pinned to a demand that cannot take it", lower=1.0, upper=1.0)


def _leaving(model: LinearModel, reduction: Reduction, columns: Columns) -> None:
    """leave >= what served the period before less what serves now.

    Deliveries that the incumbent holds already serve on in any of their classes, or depart.
    """
    classes = reduction.classes
    c, d, t = np.nonzero(columns.leave >= 0)
    before = np.where(t > 0, columns.serve[c, d, t - 1], NONE)
    start = np.where(t == 0, np.array([len(classes.racks[i]) for i in c], dtype=np.int64), 0)
    rows = model.add_rows(len(c), "leaving", lower=start)
    model.put(rows, columns.leave[c, d, t], 1.0)
    model.put(rows, columns.serve[c, d, t], 1.0)
    model.put(rows, before, -1.0)
    for i in np.flatnonzero((t == 0) & (classes.delivery[c] >= 0)):
        others = np.flatnonzero((classes.delivery == classes.delivery[c[i]]) & (np.arange(len(classes.type)) != c[i]))
        model.put(rows[i], columns.serve[others, d[i], 0], 1.0)


def _hand_over(model: LinearModel, reduction: Reduction, columns: Columns) -> None:
    """Racks that serve, and racks that left a demand too short a while ago, are no more than the class's.

    A rack may return at once to the demand that it left: ``back`` counts those, by the period they left in.
    What the incumbent's racks left is in the bounds of ``serve``.
    """
    cools = reduction.instance.cools_at
    rows = _counted(model, reduction, columns, "hand-over")
    model.put(rows[:, None, :], columns.serve, 1.0)
    left = columns.leave.copy()
    left[:, :, 0] = NONE
    pairs = [(s, t) for s, t in zip(*np.nonzero(cools), strict=True) if s > 0]
    for s, t in pairs:
        model.put(rows[:, None, t], left[:, :, s], 1.0)
    returning = [(s, t) for s, t in pairs if s < t]
    if returning:
        _returns(model, columns, rows, left, returning)


def _returns(model: LinearModel, columns: Columns, rows: Ints, left: Ints, pairs: list[tuple[int, int]]) -> None:
    periods = left.shape[2]
    budget = model.add_rows(left.size, "returned", upper=0.0).reshape(left.shape)
    arrival = model.add_rows(left.size, "arrived", upper=0.0).reshape(left.shape)
    model.put(budget, left, -1.0)
    model.put(arrival, columns.serve, -1.0)
    model.put(arrival[:, :, 1:], columns.serve[:, :, :-1], 1.0)
    model.put(arrival, left, -1.0)
    cools = {(s, t) for s, t in pairs}
    for s, t in pairs:
        back = model.add_columns((left[:, :, s] >= 0) & (columns.serve[:, :, t] >= 0), np.inf, when=t)
        model.put(budget[:, :, s], back, 1.0)
        model.put(arrival[:, :, t], back, 1.0)
        for later in range(t, periods):
            if (s, later) in cools:
                model.put(rows[:, None, later], back, -1.0)


def _move_budget(model: LinearModel, reduction: Reduction, columns: Columns) -> None:
    budget = reduction.instance.policy.most_moves
    if budget is None:
        return
    in_term = reduction.instance.in_term
    left = np.full(in_term.shape[1], budget)
    left[0] -= reduction.sure_departures[in_term[:, 0]].sum()
    rows = model.add_rows(len(left), "moves", upper=left)
    model.put(rows[None, None, :], np.where(in_term[None], columns.leave, NONE), 1.0)


def _bring_up_racks(model: LinearModel, reduction: Reduction, columns: Columns) -> None:
    """fresh >= powered now less powered before; fresh within the limit.

    Where hand-over keeps racks that leave from arriving elsewhere, arrivals also need fresh racks beyond those
    that were idle and powered.
    """
    policy, classes = reduction.instance.policy, reduction.classes
    limit = policy.most_newly_powered
    if limit is None:
        return
    shape = classes.usable.shape
    fresh = model.add_columns(classes.usable, classes.size[:, None])
    model.put(model.add_rows(shape[1], "bring-up racks", upper=limit)[None, :], fresh, 1.0)
    idles = (classes.delivery < 0)[:, None] & classes.usable & policy.idle_powered
    constant = np.where(idles, classes.size[:, None], 0)
    earlier = np.column_stack((np.where(classes.powered_before, classes.size, 0), constant[:, :-1]))
    rows = model.add_rows(shape[0] * shape[1], "newly powered", lower=(constant - earlier).reshape(-1)).reshape(shape)
    model.put(rows, fresh, 1.0)
    _put_powered(model, reduction, columns, rows, -1.0)
    _put_powered(model, reduction, columns, np.column_stack((rows[:, 1:], rows[:, :1] * 0 - 1)), 1.0)
    if policy.has_hand_over:
        _fresh_arrivals(model, reduction, columns, fresh)


def _put_powered(model: LinearModel, reduction: Reduction, columns: Columns, rows: Ints, sign: float) -> None:
    """Add the variable part of "racks of the class that are powered" to rows (a row of -1 is passed over)."""
    classes = reduction.classes
    live = rows >= 0
    if not reduction.instance.policy.idle_powered:
        model.put(rows[:, None, :], np.where(live[:, None, :], columns.serve, NONE), sign)
        return
    model.put(rows, np.where(live, columns.off, NONE), -sign)
    placed = np.where(classes.usable & live, columns.place[:, None], NONE)
    model.put(rows, placed, sign)


def _fresh_arrivals(model: LinearModel, reduction: Reduction, columns: Columns, fresh: Ints) -> None:
    """With hand-over, arrivals come from racks that were idle and powered before, or are fresh."""
    classes, policy = reduction.classes, reduction.instance.policy
    shape = classes.usable.shape
    came = model.add_columns(columns.serve >= 0, classes.size[:, None, None])
    rows = model.add_rows(came.size, "came", lower=0.0).reshape(came.shape)
    model.put(rows, came, 1.0)
    model.put(rows, columns.serve, -1.0)
    model.put(rows[:, :, 1:], columns.serve[:, :, :-1], 1.0)
    held = classes.held[:, None] == np.arange(came.shape[1])[None, :]
    start = np.where(held & (classes.delivery < 0)[:, None], classes.size[:, None], 0)
    c, d = np.nonzero(start)
    already = model.add_columns(start > 0, start, lower=start, when=0)
    model.put(rows[c, d, 0], already[c, d], 1.0)
    spare = np.zeros(shape)
    if policy.idle_powered:
        standing = np.where((classes.delivery < 0)[:, None] & classes.usable, classes.size[:, None], 0)
        spare[:, 1:] = standing[:, :-1]
    spare[:, 0] = np.maximum(np.where(classes.powered_before, classes.size, 0) - start.sum(axis=1), 0)
    limit = model.add_rows(shape[0] * shape[1], "arrivals powered", upper=spare.reshape(-1)).reshape(shape)
    model.put(limit[:, None, :], came, 1.0)
    model.put(limit, fresh, -1.0)
    if policy.idle_powered:
        model.put(limit[:, 1:], columns.off[:, :-1], 1.0)
        model.put(limit[:, None, 1:], columns.serve[:, :, :-1], 1.0)
        model.put(limit[:, 1:], np.where(classes.usable[:, :-1], columns.place[:, None], NONE), -1.0)


def _site_weights(reduction: Reduction, draw_w: Ints) -> tuple[Floats, Floats]:
    """(C, D) and (C,) kW at the roots of one rack that serves, and of one that idles."""
    instance, classes = reduction.instance, reduction.classes
    members = reduction.position_classes.members
    weight = np.array([instance.positions.site_weight[members[q][0]] for q in classes.position_class])
    idle = instance.idle_w[classes.type] * instance.policy.idle_powered
    return weight[:, None] * draw_w / W_PER_KW, weight * idle / W_PER_KW


def _bring_up_mw(model: LinearModel, reduction: Reduction, columns: Columns, draw_w: Ints) -> None:
    instance, classes = reduction.instance, reduction.classes
    limit = instance.policy.most_growth_milliwatts
    if limit is None or len(instance.periods) < 2:
        return
    serving, idle = _site_weights(reduction, draw_w)
    standing = (classes.delivery < 0)[:, None] & classes.usable
    fixed = (idle * classes.size)[:, None] * standing
    base = fixed.sum(axis=0) + instance.site_static_w / W_PER_KW
    rows = model.add_rows(len(base) - 1, "bring-up MW", upper=limit / MILLIWATTS_PER_KW - np.diff(base))
    placed = np.where(classes.usable, columns.place[:, None], NONE)
    for part, sign in ((np.s_[1:], 1.0), (np.s_[:-1], -1.0)):
        model.put(rows[None, None, :], columns.serve[:, :, part], sign * (serving - idle[:, None])[:, :, None])
        model.put(rows[None, :], columns.off[:, part], -sign * idle[:, None])
        model.put(rows[None, :], placed[:, part], sign * idle[:, None])
