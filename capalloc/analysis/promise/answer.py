"""The answer to ``capalloc promise``: how much of a request may be signed, from when, at what floor.

First plans that deliver as much of the request as can be are followed through all samples, beside the plan without it:
what they come to in a sample is what the sample could deliver, and a quantile of that is the promise. Then the promise
is followed as a contract: in how many samples it falls short, and what others lose by it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from capalloc.analysis.base import Base, given_or_planned
from capalloc.analysis.promise.care import as_told, told
from capalloc.analysis.promise.followed import Followed, Wanted
from capalloc.analysis.promise.level import (
    ASSURANCE,
    LEAST_CONFIDENCE,
    MOST_CONFIDENCE,
    fewest_samples,
    level_of,
    most_broken,
)
from capalloc.analysis.promise.request import at_most, beside, is_level
from capalloc.analysis.promise.signing import Fared, Signed, Sought, fares, sought
from capalloc.analysis.promise.term import KW_DIGITS, Term
from capalloc.analysis.promise.work import Work
from capalloc.analysis.quote.request import counting, request_faults, shifted
from capalloc.analysis.risk import Path, Running, Samples, met_in, resampled, shortfalls_of, stands_until
from capalloc.analysis.sampling import doubts_of
from capalloc.calendar import format_day
from capalloc.cancel import CancelToken
from capalloc.errors import NoAnswerError, Problem, ScenarioError
from capalloc.instance.model import Floats
from capalloc.planner.params import PlannerParams
from capalloc.progress import OnProgress
from capalloc.runner import Engine
from capalloc.schema.checks.asked import kind_faults
from capalloc.schema.checks.fault import refuse
from capalloc.schema.demand import Contract
from capalloc.schema.plan import Plan
from capalloc.schema.promised import FromDay, NotCountedOn, Promised, PromisedPeriod
from capalloc.schema.risk import Lack
from capalloc.schema.scenario import Scenario

_DEFAULTS, _RUNNING = PlannerParams(), Running()
_GRACE_S, _GRACE_SHARE = 120.0, 30.0
"""A sample that takes this many times the time limit, and these seconds more, does not end by itself."""
_INSIDE = 0.25
"""Later first days are looked at while so much of the term lies inside the horizon as with the first."""


def promise(
    scenario: Scenario,
    request: Contract,
    *,
    confidence: float = 0.95,
    plan: Plan | None = None,
    samples: int | None = None,
    seed: int | None = None,
    prospects: frozenset[str] = frozenset(),
    params: PlannerParams = _DEFAULTS,
    jobs: int | None = None,
    engine: Engine | None = None,
    cancel: CancelToken | None = None,
    progress: OnProgress | None = None,
) -> Promised:
    """How much of a request may be signed so that the chance of a shortfall stays below 1 - ``confidence``.

    ``request`` is a contract that the scenario does not have, or one of its prospects. In every sample of what is not
    sure the rest of the scenario is planned as :func:`capalloc.risk` follows it; others keep what they get of their
    commitments and minima there, and what they have above gives way. The promise holds in all periods of its term
    together, as far as the horizon goes. ``plan`` is the plan without the request; one is made where none is given,
    with the ``prospects`` named. ``samples`` and ``seed`` are those of ``uncertainty`` unless given; ``jobs`` and
    ``engine`` as for ``risk``.

    Raises ScenarioError where the request does not go with the scenario, nothing is unsure, or the samples are too few
    for the confidence; PlanFileError where the plan is not one of the scenario; NoAnswerError where there is no plan.
    """
    refuse((*kind_faults("scenario", scenario, Scenario), *kind_faults("request", request, Contract)))
    refuse(request_faults(scenario, request))
    require_confidence(confidence)
    chosen = resampled(scenario, samples, seed)
    base = given_or_planned(chosen, plan, prospects=prospects, params=params, cancel=cancel, progress=progress)
    running = Running(jobs, engine, cancel, progress)
    return promise_from(base, request, confidence=confidence, params=params, running=running)


def require_confidence(confidence: float) -> None:
    """Raise a ScenarioError for what is no chance between 0.01 and 0.9999."""
    known = isinstance(confidence, int | float) and not isinstance(confidence, bool)
    if not known or not LEAST_CONFIDENCE <= confidence <= MOST_CONFIDENCE:
        message = (
            f"found {confidence!r}, expected a chance from {LEAST_CONFIDENCE:g} to {MOST_CONFIDENCE:g}, such as 0.95"
        )
        raise ScenarioError([Problem("", 0, "confidence", message)])


def promise_from(
    base: Base,
    request: Contract,
    *,
    confidence: float = 0.95,
    params: PlannerParams = _DEFAULTS,
    running: Running = _RUNNING,
) -> Promised:
    """The same, of a plan that is known to keep its scenario's rules; its scenario has the samples that are wanted."""
    refuse(request_faults(base.scenario, request))
    require_confidence(confidence)
    _beside_it(base, request)
    work = _work(base, request, params, running)
    _enough_samples(doubts_of(work.scenario).samples, confidence)
    return _Answer(work, base.scenario.replace(uncertainty=None), request, confidence).promised()


