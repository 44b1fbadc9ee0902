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
from capalloc.planner.lp.program import INTEGER_NOISE, Answer, Bools, Floats, Held, Ints, Program
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
    serve = integer_counts(model.columns, found.values).serve
    now = _shared(model, serve > 0, blocks)
    if now == 0 or model.linear.columns > params.blocks_columns:
        return found
    linear = model.linear.copy()
    _hold_moves(linear, model.columns.leave, found.values)
    _hold_off(linear, model.columns.off, found.values)
    uses, shared = _add_shared(linear, model, blocks, _most(model.classes.type, model.classes.size, serve))
    usd = np.zeros(linear.columns)
    usd[shared[shared >= 0]] = -linear.usd_per_cost * np.broadcast_to(_months(model), shared.shape)[shared >= 0]
    program = replace(linear.program(), usd=usd).held(_money(model, found.values))
    values = _near_relaxed(program, uses, _in_blocks(serve > 0, blocks), params, deadline)
    if values is None:
        return found
    values = np.where(_is_money(model), found.values, values[: len(found.values)])
    fewer = _shared(model, integer_counts(model.columns, values).serve > 0, blocks) < now
    return Answer(found.status, values, found.bound) if fewer else found


def _near_relaxed(program: Program, uses: Ints, now: Bools, params: PlannerParams, deadline: Deadline) -> Floats | None:
    """The answer among those with demands in no blocks but where the relaxation has them; None where none is found.

    Where no plan is so, among those with demands in no blocks but there or where they are now: relaxation induced
    neighbourhoods (E. Danna, E. Rothberg and C. Le Pape, Mathematical Programming 102, 2005,
    doi:10.1007/s10107-004-0518-7).
    """
    end = deadline.spent() + params.blocks_s

    def left() -> float:
        return min(deadline.left(), end - deadline.spent())

    relaxed = program.relaxed().solve(mathopt.SolverType.GLOP, time_limit=left(), deadline=deadline)
    if relaxed.values is None:
        return None
    there = np.append(relaxed.values, 0.0)[uses] > INTEGER_NOISE
    for kept in (there, there | now):
        without = uses[(uses >= 0) & ~kept]
        answer = program.held(Held(without, np.zeros(len(without)), np.zeros(len(without)))).solve(
            mathopt.SolverType.HIGHS,
            time_limit=left(),
            gap=params.blocks_gap,
            seed=params.seed,
            node_limit=params.blocks_nodes,
            deadline=deadline,
        )
        if answer.values is not None:
            return answer.values
    return None


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
    return float((_in_blocks(served, blocks).sum(axis=1) > 1).sum(axis=0) @ _months(model))


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


def _most(kinds: Ints, size: Ints, serve: Ints) -> Ints:
    """(C, D, T) most racks of a class that a demand can have: what it has of that type."""
    of_kind = np.zeros((int(kinds.max()) + 1, *serve.shape[1:]), dtype=np.int64)
    np.add.at(of_kind, kinds, serve)
    return np.minimum(size[:, None, None], of_kind[kinds])


def _in_blocks(served: Bools, blocks: Ints) -> Bools:
    """(B, D, T) where demands are, from (C, D, T)."""
    numbers, of = np.unique(blocks[blocks != NOBODY], return_inverse=True)
    inside = np.zeros((len(numbers), *served.shape[1:]), dtype=bool)
    np.logical_or.at(inside, of, served[blocks != NOBODY])
    return inside


def _add_shared(linear: LinearModel, model: ModelByClass, blocks: Ints, most: Ints) -> tuple[Ints, Ints]:
    """(B, D, T) columns of who uses which block, and (B, T) of how many demands a block has beyond the first."""
    serve = model.columns.serve
    exists = _in_blocks(serve >= 0, blocks)
    uses = linear.add_columns(exists, 1.0, integer=True)
    shared = linear.add_columns(np.asarray(exists.any(axis=1)), float(serve.shape[1]))
    _, of = np.unique(blocks[blocks != NOBODY], return_inverse=True)
    for c, block in zip(np.flatnonzero(blocks != NOBODY).tolist(), of.tolist(), strict=True):
        served = serve[c] >= 0
        rows = linear.add_rows(int(served.sum()), "in block", upper=0.0)
        linear.put(rows, serve[c][served], 1.0)
        linear.put(rows, uses[block][served], -np.maximum(most[c][served], 1.0))
    rows = linear.add_rows(shared.size, "shared", upper=1.0).reshape(shared.shape)
    linear.put(rows[:, None, :], uses, 1.0)
    linear.put(rows, shared, -1.0)
    return uses, shared


def _is_money(model: ModelByClass) -> Bools:
    """(columns,) those that count no racks: what racks earn."""
    linear, leave = model.linear, model.columns.leave
    money = ~np.concatenate(linear.integer)
    money[leave[leave >= 0]] = False
    return money


def _money(model: ModelByClass, values: Floats) -> Held:
    columns = np.flatnonzero(_is_money(model))
    return Held(columns, values[columns] - _NOISE, values[columns] + _NOISE)
