"""Whole fabric blocks: of plans of one worth, one in which demands share few blocks.

Which classes a demand takes is the same to money wherever they are of one type, but tenants want fabric blocks (rows
where there are none) to themselves. So what every demand gets of every type, the money and the cost of moves are held,
and the blocks that demands share are minimised, month by month, over all plans that keep every rule: a lexicographic
objective, whose second goal is decided among the optima of the first (M. Ehrgott, Multicriteria Optimization, Springer
2005, chapter 5). Only classes that lie in one block count; the others are named block by block later.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from ortools.math_opt.python import mathopt

from capalloc.instance.model import NOBODY
from capalloc.planner.lp.deadline import Deadline
from capalloc.planner.lp.linear import LinearModel
from capalloc.planner.lp.program import Answer, Bools, Floats, Held, Ints
from capalloc.planner.model.by_class import ModelByClass
from capalloc.planner.model.columns import integer_counts
from capalloc.planner.params import PlannerParams
from capalloc.reduction.classes import Reduction

_NOISE_USD = 1e-3
"""What moves may cost more: less than any move."""
_NOISE = 1e-5
"""What money may vary by: more than a solver's tolerance, less than any rack."""


def share_fewer_blocks(model: ModelByClass, found: Answer, params: PlannerParams, deadline: Deadline) -> Answer:
    """An answer of the same worth with fewer shared blocks; the one that was found where there is none, or no time.

    Rows of ``model`` have to hold what each demand gets of each type.
    """
    assert found.values is not None
    blocks = _block_of_classes(model.reduction)
    served = integer_counts(model.columns, found.values).serve > 0
    now = _shared(model, served, blocks)
    if now == 0 or model.linear.columns > params.blocks_columns:
        return found
    linear = model.linear.copy()
    _hold_moves(linear, model.columns.leave, found.values)
    _hold_off(linear, model.columns.off, found.values)
    shared = _add_shared(linear, model, blocks)
    usd = np.zeros(linear.columns)
    usd[shared[shared >= 0]] = -linear.usd_per_cost * np.broadcast_to(_months(model), shared.shape)[shared >= 0]
    program = replace(linear.program(), usd=usd).held(_money(model, found.values))
    answer = program.solve(
        mathopt.SolverType.HIGHS,
        time_limit=min(deadline.left(), params.blocks_s),
        gap=params.blocks_gap,
        seed=params.seed,
        node_limit=params.blocks_nodes,
        deadline=deadline,
    )
    if answer.values is None:
        return found
    values = np.where(_is_money(model), found.values, answer.values[: len(found.values)])
    fewer = _shared(model, integer_counts(model.columns, values).serve > 0, blocks) < now
    return Answer(found.status, values, found.bound) if fewer else found


def _block_of_classes(reduction: Reduction) -> Ints:
    """(C,) the block of each class that lies in one; NOBODY for any other."""
    unit, position = reduction.instance.positions.unit, reduction.instance.racks.position
    blocks = [
        np.unique(unit[position[racks]]) if delivery < 0 else np.zeros(0, dtype=np.int64)
        for racks, delivery in zip(reduction.classes.racks, reduction.classes.delivery, strict=True)
    ]
    return np.array([found[0] if len(found) == 1 else NOBODY for found in blocks], dtype=np.int64)


def _months(model: ModelByClass) -> Floats:
    """(T,) months of each window."""
    return np.array([period.months for period in model.instance.periods])


def _shared(model: ModelByClass, served: Bools, blocks: Ints) -> float:
    """Blocks in which more than one demand is served, times months."""
    total = 0.0
    for block in np.unique(blocks[blocks != NOBODY]):
        total += float((served[blocks == block].any(axis=0).sum(axis=0) > 1) @ _months(model))
    return total


def _hold_moves(linear: LinearModel, leave: Ints, values: Floats) -> None:
    """Moves cost no more than they do."""
    leaving = leave[leave >= 0]
    cost = np.concatenate(linear.usd)[leaving]
    row = linear.add_rows(1, "moves", lower=float(cost @ values[leaving]) - _NOISE_USD)
    linear.put(row, leaving, cost)


def _hold_off(linear: LinearModel, off: Ints, values: Floats) -> None:
    """No more racks are off in any window than are."""
    count = np.where(off >= 0, np.append(values, 0.0)[off], 0.0).sum(axis=0)
    linear.put(linear.add_rows(len(count), "off", upper=np.rint(count))[None, :], off, 1.0)


def _add_shared(linear: LinearModel, model: ModelByClass, blocks: Ints) -> Ints:
    """(B, T) columns of how many demands a block has beyond the first."""
    serve, size = model.columns.serve, model.classes.size
    numbers, of = np.unique(blocks[blocks != NOBODY], return_inverse=True)
    inside = np.flatnonzero(blocks != NOBODY)
    exists = np.zeros((len(numbers), *serve.shape[1:]), dtype=bool)
    np.logical_or.at(exists, of, serve[inside] >= 0)
    uses = linear.add_columns(exists, 1.0, integer=True)
    shared = linear.add_columns(np.asarray(exists.any(axis=1)), float(serve.shape[1]))
    for c, block in zip(inside.tolist(), of.tolist(), strict=True):
        served = serve[c] >= 0
        rows = linear.add_rows(int(served.sum()), "in block", upper=0.0)
        linear.put(rows, serve[c][served], 1.0)
        linear.put(rows, uses[block][served], -float(size[c]))
    rows = linear.add_rows(shared.size, "shared", upper=1.0).reshape(shared.shape)
    linear.put(rows[:, None, :], uses, 1.0)
    linear.put(rows, shared, -1.0)
    return shared


def _is_money(model: ModelByClass) -> Bools:
    """(columns,) those that count no racks: what racks earn."""
    linear, leave = model.linear, model.columns.leave
    money = ~np.concatenate(linear.integer)
    money[leave[leave >= 0]] = False
    return money


def _money(model: ModelByClass, values: Floats) -> Held:
    columns = np.flatnonzero(_is_money(model))
    return Held(columns, values[columns] - _NOISE, values[columns] + _NOISE)
