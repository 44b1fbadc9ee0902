"""The answer to ``capalloc promise``: how much of a request may be signed, from when, at what floor.

Twice a plan with the request is followed through all samples beside the plan without it. The first delivers as much as
can be: what it comes to in a sample is what the sample could deliver, and a quantile of that is the promise. The second
is of the promise itself, as a contract: in how many samples it falls short, and what others lose by it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from capalloc.analysis.base import Base, given_or_planned, plan_of
from capalloc.analysis.promise.floor import Floor, floor_of
from capalloc.analysis.promise.followed import Followed, Pair, Shared, followed
from capalloc.analysis.promise.level import ASSURANCE, fewest_samples, level_of, most_broken
from capalloc.analysis.promise.request import above_all_usd, at_most, beside, paying
from capalloc.analysis.promise.term import Term
from capalloc.analysis.quote.request import forced, of_size, request_faults, shifted
from capalloc.analysis.risk import (
    Outcome,
    Path,
    Planned,
    Samples,
    leaving_usd,
    met_in,
    near_enough,
    of_each,
    paths_of,
    resampled,
    shortfalls_of,
    stands_until,
)
from capalloc.analysis.sampling import doubts_of
from capalloc.calendar import format_day
from capalloc.cancel import CancelToken
from capalloc.errors import NoAnswerError, Problem, ScenarioError
from capalloc.planner.params import PlannerParams
from capalloc.progress import OnProgress, Progress
from capalloc.runner import Ended, Engine
from capalloc.schema.checks.asked import kind_faults
from capalloc.schema.checks.fault import refuse
from capalloc.schema.demand import Contract
from capalloc.schema.plan import Plan
from capalloc.schema.promised import FromDay, Promised, PromisedPeriod
from capalloc.schema.risk import Lack
from capalloc.schema.scenario import Scenario
from capalloc.schema.status import StopReason
from capalloc.solve import solve

_DEFAULTS = PlannerParams()
_ROUNDS = 3
"""Most promises that are followed, each lower than the one before it, until one holds."""
_GRACE_S, _GRACE_SHARE = 120.0, 20.0
_KW_DIGITS = 6


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
    together. ``plan`` is the plan without the request; one is made where none is given, with the ``prospects`` named.
    ``samples`` and ``seed`` are those of ``uncertainty`` unless given; ``jobs`` and ``engine`` as for ``risk``.

    Raises ScenarioError where the request does not go with the scenario, nothing is unsure, or the samples are too few
    for the confidence; PlanFileError where the plan is not one of the scenario; NoAnswerError where there is no plan.
    """
    refuse((*kind_faults("scenario", scenario, Scenario), *kind_faults("request", request, Contract)))
    refuse(request_faults(scenario, request))
    require_confidence(confidence)
    chosen = resampled(scenario, samples, seed)
    base = given_or_planned(chosen, plan, prospects=prospects, params=params, cancel=cancel, progress=progress)
    return promise_from(
        base,
        request,
        confidence=confidence,
        params=params,
        jobs=jobs,
        engine=engine,
        cancel=cancel,
        progress=progress,
    )


def require_confidence(confidence: float) -> None:
    """Raise a ScenarioError for what is no chance between 0 and 1."""
    if isinstance(confidence, bool) or not isinstance(confidence, int | float) or not 0.0 < confidence < 1.0:
        message = f"found {confidence!r}, expected a chance between 0 and 1, as 0.95"
        raise ScenarioError([Problem("", 0, "confidence", message)])


def promise_from(
    base: Base,
    request: Contract,
    *,
    confidence: float = 0.95,
    params: PlannerParams = _DEFAULTS,
    jobs: int | None = None,
    engine: Engine | None = None,
    cancel: CancelToken | None = None,
    progress: OnProgress | None = None,
) -> Promised:
    """The same, of a plan that is known to keep its scenario's rules; its scenario has the samples that are wanted."""
    if request.name in base.prospects:
        message = f"found {request.name!r}, which the plan serves already; expected a plan made without that --prospect"
        raise ScenarioError([Problem("", 0, "REQUEST", message)])
    scenario = beside(base.scenario, request)
    _enough_samples(doubts_of(scenario).samples, confidence)
    work = _Work(base, scenario, request, params, jobs, engine, cancel or CancelToken(), progress or (lambda _: None))
    return _Answer(work, confidence).promised()


def _enough_samples(samples: int, confidence: float) -> None:
    fewest = fewest_samples(confidence)
    if samples < fewest:
        message = (
            f"found {samples:,}, of which none may be broken: expected {fewest:,} at least for a confidence of "
            f"{confidence:g}; give --samples, or a lower --confidence"
        )
        raise ScenarioError([Problem("", 0, "samples", message)])


