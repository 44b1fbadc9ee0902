"""One case: planned again with the base plan as today's plan, and compared with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import groupby
from typing import TypeVar

from capalloc.analysis.outcome import missed_of, money_of
from capalloc.analysis.whatif.change import Case, SignProspect, changed
from capalloc.analysis.whatif.reference import Reference, ends_of, free_of, placed_by
from capalloc.calendar import Period
from capalloc.cancel import CancelToken
from capalloc.errors import ScenarioError
from capalloc.formats import dump_plan
from capalloc.instance.model import Ints
from capalloc.planner.params import PlannerParams
from capalloc.roster.read import read
from capalloc.schema.plan import DemandPeriod, Plan
from capalloc.schema.status import Status, StopReason
from capalloc.schema.whatif import CaseAnswer, CaseChange, CaseDemand, CaseFree
from capalloc.solve import Result, solve

_Figure = TypeVar("_Figure")
_SAME_KW = 1e-6
_SAME_USD = 0.005


@dataclass(frozen=True, slots=True)
class Shared:
    """What all cases have in common."""

    reference: Reference
    params: PlannerParams
    with_plans: bool
    """Whether the text of each plan is wanted."""


@dataclass(frozen=True, slots=True)
class Replanned:
    """The answer to a case, with the text of its plan's file where that is wanted."""

    answer: CaseAnswer
    plan: str | None = None


def replanned(shared: Shared, case: Case, cancel: CancelToken) -> Replanned:
    """Plan a case and compare it with the base plan. A scenario that is wrong after the case is an answer, too."""
    signed = {change.contract for change in case.changes if isinstance(change, SignProspect)}
    prospects = shared.reference.prospects - signed
    try:
        scenario = changed(shared.reference.today, case.changes)
        result = solve(scenario, prospects=prospects, params=shared.params, cancel=cancel)
    except ScenarioError as fault:
        return Replanned(failed(case, str(fault)))
    if result.plan is None:
        status = "infeasible" if result.outcome.reason is StopReason.INFEASIBLE else "time_limit"
        return Replanned(CaseAnswer(case=case.name, status=status, detail=result.outcome.detail))
    answer = _compared(case.name, shared.reference, result, result.plan)
    return Replanned(answer, dump_plan(result.plan) if shared.with_plans else None)


def failed(case: Case, why: str) -> CaseAnswer:
    """The answer to a case that could not be planned."""
    return CaseAnswer(case=case.name, status="failed", detail=why)


def _compared(name: str, reference: Reference, result: Result, plan: Plan) -> CaseAnswer:
    base, instance = reference.figures, result.instance
    rows = _Rows(instance.periods, _by_demand(reference.rows), _by_demand(plan.demands))
    return CaseAnswer(
        case=name,
        status="optimal" if plan.status is Status.OPTIMAL else "feasible",
        detail=plan.termination.detail,
        objective_usd=plan.objective_usd,
        bound_usd=plan.bound_usd,
        gap=plan.gap,
        delta_usd=plan.objective_usd - base.objective_usd,
        delta_usd_between=(plan.objective_usd - reference.most_usd, plan.most_usd - base.objective_usd),
        racks_moved=plan.stats.moves,
        relocated=_relocated(reference.placed, placed_by(plan)),
        missed=missed_of(plan),
        demands=tuple(rows.sums(reference.ends, ends_of(instance))),
        changes=tuple(rows.changes()),
        free=tuple(_free(instance.periods, reference.free, free_of(instance, read(instance, plan)))),
        **money_of(instance.scenario, plan),
    )


def _relocated(before: Mapping[str, str], after: Mapping[str, str]) -> int:
    """Deliveries that both plans place, at different positions."""
    return sum(rack in before and before[rack] != position for rack, position in after.items())


def _free(periods: Sequence[Period], before: Ints, after: Ints) -> Iterator[CaseFree]:
    for first, last, racks in _runs(periods, lambda t: (int(before[t]), int(after[t]))):
        if racks[0] != racks[1]:
            yield CaseFree(start=first, until=last, racks=racks)


def _runs(periods: Sequence[Period], figure: Callable[[int], _Figure]) -> Iterator[tuple[date, date, _Figure]]:
    """Neighbouring periods with the same figure, as the days [start, end) with it."""
    for found, group in groupby(periods, key=lambda period: figure(period.index)):
        run = list(group)
        yield run[0].start, run[-1].end, found


def _by_demand(rows: Sequence[DemandPeriod]) -> dict[str, dict[str, DemandPeriod]]:
    found: dict[str, dict[str, DemandPeriod]] = {}
    for row in rows:
        found.setdefault(row.demand, {})[row.period] = row
    return found


@dataclass(frozen=True, slots=True)
class _Rows:
    """What each demand gets in each period: in the base plan and in the case."""

    periods: Sequence[Period]
    before: Mapping[str, Mapping[str, DemandPeriod]]
    after: Mapping[str, Mapping[str, DemandPeriod]]

    def sums(self, ends: Mapping[str, date], ends_after: Mapping[str, date]) -> Iterator[CaseDemand]:
        """What changes for each demand over the horizon, and when its term ends."""
        months = {period.label: period.months for period in self.periods}
        for demand in self._demands():
            kw_before, usd_before = _sums(self.before.get(demand, {}), months)
            kw_after, usd_after = _sums(self.after.get(demand, {}), months)
            until = ends.get(demand), ends_after.get(demand)
            kw, usd = kw_after - kw_before, usd_after - usd_before
            if abs(kw) > _SAME_KW or abs(usd) > _SAME_USD or until[0] != until[1]:
                yield CaseDemand(demand=demand, delta_kw_months=round(kw, 6), delta_usd=usd, until=until)

    def changes(self) -> Iterator[CaseChange]:
        """Runs of periods in which a demand gets other kW or racks."""
        for demand in self._demands():
            for start, until, (kw, racks) in _runs(self.periods, partial(self._pair, demand)):
                if racks[0] != racks[1] or abs(kw[0] - kw[1]) > _SAME_KW:
                    yield CaseChange(demand=demand, start=start, until=until, kw=kw, racks=racks)

    def _pair(self, demand: str, t: int) -> tuple[tuple[float, float], tuple[int, int]]:
        """kW and racks of a demand in a period, before and after."""
        label = self.periods[t].label
        before, after = self.before.get(demand, {}).get(label), self.after.get(demand, {}).get(label)
        kw = before.delivered_kw if before else 0.0, after.delivered_kw if after else 0.0
        return kw, (before.racks if before else 0, after.racks if after else 0)

    def _demands(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.before, *self.after)))


def _sums(rows: Mapping[str, DemandPeriod], months: Mapping[str, float]) -> tuple[float, float]:
    """kW-months, and fee or value less penalties."""
    kw_months = sum(row.delivered_kw * months[label] for label, row in rows.items())
    return kw_months, sum(row.revenue_usd - row.penalty_usd for row in rows.values())
