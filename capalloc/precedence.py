"""Who is served first where not everything can be met: commitments in falling order of priority, then money.

Lexicographic optimisation (H. Isermann, Linear lexicographic optimization, OR Spektrum 4, 1982,
doi:10.1007/BF01782758), only where it is needed. Money alone makes a plan. Where a commitment of a priority above 0 is
short in it, the same instance is planned for the money of that priority and those above alone; if that delivers more,
what it delivers has to be delivered from then on, down to the lowest priority, and at last everything is planned beside
it. Every such search has all racks, pins, rules and demands of the instance, so each of its plans is one of the
instance: what is kept can be kept.

Where nobody asks what money alone would make (``PlannerParams.order_first``), the first of these searches begins.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from capalloc.calendar import months_between
from capalloc.engines import Answer, Engine
from capalloc.instance.model import Bools, Curve, DemandData, Floats, Instance, Ints
from capalloc.planner.bounds.single_demands import single_demands_usd
from capalloc.planner.params import Known
from capalloc.roster.comparison import precedence
from capalloc.roster.figures import delivered_racks, roster_usd
from capalloc.roster.roster import Roster
from capalloc.schema.demand import Contract
from capalloc.schema.plan import Precedence, Stats
from capalloc.schema.status import StopReason

_USD_PER_KW_MONTH = 1.0
"""What a committed kW counts beside its money in the search of its priority."""
_LATER_SHARE, _LAST_SHARE = 1e-4, 1e-5
"""Of each dollar of what is served later, commitments and all else, so that of equal plans those are found that leave
the most for it; a rack for a rack it outweighs nothing that comes first."""
_DIFFERENT_USD = 0.01
"""Plans that differ by less are worth the same."""
_SECONDS_SHARE = 0.4
"""Share of the time limit kept for the searches by priority until the plan of money alone meets every commitment."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One search in the order: whose money counts in it, and who keeps what it delivers."""

    first: Bools
    """(D,) demands that are served now, or were before: their money counts, that of the others next to nothing."""
    later: Bools
    """(D,) others whose commitments come next."""
    keeps: Bools
    """(D,) demands that keep what they are delivered of their commitment."""
    set_aside: Bools
    """(D,) prospects that may displace nobody who is signed: nothing of theirs has to be delivered."""
    whole: bool = False
    """Money above commitments counts too."""

    def of(self, instance: Instance) -> Instance:
        """The instance in which money counts as it does here."""
        months = np.array([months_between(period.start, period.end) for period in instance.periods])
        return replace(instance, demands=tuple(self._of(d, data, months) for d, data in enumerate(instance.demands)))

    def _of(self, d: int, data: DemandData, months: Floats) -> DemandData:
        if not self.first[d]:
            must = np.zeros_like(data.must) if self.set_aside[d] else data.must
            share, curves = (
                (_LATER_SHARE, _up_to(data, data.committed)) if self.later[d] else (_LAST_SHARE, data.curves)
            )
            return replace(data, must=must, curves=tuple(_times(curve, share) for curve in curves))
        return data if self.whole else replace(data, curves=(*_up_to(data, data.committed), _by_kw(data, months)))

    def turn(self, instance: Instance) -> frozenset[str]:
        """Names of the demands that keep what they are delivered."""
        return frozenset(name for name, keeps in zip(instance.demand_names, self.keeps, strict=True) if keeps)

    def has_others(self, instance: Instance) -> bool:
        """Whether anything that is not served first wants racks."""
        return self.whole or any(
            not first or (data.wanted > data.committed).any() or getattr(data.demand, "flexible_mw", 0) > 0
            for first, data in zip(self.first, instance.demands, strict=True)
        )


def stages(instance: Instance, allow_displacing: bool) -> Iterator[Stage]:
    """The searches in their order: each priority above 0, then signed contracts before prospects."""
    scenario, demands = instance.scenario, [data.demand for data in instance.demands]
    prospect = np.array([not allow_displacing and scenario.is_prospect(demand) for demand in demands], dtype=bool)
    priority = np.array([scenario.rank_of(demand, allow_displacing) for demand in demands], dtype=np.int64)
    commits = np.array([data.committed.any() for data in instance.demands], dtype=bool)
    for level in sorted(set(priority[commits & (priority > 0)].tolist()), reverse=True):
        first = priority >= level
        yield Stage(first, ~first & (priority > 0), commits & first, prospect)
    signed = np.array([isinstance(demand, Contract) for demand in demands], dtype=bool) & ~prospect
    if prospect.any() and (signed & commits & (priority == 0)).any():
        yield Stage(~prospect, np.zeros_like(prospect), commits & signed, prospect, whole=True)


def _up_to(data: DemandData, units: Ints) -> tuple[Curve, ...]:
    """The demand's curves, flat above (T,) units."""
    return tuple(_flat_above(curve, _measured(data, curve, units)) for curve in data.curves)


def _measured(data: DemandData, curve: Curve, units: Ints) -> Floats:
    """(T,) units of the demand in those of a curve."""
    return np.asarray(units * (1.0 if np.array_equal(curve.measure, data.unit) else data.gpus_per_unit))


