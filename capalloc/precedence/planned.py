"""Who is served first where not everything can be met: commitments in falling order of priority, then money.

Lexicographic optimisation (H. Isermann, Linear lexicographic optimization, OR Spektrum 4, 1982,
doi:10.1007/BF01782758), only where it is needed. Money alone makes a plan. Where a commitment of a priority above 0 is
short in it, the same instance is planned for the money of that priority and those above alone; if that delivers more,
what it delivers has to be delivered from then on, down to the lowest priority, and at last everything is planned beside
it. Every such search has all racks, pins, rules and demands of the instance, so each of its plans is one of the
instance: what is kept can be kept.

Before these the same is planned with every such commitment in full: where that can be, nothing comes before it, and its
money is that of all.

Where nobody asks what money alone would make (``PlannerParams.order_first``), these come before it.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace

from capalloc.engines import Answer, Engine
from capalloc.instance.model import Instance
from capalloc.planner.bounds.single_demands import single_demands_usd
from capalloc.precedence.delivered import keeping, keeping_all, keeps, short_of
from capalloc.precedence.in_full import KEPT_SHARE, in_full, short_in
from capalloc.precedence.order import Order, Searches
from capalloc.precedence.stages import Stage, keepers, stages
from capalloc.roster.comparison import precedence
from capalloc.roster.figures import roster_usd
from capalloc.roster.roster import Roster
from capalloc.schema.plan import Precedence, Stats


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
    begin = time.monotonic()
    end = begin + engine.params.time_limit
    todo = tuple(stages(instance, allow_displacing))
    at_once = bool(todo) and engine.order_first and todo[0].has_others(instance)
    begun = _begun_at_once(instance, todo, engine, end) if at_once else None
    if begun is None:
        rest = engine.after(time.monotonic() - begin) if at_once else engine
        alone = _or_known(instance, _keeping(rest, todo).search(instance), known)
        if alone.roster is None or not todo:
            return Planned(alone)
        order, answer = _settled(Order(instance, alone.roster), todo, engine, end, tried=at_once)
    else:
        alone, order, answer = begun
    if not order.changed:
        return Planned(_ended(instance, alone, order, engine))
    if answer is None:
        left = end - time.monotonic()
        answer = engine.within(left).search(order.instance) if left > 0 else replace(alone, roster=order.roster)
    if answer.infeasible and keeps(order.instance, order.roster):
        answer = replace(alone, roster=order.roster)  # no search of its own bears out what is known to be
    for one in (known, order.roster):
        answer = _or_known(order.instance, answer, one)
    in_order = answer.infeasible or _all_met(order.instance, todo)
    beside = min(answer.bound_usd, alone.bound_usd)
    bound, apart = (beside, None) if in_order else (alone.bound_usd, beside)
    answer = replace(answer, in_order=in_order, bound_usd=bound, beside_usd=apart)
    if answer.roster is None:
        return Planned(answer)
    changed = _changed(instance, alone, answer.roster, beside, told=begun is None)
    return Planned(_ended(instance, answer, order, engine), changed)


def _settled(
    order: Order, todo: tuple[Stage, ...], engine: Engine, end: float, tried: bool
) -> tuple[Order, Answer | None]:
    """The order after all its searches, and its answer where one of them was for the money of all.

    All in full is not sought where it was ``tried``.
    """
    seek = not tried and short_in(order, todo)
    full = in_full(order.instance, todo, engine, end - time.monotonic()) if seek else None
    if full is None:
        return _searched(order, todo, engine, end), None
    return _beside(*full, todo, engine, end)


def _beside(
    order: Order, answer: Answer, todo: tuple[Stage, ...], engine: Engine, end: float
) -> tuple[Order, Answer | None]:
    """The order after what comes beside all that comes first in full, and its answer where that changed nothing."""
    after = _searched(order, tuple(stage for stage in todo if stage.whole), engine, end)
    return after, answer if after.roster is answer.roster else None


def _searched(order: Order, todo: tuple[Stage, ...], engine: Engine, end: float) -> Order:
    search = Searches.of(engine, end, len(todo) + 1)
    for stage in todo:
        order = order.after(stage, search)
    return order


def _changed(instance: Instance, alone: Answer, after: Roster, beside: float, told: bool) -> Precedence | None:
    """What the order has changed; None where money alone found no better plan, and decides for this one too."""
    if not told or alone.roster is None:
        return Precedence(less_usd=0.0, bound_usd=beside)  # what else there could be is not known
    if roster_usd(instance, after) >= roster_usd(instance, alone.roster):
        return None
    return precedence(instance, alone.roster, after, beside)


def _begun_at_once(
    instance: Instance, todo: tuple[Stage, ...], engine: Engine, end: float
) -> tuple[Answer, Order, Answer | None] | None:
    """What comes first in full, or else the first in the order served, before anything is planned for money alone.

    With a bound on every plan, and the answer as in ``_settled``. None where nothing is found.
    """
    stage, most = todo[0], single_demands_usd(instance)
    full = in_full(instance, todo, engine, end - time.monotonic())
    if full is not None:
        order, answer = _beside(*full, todo, engine, end)
        return replace(full[1], roster=order.roster, bound_usd=most), order, answer
    found = Searches.of(engine, end, len(todo) + 2)(stage.of(instance), None)
    if found.roster is None:
        return None
    turn = stage.turn(instance)
    short = tuple(name for name in short_of(instance, found.roster) if name in turn) if found.early else ()
    order = Order(keeping(instance, found.roster, stage.keeps), found.roster, True, turn, short)
    return Answer(found.roster, False, most, found.stats or Stats()), _searched(order, todo[1:], engine, end), None


def _ended(instance: Instance, answer: Answer, order: Order, engine: Engine) -> Answer:
    """The answer with who is short in it and was not decided on, and whether that was asked for."""
    assert answer.roster is not None
    short = set(short_of(instance, answer.roster))
    undecided = tuple(name for name in order.undecided if name in short)
    interrupted = answer.interrupted or (bool(undecided) and engine.cancelled)
    return replace(answer, undecided=undecided, interrupted=interrupted)


def _keeping(engine: Engine, todo: tuple[Stage, ...]) -> Engine:
    """The engine that keeps time for what has to be searched for, where what comes first is short."""
    return engine.keeping(KEPT_SHARE, keepers(todo)) if todo else engine


def _all_met(instance: Instance, todo: tuple[Stage, ...]) -> bool:
    """Whether all that comes first is met in full: then a plan that serves it first meets it too.

    Else a plan in the same order may share out what there is in another way, and only a bound on every plan is proven.
    """
    pairs = zip(instance.demands, keepers(todo), strict=True)
    return all((data.must >= data.committed).all() for data, kept in pairs if kept)


def _or_known(instance: Instance, found: Answer, known: Roster | None) -> Answer:
    """What was found, with a known roster where that is worth more; the bound is the search's own.

    A roster that keeps the rules disproves that there is none, and of such a search nothing is taken but that.
    """
    if known is None or not keeps(instance, known):
        return found
    if found.infeasible:
        found = replace(found, infeasible=False, bound_usd=math.inf)
    return found.or_better(instance, known)
