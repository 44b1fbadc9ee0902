"""A family of repairs: one thing to change, by more and more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from capalloc.analysis.explain.requirement import Kind
from capalloc.instance.model import Instance
from capalloc.schema.scenario import Scenario

EQUIPMENT = "what the equipment costs"
CONSENT = "what the tenant asks for its consent"

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

    @property
    def grain(self) -> int:
        """Steps in which the least number is sought: of 1, or where each try is much work so that they are hundreds."""
        return 1 if self.quick is not None else 10 ** max(len(str(self.last)) - _DIGITS, 0)
