"""A demand with a buffer share has that share of idle, compatible racks held for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from math import ceil

from capalloc.calendar import Period
from capalloc.schema.demand import Demand
from capalloc.schema.rules import Rule
from capalloc.schema.verdict import Violation
from capalloc.verify.case import Case, found
from capalloc.verify.exact import exact
from capalloc.verify.roster import fed


def check(case: Case) -> Iterator[Violation]:
    """Racks that are no spares, and demands with too few of them."""
    held = _held(case)
    for period, spares in zip(case.periods, held, strict=True):
        good: Counter[str] = Counter()
        claimed: set[str] = set()
        for rack, demand in spares:
            why = _unfit(case, period, rack, case.demands[demand], claimed)
            claimed.add(rack)
            if why:
                message = f"rack {rack} is no spare for {demand}: it {why}"
                yield found(Rule.BUFFER, rack, period, 1, 0, "racks", message)
            else:
                good[demand] += 1
        yield from _enough(case, period, good)


def _held(case: Case) -> list[list[tuple[str, str]]]:
    """(rack, demand) held as spares in each period, of racks and demands that exist."""
    held: list[list[tuple[str, str]]] = [[] for _ in case.periods]
    for entry in sorted(case.plan.buffers, key=lambda entry: (entry.rack, entry.start, entry.demand)):
        if entry.rack in case.fleet.racks and entry.demand in case.demands:
            for index in case.borders.covered(entry.start, entry.until):
                held[index].append((entry.rack, entry.demand))
    return held


def _unfit(case: Case, period: Period, rack: str, demand: Demand, claimed: set[str]) -> str:
    standing, serves = case.fleet.racks[rack], case.roster.serving[period.index].get(rack)
    off = case.scenario.policy.idle == "powered" and rack in case.roster.off[period.index]
    reasons = (
        (standing.kind.name not in demand.rack_types, f"is a {standing.kind.name}"),
        (not standing.available(period), standing.why[period.index]),
        (serves is not None, f"serves {serves}"),
        (not fed(case.site, period, standing), "has no power"),
        (off, "is listed as off"),
        (rack in claimed, "is in another buffer"),
        (not case.fleet.may_use(rack, demand), f"is dedicated to {case.fleet.tenants.get(rack)}"),
    )
    return next((reason for holds, reason in reasons if holds), "")


def _enough(case: Case, period: Period, good: Counter[str]) -> Iterator[Violation]:
    for demand in case.demands.values():
        if demand.buffer_share:
            tally = case.roster.tally[period.index]
            racks = sum(count for (name, _), count in tally.items() if name == demand.name)
            needed = ceil(exact(demand.buffer_share) * racks)
            if good[demand.name] < needed:
                message = f"{demand.name} holds {good[demand.name]} spare racks for {racks} that serve, {needed} needed"
                yield found(Rule.BUFFER, demand.name, period, good[demand.name], needed, "racks", message)
