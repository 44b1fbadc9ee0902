"""A demand takes only rack types it accepts, racks it may use, and one type at a time where it asks for that."""

from __future__ import annotations

from collections.abc import Iterator

from capalloc.calendar import Period
from capalloc.schema.rules import Rule
from capalloc.schema.verdict import Violation
from capalloc.verify.case import Case, found


def check(case: Case) -> Iterator[Violation]:
    """Types that are not accepted, racks dedicated to others, mixtures."""
    for period in case.periods:
        yield from _types(case, period)
        serving = case.roster.serving[period.index]
        for rack in case.fleet.tenants.keys() & serving.keys():
            if not case.fleet.may_use(rack, case.demands[serving[rack]]):
                message = f"rack {rack} serves {serving[rack]}, but is dedicated to {case.fleet.tenants[rack]}"
                yield found(Rule.COMPATIBILITY, rack, period, 1, 0, "racks", message)
    yield from _mixtures(case)


def _types(case: Case, period: Period) -> Iterator[Violation]:
    tally = case.roster.tally[period.index]
    wrong = {(name, kind) for name, kind in tally if kind not in case.demands[name].rack_types}
    for standing, demand in case.serving(period) if wrong else ():
        rack, kind = standing.rack.name, standing.kind.name
        if (demand.name, kind) in wrong:
            message = f"rack {rack} is a {kind}, but {demand.name} accepts {', '.join(demand.rack_types)}"
            yield found(Rule.COMPATIBILITY, rack, period, 1, 0, "racks", message)


def _mixtures(case: Case) -> Iterator[Violation]:
    for demand in case.demands.values():
        for period in case.periods if demand.homogeneous else ():
            kinds = sorted(kind for name, kind in case.roster.tally[period.index] if name == demand.name)
            if len(kinds) > 1:
                message = f"{demand.name} is served by {len(kinds)} rack types ({', '.join(kinds)}), 1 allowed"
                yield found(Rule.COMPATIBILITY, demand.name, period, len(kinds), 1, "rack types", message)
