"""The largest promise that holds as a contract, followed through the samples in turn until one does."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from capalloc.analysis.promise.floor import Floor, floor_of
from capalloc.analysis.promise.followed import Followed, Wanted
from capalloc.analysis.promise.level import level_of
from capalloc.analysis.promise.request import above_all_usd, paying
from capalloc.analysis.promise.term import Term
from capalloc.analysis.promise.work import Work
from capalloc.analysis.quote.request import forced, of_size
from capalloc.analysis.sampling import doubts_of
from capalloc.instance.model import Floats
from capalloc.schema.demand import Contract
from capalloc.schema.scenario import Scenario

_TRIES = 8
"""Most promises that are followed, each lower than the one before it."""
_NOISE = 1e-6


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


@dataclass(frozen=True, slots=True)
class Signed:
    """A promise, and how it fared; not known where somebody stopped before."""

    contract: Contract
    kw: float
    fared: Fared | None = None


@dataclass(frozen=True, slots=True)
class Sought:
    """What may be signed, None: nothing; and what was found to hold too seldom before."""

    signed: Signed | None
    refused: tuple[Signed, ...] = ()
    given_up: bool = False
    """As many promises were followed as are at most, and none held."""


def sought(work: Work, having: Scenario, term: Term, could_kw: Floats, broken: int) -> Sought:
    """The largest promise that no more than ``broken`` samples break, of what (N,) samples could deliver throughout.

    ``having`` is the scenario that may have the request. What is followed next, where a promise is broken too often, is
    what all but ``broken`` samples were delivered then.
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
        signed = Signed(contract, own.asked_kw, fares(work, having, own))
        if signed.fared is None or signed.fared.broken <= broken:
            return Sought(signed, tuple(refused))
        refused.append(signed)
        kw = level_of(signed.fared.delivered_kw, broken)
    return Sought(None, tuple(refused), given_up=True)


def _cut(term: Term, kw: float) -> Contract | None:
    """The request with no step above so many kW."""
    return term.contract if kw >= term.asked_kw - _NOISE else of_size(term.contract, kw, term.unit_kw)


def fares(work: Work, having: Scenario, term: Term) -> Fared | None:
    """How a promise fares that is signed; None where somebody stopped before a sample was done."""
    price = above_all_usd(work.base.instance, term.data)
    wanted = Wanted(paying(having, term.contract, price), forced(having, term.contract))
    done = [one for _, one in work.follow(term, [wanted], "the promise")]
    if not done:
        return None
    planned = [one for one in done if one.outcomes[0].status == "followed"]
    kw = np.array([term.delivered(one.outcomes[0]) for one in done])
    throughout = np.where([one.outcomes[0].status == "followed" for one in done], term.throughout(kw), 0.0)
    return Fared(
        followed=len(done),
        broken=int((throughout < term.asked_kw - _NOISE).sum()),
        unplanned=len(done) - len(planned),
        floor=_floor(work, planned),
        short_kw_months=float(np.mean(term.short_kw_months(kw))),
        delivered_kw=throughout,
    )


def _floor(work: Work, planned: list[Followed]) -> Floor:
    """Of samples that have a plan, with the one promise that was followed in them."""
    without = np.array([one.without_usd for one in planned])
    having = np.array([one.outcomes[0].objective_usd for one in planned])
    gaps = np.array([one.without_gap for one in planned]) * abs(without)
    gaps += np.array([one.outcomes[0].gap for one in planned]) * abs(having)
    paid = np.array([one.paid_usd[0] for one in planned])
    months = np.array([one.paid_kw_months[0] for one in planned])
    return floor_of(without, without - having + paid, months, gaps, doubts_of(work.scenario).risk)
