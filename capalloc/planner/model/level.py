"""What a model is made of: columns that count racks by class, the rows that rules put on them, and the money."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from capalloc.instance.model import Instance
from capalloc.planner.lp.linear import LinearModel
from capalloc.planner.lp.program import Ints
from capalloc.reduction.classes import RackClasses, Reduction


@dataclass(frozen=True, slots=True)
class Columns:
    """Numbers of the columns that count racks: C classes, D demands (or what stands for them), T periods.

    A column that cannot be used does not exist (NONE).
    """

    serve: Ints
    """(C, D, T) racks of the class that serve the demand."""
    off: Ints
    """(C, T) usable racks switched off; exists under ``idle: powered`` where being off frees anything."""
    leave: Ints
    """(C, D, T) racks that stop serving the demand at the start of the period."""
    hold: Ints
    """(C, D, T) idle racks held as the demand's buffer."""
    place: Ints
    """(C,) deliveries that take a position of the class's place class."""


class Ramp(NamedTuple):
    """The rows of what a demand must and may be delivered."""

    rows: Ints
    """(T,)"""
    scale: float
    """The demand's units in one unit of the rows."""


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
    ramp: Ramp


@dataclass(frozen=True, slots=True)
class Isolation:
    """A demand that lets no other into its rows or halls."""

    demand: int
    group: Ints
    """(C,) the row or hall of each class, -1 where it is in none."""
    uses: Ints
    """(groups, T) binary columns: the demand uses the group."""


@dataclass(frozen=True, slots=True)
class Level:
    """Classes of racks with the columns that count them. Rules add rows to it, and note those that are asked for again.

    A model by class has one level. A model by pool has two: pools and whom they serve, classes and what they draw.
    """

    linear: LinearModel
    reduction: Reduction
    columns: Columns
    draw_w: Ints
    """(C, D) W that a rack of the class draws for each middle index of ``columns.serve``."""
    serving: Ints
    """(C,) the class of the model's first level that each class lies in."""
    packing: dict[int, Ints] = field(default_factory=dict)
    """Packing row of the instance -> (T,) rows of the linear model, NONE where it does not apply."""
    ramps: list[Ramp] = field(default_factory=list)
    """Of each demand."""
    money: list[Money] = field(default_factory=list)
    isolations: list[Isolation] = field(default_factory=list)

    @property
    def instance(self) -> Instance:
        """The instance that is counted by class."""
        return self.reduction.instance

    @property
    def classes(self) -> RackClasses:
        """The classes of the first axis of all columns."""
        return self.reduction.classes


def draws_w(reduction: Reduction) -> Ints:
    """(C, D) W that a rack of the class draws for each demand."""
    draws: Ints = reduction.instance.draw_w[:, reduction.classes.type].T
    return draws
