"""A family of repairs: one thing to change, by more and more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

from capalloc.analysis.explain.requirement import Kind, Requirement
from capalloc.calendar import format_day
from capalloc.instance.model import Instance
from capalloc.schema.scenario import Scenario

EQUIPMENT = "what the equipment costs"
CONSENT = "what the tenant asks for its consent"
OPERATION = "what the change costs in operation"

_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Family:
    """Repairs of one sort, numbered 1 to ``last``: each changes more, and unless ``stepwise`` allows more."""

    kind: Kind
    where: str
    last: int
    apply: Callable[[Scenario, int], Scenario]
    says: Callable[[int], str]
    """The change in a planner's words."""
    unpriced: str | None = None
    """What its cost leaves out; None where the objective has all of it."""
    stepwise: bool = False
    """A larger change need not allow more: each is tried in turn."""
    amount_kw: Callable[[int], float] | None = None
    """kW that it adds, or takes from a commitment."""
    quick: Callable[[Instance, int], Instance] | None = None
    """The same change made to the compiled scenario, where that is much less work."""
    always: Callable[[int], str] | None = None
    """The words where ``quick`` does not tell: the change is made for the whole horizon."""
    quantity: str = ""
    """What is changed of it, where several things can be."""

    @property
    def key(self) -> tuple[Kind, str, str]:
        """Families with the same key change the same quantity."""
        return self.kind, self.where, self.quantity

    @classmethod
    def of(
        cls,
        one: Requirement,
        last: int,
        apply: Callable[[Scenario, int], Scenario],
        says: Callable[[int], str],
        unpriced: str | None = OPERATION,
        quantity: str = "",
    ) -> Self:
        """Changes of a requirement by 1 to ``last`` steps."""
        return cls(one.kind, one.where, last, apply, says, unpriced, quantity=quantity)

    @classmethod
    def single(
        cls, one: Requirement, edit: Callable[[Scenario], Scenario], says: str, unpriced: str | None = OPERATION
    ) -> Self:
        """The one change that there is of a requirement."""
        return cls.of(one, 1, lambda s, _: edit(s), lambda _: says, unpriced, says)

    @classmethod
    def dated(
        cls, one: Requirement, days: Sequence[date], says: str, edit: Callable[[Scenario, date], Scenario]
    ) -> Self:
        """A date of a requirement moved to each of some days; ``says`` has a place for the day."""
        return cls.of(
            one,
            len(days),
            lambda s, n: edit(s, days[n - 1]),
            lambda n: f"{one.where}: {says.format(format_day(days[n - 1]))}",
            "what the earlier or later date costs",
            says,
        )

    @property
    def resolution(self) -> int:
        """Steps in which the least number is sought: of 1, or where each try is much work so that they are hundreds."""
        return 1 if self.quick is not None else 10 ** max(len(str(self.last)) - _DIGITS, 0)
