"""One search for a plan of an instance: by classes of racks, or rack by rack with the exact model."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace

from capalloc.cancel import CancelToken
from capalloc.exact.params import ExactParams
from capalloc.instance.model import Bools, Instance
from capalloc.naming.racks import name_racks
from capalloc.planner.bounds.single_demands import single_demands_usd
from capalloc.planner.params import ClassPlan, Known, PlannerParams
from capalloc.planner.strategy import plan_classes
from capalloc.progress import OnProgress, Progress
from capalloc.reduction.classes import Reduction, reduce_instance
from capalloc.roster.ending import Ending
from capalloc.roster.figures import newly_powered, roster_usd
from capalloc.roster.roster import Roster
from capalloc.schema.plan import DemandPrice, NodePrice, Seconds, Stats
from capalloc.schema.status import Status

_SEARCH = ("relax", "plan", "bound", "priority")
"""Stages that count as planning."""


@dataclass(slots=True)
class Clock:
    """Seconds by stage, and the word to whoever watches."""

    watch: OnProgress
    spent: dict[str, float] = field(default_factory=dict)
    stage: str = ""
    begun: float = 0.0

    def start(self, stage: str) -> None:
        """End the running stage and begin another."""
        self.hear(Progress(stage))

    def hear(self, progress: Progress) -> None:
        """Hear what a search tells of itself; ``relax`` and ``bound`` count as planning."""
        now = time.monotonic()
        if self.stage:
            key = "plan" if self.stage in _SEARCH else self.stage
            self.spent[key] = self.spent.get(key, 0.0) + now - self.begun
        self.stage, self.begun = progress.stage, now
        if progress.stage:
            self.watch(progress)

    def planned(self) -> float:
        """Seconds spent searching."""
        return self.spent.get("plan", 0.0)

    def seconds(self) -> Seconds:
        """Seconds so far, rounded to a millisecond."""
        return Seconds(**{stage: round(seconds, 3) for stage, seconds in self.spent.items()})


@dataclass(frozen=True, slots=True)
class Answer:
    """What a search found; no roster when it found nothing."""

    roster: Roster | None
    infeasible: bool
    bound_usd: float
    """Discounted USD that no plan of the instance can pass."""
    stats: Stats
    interrupted: bool = False
    late: bool = False
    """No time was left."""
    slowed: bool = False
    """More work brought little in the end."""
    prices: tuple[NodePrice, ...] = ()
    demand_prices: tuple[DemandPrice, ...] = ()
    in_order: bool = False
    """The bound is of plans that serve first who comes first."""
    beside_usd: float | None = None
    """Where it is not: the bound of plans that give as much to what comes first."""
    undecided: tuple[str, ...] = ()
    """Demands that come first and are short, where the search ended before it was known whether they get more."""
    known_will_do: bool = False
    """The plan at hand delivers as much, within the gap: nothing better was searched for."""

    def or_better(self, instance: Instance, known: Roster) -> Answer:
        """The same with a roster that keeps the rules where it is worth more; the bound is the search's own."""
        less = self.roster is None or roster_usd(instance, self.roster) < roster_usd(instance, known)
        bound = min(self.bound_usd, single_demands_usd(instance))
        return replace(self, roster=known if less else self.roster, bound_usd=bound)

    def ending(self, limit: float, gap: float | None, spent: float = 0.0) -> Ending:
        """How the search ended, with what it was given and took."""
        return Ending(
            limit,
            spent,
            gap,
            self.infeasible,
            self.interrupted,
            self.in_order,
            self.beside_usd,
            self.undecided,
            self.late,
            self.slowed,
        )


