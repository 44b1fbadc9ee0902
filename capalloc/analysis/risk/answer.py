"""The answer to ``capalloc risk``: plans followed through the same samples, and what they come to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from capalloc.analysis.base import Base, given_or_planned
from capalloc.analysis.risk.each import Running, of_each
from capalloc.analysis.risk.followed import Followed, Outcome, Shared, followed, leaving_usd
from capalloc.analysis.risk.known import Path, paths_of, stands_until
from capalloc.analysis.risk.promises import Samples, promises_of, shortfalls_of
from capalloc.analysis.risk.regret import PERFECT, regrets_of
from capalloc.analysis.risk.spread import cvar, met_in, spread_of
from capalloc.analysis.risk.tornado import tornado_of
from capalloc.analysis.sampling import doubtful, doubts_of
from capalloc.calendar import format_day
from capalloc.cancel import CancelToken
from capalloc.planner.params import PlannerParams
from capalloc.progress import OnProgress
from capalloc.runner import Engine
from capalloc.schema.checks.asked import kind_faults, samples_faults
from capalloc.schema.checks.fault import refuse
from capalloc.schema.plan import Plan
from capalloc.schema.risk import PlanRisk, Risk, SampleOutcome
from capalloc.schema.scenario import Scenario
from capalloc.schema.uncertainty import Uncertainty

_DEFAULTS, _RUNNING = PlannerParams(), Running()
_GAP = 3e-4
"""Relative gap at which a planning in a sample is near enough, unless one is asked for.

At 1e-3 contracts that come first miss racks that they need not miss: on Colossus 1 a twentieth of a percent.
"""
_WHOLE_COLUMNS = 100
"""Columns of who serves whom above which a sample is planned one window after the other, not in one search.

