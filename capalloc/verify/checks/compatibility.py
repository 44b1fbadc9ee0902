"""A demand takes only rack types it accepts, racks it may use, and one type at a time where it asks for that."""

from __future__ import annotations

from collections.abc import Iterator

from capalloc.schema.rules import Rule
from capalloc.schema.verdict import Violation
from capalloc.verify.case import Case, found


def check(case: Case) -> Iterator[Violation]:
    """Types that are not accepted, racks dedicated to others, mixtures."""
    for period in case.periods:
        for standing, demand in case.serving(period):
            rack, kind = standing.rack.name, standing.kind.name
            if kind not in demand.rack_types:
                message = f"rack {rack} is a {kind}, but {demand.name} accepts {', '.join(demand.rack_types)}"
                yield found(Rule.COMPATIBILITY, rack, period, 1, 0, "racks", message)
            if not case.fleet.may_use(rack, demand):
                message = f"rack {rack} serves {demand.name}, but is dedicated to {case.fleet.tenants[rack]}"
                yield found(Rule.COMPATIBILITY, rack, period, 1, 0, "racks", message)
    yield from _mixtures(case)


def _mixtures(case: Case) -> Iterator[Violation]:
    for demand in case.demands.values():
        for period in case.periods if demand.homogeneous else ():
            kinds = sorted(kind for name, kind in case.roster.tally[period.index] if name == demand.name)
            if len(kinds) > 1:
                message = f"{demand.name} is served by {len(kinds)} rack types ({', '.join(kinds)}), 1 allowed"
                yield found(Rule.COMPATIBILITY, demand.name, period, len(kinds), 1, "rack types", message)