def fared_from(
    base: Base,
    request: Contract,
    *,
    not_counted_on: Sequence[NotCountedOn] = (),
    params: PlannerParams = _DEFAULTS,
    running: Running = _RUNNING,
) -> Fared | None:
    """How a request fares that is signed as it is, followed through all samples of the base's scenario.

    It is planned without counting on what a promise says. Raises NoAnswerError where there is no such plan.
    """
    refuse(request_faults(base.scenario, request))
    _beside_it(base, request)
    work = _work(base, request, params, running)
    having = base.scenario.replace(uncertainty=None)
    late = as_told(work.scenario, not_counted_on)
    return fares(work, having, Term(having, request, base.instance.periods), late)


def _work(base: Base, request: Contract, params: PlannerParams, running: Running) -> Work:
    patient = replace(running, patience_s=_GRACE_S + _GRACE_SHARE * params.time_limit)
    return Work.of(base, beside(base.scenario, request), params, patient)


def _beside_it(base: Base, request: Contract) -> None:
    if request.name in base.prospects:
        message = f"found {request.name!r}, which the plan serves already; expected a plan made without that --prospect"
        raise ScenarioError([Problem("", 0, "REQUEST", message)])


def _enough_samples(samples: int, confidence: float) -> None:
    fewest = fewest_samples(confidence)
    if samples < fewest:
        message = (
            f"found {samples:,}, of which none may be broken: expected {fewest:,} at least for a confidence of "
            f"{confidence:g}; give --samples, or a lower --confidence"
        )
        raise ScenarioError([Problem("", 0, "samples", message)])


