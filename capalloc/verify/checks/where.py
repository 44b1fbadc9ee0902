"""A demand's racks stand only where its `where` says; spares elsewhere are none, as the rule of buffers says."""

from __future__ import annotations

from collections.abc import Iterator

from capalloc.schema.rules import Rule
from capalloc.schema.verdict import Violation
from capalloc.verify.case import Case, found


def check(case: Case) -> Iterator[Violation]:
    """Racks that serve a demand outside its places."""
    bound = {name for name, demand in case.demands.items() if demand.where is not None}
    for rack, stays in case.roster.stays.items() if bound else ():
        standing = case.fleet.racks[rack]
        for stay in stays:
            if stay.demand in bound and not case.may_stand(standing, stay.demand):
                place = standing.position.name if standing.position is not None else ""
                message = f"rack {rack} on {place} serves {stay.demand}, whose where leaves that position out"
                for period in case.periods[stay.first : stay.end]:
                    yield found(Rule.WHERE, rack, period, 1, 0, "racks", message)
