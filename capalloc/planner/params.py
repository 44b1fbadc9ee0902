"""What is asked of the planner over classes, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from capalloc.planner.model.columns import Preferences
from capalloc.reduction.counts import Counts
from capalloc.schema.plan import DemandPrice, NodePrice
from capalloc.schema.status import Status


@dataclass(frozen=True, slots=True)
class PlannerParams:
    """How hard the planner searches."""

    time_limit: float = 60.0
    """Seconds of the search."""
    gap: float | None = None
    """Relative gap at which a plan is good enough; None: that of the kind of search."""
    seed: int = 0
    """Of the solvers; the same seed gives the same plan while no clock ends a search."""
    whole_gap: float = 1e-7
    """Relative gap at which the search over a small model ends."""
    first_share: float = 0.4
    """Share of the time for one search over everything; when it is cut short, parts are searched again."""
    rest_share: float = 0.3
    """Share of the time kept, in that case, for what follows a plan made one window after the other."""
    bound_share: float = 0.05
    """Share of the time kept for a second bound."""
    close: float = 1e-4
    """Relative distance to the relaxation's bound up to which no second bound is sought."""
    direct_columns: int = 1000
    """A model of up to so many columns is also searched without windows."""
    direct_nodes: int = 200
    """Branch-and-bound nodes of that search."""
    most_columns: int = 2000
    """Above so many columns of who serves whom, the plan is made one window after the other."""
    stepwise_gap: float = 1e-3
    """Relative gap at which it is good enough."""
    choice_share: float = 0.3
    """Share of the time for who has which halls and types to itself, in such a plan."""
    guided_share: float = 0.7
    """Share of the time kept for the steps from period to period, where rules tie them together."""
    move_gap: float = 1e-8
    """Relative gap at which the search for fewer moves ends."""
    prefer: Preferences = field(default_factory=Preferences)

    def gap_of(self, columns: int) -> float:
        """Relative gap at which a search with so many columns of who serves whom ends."""
        return self.whole_gap if columns <= self.most_columns else self.stepwise_gap

    def resolved(self) -> PlannerParams:
        """The same with every gap as the one asked for has it."""
        if self.gap is None:
            return self
        close, move_gap = max(self.close, self.gap), max(self.move_gap, self.gap / 100)
        return replace(self, whole_gap=self.gap, stepwise_gap=self.gap, close=close, move_gap=move_gap)


@dataclass(frozen=True, slots=True)
class ClassPlan:
    """What the planner found."""

    status: Status
    counts: Counts | None
    bound_usd: float
    """Proven upper bound on the objective, discounted USD."""
    prices: tuple[NodePrice, ...]
    demand_prices: tuple[DemandPrice, ...]
    rows: int
    columns: int
    windows: int
    interrupted: bool = False
    """Somebody asked for what there was."""
