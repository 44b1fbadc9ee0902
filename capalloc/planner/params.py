"""What is asked of the planner over classes, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from capalloc.instance.model import Bools, Ints
from capalloc.planner.model.columns import Preferences
from capalloc.reduction.counts import Counts
from capalloc.roster.ending import ENOUGH_GAP
from capalloc.schema.plan import DemandPrice, NodePrice
from capalloc.schema.status import Status


@dataclass(frozen=True, slots=True)
class RelaxAndFixParams:
    """How a plan is made one period after the other: each is relaxed, then fixed to integers near the relaxation.

    A period has its share of the time left; the shares below are of that.
    """

    gap_share: float = 0.5
    """The relative gap of a search over one window or period, as a share of the gap asked for."""
    searched_first: int = 12
    """Windows whose priority columns are searched for before the first is planned; others when they are needed."""
    choice_s: float = 0.5
    """Least seconds of such a search beforehand."""
    choice_share: float = 0.5
    """Share of a period's time for the search for its priority columns."""
    attempt_share: float = 0.25
    """Share of a period's time for each search over binary or integer columns."""
    accept_best_share: float = 0.5
    """Share of a period's time after which the best attempt so far will do."""
    dive_below_s: float = 3.0
    """Where a period has fewer seconds, priority columns are fixed by diving before they are searched for."""
    rounding_racks: tuple[float, ...] = (1.0, 4.0, 16.0)
    """Racks by which an integer count may lie away from the relaxed one; the next where one leaves no good answer."""
    rounding_racks_by_class: tuple[tuple[float, float], ...] = ((0.0, 16.0), (1.0, 64.0), (16.0, 256.0))
    """The same by pool: racks for counts by class, and for the counts by pool that these follow."""
    rounding_answers: int = 2
    """Of so many answers the best will do, where none is near enough."""
    rounding_s: float = 3.0
    """Least seconds of a search for integer counts near the relaxed ones: cut short, it may be worth little."""
    least_s: float = 0.5
    """Least seconds of any search: late is better than without a plan."""
    last_resort_s: float = 10.0
    """Least seconds of a search over everything of a period, where every attempt has failed."""
    cancelled_gap: float = 0.01
    """Relative gap of the searches that begin once somebody has asked for what there is."""

    def nearest(self) -> RelaxAndFixParams:
        """The same, with the whole counts next to the relaxed ones tried first: where they will do, a plan sooner."""
        return replace(
            self,
            rounding_racks=(0.0, *self.rounding_racks),
            rounding_racks_by_class=((0.0, 0.0), *self.rounding_racks_by_class),
            rounding_answers=self.rounding_answers + 1,
        )


@dataclass(frozen=True, slots=True)
class NeighbourhoodParams:
    """How large-neighbourhood search improves a plan."""

    step_s: float = 5.0
    """Most seconds of searching one neighbourhood."""
    gap_share: float = 0.02
    """A neighbourhood's relative gap, and the least that it must gain, as shares of the gap asked for."""
    wide_s: float = 3.0
    """Most seconds of searching a wide neighbourhood."""
    wide_share: float = 0.2
    """Share of a plan that a wide neighbourhood has at first."""
    grow: float = 1.3
    """Factor of that share where a search ended by itself."""
    shrink: float = 0.8
    """Factor of it where it was cut short."""
    idle_parts: int = 10
    """Parts of each kind after which the search ends, where none gains anything."""


@dataclass(frozen=True, slots=True)
class SteadyParams:
    """How a plan is made over windows whose rules tie them together, in two searches."""

    most_columns: int = 4000
    """Above so many columns of who serves whom over windows, none is made."""
    worst_gap: float = 0.1
    """Relative distance to the bound beyond which such a plan is of no use."""
    settled_share: float = 0.3
    """So near to 0 or 1 in the relaxation, who has what to itself is settled by that."""
    search_share: float = 0.4
    """Share of the time left for each search."""
    relaxation_share: float = 0.4
    """Share of the time left for the relaxation over all periods, beside them."""
    whole_share: float = 0.95
    """Most share of the time left after that for one search over everything, beside the neighbourhoods."""
    whole_relaxations: float = 4.0
    """Seconds of that search, as a multiple of those of the relaxation.

    By then the cuts of its first node have brought most of what they bring.
    """
    whole_s: float = 10.0
    """Least seconds of it, in which many a small site is searched to its end."""