def _flat_above(curve: Curve, most: Floats) -> Curve:
    below = np.cumsum(np.column_stack((np.zeros(len(most)), curve.widths[:, :-1])), axis=1)
    return replace(curve, widths=np.clip(most[:, None] - below, 0.0, curve.widths))


def _times(curve: Curve, factor: float) -> Curve:
    return replace(curve, slopes=curve.slopes * factor, base=curve.base * factor)


def _by_kw(data: DemandData, months: Floats) -> Curve:
    """A small gain for each kW of a commitment, so that those worth nothing, in a month without a fee, are met too."""
    usd = _USD_PER_KW_MONTH * data.kw_per_unit * months[:, None]
    return Curve(data.unit, data.committed[:, None].astype(float), usd, np.zeros(len(months)))


@dataclass(frozen=True, slots=True)
class _Order:
    """What is to be delivered so far, and a roster that does."""

    instance: Instance
    roster: Roster
    changed: bool = False
    """The roster is no longer the one that money alone has made."""
    settled: frozenset[str] = frozenset()
    """Demands whose turn has come."""
    undecided: tuple[str, ...] = ()
    """Those of them that are short, where their search ended before it was known whether they get more."""

    def after(self, stage: Stage, search: _Searches) -> _Order:
        """The next in the order served, as far as it can be."""
        order = self
        turn = stage.turn(self.instance)
        if not turn.isdisjoint(_short(self.instance, self.roster)) and stage.has_others(self.instance):
            part = stage.of(self.instance)
            units = np.array([units for _, units in _delivered(self.instance, self.roster)])
            found = search(part, Known(units, stage.keeps))
            committed = stage.first | stage.later
            if found.roster is not None and (
                usd_delivered(part, found.roster, committed)
                > usd_delivered(part, self.roster, committed) + _DIFFERENT_USD
            ):
                order = replace(self, roster=found.roster, changed=True)
            if found.early:
                short = (name for name in _short(self.instance, order.roster) if name in turn - self.settled)
                order = replace(order, undecided=(*self.undecided, *short))
        return replace(order, instance=_keeping(self.instance, order.roster, stage.keeps), settled=self.settled | turn)


@dataclass(frozen=True, slots=True)
class _Found:
    """What came of a search by priority."""

    roster: Roster | None
    early: bool
    """It was ended before it was near enough to its bound."""
    stats: Stats | None = None

    @classmethod
    def of(cls, part: Instance, answer: Answer, engine: Engine, seconds: float) -> _Found:
        """What an answer to ``part`` is worth that the engine gave after some seconds."""
        if answer.roster is None:
            return cls(None, not (answer.infeasible or answer.known_will_do))
        ending = answer.ending(engine.params.time_limit, engine.gap, seconds)
        _, outcome = ending.with_plan(roster_usd(part, answer.roster), answer.bound_usd)
        early = outcome.reason in (StopReason.INTERRUPTED, StopReason.TIME_LIMIT)
        return cls(answer.roster, early or answer.slowed, answer.stats)


@dataclass(frozen=True, slots=True)
class _Searches:
    """Searches by priority, which tell nobody of what they find."""

    engine: Engine
    end: float
    """When the time is over, by the monotonic clock."""
    share: float
    """Most seconds of each."""

    @classmethod
    def of(cls, engine: Engine, end: float, parts: int) -> _Searches:
        """Searches that have as much of the time left as each of so many parts."""
        return cls(engine, end, (end - time.monotonic()) / parts)

    def __call__(self, part: Instance, at_hand: Known | None) -> _Found:
        """The best plan of a part; ``at_hand`` may do in place of it."""
        left = self.end - time.monotonic()
        if self.engine.cancelled or left <= 0:
            return _Found(None, early=True)
        self.engine.clock.start("priority")
        one = self.engine.silent().within(min(self.share, left)).beside(at_hand)
        begun = time.monotonic()
        return _Found.of(part, one.search(part), one, time.monotonic() - begun)


def _delivered(instance: Instance, roster: Roster) -> Iterator[tuple[DemandData, Ints]]:
    """Each demand with the (T,) units that it is delivered."""
    for data, racks in zip(instance.demands, delivered_racks(instance, roster), strict=True):
        yield data, data.unit @ racks


def _short(instance: Instance, roster: Roster) -> Iterator[str]:
    """Demands that are delivered less than they are committed."""
    for data, units in _delivered(instance, roster):
        if (units < data.committed).any():
            yield data.demand.name


def _keeping(instance: Instance, roster: Roster, keeps: Bools) -> Instance:
    """The instance in which demands are delivered what the roster delivers of their commitments."""
    demands = (
        replace(data, must=np.maximum(data.must, np.minimum(data.committed, units))) if keeps[d] else data
        for d, (data, units) in enumerate(_delivered(instance, roster))
    )
    return replace(instance, demands=tuple(demands))


def keeping_all(instance: Instance, roster: Roster) -> Instance:
    """The instance in which every demand is delivered what the roster delivers of its commitment, or minimum."""
    return _keeping(instance, roster, np.ones(len(instance.demands), dtype=bool))


