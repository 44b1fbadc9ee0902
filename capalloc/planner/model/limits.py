"""Rules on watts and on what demands get: packing rows, ramps and money."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from capalloc.instance.model import NO_LIMIT_W, DemandData, Floats, Instance, PackingRow
from capalloc.planner.lp.linear import NONE, LinearModel
from capalloc.planner.lp.program import Ints
from capalloc.planner.model.columns import Columns
from capalloc.reduction.classes import RackClasses, Reduction
from capalloc.schema.demand import Contract
from capalloc.units import W_PER_KW

_NOISE = 1e-6
_BIG_UNIT, _LARGE_RACK = 10_000, 1_000_000
"""Measures from the first on are counted in thousands, from the second on so that a rack is some hundreds."""


def add_packing_rows(
    model: LinearModel, reduction: Reduction, columns: Columns, draw_w: Ints | None = None
) -> dict[int, Ints]:
    """Power, failover, supply, reserve, cooling; returns the (T,) model rows of each, NONE where it does not apply.

    ``draw_w`` is what a rack of each class draws for each middle index of ``columns.serve``; unless given, those are
    the demands.
    """
    draw = draws_w(reduction.instance, reduction.classes) if draw_w is None else draw_w
    return {
        int(i): _packing_row(
            model, reduction, columns, reduction.instance.rows[i], reduction.position_classes.weights[j], draw
        )
        for j, i in enumerate(reduction.rows)
    }


def draws_w(instance: Instance, classes: RackClasses) -> Ints:
    """(C, D) W that a rack of the class draws for each demand."""
    draws: Ints = instance.draw_w[:, classes.type].T
    return draws


def class_loads(reduction: Reduction, row: PackingRow, weights: Floats, draw_w: Ints) -> tuple[Ints, Floats, Floats]:
    """Classes on a row, and the W that one of their racks puts on it: (n, D) serving, (n,) idle. Rounded up."""
    instance, classes = reduction.instance, reduction.classes
    on_row = np.flatnonzero(weights[classes.position_class] > 0)
    factor = weights[classes.position_class[on_row]] * row.share[classes.type[on_row]]
    draw = draw_w[on_row]
    idle = instance.idle_w[classes.type[on_row]] * instance.policy.idle_powered
    return on_row, np.ceil(factor[:, None] * draw - _NOISE), np.ceil(factor * idle - _NOISE)


def _packing_row(
    model: LinearModel, reduction: Reduction, columns: Columns, row: PackingRow, weights: Floats, draw_w: Ints
) -> Ints:
    classes = reduction.classes
    on_row, serving, idle = class_loads(reduction, row, weights, draw_w)
    usable = classes.usable[on_row]
    standing = usable & (classes.delivery[on_row] < 0)[:, None]
    base = (idle * classes.size[on_row]) @ standing
    applies = row.limit_w < NO_LIMIT_W
    numbers = np.full(len(applies), NONE, dtype=np.int64)
    name = f"{row.rule} {row.where}" + (f" without {row.lost}" if row.lost else "")
    numbers[applies] = model.add_rows(int(applies.sum()), name, upper=(row.limit_w - base)[applies] / W_PER_KW)
    serve = np.where(applies[None, None, :], columns.serve[on_row], NONE)
    model.put(numbers[None, None, :], serve, (serving - idle[:, None])[:, :, None] / W_PER_KW)
    model.put(numbers[None, :], np.where(applies[None, :], columns.off[on_row], NONE), -idle[:, None] / W_PER_KW)
    placed = np.where(usable & applies[None, :], columns.place[on_row][:, None], NONE)
    model.put(numbers[None, :], placed, idle[:, None] / W_PER_KW)
    return numbers


@dataclass(frozen=True, slots=True)
class Money:
    """The columns and rows of one curve of one demand."""

    demand: int
    curve: int
    segments: Ints
    """(T, S) columns."""
    rows: Ints
    """(T,) rows: what the segments hold is no more than what is delivered."""
    scale: float
    """Units of the curve's measure in one unit of the rows."""
    ramp: Ints
    """(T,) rows: what the demand must and may be delivered."""
    ramp_scale: float
    """The demand's units in one unit of those rows."""


def add_demand_rows(model: LinearModel, reduction: Reduction, columns: Columns) -> list[Money]:
    """Ramp ceilings, hard commitments where asked for, and the money of every demand."""
    forbid = reduction.instance.policy.shortfall_forbidden
    money = []
    for d, data in enumerate(reduction.instance.demands):
        count = len(data.in_term)
        scale = _scale(data.unit)
        hard = forbid and isinstance(data.demand, Contract)
        grid = _grid(data)
        lower = np.where(data.in_term, -(-data.committed // grid) * grid, -np.inf) / scale if hard else -np.inf
        upper = most_delivered(data) / scale
        rows = model.add_rows(count, f"ramp {data.name}", lower=lower, upper=upper)
        _put_measure(model, reduction, columns, d, rows, data.unit / scale)
        money += [_curve(model, reduction, columns, (d, i), (rows, scale)) for i in range(len(data.curves))]
    return money


def most_delivered(data: DemandData) -> Ints:
    """(T,) units: the ceiling, or as much below it as whole racks can deliver."""
    grid = _grid(data)
    most: Ints = data.ceiling // grid * grid
    return most


def _grid(data: DemandData) -> int:
    """Racks deliver multiples of it: no limit is met by a hair."""
    return max(int(np.gcd.reduce(data.unit)), 1)


def _scale(measure: Ints) -> float:
    most = int(measure.max(initial=0))
    if most < _BIG_UNIT:
        return 1.0
    return float(W_PER_KW * 10 ** (len(str(most // _LARGE_RACK)) if most >= _LARGE_RACK else 0))


def _put_measure(
    model: LinearModel, reduction: Reduction, columns: Columns, d: int, rows: Ints, measure: Floats
) -> None:
    model.put(rows[None, :], columns.serve[:, d, :], measure[reduction.classes.type][:, None])


def _curve(
    model: LinearModel, reduction: Reduction, columns: Columns, which: tuple[int, int], ramp: tuple[Ints, float]
) -> Money:
    """Segments of the gain of (demand, curve), each within its width and all within what is delivered."""
    d, number = which
    curve = reduction.instance.demands[d].curves[number]
    scale = _scale(curve.measure)
    paid = (curve.slopes > 0) & (curve.widths > 0)
    usd = curve.slopes * reduction.instance.discount[:, None] * scale
    segments = model.add_columns(paid, curve.widths / scale, usd=usd, when=np.arange(len(paid))[:, None])
    rows = model.add_rows(len(curve.base), f"money {reduction.instance.demands[d].name}", upper=0.0)
    model.put(rows[:, None], segments, 1.0)
    _put_measure(model, reduction, columns, d, rows, -curve.measure / scale)
    return Money(d, number, segments, rows, scale, *ramp)