@dataclass(frozen=True, slots=True)
class Engine:
    """How is searched, and who hears of it."""

    params: PlannerParams | ExactParams
    cancel: CancelToken | None
    clock: Clock

    @property
    def cancelled(self) -> bool:
        """Whether somebody has asked for what there is."""
        return self.cancel is not None and self.cancel.cancelled

    @property
    def gap(self) -> float | None:
        """The relative gap that was asked for; None where nothing was said."""
        return None if isinstance(self.params, ExactParams) else self.params.gap

    def within(self, seconds: float) -> Engine:
        """The same with other seconds for a search, which ends with them whether it has a plan or none."""
        if isinstance(self.params, ExactParams):
            return replace(self, params=replace(self.params, time_limit=seconds))
        return replace(self, params=replace(self.params, time_limit=seconds, needed=False))

    def after(self, seconds: float) -> Engine:
        """The same where so many of its seconds are over."""
        left = max(self.params.time_limit - seconds, 0.0)
        return replace(self, params=replace(self.params, time_limit=left))

    def keeping(self, share: float, comes_first: Bools) -> Engine:
        """The same with a share of the seconds kept until a plan meets the commitments of ``comes_first`` (D,)."""
        if isinstance(self.params, ExactParams):
            return replace(self, params=replace(self.params, time_limit=self.params.time_limit * (1 - share)))
        return replace(self, params=replace(self.params, kept_share=share, comes_first=comes_first))

    @property
    def order_first(self) -> bool:
        """Whether what comes first is planned at once."""
        return isinstance(self.params, PlannerParams) and self.params.order_first

    def beside(self, known: Known | None) -> Engine:
        """The same with a plan at hand, which may do in place of another."""
        if isinstance(self.params, ExactParams):
            return self
        return replace(self, params=replace(self.params, known=known))

    def silent(self) -> Engine:
        """The same, telling nobody of better plans and bounds: they are not of the question that was asked."""
        return replace(self, clock=Clock(lambda _: None))

    def search(self, instance: Instance) -> Answer:
        """The best plan of an instance that is found in time."""
        if isinstance(self.params, ExactParams):
            return _solve_exact(instance, self.params, self.cancel, self.clock)
        return _solve_classes(instance, self.params, self.cancel, self.clock)


def _solve_classes(instance: Instance, params: PlannerParams, cancel: CancelToken | None, clock: Clock) -> Answer:
    """Plan by classes, or rack by rack where a class is too coarse.

    Counts do not tell whether the idle racks that are off are those that still cool after a hand-over. Rarely, with
    hand-overs longer than a period, more racks then need powering than bring-up allows.
    """
    begun = time.monotonic()
    answer = _solve_reduced(instance, False, params, cancel, clock)
    limit = instance.policy.most_newly_powered
    if answer.roster is None or limit is None or (newly_powered(instance, answer.roster) <= limit).all():
        return answer
    left = max(params.time_limit - (time.monotonic() - begun), 0.0)
    per_rack = _solve_reduced(instance, True, replace(params, time_limit=left), cancel, clock)
    return replace(per_rack, bound_usd=min(answer.bound_usd, per_rack.bound_usd))


def _solve_reduced(
    instance: Instance, per_rack: bool, params: PlannerParams, cancel: CancelToken | None, clock: Clock
) -> Answer:
    reduction = reduce_instance(instance, per_rack=per_rack)
    found = plan_classes(reduction, params, cancel, clock.hear)
    clock.start("place")
    roster = None
    if found.counts is not None:
        roster = name_racks(reduction, found.counts)
    return Answer(
        roster,
        found.status is Status.INFEASIBLE,
        found.bound_usd,
        _stats(reduction, found),
        found.interrupted,
        found.late,
        found.slowed,
        found.prices,
        found.demand_prices,
        known_will_do=found.known_will_do,
    )


def _solve_exact(instance: Instance, params: ExactParams, cancel: CancelToken | None, clock: Clock) -> Answer:
    clock.start("plan")
    from capalloc.exact.solve import solve_exact  # CP-SAT brings pandas along: only for those who ask for it

    found = solve_exact(instance, params, cancel)
    racks, periods = len(instance.racks.names), len(instance.periods)
    stats = Stats(racks=racks, classes=racks, periods=periods, windows=periods)
    return Answer(found.roster, found.status is Status.INFEASIBLE, found.bound_usd, stats, found.interrupted)


def _stats(reduction: Reduction, found: ClassPlan) -> Stats:
    periods = len(reduction.instance.periods)
    return Stats(
        racks=len(reduction.instance.racks.names),
        classes=len(reduction.classes.racks),
        periods=periods,
        windows=found.windows,
        rows=found.rows,
        columns=found.columns,
    )