def _keeps(instance: Instance, roster: Roster) -> bool:
    return all((units >= data.must).all() for data, units in _delivered(instance, roster))


def usd_delivered(instance: Instance, roster: Roster, of: Bools) -> float:
    """Discounted USD of what some of the demands, ``of`` (D,), are delivered, whatever was moved for it."""
    racks = delivered_racks(instance, roster)
    gains = [
        curve.gain_usd(curve.measure @ racks[d])
        for d, data in enumerate(instance.demands)
        if of[d]
        for curve in data.curves
    ]
    return float(sum(instance.discount @ gain for gain in gains))


@dataclass(frozen=True, slots=True)
class Planned:
    """An answer in which who comes first is served first."""

    answer: Answer
    precedence: Precedence | None = None
    """What that has changed; None where money alone makes such a plan."""


def plan_keeping(instance: Instance, kept: Roster, engine: Engine, known: Roster | None) -> Planned:
    """Plan an instance for money alone, in which every demand keeps what a roster delivers of its commitment."""
    held = keeping_all(instance, kept)
    return Planned(_or_known(held, engine.search(held), known))


def plan_in_order(instance: Instance, allow_displacing: bool, engine: Engine, known: Roster | None) -> Planned:
    """Plan an instance; ``known`` is a roster that keeps its rules, and the answer is no worse in that order.

    The searches by priority share what is left of the time limit.
    """
    end = time.monotonic() + engine.params.time_limit
    todo = tuple(stages(instance, allow_displacing))
    begun = _begun_at_once(instance, todo[0], _Searches.of(engine, end, len(todo) + 2)) if todo else None
    if begun is None:
        alone = _or_known(instance, engine.keeping(_SECONDS_SHARE if todo else 0.0).search(instance), known)
        if alone.roster is None or not todo:
            return Planned(alone)
        order, others = _Order(instance, alone.roster), todo
    else:
        (alone, order), others = begun, todo[1:]
    search = _Searches.of(engine, end, len(others) + 1)
    for stage in others:
        order = order.after(stage, search)
    if not order.changed:
        return Planned(_ended(instance, alone, order, engine))
    left = end - time.monotonic()
    answer = engine.within(left).search(order.instance) if left > 0 else replace(alone, roster=order.roster)
    if answer.infeasible and _keeps(order.instance, order.roster):
        answer = replace(alone, roster=order.roster)  # no search of its own bears out what is known to be
    for one in (known, order.roster):
        answer = _or_known(order.instance, answer, one)
    in_order = answer.infeasible or _all_met(order.instance, todo)
    beside = min(answer.bound_usd, alone.bound_usd)
    bound, apart = (beside, None) if in_order else (alone.bound_usd, beside)
    answer = replace(answer, in_order=in_order, bound_usd=bound, beside_usd=apart)
    if answer.roster is None:
        return Planned(answer)
    if begun is not None or alone.roster is None:
        changed = Precedence(less_usd=0.0, bound_usd=beside)  # what else there could be is not known
    else:
        changed = precedence(instance, alone.roster, answer.roster, beside)
    return Planned(_ended(instance, answer, order, engine), changed)


def _begun_at_once(instance: Instance, stage: Stage, search: _Searches) -> tuple[Answer, _Order] | None:
    """The first in the order served before anything is planned for money alone, with a bound on every plan.

    None where that is not asked for, or finds nothing.
    """
    if not search.engine.order_first or not stage.has_others(instance):
        return None
    found = search(stage.of(instance), None)
    if found.roster is None:
        return None
    turn = stage.turn(instance)
    short = tuple(name for name in _short(instance, found.roster) if name in turn) if found.early else ()
    order = _Order(_keeping(instance, found.roster, stage.keeps), found.roster, True, turn, short)
    return Answer(found.roster, False, single_demands_usd(instance), found.stats or Stats()), order


def _ended(instance: Instance, answer: Answer, order: _Order, engine: Engine) -> Answer:
    """The answer with who is short in it and was not decided on, and whether that was asked for."""
    assert answer.roster is not None
    short = set(_short(instance, answer.roster))
    undecided = tuple(name for name in order.undecided if name in short)
    interrupted = answer.interrupted or (bool(undecided) and engine.cancelled)
    return replace(answer, undecided=undecided, interrupted=interrupted)


def _all_met(instance: Instance, todo: tuple[Stage, ...]) -> bool:
    """Whether all that comes first is met in full: then a plan that serves it first meets it too.

    Else a plan in the same order may share out what there is in another way, and only a bound on every plan is proven.
    """
    keeps = np.any([stage.keeps for stage in todo], axis=0)
    return all((data.must >= data.committed).all() for data, kept in zip(instance.demands, keeps, strict=True) if kept)


def _or_known(instance: Instance, found: Answer, known: Roster | None) -> Answer:
    """What was found, with a known roster where that is worth more; the bound is the search's own.

    A roster that keeps the rules disproves that there is none, and of such a search nothing is taken but that.
    """
    if known is None or not _keeps(instance, known):
        return found
    if found.infeasible:
        found = replace(found, infeasible=False, bound_usd=math.inf)
    return found.or_better(instance, known)
