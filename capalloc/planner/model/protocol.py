"""What bounds and searches ask of a model, however it counts racks: by class or by pool."""

from __future__ import annotations

from typing import Protocol

from capalloc.instance.model import Instance
from capalloc.planner.lp.linear import LinearModel
from capalloc.planner.lp.program import Floats, Ints
from capalloc.planner.model.level import Isolation, Level, Money
from capalloc.reduction.classes import RackClasses
from capalloc.reduction.counts import Counts


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
