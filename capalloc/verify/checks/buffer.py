"""A demand with a buffer share has that share of idle, compatible racks held for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import ceil

from capalloc.calendar import Period
from capalloc.schema.rules import Rule
from capalloc.schema.verdict import Violation
from capalloc.verify.case import Case, found
from capalloc.verify.exact import exact
from capalloc.verify.when import NEVER, Amount, When, during, has, indices, over_time, runs


def check(case: Case) -> Iterator[Violation]:
    """Racks that are no spares, and demands with too few of them."""
    good: Counter[tuple[str, When]] = Counter()
    for spare in _spares(case):
        fit = spare.fit(case)
        good[spare.demand, fit] += 1
        for t in indices(spare.when & ~fit):
            message = f"rack {spare.rack} is no spare for {spare.demand}: it {spare.unfit(case, t)}"
            yield found(Rule.BUFFER, spare.rack, case.periods[t], 1, 0, "racks", message)
    for period, spares in zip(case.periods, over_time(_amounts(good), len(case.periods)), strict=True):
        yield from _enough(case, period, spares)


@dataclass(frozen=True, slots=True)
class _Spare:
    """A rack held for a demand; both exist."""

    rack: str
    demand: str
    when: When
    claimed: When
    """Periods in which an earlier entry holds the rack already."""

    def fit(self, case: Case) -> When:
        """Periods in which the rack is a spare."""
        standing, demand = case.fleet.racks[self.rack], case.demands[self.demand]
        if standing.kind.name not in demand.rack_types or not case.fleet.may_use(self.rack, demand):
            return NEVER
        if not case.may_stand(standing, self.demand):
            return NEVER
        taken = case.roster.busy.get(self.rack, NEVER) | _off(case, self.rack) | self.claimed
        return self.when & standing.ready & ~taken

    def unfit(self, case: Case, period: int) -> str:
        """Why the rack is no spare in a period."""
        standing, serves = case.fleet.racks[self.rack], case.roster.demand_of(self.rack, period)
        reasons = (
            (standing.kind.name not in case.demands[self.demand].rack_types, f"is a {standing.kind.name}"),
            (not has(standing.able, period), standing.why[period]),
            (serves is not None, f"serves {serves}"),
            (not has(standing.bay.fed, period), "has no power"),
            (has(_off(case, self.rack), period), "is listed as off"),
            (has(self.claimed, period), "is in another buffer"),
            (not case.may_stand(standing, self.demand), f"stands where {self.demand} may not"),
        )
        dedicated = f"is dedicated to {case.fleet.tenants.get(self.rack)}"
        return next((reason for holds, reason in reasons if holds), dedicated)


def _spares(case: Case) -> Iterator[_Spare]:
    claimed: dict[str, When] = {}
    for entry in sorted(case.plan.buffers, key=lambda entry: (entry.rack, entry.start, entry.demand)):
        if entry.rack in case.fleet.racks and entry.demand in case.demands:
            when, before = during(case.borders.covered(entry.start, entry.until)), claimed.get(entry.rack, NEVER)
            yield _Spare(entry.rack, entry.demand, when, before)
            claimed[entry.rack] = before | when


def _off(case: Case, rack: str) -> When:
    """Periods in which a rack that could be powered is not."""
    return case.roster.off.get(rack, NEVER) if case.scenario.policy.idle == "powered" else NEVER


def _amounts(good: Counter[tuple[str, When]]) -> Iterator[Amount[str]]:
    for (demand, when), racks in good.items():
        for run in runs(when):
            yield demand, run.start, run.stop, racks


def _enough(case: Case, period: Period, spares: Mapping[str, int]) -> Iterator[Violation]:
    serving = case.roster.racks(period.index)
    for name, demand in case.demands.items():
        needed, held = ceil(exact(demand.buffer_share) * serving[name]), spares.get(name, 0)
        if held < needed:
            message = f"{name} holds {held} spare racks for {serving[name]} that serve, {needed} needed"
            yield found(Rule.BUFFER, name, period, held, needed, "racks", message)