@dataclass(frozen=True)
class _Work:
    """Following plans with the request through the samples."""

    base: Base
    scenario: Scenario
    """Without the request."""
    request: Contract
    params: PlannerParams
    jobs: int | None
    engine: Engine | None
    cancel: CancelToken
    progress: OnProgress

    def follow(self, having: Scenario, stage: str, forced: Scenario | None = None) -> list[tuple[Path, Followed]]:
        """What the samples that were done come to, in their order, with a scenario that has the request.

        Where ``forced`` has a plan, that is the plan.
        """
        sure, prospects, near = self.scenario.replace(uncertainty=None), self.base.prospects, near_enough(self.params)
        self.progress(Progress(f"planning {stage}"))
        with_it = self._planned(having, forced)
        periods = zip(self.base.instance.periods, self.base.instance.discount.tolist(), strict=True)
        shared = Shared(
            without=sure,
            having=having,
            forced=forced,
            forecast=Pair(
                Planned(self.base.plan, counted_usd=leaving_usd(sure, self.base.plan, prospects)),
                Planned(with_it, counted_usd=leaving_usd(having, with_it, prospects)),
            ),
            request=self.request.name,
            prospects=prospects,
            since=stands_until(self.scenario),
            params=near,
            discount={period.label: weight for period, weight in periods},
        )
        paths = paths_of(self.scenario, prospects)
        ended = of_each(
            paths,
            shared,
            followed,
            jobs=self.jobs,
            engine=self.engine,
            cancel=self.cancel,
            progress=self.progress,
            patience_s=_GRACE_S + _GRACE_SHARE * self.params.time_limit,
            saying=f"{stage}: ",
        )
        done = [(path, _answer(one)) for path, one in zip(paths, ended, strict=True) if one is not None]
        return [(path, one) for path, one in done if one is not None]

    def _planned(self, having: Scenario, forced: Scenario | None) -> Plan:
        """The plan with the request where nothing unsure happens."""
        how = {"prospects": self.base.prospects, "params": near_enough(self.params), "keep": self.base.plan}
        if forced is not None:
            result = solve(forced, cancel=self.cancel, **how)  # type: ignore[arg-type]
            if result.plan is not None or result.outcome.reason is not StopReason.INFEASIBLE:
                return plan_of(result, forced)
        return plan_of(solve(having, cancel=self.cancel, **how), having)  # type: ignore[arg-type]


def _answer(ended: Ended[Followed | None]) -> Followed | None:
    """What came of a sample; where its worker has failed, no plan could be followed in it."""
    return Followed(Outcome("failed", ended.failure)) if ended.failure is not None else ended.answer


@dataclass(frozen=True)
class _Fared:
    """What came of a promise that was followed through the samples."""

    broken: int
    floor: Floor
    short_kw_months: float


@dataclass(frozen=True)
class _Signed:
    """A promise, and how it fared; not known where somebody stopped before."""

    contract: Contract
    fared: _Fared | None = None


