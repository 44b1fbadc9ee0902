"""A demand takes only rack types it accepts, racks it may use, and one type at a time where it asks for that."""

from __future__ import annotations

from collections.abc import Iterator

from capalloc.schema.rules import Rule
from capalloc.schema.verdict import Violation
from capalloc.verify.case import Case, found
from capalloc.verify.roster import Stay


def check(case: Case) -> Iterator[Violation]:
    """Types that are not accepted, racks dedicated to others, mixtures."""
    wrong = {
        (batch.bay.kind.name, batch.demand)
        for batch in case.roster.serving
        if batch.bay.kind.name not in case.demands[batch.demand].rack_types
    }
    for rack in case.roster.stays if wrong else ():
        yield from _types(case, rack, wrong)
    for rack in case.fleet.tenants:
        yield from _tenants(case, rack)
    yield from _mixtures(case)


def _types(case: Case, rack: str, wrong: set[tuple[str, str]]) -> Iterator[Violation]:
    kind = case.fleet.racks[rack].kind.name
    for stay in case.roster.stays[rack]:
        if (kind, stay.demand) in wrong:
            accepted = ", ".join(case.demands[stay.demand].rack_types)
            yield from _each(case, rack, stay, f"rack {rack} is a {kind}, but {stay.demand} accepts {accepted}")


def _tenants(case: Case, rack: str) -> Iterator[Violation]:
    for stay in case.roster.stays.get(rack, ()):
        if not case.fleet.may_use(rack, case.demands[stay.demand]):
            message = f"rack {rack} serves {stay.demand}, but is dedicated to {case.fleet.tenants[rack]}"
            yield from _each(case, rack, stay, message)


def _each(case: Case, rack: str, stay: Stay, message: str) -> Iterator[Violation]:
    """A violation for each period of the stay."""
    for period in case.periods[stay.first : stay.end]:
        yield found(Rule.COMPATIBILITY, rack, period, 1, 0, "racks", message)


def _mixtures(case: Case) -> Iterator[Violation]:
    for demand in case.demands.values():
        for period in case.periods if demand.homogeneous else ():
            kinds = sorted(kind for name, kind in case.roster.tally[period.index] if name == demand.name)
            if len(kinds) > 1:
                message = f"{demand.name} is served by {len(kinds)} rack types ({', '.join(kinds)}), 1 allowed"
                yield found(Rule.COMPATIBILITY, demand.name, period, len(kinds), 1, "rack types", message)
