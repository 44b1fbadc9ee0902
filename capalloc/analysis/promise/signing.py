"""The largest promise that holds as a contract, followed through the samples in turn until one does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from capalloc.analysis.promise.floor import Floor, floor_of
from capalloc.analysis.promise.followed import Followed, Wanted
from capalloc.analysis.promise.level import level_of
from capalloc.analysis.promise.request import above_all_usd, paying
from capalloc.analysis.promise.term import KW_NOISE, Term
from capalloc.analysis.promise.work import Work
from capalloc.analysis.quote.request import forced, of_size
from capalloc.analysis.risk import Path
from capalloc.analysis.sampling import Late, doubts_of
from capalloc.errors import NoAnswerError
from capalloc.instance.model import Floats
from capalloc.schema.demand import Contract
from capalloc.schema.scenario import Scenario

_TRIES = 8
"""Most promises that are followed, each lower than the one before it."""


@dataclass(frozen=True, slots=True)
class Fared:
    """What came of a promise that was followed through the samples."""

    followed: int
    """Samples."""
    broken: int
    unplanned: int
    """Of them, without a plan: they count as broken, and are in no floor."""
    floor: Floor
    short_kw_months: float
    delivered_kw: Floats
    """(samples,) throughout, up to what is promised."""
    late: tuple[Late, ...]
    """The worst that came late, of each, in samples that break it."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A promise, and how it fared; not known where somebody stopped before."""

    contract: Contract
    kw: float
    fared: Fared | None = None
    minding: tuple[Late, ...] = ()
    """It holds where it is first planned as if it was known that these come late, or never."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What may be signed, None: nothing; and what was found to hold too seldom before."""

    signed: Signed | None
    refused: tuple[Signed, ...] = ()
    given_up: bool = False
    """As many promises were followed as are at most, and none held."""


def sought(work: Work, having: Scenario, term: Term, could_kw: Floats, broken: int) -> Sought:
    """The largest promise that no more than ``broken`` samples break, of what (N,) samples could deliver throughout.

    ``having`` is the scenario that may have the request. A promise that is broken too often, where something comes
    late, is followed once more from a plan that does not count on it. What is followed after that is what all but
    ``broken`` samples were delivered.
    """
    kw = level_of(could_kw, broken)
    refused: list[Signed] = []
    for _ in range(_TRIES):
        contract = _cut(term, kw)
        if contract is None:
            return Sought(None, tuple(refused))
        own = term.of(contract)
        if work.stopped:
            return Sought(Signed(contract, own.asked_kw), tuple(refused))
        signed = _followed(work, having, own, broken)
        if signed.fared is None or signed.fared.broken <= broken:
            return Sought(signed, tuple(refused))
        refused.append(signed)
        kw = level_of(signed.fared.delivered_kw, broken)
    return Sought(None, tuple(refused), given_up=True)


def _cut(term: Term, kw: float) -> Contract | None:
    """The request with no step above so many kW."""
    return term.contract if kw >= term.asked_kw - KW_NOISE else of_size(term.contract, kw, term.unit_kw)


def _followed(work: Work, having: Scenario, term: Term, broken: int) -> Signed:
    """A promise with how it fares; where too many samples break it, that of two ways which delivers more in enough."""
    contract, kw = term.contract, term.asked_kw
    fared = fares(work, having, term)
    first = Signed(contract, kw, fared)
    if fared is None or fared.broken <= broken or not fared.late or work.stopped:
        return first
    try:
        careful = fares(work, having, term, fared.late)
    except NoAnswerError:
        return first  # without what comes late there is no plan
    if careful is None or careful.followed < fared.followed:
        return first
    if careful.broken > broken and level_of(careful.delivered_kw, broken) <= level_of(fared.delivered_kw, broken):
        return first
    return Signed(contract, kw, careful, fared.late)


def fares(work: Work, having: Scenario, term: Term, late: Sequence[Late] = ()) -> Fared | None:
    """How a promise fares that is signed; None where somebody stopped before a sample was done.

    It is first planned as if it was known what comes ``late``. Raises NoAnswerError where there is no such plan.
    """
    price = above_all_usd(work.base.instance, term.months)
    wanted = Wanted(paying(having, term.contract, price), forced(having, term.contract))
    followed = work.follow(term, [wanted], "the promise, with care" if late else "the promise", late)
    if not followed:
        return None
    done = [one for _, one in followed]
    planned = [one for one in done if one.outcomes[0].status == "followed"]
    kw = np.array([term.delivered(one.outcomes[0]) for one in done])
    throughout = np.where([one.outcomes[0].status == "followed" for one in done], term.throughout(kw), 0.0)
    short = throughout < term.asked_kw - KW_NOISE
    return Fared(
        followed=len(done),
        broken=int(short.sum()),
        unplanned=len(done) - len(planned),
        floor=_floor(work, planned),
        short_kw_months=float(np.mean(term.short_kw_months(kw))),
        delivered_kw=throughout,
        late=_worst(path for (path, _), broken in zip(followed, short, strict=True) if broken),
    )


def _worst(paths: Iterable[Path]) -> tuple[Late, ...]:
    """What comes late in some samples, each as late as in any of them."""
    worst: dict[tuple[str, str], Late] = {}
    for fact in (fact for path in paths for fact in path.facts if isinstance(fact, Late)):
        known = worst.get((fact.kind, fact.name))
        if known is None or (known.days is not None and (fact.days is None or fact.days > known.days)):
            worst[fact.kind, fact.name] = fact
    return tuple(worst.values())


def _floor(work: Work, planned: list[Followed]) -> Floor:
    """Of samples that have a plan, with the one promise that was followed in them."""
    without = np.array([one.without_usd for one in planned])
    having = np.array([one.outcomes[0].objective_usd for one in planned])
    gaps = np.array([one.without_gap for one in planned]) * abs(without)
    gaps += np.array([one.outcomes[0].gap for one in planned]) * abs(having)
    paid = np.array([one.paid_usd[0] for one in planned])
    months = np.array([one.paid_kw_months[0] for one in planned])
    return floor_of(without, without - having + paid, months, gaps, doubts_of(work.scenario).risk)
