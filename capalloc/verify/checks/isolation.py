"""No rack of another demand stands in a row or hall that an isolated demand uses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from capalloc.calendar import Period
from capalloc.schema.demand import Demand
from capalloc.schema.rules import Rule
from capalloc.schema.verdict import Violation
from capalloc.verify.case import Case, found


def check(case: Case) -> Iterator[Violation]:
    """Rows and halls that an isolated demand shares."""
    for demand in case.demands.values():
        for period in case.periods if demand.isolation != "none" else ():
            yield from _shared(case, demand, period)


def _shared(case: Case, demand: Demand, period: Period) -> Iterator[Violation]:
    own: set[str] = set()
    others: dict[str, Counter[str]] = {}
    for standing, served in case.serving(period):
        if standing.position is not None:
            place = standing.position.row_key if demand.isolation == "row" else standing.position.hall
            if served is demand:
                own.add(place)
            else:
                others.setdefault(place, Counter())[served.name] += 1
    for place in sorted(own & others.keys()):
        who = ", ".join(f"{racks} of {name}" for name, racks in sorted(others[place].items()))
        message = f"{demand.name} is isolated by {demand.isolation}, but shares {place} with racks: {who}"
        yield found(Rule.ISOLATION, place, period, others[place].total(), 0, "racks", message)
