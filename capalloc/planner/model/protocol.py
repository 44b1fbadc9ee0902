"""What bounds and searches ask of a model, however it counts racks: by class or by pool."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from capalloc.instance.model import Instance
from capalloc.planner.lp.linear import LinearModel
from capalloc.planner.lp.program import Floats, Ints
from capalloc.planner.model.columns import Columns
from capalloc.planner.model.grouping import Isolation
from capalloc.planner.model.limits import Money
from capalloc.reduction.classes import RackClasses
from capalloc.reduction.counts import Counts


class Level(NamedTuple):
    """Classes of racks with the columns that count them."""

    classes: RackClasses
    columns: Columns
    serving: Ints
    """(C,) the class of the model's first level that each class lies in."""


class PlanModel(Protocol):
    """A linear model of a plan: every rule over the periods of an instance."""

    linear: LinearModel
    instance: Instance
    """Whose periods the model has."""
    classes: RackClasses
    """The classes that :meth:`counts` are by."""
    levels: tuple[Level, ...]
    """The first counts whom racks serve, in all its columns; the others only what they draw and where they stand."""
    packing: dict[int, Ints]
    """Packing row of the instance -> (T,) rows of the linear model, NONE where it does not apply."""
    money: list[Money]
    isolations: list[Isolation]

    def counts(self, values: Floats) -> Counts:
        """Counts by class and period of the (columns,) values."""
