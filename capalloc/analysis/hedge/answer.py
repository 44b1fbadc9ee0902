"""The answer to ``capalloc plan --hedge``: samples, the best first stage, what it is worth, and the plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain

import numpy as np

from capalloc.analysis.base import about_of
from capalloc.analysis.hedge.decided import Keeping, broken, pins_of, planned
from capalloc.analysis.hedge.drawn import (
    BATCHES,
    Deciding,
    Draw,
    Prepared,
    deciding_of,
    draws_of,
    fresh_draws,
    prepared,
)
from capalloc.analysis.hedge.judged import Judge, worth
from capalloc.analysis.sampling import sample
from capalloc.cancel import CancelToken
from capalloc.errors import NoAnswerError
from capalloc.naming.racks import name_racks
from capalloc.planner.lp.deadline import Deadline
from capalloc.planner.lp.program import Floats
from capalloc.planner.params import PlannerParams
from capalloc.planner.stochastic.block import Block, Stage, reduced, told_apart
from capalloc.planner.stochastic.cuts import best_first_stage
from capalloc.planner.stochastic.extensive import Extensive, Search
from capalloc.planner.stochastic.measure import Measure
from capalloc.progress import OnProgress, Progress
from capalloc.reduction.counts import Counts
from capalloc.roster.read import read
from capalloc.runner import Ended, Engine, Standing, run
from capalloc.runner.local import local
from capalloc.schema.hedged import Decided, Hedged, Unkept
from capalloc.schema.scenario import Scenario
from capalloc.schema.uncertainty import Uncertainty
from capalloc.solve import Result, solve

_DEFAULTS = PlannerParams()
_MOST_COLUMNS = 1_000_000
"""Columns of the extensive form above which it takes gigabytes."""


def hedge(
    scenario: Scenario,
    *,
    params: PlannerParams = _DEFAULTS,
    jobs: int | None = None,
    engine: Engine | None = None,
    cancel: CancelToken | None = None,
    progress: OnProgress | None = None,
) -> tuple[Hedged, Result]:
    """The plan whose first periods are best over all samples of what is not sure, and what is expected of it.

    Whom racks serve before ``uncertainty.decide_until``, or in the first period, is decided alike in all samples; what
    comes later is decided in each of them. The plan is one of the scenario, with those periods. ``jobs`` samples are
    made ready at a time, each in a process of its own: a script that calls this does so below
    ``if __name__ == "__main__":``. ``engine`` makes them elsewhere.

    Raises ScenarioError where the scenario is at fault or nothing in it is unsure, and NoAnswerError where it has no
    plan, no first periods can be in every sample, or there are too many samples for a site of this size.
    """
    sample(scenario, 1)  # refuses what has no samples
    work = _Work(
        deciding_of(scenario),
        params,
        engine or local(jobs, scenario.uncertainty.samples + BATCHES if scenario.uncertainty else 0),
        cancel or CancelToken(),
        progress or (lambda _: None),
    )
    return work.answer()


@dataclass(frozen=True, slots=True)
class _Best:
    """First stages: that of the hedge, and that of the forecast."""

    hedged: Stage
    forecast: Stage
    bound_usd: float


@dataclass(frozen=True, slots=True)
class _Work:
    deciding: Deciding
    params: PlannerParams
    engine: Engine
    cancel: CancelToken
    progress: OnProgress

    def answer(self) -> tuple[Hedged, Result]:
        """Everything, in the order of work."""
        base = solve(self.deciding.scenario, params=self.params, cancel=self.cancel)
        if base.plan is None:
            raise NoAnswerError(f"the scenario '{self.deciding.scenario.name}' has no plan: {base.outcome.detail}")
        mine, fresh = draws_of(self.doubts), fresh_draws(self.doubts)
        ready = self._each((*mine, *chain.from_iterable(fresh)))
        own, others = ready[: len(mine)], ready[len(mine) :]
        blocks = [one.block for one in own if one.alone_usd is not None]
        if not blocks:
            raise NoAnswerError("no sample has a plan; `capalloc expand --sample 1` and `capalloc explain` say why")
        best = self._best(base, blocks)
        self.progress(Progress("planning what comes after"))
        pins = pins_of(self.deciding.scenario, best.hedged)
        result = planned(base, self.deciding.scenario, pins, self.params, self.cancel)
        assert result.plan is not None
        planning = read(base.instance, result.plan)
        unkept = self._unkept(mine, own, Keeping(self.deciding, best.hedged, planning, pins, self.params))
        self.progress(Progress("judging it on fresh samples"))
        usd = worth(blocks, best.hedged)
        if np.isnan(usd).any():
            raise NoAnswerError(_NOWHERE)
        judge = self._judge(base, best, (_alone(own), usd, worth(blocks, best.forecast)))
        answer = Hedged(
            about=about_of(result.plan, planned_now=True),
            samples=len(mine),
            seed=self.doubts.seed,
            decide_until=self.deciding.until,
            alpha=self.measure.alpha,
            weight=self.measure.weight,
            **self._over(usd, best),
            unplanned=tuple(number for number, one in enumerate(own, start=1) if one.alone_usd is None),
            unkept=unkept,
            decided=tuple(self._decided(base, best)),
            fresh=judge.fresh(
                [others[begin : begin + len(fresh[0])] for begin in range(0, len(others), len(fresh[0]))]
            ),
        )
        return answer, result

    @property
    def doubts(self) -> Uncertainty:
        """What is not sure."""
        return self.deciding.scenario.uncertainty or Uncertainty()

    @property
    def measure(self) -> Measure:
        """What is maximised."""
        return Measure(self.doubts.risk.alpha, self.doubts.risk.weight)

    def _search(self, deadline: Deadline | None = None) -> Search:
        """How what is best over samples is searched for; without a deadline nobody may stop it."""
        return Search(deadline or Deadline(), self.params.seed)

    def _over(self, usd: Floats, best: _Best) -> dict[str, float]:
        """What the samples come to after the hedge's first stage."""
        counted = self.measure.value(usd)[0]
        return {
            "mean_usd": float(usd.mean()),
            "cvar_usd": replace(self.measure, weight=1.0).value(usd)[0],
            "counted_usd": counted,
            "bound_usd": max(best.bound_usd, counted),
        }

    def _each(self, draws: Sequence[Draw]) -> list[Prepared]:
        """Every sample, ready."""
        heard = partial(_heard, self.progress, len(draws))
        ended = run(draws, self.deciding, prepared, self.engine, heard=heard, cancel=self.cancel)
        return [_answer(one) for one in ended]

    def _best(self, base: Result, blocks: Sequence[Block]) -> _Best:
        self.progress(Progress("deciding what is best over all samples"))
        extensive = self._extensive(base, blocks)
        if extensive.columns > _MOST_COLUMNS:
            fewer = len(blocks) * _MOST_COLUMNS // extensive.columns
            message = f"{len(blocks):,} samples of a site like this are more than fit into one program"
            raise NoAnswerError(f"{message}; expected at most {fewer:,} (uncertainty.samples)")
        deadline = Deadline(cancel=self.cancel)
        search = self._search(deadline)
        forecast = chosen = None
        with deadline.interruptible():
            forecast = extensive.of_forecast(search)
            chosen = None if forecast is None else best_first_stage(extensive, self.measure, search, forecast)
        if deadline.interrupted:
            raise NoAnswerError(_STOPPED)
        if forecast is None or chosen is None or chosen.counts is None:
            raise NoAnswerError(_NOWHERE)
        hedged, before = (self._stage(base, extensive, counts) for counts in (chosen.counts, forecast))
        return _Best(hedged, before, chosen.bound_usd)

    def _extensive(self, base: Result, blocks: Sequence[Block]) -> Extensive:
        reduction = reduced(base.instance, self.deciding.first, told_apart(blocks))
        return Extensive(reduction, blocks, self.deciding.first)

    def _stage(self, base: Result, extensive: Extensive, counts: Counts) -> Stage:
        """The racks by name of counts by class."""
        roster = name_racks(extensive.reduction, counts)
        return Stage(base.instance.demand_names, roster.serving[:, : self.deciding.first], roster.position)

    def _judge(self, base: Result, best: _Best, seen: Sequence[Floats]) -> Judge:
        alone, hedged, forecast = (self._threshold(usd[np.isfinite(usd)]) for usd in seen)

        def bound(blocks: Sequence[Block]) -> float:
            return self._extensive(base, blocks).relaxed(self.measure, self._search()).bound_usd

        return Judge(self.measure, (alone, hedged, forecast), best.hedged, best.forecast, bound)

    def _threshold(self, usd: Floats) -> float:
        return self.measure.value(usd)[1] if len(usd) else 0.0

    def _decided(self, base: Result, best: _Best) -> Iterator[Decided]:
        for d, name in enumerate(base.instance.demand_names):
            for t, period in enumerate(base.instance.periods[: self.deciding.first]):
                racks, before = (int((one.serving[:, t] == d).sum()) for one in (best.hedged, best.forecast))
                if racks or before:
                    yield Decided(demand=name, period=period.label, racks=racks, forecast_racks=before)

    def _unkept(self, draws: Sequence[Draw], ready: Sequence[Prepared], keeping: Keeping) -> tuple[Unkept, ...]:
        """Samples in which the stage breaks a rule; those whose first periods are the same are looked at once."""
        alike: dict[bytes, list[Draw]] = {}
        for draw, one in zip(draws, ready, strict=True):
            if one.alone_usd is not None:
                alike.setdefault(one.block.beginning.key, []).append(draw)
        self.progress(Progress("checking what is decided in every sample"))
        ended = run([same[0] for same in alike.values()], keeping, broken, self.engine, cancel=self.cancel)
        whys = [(one.failure or one.answer) if one else "not looked at: stopped before" for one in ended]
        found = [(same, why) for same, why in zip(alike.values(), whys, strict=True) if why]
        return tuple(Unkept(sample=draw.number, why=why) for same, why in found for draw in same)


_TOLD = 10
"""How often it is told how many samples are ready."""
_STOPPED = "stopped before it was known what is best over all samples"
_NOWHERE = (
    "no first periods can be in every sample: what has to be delivered before decide_until is not there in some of "
    "them; an earlier decide_until, or commitments with a price, leave more room"
)


def _alone(ready: Sequence[Prepared]) -> Floats:
    """(N,) USD of samples by themselves, those without a plan left out."""
    return np.array([one.alone_usd for one in ready if one.alone_usd is not None], dtype=float)


def _heard(progress: OnProgress, count: int, number: int, ended: Ended[Prepared], standing: Standing) -> None:
    if standing.done % max(1, count // _TOLD) == 0:
        progress(Progress(f"{standing.done:,} of {count:,} samples ready", seconds_left=standing.seconds_left))


def _answer(ended: Ended[Prepared] | None) -> Prepared:
    """A sample that is ready; raises NoAnswerError where there is none."""
    if ended is None:
        raise NoAnswerError(_STOPPED)
    if ended.answer is None:
        raise NoAnswerError(f"a sample cannot be made ready: {ended.failure}")
    return ended.answer