On Colossus 1 that takes a third of the processor time, and plans are worth the same to 0.01 %.
"""
_GRACE_S, _GRACE_SHARE = 120.0, 10.0
"""A sample that takes this many times the time limit, and these seconds more, does not end by itself."""


def risk(
    scenario: Scenario,
    plans: Sequence[Plan] | Plan = (),
    *,
    samples: int | None = None,
    seed: int | None = None,
    perfect: bool | None = None,
    prospects: frozenset[str] = frozenset(),
    params: PlannerParams = _DEFAULTS,
    jobs: int | None = None,
    engine: Engine | None = None,
    cancel: CancelToken | None = None,
    progress: OnProgress | None = None,
) -> Risk:
    """What plans come to over the samples of what is not sure in a scenario.

    Each plan is followed through every sample as time reveals it: it stands until ``decide_until``, and from each
    period on in which something has become known it is planned again, the past kept, with what is known then and
    nothing else. Where no plan is given, one is made first, with the ``prospects`` named. ``samples`` and ``seed`` are
    those of ``uncertainty`` unless given. ``perfect`` also plans each sample with perfect information; None: where
    plans are several. ``params.seed`` is the solvers' own.

    ``jobs`` samples are followed at a time, as many as there are cores unless given, each in a process of its own: a
    script that calls this does so below ``if __name__ == "__main__":``. ``engine`` follows them elsewhere. A ``cancel``
    token that is set ends the work with the samples that are done.

    Raises ScenarioError where nothing in the scenario is unsure or a number cannot be, PlanFileError where a plan is
    not one of the scenario, NoAnswerError where the scenario has no plan, or no worker can answer.
    """
    found = (plans,) if isinstance(plans, Plan) else tuple(plans)
    wrong = (fault for plan in found for fault in kind_faults("plans", plan, Plan))
    refuse((*kind_faults("scenario", scenario, Scenario), *wrong))
    chosen = resampled(scenario, samples, seed)
    given: Sequence[Plan | None] = found or (None,)
    bases = [
        given_or_planned(chosen, plan, prospects=prospects, params=params, cancel=cancel, progress=progress)
        for plan in given
    ]
    names = [f"plan {number}" for number in range(1, len(bases) + 1)] if found else ["planned now"]
    running = Running(jobs, engine, cancel, progress)
    return risk_of(bases, names, perfect=perfect, params=params, running=running)


def resampled(scenario: Scenario, samples: int | None, seed: int | None) -> Scenario:
    """The scenario with other samples, where asked for. Raises ScenarioError where nothing is unsure."""
    doubts = doubts_of(scenario, seed)
    if samples is not None:
        refuse(samples_faults(samples))
        doubts = doubts.replace(samples=samples)
    return scenario.replace(uncertainty=doubts)


def risk_of(
    bases: Sequence[Base],
    names: Sequence[str],
    *,
    perfect: bool | None = None,
    params: PlannerParams = _DEFAULTS,
    running: Running = _RUNNING,
) -> Risk:
    """As :func:`risk`, of plans of one scenario that are known to hold, each with what it is called."""
    scenario, plans = bases[0].scenario, tuple(base.plan for base in bases)
    paths = paths_of(scenario, frozenset(name for plan in plans for name in plan.prospects))
    wanted = len(plans) > 1 if perfect is None else perfect
    sure = scenario.replace(uncertainty=None)
    leaving = tuple(leaving_usd(sure, base.plan, base.prospects) for base in bases)
    shared = Shared(sure, plans, leaving, stands_until(scenario), near_enough(params), wanted)
    patient = replace(running, patience_s=_GRACE_S + _GRACE_SHARE * params.time_limit * len(plans))

    def failed(failure: str) -> Followed:
        return Followed((Outcome("failed", failure),) * len(plans))

    kept = of_each(paths, shared, followed, patient, failed=failed)
    return _Answer(tuple(bases), tuple(names), tuple(kept), shared).risk(len(paths) - len(kept))


def near_enough(params: PlannerParams) -> PlannerParams:
    """How samples are planned: fast, and without what no figure depends on, which blocks demands share."""
    gap = _GAP if params.gap is None else params.gap
    whole = min(params.most_columns, _WHOLE_COLUMNS)
    return replace(params, gap=gap, blocks_columns=0, most_columns=whole, relax_and_fix=params.relax_and_fix.nearest())


@dataclass(frozen=True, slots=True)
class _Answer:
    bases: tuple[Base, ...]
    names: tuple[str, ...]
    done: tuple[tuple[Path, Followed], ...]
    shared: Shared

    def risk(self, undone: int) -> Risk:
        """All of it."""
        scenario = self.bases[0].scenario
        doubts = doubts_of(scenario)
        plans = tuple(self._plan(number) for number in range(len(self.bases)))
        return Risk(
            scenario=scenario.name,
            horizon=self.bases[0].plan.periods,
            samples=doubts.samples,
            undone=undone,
            seed=doubts.seed,
            stands_until=self.shared.since,
            alpha=doubts.risk.alpha,
            weight=doubts.risk.weight,
            gap=self.shared.params.gap or 0.0,
            plans=plans,
            least_regret=_least(plans),
            assumes=tuple(_assumed(scenario)),
        )

    def _plan(self, number: int) -> PlanRisk:
        base = self.bases[number]
        scenario, doubts = base.scenario, doubts_of(base.scenario)
        pairs = [(path, one.outcomes[number]) for path, one in self.done]
        planned = Samples(tuple((path, one) for path, one in pairs if one.status == "followed"), len(pairs), scenario)
        usd = np.array([one.objective_usd for _, one in planned.pairs])
        money = {key: np.array([one.money[key] for _, one in planned.pairs]) for key in _MONEY}
        worst = cvar(usd, doubts.risk.alpha) if len(usd) else None
        mean = float(usd.mean()) if len(usd) else 0.0
        weight = doubts.risk.weight
        return PlanRisk(
            plan=self.names[number],
            about=base.about,
            planned=len(planned.pairs),
            unplanned=tuple(path.number for path, one in pairs if one.status != "followed"),
            objective_usd=spread_of(usd),
            var_usd=met_in(usd, doubts.risk.alpha) if len(usd) else None,
            cvar_usd=worst,
            weighed_usd=None if worst is None else (1 - weight) * mean + weight * worst,
            any_short=float(np.mean([bool(one.short_kw) for _, one in planned.pairs])) if len(usd) else None,
            promises=tuple(promises_of(planned)),
            shortfalls=tuple(shortfalls_of(planned)),
            tornado=tornado_of(scenario, np.array([path.number for path, _ in planned.pairs], dtype=np.int64), usd),
            regrets=tuple(regrets_of(number, self.names, [one for _, one in self.done], self.shared.params.gap or 0.0)),
            outcomes=tuple(_told(path, one, self.done[i][1].perfect_usd) for i, (path, one) in enumerate(pairs)),
            **{key: spread_of(values) for key, values in money.items()},
        )


_MONEY = ("fees_usd", "values_usd", "penalties_usd")


def _told(path: Path, outcome: Outcome, perfect_usd: float | None) -> SampleOutcome:
    figures = {}
    if outcome.status == "followed":
        figures = {
            "objective_usd": outcome.objective_usd,
            "gap": outcome.gap,
            "short_kw_months": outcome.short_kw_months,
            **outcome.money,
        }
    return SampleOutcome.model_validate(
        {
            "sample": path.number,
            "status": outcome.status,
            "detail": outcome.detail,
            "replanned": tuple(step.day for step in path.steps),
            "facts": tuple(fact.says() for fact in path.facts),
            "perfect_usd": perfect_usd,
            **figures,
        }
    )


def _least(plans: Sequence[PlanRisk]) -> str | None:
    """The plan with the least mean regret against perfect information, where there are several to choose from."""
    known = [(one.mean, plan.plan) for plan in plans for one in plan.regrets if one.against == PERFECT]
    return min(known)[1] if len(known) > 1 else None


def _assumed(scenario: Scenario) -> Iterator[str]:
    doubts = doubts_of(scenario)
    if not doubtful(scenario):
        yield "Uncertainty names nothing that could come out otherwise, so that all samples are alike."
    since = stands_until(scenario)
    if since >= scenario.horizon.end:
        yield "Plans never change, as no period begins later: only what comes late makes any difference."
    elif doubts.decide_until not in (None, since):
        yield f"Plans may change from {format_day(since)} on: decide_until is inside the period before."
    yield from _told_by(doubts, changing=since < scenario.horizon.end)


def _told_by(doubts: Uncertainty, changing: bool) -> Iterator[str]:
    """What is known when; what becomes known where plans may change, where they ever may."""
    if doubts.demand and changing:
        yield (
            "What a workload wants is as the scenario says until plans may change; from then on its factor and drift "
            "hold, and are known."
        )
    if doubts.failures and changing:
        yield (
            "How many racks fail over the horizon is known once plans may change, and as many spares as they ask for, "
            "rounded up for each demand, stand by in all of it: before that day idle racks, as far as there are any."
        )
    ends = [
        *(["latest for what may be late"] if doubts.supplies else []),
        *(["latest or never for a notice"] if doubts.notices else []),
        *(["signed for a prospect"] if doubts.prospects else []),
    ]
    if ends:
        yield f"Where something is highest: {', '.join(ends)}."
    if doubts.supplies:
        yield "What is late is known, with its new date, announced_days before it should have come."
