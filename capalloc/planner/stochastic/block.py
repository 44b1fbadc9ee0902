"""One scenario's relaxation as a block of a two-stage program: its first periods are decided alike in all blocks.

What comes after them is recourse: decided when it is known how things come out, in parts of racks too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from capalloc.instance.model import NOBODY, Instance
from capalloc.planner.lp.linear import NONE
from capalloc.planner.lp.program import Bools, Floats, Held, Ints, Program
from capalloc.planner.lp.relaxation import solve_relaxed
from capalloc.planner.model.by_class import ModelByClass
from capalloc.planner.model.columns import MONEY_ALONE
from capalloc.planner.model.objective import base_usd
from capalloc.reduction.classes import Apart, Reduction, reduce_instance
from capalloc.reduction.windows import merge_windows, window_starts
from capalloc.schema.status import Status


@dataclass(frozen=True, slots=True)
class Stage:
    """Whom each rack serves in the F periods of the first stage, and where it stands."""

    demands: tuple[str, ...]
    serving: Ints
    """(R, F) an index into ``demands``, NOBODY for none."""
    position: Ints
    """(R,) -1 for a delivery without one."""


@dataclass(frozen=True, slots=True)
class Recourse:
    """What a block is worth after a first stage."""

    usd: float
    slopes: Floats
    """(C, D, F) USD that one more rack in the first stage would be worth; a supergradient."""


@dataclass(frozen=True, slots=True)
class Block:
    """A scenario over windows, the first F of which are the periods of the first stage, one each."""

    program: Program
    """Its relaxation, in USD without ``base_usd``."""
    base_usd: float
    """What no plan changes."""
    demands: tuple[str, ...]
    serve: Ints
    """(C, D, F) columns of the first stage; NONE where there is none."""
    whole: Bools
    """(columns,) those that count whole racks or choices in the first stage, but for whom they serve."""
    early: Bools
    """(columns,) those of the first stage, or of no single period."""
    rack_class: Ints
    """(R,) class of a rack that stands; -1 for none."""
    group: Ints
    """(R,) delivery class of a rack that is delivered; -1 for none."""
    position_class: Ints
    """(P,)"""
    lands: Ints
    """(delivery classes, position classes) the class of a delivery that stands there; -1 for none."""

    @property
    def first(self) -> int:
        """Periods of the first stage."""
        return int(self.serve.shape[2])

    @property
    def beginning(self) -> Block:
        """The columns of the first stage alone, with those rows that look at no others."""
        early, program = self.early, self.program
        later = np.zeros(len(program.row_lower), dtype=bool)
        later[program.rows[~early[program.columns]]] = True
        entries, column, row = ~later[program.rows], np.cumsum(early) - 1, np.cumsum(~later) - 1
        part = Program(
            program.usd_per_cost,
            program.lower[early],
            program.upper[early],
            program.usd[early],
            program.integer[early],
            program.row_lower[~later],
            program.row_upper[~later],
            row[program.rows[entries]],
            column[program.columns[entries]],
            program.values[entries],
        )
        serve = np.where(self.serve == NONE, NONE, column[self.serve])
        return replace(self, program=part, serve=serve, whole=self.whole[early], early=early[early])

    @property
    def key(self) -> bytes:
        """The same for blocks that are the same."""
        program = self.program
        rows = (program.row_lower, program.row_upper, program.rows, program.columns, program.values)
        racks = (self.rack_class, self.group, self.position_class, self.lands)
        parts = (program.lower, program.upper, *rows, self.serve, self.whole, *racks)
        return hashlib.sha256(b"".join((repr(self.demands).encode(), *(part.tobytes() for part in parts)))).digest()

    def classes_at(self, racks: Ints, position: Ints) -> Ints:
        """(n,) the class of (n,) racks, those that are delivered at (n,) positions; -1 for none."""
        found, group = self.rack_class[racks].copy(), self.group[racks]
        lands = (group >= 0) & (position >= 0)
        found[lands] = self.lands[group[lands], self.position_class[position[lands]]]
        return found

    def alone_usd(self) -> float | None:
        """The most it is worth by itself: wait and see. None where no plan exists."""
        answer = solve_relaxed(self.program)
        return self._usd(answer.values) if answer.status is Status.OPTIMAL and answer.values is not None else None

    def recourse(self, counts: Ints | None) -> Recourse | None:
        """What it is worth after a first stage with (C, D, F) racks that serve, None where that cannot be."""
        exists = self.serve != NONE
        if counts is None or counts[~exists].any():
            return None
        columns, racks = self.serve[exists], counts[exists].astype(float)
        if (racks < self.program.lower[columns]).any() or (racks > self.program.upper[columns]).any():
            return None
        answer = solve_relaxed(self.program.held(Held(columns, racks, racks)))
        if answer.values is None or answer.duals is None:
            return None
        slopes = np.zeros(self.serve.shape)
        slopes[exists] = self._reduced_usd(answer.duals)[columns]
        return Recourse(self._usd(answer.values), slopes)

    def _usd(self, values: Floats) -> float:
        return float(self.program.usd @ values) + self.base_usd

    def _reduced_usd(self, duals: Floats) -> Floats:
        """(columns,) what one more of each would be worth."""
        program = self.program
        taken = np.bincount(program.columns, program.values * duals[program.rows], minlength=len(program.usd))
        return program.usd - taken

    def counts(self, stage: Stage) -> Ints | None:
        """(C, D, F) racks that serve in a first stage, None where some cannot."""
        index = np.array([_index(self.demands, name) for name in stage.demands] + [NOBODY], dtype=np.int64)
        classes = self.classes_at(np.arange(len(stage.position)), stage.position)
        counts = np.zeros(self.serve.shape, dtype=np.int64)
        r, t = np.nonzero(stage.serving != NOBODY)
        c, d = classes[r], index[stage.serving[r, t]]
        if (c < 0).any() or (d < 0).any():
            return None
        np.add.at(counts, (c, d, t), 1)
        return counts


def _index(names: Sequence[str], name: str) -> int:
    return names.index(name) if name in names else NOBODY


def reduced(instance: Instance, first: int, apart: Apart | None = None) -> Reduction:
    """The instance by class and window, its ``first`` periods a window each."""
    periods = len(instance.periods)
    starts = np.union1d(window_starts(instance), np.arange(min(first + 1, periods)))
    return reduce_instance(merge_windows(instance, starts), apart=apart)


def block_of(reduction: Reduction, first: int) -> Block:
    """The block of a reduced instance with so many periods in the first stage."""
    model = ModelByClass(reduction, MONEY_ALONE)
    program = model.linear.program()
    when, classes = model.linear.periods_of(), reduction.classes
    serve = model.columns.serve[:, :, :first]
    whole = program.integer & (when >= 0) & (when < first)
    whole[serve[serve != NONE]] = False
    racks = len(reduction.instance.racks.names)
    rack_class, group = np.full(racks, -1), np.full(racks, -1)
    groups = int(classes.delivery.max(initial=-1)) + 1
    lands = np.full((groups, len(reduction.position_classes.members)), -1)
    for c, members in enumerate(classes.racks):
        if classes.delivery[c] < 0:
            rack_class[members] = c
        else:
            group[members] = classes.delivery[c]
            lands[classes.delivery[c], classes.position_class[c]] = c
    return Block(
        program.relaxed(),
        base_usd(reduction),
        reduction.instance.demand_names,
        serve,
        whole,
        when < first,
        rack_class,
        group,
        reduction.position_classes.class_at,
        lands,
    )


def told_apart(blocks: Sequence[Block]) -> Apart:
    """What any block tells apart: the common refinement of their classes."""
    racks = [np.column_stack((block.rack_class, block.group)) for block in blocks]
    return Apart(_refined(racks), _refined([block.position_class[:, None] for block in blocks]))


def _refined(tables: Sequence[Ints]) -> Ints:
    kind = np.zeros(len(tables[0]), dtype=np.int64)
    for table in tables:
        kind = np.unique(np.column_stack((kind, table)), axis=0, return_inverse=True)[1].reshape(-1)
    return kind
