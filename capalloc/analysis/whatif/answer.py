"""The answer to ``capalloc whatif``: every case planned again from one base plan, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from capalloc.analysis.base import Base, given_or_planned
from capalloc.analysis.whatif.change import Case
from capalloc.analysis.whatif.doubts import doubts_of
from capalloc.analysis.whatif.kept import Folder, Spoilt, require_own
from capalloc.analysis.whatif.notation import FEW_CASES, cases_of
from capalloc.analysis.whatif.reference import reference_of
from capalloc.analysis.whatif.replanned import Replanned, Shared, failed, replanned
from capalloc.cancel import CancelToken
from capalloc.planner.params import PlannerParams
from capalloc.progress import OnProgress, Progress
from capalloc.runner import Ended, Engine, Standing, run
from capalloc.runner.local import local
from capalloc.schema.event import Outage
from capalloc.schema.plan import Plan
from capalloc.schema.scenario import Scenario
from capalloc.schema.whatif import CaseAnswer, WhatIf

_DEFAULTS = PlannerParams()
_SMALL_COLUMNS, _MEDIUM_COLUMNS = 300, 5000
"""Columns of who serves whom, up to which a model is small, and medium."""
_CASE_GAP = 1e-5
"""Relative gap at which a case of a medium model is near enough to the optimum."""
_OUTAGES = (
    "An outage counts for every period that it touches, whole, and no rack serves on one of two feeds then: that is "
    "survived, not planned. `capalloc impact` says what happens if everything stays where it is."
)
_GRACE_S, _GRACE_SHARE = 120.0, 4.0
"""A case that takes this many times its time limit, and these seconds more, does not end by itself."""


def whatif(
    scenario: Scenario,
    cases: Sequence[str],
    *,
    plan: Plan | None = None,
    prospects: frozenset[str] = frozenset(),
    params: PlannerParams = _DEFAULTS,
    jobs: int | None = None,
    engine: Engine | None = None,
    folder: Path | None = None,
    most: int = FEW_CASES,
    cancel: CancelToken | None = None,
    progress: OnProgress | None = None,
) -> WhatIf:
    """What some cases would change, each planned again with the base plan as today's plan.

    A case is written as on the command line (``notice:anthropic:2027-03-01``); lists and ranges in it make a grid.
    ``plan`` is the base plan; one is made first where none is given, with the ``prospects`` named. ``jobs`` cases are
    planned at a time, as many as there are cores unless given, each in a process of its own: a script that calls this
    does so below ``if __name__ == "__main__":``. ``engine`` plans them elsewhere. ``folder`` keeps each answer and
    plan, and what it has is not planned again. More than ``most`` cases are refused. A ``cancel`` token that is set
    ends the work with what is done.

    Raises ScenarioError for what is no case, PlanFileError where the plan is not one of the scenario, NoAnswerError
    where the scenario has no plan, or no worker can answer.
    """
    base = given_or_planned(scenario, plan, prospects=prospects, params=params, cancel=cancel, progress=progress)
    return whatif_from(
        base,
        cases,
        params=params,
        jobs=jobs,
        engine=engine,
        folder=folder,
        most=most,
        cancel=cancel,
        progress=progress,
    )


def whatif_from(
    base: Base,
    cases: Sequence[str],
    *,
    params: PlannerParams = _DEFAULTS,
    jobs: int | None = None,
    engine: Engine | None = None,
    folder: Path | None = None,
    most: int = FEW_CASES,
    cancel: CancelToken | None = None,
    progress: OnProgress | None = None,
) -> WhatIf:
    """As :func:`whatif`, from a base plan that is known to hold."""
    if folder is not None:
        require_own(folder)
    asked = cases_of(base.scenario, cases, most)
    work = _Work(asked, None if folder is None else Folder(folder, base.about, params), progress or _nothing)
    known = work.known()
    reference, params = reference_of(base), _near_enough(base, params)
    ended = run(
        asked,
        Shared(reference, params, folder is not None),
        replanned,
        engine or local(jobs, len(asked) - len(known)),
        known=known,
        heard=work.hear,
        cancel=cancel,
        patience_s=_GRACE_S + _GRACE_SHARE * params.time_limit,
    )
    return WhatIf(
        about=base.about,
        horizon=base.plan.periods,
        base=reference.figures,
        cases=tuple(
            answer.replace(doubts=doubts_of(base.scenario, asked[number], base.prospects))
            for number, answer in sorted(work.answers.items())
        ),
        undone=tuple(case.name for case, one in zip(asked, ended, strict=True) if one is None),
        assumes=(_OUTAGES,) if any(isinstance(one, Outage) for case in asked for one in case.changes) else (),
        redone=tuple(work.redone),
    )


def _near_enough(base: Base, params: PlannerParams) -> PlannerParams:
    """How cases are planned: small models to the optimum, larger ones as near to it as differences are worth reading.

    The largest have the planner's own gap, since no time limit would do for less.
    """
    stats = base.plan.stats
    columns = stats.classes * len(base.instance.demands) * stats.windows
    medium = params.gap is None and _SMALL_COLUMNS < columns <= _MEDIUM_COLUMNS
    return replace(params, gap=_CASE_GAP) if medium else params


def _nothing(heard: Progress) -> None:
    """Hear and do nothing."""


@dataclass(slots=True)
class _Work:
    """Keeps what has ended, and tells of it."""

    cases: Sequence[Case]
    folder: Folder | None
    progress: OnProgress
    answers: dict[int, CaseAnswer] = field(default_factory=dict)
    redone: list[str] = field(default_factory=list)
    """Names of cases of which what is kept is not as it was written."""

    def known(self) -> dict[int, Ended[Replanned]]:
        """Cases whose answers are kept already."""
        for number, case in enumerate(self.cases):
            answer = self._kept(case)
            if answer is not None:
                self.answers[number] = answer
        if self.answers and self.folder is not None:
            known = f"{len(self.answers):,} of {len(self.cases):,} cases are in {self.folder.path} already"
            self.progress(Progress(known))
        return {number: Ended(Replanned(answer)) for number, answer in self.answers.items()}

    def _kept(self, case: Case) -> CaseAnswer | None:
        try:
            return None if self.folder is None else self.folder.known(case)
        except Spoilt:
            self.redone.append(case.name)
            return None

    def hear(self, number: int, ended: Ended[Replanned], standing: Standing) -> None:
        """Keep the answer, and say how far the work is."""
        case = self.cases[number]
        if ended.answer is None:
            self.answers[number] = failed(case, ended.failure or "")
        else:
            self.answers[number] = self.folder.keep(case, ended.answer) if self.folder else ended.answer.answer
        self.progress(Progress(self._stage(standing), seconds_left=standing.seconds_left))

    def _stage(self, standing: Standing) -> str:
        """How many cases are done and left, and the best and the worst so far."""
        said = f"{standing.done:,} of {len(self.cases):,} cases planned, {standing.left:,} left"
        by_delta = sorted((one.delta_usd, one.case) for one in self.answers.values() if one.delta_usd is not None)
        if not by_delta:
            return said
        (least, worst), (most, best) = by_delta[0], by_delta[-1]
        ends = f"best {best} {most:+,.0f} USD" if len(by_delta) > 1 else ""
        return ", ".join(part for part in (said, ends, f"worst {worst} {least:+,.0f} USD") if part)
