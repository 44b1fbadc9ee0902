"""No rack of another demand stands in a row or hall that an isolated demand uses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from capalloc.calendar import Period
from capalloc.schema.facility import Position
from capalloc.schema.rules import Rule
from capalloc.schema.verdict import Violation
from capalloc.verify.case import Case, found
from capalloc.verify.when import Amount, over_time

_Level = Literal["row", "hall"]


def check(case: Case) -> Iterator[Violation]:
    """Rows and halls that an isolated demand shares."""
    levels: tuple[_Level, ...] = ("row", "hall")
    for level in levels:
        isolated = {name for name, demand in case.demands.items() if demand.isolation == level}
        if isolated:
            yield from _shared(case, level, isolated)


def _shared(case: Case, level: _Level, isolated: set[str]) -> Iterator[Violation]:
    amounts = _amounts(case, level, isolated)
    for period, racks in zip(case.periods, over_time(amounts, len(case.periods)), strict=True):
        there: dict[str, dict[str, int]] = {}
        for (place, demand), count in racks.items():
            there.setdefault(place, {})[demand] = count
        for place, who in there.items():
            for demand in who.keys() & isolated if len(who) > 1 else ():
                others = sorted((name, count) for name, count in who.items() if name != demand)
                yield _violation(period, level, place, demand, others)


def _amounts(case: Case, level: _Level, isolated: set[str]) -> Iterator[Amount[tuple[str, str]]]:
    """Racks by place and demand, where an isolated demand is at any time."""
    standing = [(place, batch) for batch in case.roster.serving if (place := _place(batch.bay.position, level))]
    used = {place for place, batch in standing if batch.demand in isolated}
    for place, batch in standing:
        if place in used:
            yield (place, batch.demand), batch.first, batch.end, batch.racks


def _place(position: Position | None, level: _Level) -> str | None:
    if position is None:
        return None
    return position.row_key if level == "row" else position.hall


def _violation(period: Period, level: _Level, place: str, demand: str, others: Iterable[tuple[str, int]]) -> Violation:
    who = ", ".join(f"{racks} of {name}" for name, racks in others)
    message = f"{demand} is isolated by {level}, but shares {place} with racks: {who}"
    return found(Rule.ISOLATION, place, period, sum(racks for _, racks in others), 0, "racks", message)
