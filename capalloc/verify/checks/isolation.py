"""No rack of another demand stands in a row or hall that an isolated demand uses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from capalloc.calendar import Period
from capalloc.schema.demand import Demand
from capalloc.schema.rules import Rule
from capalloc.schema.verdict import Violation
from capalloc.verify.case import Case, found
from capalloc.verify.fleet import Standing
from capalloc.verify.roster import once_each


def check(case: Case) -> Iterator[Violation]:
    """Rows and halls that an isolated demand shares."""
    levels = {demand.isolation for demand in case.demands.values()} - {"none"}
    users = {
        level: once_each(lambda each, level=level: _users(each, level), case.by_demand)  # type: ignore[misc]
        for level in levels
    }
    for demand in case.demands.values():
        for period in case.periods if demand.isolation != "none" else ():
            yield from _shared(demand, period, users[demand.isolation][period.index])


def _users(racks: Mapping[str, tuple[Standing, ...]], level: str) -> dict[str, Counter[str]]:
    """Racks in each row or hall, by demand."""
    users: dict[str, Counter[str]] = {}
    for demand, standings in racks.items():
        for standing in standings:
            if standing.position is not None:
                place = standing.position.row_key if level == "row" else standing.position.hall
                users.setdefault(place, Counter())[demand] += 1
    return users


def _shared(demand: Demand, period: Period, users: Mapping[str, Counter[str]]) -> Iterator[Violation]:
    for place in sorted(place for place, racks in users.items() if demand.name in racks and len(racks) > 1):
        others = {name: racks for name, racks in sorted(users[place].items()) if name != demand.name}
        who = ", ".join(f"{racks} of {name}" for name, racks in others.items())
        message = f"{demand.name} is isolated by {demand.isolation}, but shares {place} with racks: {who}"
        yield found(Rule.ISOLATION, place, period, sum(others.values()), 0, "racks", message)
