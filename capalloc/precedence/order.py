"""The order as it is settled, one search by priority after the other."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np

from capalloc.engines import Answer, Engine
from capalloc.instance.model import Instance
from capalloc.planner.params import Known
from capalloc.precedence.delivered import delivered, keeping, short_of, usd_delivered
from capalloc.precedence.stages import Stage
from capalloc.roster.figures import roster_usd
from capalloc.roster.roster import Roster
from capalloc.schema.plan import Stats
from capalloc.schema.status import StopReason

_DIFFERENT_USD = 0.01
"""Plans that differ by less are worth the same."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be delivered so far, and a roster that does."""

    instance: Instance
    roster: Roster
    changed: bool = False
    """The roster is no longer the one that money alone has made."""
    settled: frozenset[str] = frozenset()
    """Demands whose turn has come."""
    undecided: tuple[str, ...] = ()
    """Those of them that are short, where their search ended before it was known whether they get more."""

    def after(self, stage: Stage, search: Searches) -> Order:
        """The next in the order served, as far as it can be."""
        order = self
        turn = stage.turn(self.instance)
        if not turn.isdisjoint(short_of(self.instance, self.roster)) and stage.has_others(self.instance):
            part = stage.of(self.instance)
            units = np.array([units for _, units in delivered(self.instance, self.roster)])
            found = search(part, Known(units, stage.keeps))
            committed = stage.first | stage.later
            if found.roster is not None and (
                usd_delivered(part, found.roster, committed)
                > usd_delivered(part, self.roster, committed) + _DIFFERENT_USD
            ):
                order = replace(self, roster=found.roster, changed=True)
            if found.early:
                short = (name for name in short_of(self.instance, order.roster) if name in turn - self.settled)
                order = replace(order, undecided=(*self.undecided, *short))
        return replace(order, instance=keeping(self.instance, order.roster, stage.keeps), settled=self.settled | turn)


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
class Searches:
    """Searches by priority, which tell nobody of what they find."""

    engine: Engine
    end: float
    """When the time is over, by the monotonic clock."""
    share: float
    """Most seconds of each."""

    @classmethod
    def of(cls, engine: Engine, end: float, parts: int) -> Searches:
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