class _Answer:
    """A request on its way to an answer."""

    def __init__(self, work: Work, having: Scenario, request: Contract, confidence: float) -> None:
        self._work, self._having, self._request, self._confidence = work, having, request, confidence
        self._scenario, self._doubts = work.scenario, doubts_of(work.scenario)
        self._term = Term(having, request, work.base.instance.periods)

    def promised(self) -> Promised:
        """All of it."""
        ways = [Wanted(counting(self._having, self._request))]
        if not is_level(self._having, self._request):
            ways.append(Wanted(at_most(self._having, self._request)))
        done = self._work.follow(self._term, ways, "what could be delivered")
        broken = most_broken(len(done), self._confidence)
        if broken is None:
            raise NoAnswerError(f"stopped with {len(done):,} samples followed, too few to promise anything")
        could, always = self._could(done, 0), self._could(done, -1)
        found = sought(self._work, self._having, self._term, self._term.throughout(could), broken)
        starts = (self._first(could, found), *self._later(always, broken))
        return Promised(
            about=self._work.base.about,
            request=self._request.name,
            start=self._request.ramp[0].start,
            until=self._request.until,
            rack_types=self._request.rack_types,
            confidence=self._confidence,
            assurance=ASSURANCE,
            samples=self._doubts.samples,
            undone=self._doubts.samples - len(done),
            seed=self._doubts.seed,
            stands_until=stands_until(self._scenario),
            most_broken=broken,
            unplanned=tuple(path.number for path, one in done if one.outcomes[0].status != "followed"),
            asked_kw=_kw(self._term.asked_kw),
            found_out=not self._left_open(found),
            all_chance=starts[0].all_chance,
            earliest=None if found.refused else _earliest(starts),
            starts=starts,
            periods=tuple(self._periods(could, broken, found.signed)),
            shortfalls=tuple(self._shortfalls(done)),
            notes=(*self._notes(found, len(done), starts), *_without_a_plan(done)),
            **_of_signed(found.signed, len(done)),
        )

    def _could(self, done: Sequence[tuple[Path, Followed]], way: int) -> Floats:
        """(N, T) kW that samples deliver one way."""
        return np.array([self._term.delivered(one.outcomes[way]) for _, one in done]).reshape(len(done), -1)

    def _first(self, could_kw: Floats, found: Sought) -> FromDay:
        """From the day that is asked for: what was found to hold there."""
        kw = self._term.throughout(could_kw)
        return FromDay(
            start=self._request.ramp[0].start,
            asked_kw=_kw(self._term.asked_kw),
            promised_kw=0.0 if found.signed is None else _kw(found.signed.kw),
            p50_kw=_kw(met_in(kw, 0.5)),
            all_chance=float(np.mean(kw >= self._term.asked_kw)),
        )

    def _later(self, could_kw: Floats, broken: int) -> Iterator[FromDay]:
        """From later periods, as long as enough of the term is inside the horizon to tell."""
        horizon = self._scenario.horizon
        for number in range(1, len(horizon.periods)):
            later = shifted(self._request, horizon.period, number)
            if later.ramp[-1].start >= horizon.end:
                return
            term = self._term.of(later)
            if term.days < _INSIDE * self._term.days:
                return
            kw = term.throughout(could_kw)
            yield FromDay(
                start=later.ramp[0].start,
                asked_kw=_kw(term.asked_kw),
                promised_kw=_kw(level_of(kw, broken)),
                p50_kw=_kw(met_in(kw, 0.5)),
                all_chance=float(np.mean(kw >= term.asked_kw)),
            )

    def _periods(self, could_kw: Floats, broken: int, signed: Signed | None) -> Iterator[PromisedPeriod]:
        promised = (
            np.zeros_like(self._term.committed_kw) if signed is None else self._term.of(signed.contract).committed_kw
        )
        for t in np.flatnonzero(self._term.data.in_term):
            kw = could_kw[:, t]
            yield PromisedPeriod(
                period=self._term.periods[t].label,
                committed_kw=_kw(self._term.committed_kw[t]),
                promised_kw=_kw(promised[t]),
                p50_kw=_kw(met_in(kw, 0.5)),
                safe_kw=_kw(level_of(kw, broken)),
            )

    def _shortfalls(self, done: Sequence[tuple[Path, Followed]]) -> Iterator[Lack]:
        pairs = tuple((path, one.outcomes[0]) for path, one in done if one.outcomes[0].status == "followed")
        found = shortfalls_of(Samples(pairs, len(done), self._scenario)) if pairs else ()
        labels = {period.label for t, period in enumerate(self._term.periods) if self._term.committed_kw[t]}
        yield from (one for one in found if one.demand == self._request.name and one.period in labels)

    def _notes(self, found: Sought, done: int, starts: Sequence[FromDay]) -> Iterator[str]:
        end = self._scenario.horizon.end
        if self._request.until > end:
            yield f"the horizon ends before {format_day(end)}; what the request asks for after it is not looked at"
        if len(starts) > 1:
            yield (
                "what may be signed from later days is what could be delivered then; it was not followed as a "
                "contract, nor beyond the horizon: ask for it with that day"
            )
        for one in found.refused:
            if one.fared is not None:
                yield (
                    f"{one.kw:,.0f} kW was followed as a contract before: it falls short in {one.fared.broken:,} of "
                    "the samples, where nobody knows before what comes late"
                )
        if found.refused and found.signed is not None:
            yield "the first of several that held in the same samples: a little less sure than said"
        if found.signed is not None and found.signed.minding:
            late = ", ".join(one.name for one in found.signed.minding)
            yield f"it holds where it is planned without counting on {late}, and not where it is planned for least loss"
        if found.given_up:
            yield f"{len(found.refused)} promises were followed, and none of them held; a smaller one may"
        fared = None if found.signed is None else found.signed.fared
        if fared is not None and fared.unplanned:
            yield f"without a plan of the promise, counted as broken and in no floor: {fared.unplanned:,} samples"
        if self._work.stopped:
            yield f"stopped: the figures are of the samples that were done{self._unsure(found, done)}"

    def _left_open(self, found: Sought) -> bool:
        """Whether nothing that was followed holds, and it ended before all that may hold was."""
        return found.signed is None and bool(found.refused) and (found.given_up or self._work.stopped)

    def _unsure(self, found: Sought, done: int) -> str:
        """What was not found out where somebody stopped."""
        if self._left_open(found):
            return "; whether a smaller promise holds, or one planned with more care, was not found out"
        fared = None if found.signed is None else found.signed.fared
        unproven = fared is None or fared.followed < done
        return "; the promise was not followed through all of them" if unproven else ""


def _without_a_plan(done: Sequence[tuple[Path, Followed]]) -> Iterator[str]:
    """Why there is none in the first of the samples without one."""
    for path, one in done:
        if one.outcomes[0].status != "followed":
            yield f"sample {path.number} has no plan: {one.outcomes[0].detail or one.outcomes[0].status}"
            return


def _of_signed(signed: Signed | None, done: int) -> dict[str, Any]:
    """What an answer says of the promise; how it fared only where all the samples that were done were followed."""
    if signed is None:
        return {"promised_kw": 0.0}
    step = max(signed.contract.ramp, key=lambda step: step.amount)
    promised = {
        "promised_kw": _kw(signed.kw),
        "promised_gpus": int(step.amount) if step.unit == "gpus" else None,
        "not_counted_on": told(signed.minding),
    }
    if signed.fared is None or signed.fared.followed < done:
        return promised
    floor = signed.fared.floor
    return promised | {
        "broken": signed.fared.broken,
        "short_kw_months": _kw(signed.fared.short_kw_months),
        "floor_usd_per_kw_month": floor.usd,
        "floor_error": floor.error,
        "floor_within": floor.within,
        "floor_weighed_usd_per_kw_month": floor.weighed_usd,
        "kw_months": floor.kw_months,
    }


def _earliest(starts: Sequence[FromDay]) -> date | None:
    """The first day from which all may be signed."""
    return next((one.start for one in starts if one.promised_kw >= one.asked_kw), None)


def _kw(amount: float) -> float:
    return round(float(amount), KW_DIGITS)