class _Answer:
    """A request on its way to an answer."""

    def __init__(self, work: _Work, confidence: float) -> None:
        self._work, self._confidence = work, confidence
        self._request, self._scenario = work.request, work.scenario
        self._sure = work.scenario.replace(uncertainty=None)
        self._doubts = doubts_of(work.scenario)
        self._term = Term(self._sure, self._request, work.base.instance.periods)

    def promised(self) -> Promised:
        """All of it."""
        done = self._work.follow(at_most(self._sure, self._request), "what could be delivered")
        broken = most_broken(len(done), self._confidence)
        if broken is None:
            raise NoAnswerError(f"stopped with {len(done):,} samples followed, too few to promise anything")
        self._could = np.array([self._term.delivered(one.outcome) for _, one in done]).reshape(len(done), -1)
        starts = tuple(self._starts(broken))
        signed = self._signed(broken)
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
            unplanned=tuple(path.number for path, one in done if one.outcome.status != "followed"),
            asked_kw=self._term.asked_kw,
            all_chance=starts[0].all_chance,
            earliest=next((one.start for one in starts if one.promised_kw >= one.asked_kw), None),
            starts=starts,
            periods=tuple(self._periods(broken, signed)),
            shortfalls=tuple(self._shortfalls(done)),
            notes=tuple(self._notes(signed, broken)),
            **_of_signed(signed, self._term),
        )

    def _starts(self, broken: int) -> Iterator[FromDay]:
        horizon = self._scenario.horizon
        for number in range(len(horizon.periods)):
            later = shifted(self._request, horizon.period, number)
            if number and later.ramp[-1].start >= horizon.end:
                return
            term = self._term.of(later)
            kw = term.throughout(self._could)
            yield FromDay(
                start=later.ramp[0].start,
                asked_kw=term.asked_kw,
                promised_kw=_kw(level_of(kw, broken)),
                p50_kw=_kw(met_in(kw, 0.5)),
                all_chance=float(np.mean(kw >= term.asked_kw)),
            )

    def _signed(self, broken: int) -> _Signed | None:
        """The largest promise that holds in as many samples as it must; None where there is none."""
        kw, found, index = self._term.throughout(self._could), None, broken
        price = above_all_usd(self._work.base.instance)
        for _ in range(_ROUNDS):
            contract = self._cut(level_of(kw, index))
            if contract is None:
                return found
            if self._work.cancel.cancelled:
                return found or _Signed(contract)
            fared = self._followed(contract, price)
            found = _Signed(contract, fared)
            if fared.broken <= broken or not index:
                return found
            index = max(index - (fared.broken - broken), 0)
        return found

    def _cut(self, kw: float) -> Contract | None:
        """The request with no step above so many kW."""
        return self._request if kw >= self._term.asked_kw else of_size(self._request, kw, self._term.unit_kw)

    def _followed(self, contract: Contract, price: float) -> _Fared:
        done = self._work.follow(paying(self._sure, contract, price), "the promise", forced(self._sure, contract))
        months = {period.label: period.months for period in self._term.periods}
        short = [_short_kw_months(one.outcome, contract.name, months) for _, one in done]
        kept = [one for _, one in done if one.outcome.status == "followed"]
        floor = floor_of(
            np.array([one.without_usd for one in kept]),
            np.array([one.without_usd - one.outcome.objective_usd + one.paid_usd for one in kept]),
            np.array([one.paid_kw_months for one in kept]),
            self._doubts.risk,
        )
        return _Fared(sum(kw is None or kw > 0 for kw in short), floor, _mean(short))

    def _periods(self, broken: int, signed: _Signed | None) -> Iterator[PromisedPeriod]:
        promised = (
            np.zeros_like(self._term.committed_kw) if signed is None else self._term.of(signed.contract).committed_kw
        )
        for t, period in enumerate(self._term.periods):
            if t < self._term.first:
                continue
            kw = self._could[:, t]
            yield PromisedPeriod(
                period=period.label,
                committed_kw=_kw(self._term.committed_kw[t]),
                promised_kw=_kw(promised[t]),
                p50_kw=_kw(met_in(kw, 0.5)),
                safe_kw=_kw(level_of(kw, broken)),
            )

    def _shortfalls(self, done: Sequence[tuple[Path, Followed]]) -> Iterator[Lack]:
        pairs = tuple((path, one.outcome) for path, one in done if one.outcome.status == "followed")
        found = shortfalls_of(Samples(pairs, len(done), self._scenario)) if pairs else ()
        labels = {period.label for t, period in enumerate(self._term.periods) if self._term.committed_kw[t]}
        yield from (one for one in found if one.demand == self._request.name and one.period in labels)

    def _notes(self, signed: _Signed | None, broken: int) -> Iterator[str]:
        end = self._scenario.horizon.end
        if self._request.until > end:
            yield f"the horizon ends before {format_day(end)}; what the request asks for after it is not looked at"
        fared = None if signed is None else signed.fared
        if fared is not None and fared.broken > broken:
            yield (
                f"followed through the samples, the promise falls short in {fared.broken:,} of them, where it may in "
                f"{broken:,}: sign less"
            )
        if self._work.cancel.cancelled:
            yield "stopped: the figures are of the samples that were done"


def _short_kw_months(outcome: Outcome, name: str, months: Mapping[str, float]) -> float | None:
    """What a contract gets less than it was promised over the horizon; None where there is no plan."""
    if outcome.status != "followed":
        return None
    return sum(kw * months[period] for (demand, period), kw in outcome.short_kw.items() if demand == name)


def _mean(short: Sequence[float | None]) -> float:
    known = [kw for kw in short if kw is not None]
    return float(np.mean(known)) if known else 0.0


def _of_signed(signed: _Signed | None, term: Term) -> dict[str, Any]:
    """What an answer says of the promise."""
    if signed is None:
        return {"promised_kw": 0.0}
    step = max(signed.contract.ramp, key=lambda step: step.amount)
    promised = {
        "promised_kw": _kw(term.of(signed.contract).asked_kw),
        "promised_gpus": int(step.amount) if step.unit == "gpus" else None,
    }
    if signed.fared is None:
        return promised
    floor = signed.fared.floor
    return promised | {
        "broken": signed.fared.broken,
        "short_kw_months": _kw(signed.fared.short_kw_months),
        "floor_usd_per_kw_month": floor.usd,
        "floor_error": floor.error,
        "floor_weighed_usd_per_kw_month": floor.weighed_usd,
        "kw_months": floor.kw_months,
    }


def _kw(amount: float) -> float:
    return round(float(amount), _KW_DIGITS)