@dataclass(frozen=True, slots=True)
class GapClosingParams:
    """How a plan over windows and its bound are brought together."""

    aim_share: float = 0.9
    """Share of the gap asked for that is aimed at: disaggregation to classes may take some more moves."""
    window_s: float = 5.0
    """Most seconds of planning one window again, or of searching for its bound."""
    search_share: float = 0.3
    """Most relative gap of searching a window, as a share of the gap asked for."""
    lack_share: float = 0.5
    """The same, as a share of what the window lacks of its bound, and of the gap of the time before."""
    gain_share: float = 0.1
    """The least that planning a window again must gain, as a share of the gap of a step's search."""
    rounds: int = 3
    """Most times that every window is planned again, and searched for each of its bounds."""


@dataclass(frozen=True, slots=True)
class StoppingParams:
    """When a search ends that could go on.

    Work is counted, not seconds, so that the same input gives the same plan: see ``Deadline.worked``.
    """

    gap: float = ENOUGH_GAP
    """Relative gap that is enough where none is asked for, once the least work is done."""
    aim_share: float = 0.9
    """Share of the gap asked for that is aimed at: disaggregation to classes may take some more moves."""
    least_work: float = 3e7
    """Work before which a search ends for nothing but its gap: some seconds."""
    last_share: float = 1 / 3
    """Share of the work so far in which something has to be gained."""
    gain_share: float = 1 / 20
    """What has to be gained in it, as a share of the gap that there was before it."""
    poor_gap: float = 0.1
    """A plan further than that from its bound is poor: the search goes on, however little the last work brought."""


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """What a plan at hand delivers, which will do where no search can deliver much more."""

    units: Ints
    """(D, T)"""
    commits: Bools
    """(D,) demands whose commitments count."""


@dataclass(frozen=True, slots=True)
class PlannerParams:
    """How hard the planner searches. Seconds are wall time, gaps are relative to the bound."""

    time_limit: float = 60.0
    """Seconds of the search."""
    gap: float | None = None
    """Relative gap at which a plan is good enough; None: as ``stopping`` has it; 0 goes on to the limit."""
    needed: bool = True
    """Without a plan the search goes on, whatever the time."""
    kept_share: float = 0.0
    """Share of the time kept until a plan meets the commitments of all that come first."""
    comes_first: Bools | None = None
    """(D,) whose those are; None: everybody's."""
    seed: int = 0
    """Of the solvers: the same seed gives the same plan while no clock ends a search."""
    whole_gap: float = 1e-7
    """Relative gap at which the search over a small model ends."""
    whole_steps: tuple[float, ...] = (1e-2, 1e-3, 1e-5)
    """Relative gaps to which such a search goes one after the other, each from there, where a gap is asked for.

    So a looser gap ends where a tighter one goes on: never later, and what the tighter one finds is worth no less.
    """
    quick_share: float = 0.1
    """Share of the time for a first search over everything; when it is cut short, a plan is made step by step."""
    first_share: float = 0.4
    """Share of the time for a second one from there; when that is cut short, parts are searched again."""
    poor_gap: float = 0.05
    """A plan further than that from its bound is poor: the steps after it are gone to the end."""
    rest_share: float = 0.3
    """Share of the time kept, in that case, for what follows a plan made one window after the other."""
    prices_share: float = 0.25
    """Most share of the time kept for prices once a search over windows has its relaxations."""
    bound_share: float = 0.05
    """Share of the time kept for a second bound."""
    close_gap: float = 1e-4
    """Relative distance to the relaxation's bound up to which no second bound is sought."""
    direct_columns: int = 1000
    """A model of up to so many columns is also searched without windows."""
    direct_nodes: int = 200
    """Branch-and-bound nodes of that search."""
    direct_gap_share: float = 0.1
    """Its relative gap, as a share of the gap asked for."""
    period_gap_share: float = 0.01
    """The relative gap of single periods that are searched for a second bound, as a share of ``close_gap``."""
    relaxation_s: float = 1.0
    """Seconds that a relaxation may take, and that prices may, however little time there is."""
    windows_s: float = 60.0
    """The same for those of windows, without which a large site has no good plan."""
    least_s: float = 0.5
    """Least seconds of which the search over everything has its share."""
    most_columns: int = 2000
    """Above so many columns of who serves whom, the plan is made one window after the other."""
    most_whole_columns: int = 200_000
    """Above so many over all periods, one search over everything takes gigabytes: only for want of any plan."""
    rolling_horizon_gap: float = 1e-3
    """Relative gap at which it is good enough."""
    first_gap: float = ENOUGH_GAP
    """The same of the first plan, made one window or period after the other: what follows brings more than these steps,
    searched for longer, would."""
    choice_share: float = 0.3
    """Share of the time for who has which halls and types to itself, in such a plan."""
    guided_share: float = 0.7
    """Share of the time kept for the steps from period to period, where rules tie them together."""
    blocks_columns: int = 4000
    """Columns of a small model up to which, at the same worth, demands are moved to share fewer fabric blocks."""
    blocks_s: float = 5.0
    """Most seconds of that search."""
    blocks_nodes: int = 1
    """Its branch-and-bound nodes."""
    blocks_gap: float = 0.1
    """The relative gap at which it ends."""
    move_gap: float = 1e-8
    """Relative gap at which the search for fewer moves ends."""
    known: Known | None = None
    """A plan at hand: a large model is searched no further once it is seen to be as good, and has no prices."""
    order_first: bool = False
    """What comes first is planned at once, and not for money alone before it. That is faster where commitments would be
    short otherwise; the plan does not tell what that order has changed."""
    relax_and_fix: RelaxAndFixParams = field(default_factory=RelaxAndFixParams)
    neighbourhoods: NeighbourhoodParams = field(default_factory=NeighbourhoodParams)
    steady: SteadyParams = field(default_factory=SteadyParams)
    gap_closing: GapClosingParams = field(default_factory=GapClosingParams)
    stopping: StoppingParams = field(default_factory=StoppingParams)
    prefer: Preferences = field(default_factory=Preferences)

    @property
    def window_gap(self) -> float:
        """Relative gap of a search over one window or period."""
        return self.rolling_horizon_gap * self.relax_and_fix.gap_share

    @property
    def step_gap(self) -> float:
        """Relative gap of the searches over one window or period that make a first plan."""
        return self.first_gap * self.relax_and_fix.gap_share

    def steps_to(self, scale: float) -> tuple[float, ...]:
        """Relative gaps of searches over a small model, in turn, down to the one asked for, each times ``scale``."""
        if self.gap is None:
            return (self.whole_gap * scale,)
        steps = (*self.whole_steps, min(self.gap, self.whole_steps[-1] / 10))
        last = next(i for i, gap in enumerate(steps) if gap <= self.gap)
        return tuple(gap * scale for gap in steps[: last + 1])

    def gap_of(self, columns: int) -> float:
        """Relative gap at which a search with so many columns of who serves whom ends."""
        return self.whole_gap if columns <= self.most_columns else self.rolling_horizon_gap

    def resolved(self) -> PlannerParams:
        """The same with every gap as the one asked for has it."""
        if self.gap is None:
            return self
        close_gap, move_gap = max(self.close_gap, self.gap), max(self.move_gap, self.gap / 100)
        return replace(
            self,
            whole_gap=self.gap,
            rolling_horizon_gap=self.gap,
            first_gap=self.gap,
            close_gap=close_gap,
            move_gap=move_gap,
        )


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
    known_will_do: bool = False
    """The plan at hand delivers as much, within the gap; there are no counts."""
    late: bool = False
    """No time was left."""
    slowed: bool = False
    """More work brought little in the end."""
