"""A rack serves only while it is installed and neither in maintenance nor in an outage."""

from __future__ import annotations

from collections.abc import Iterator

from capalloc.schema.plan import Assignment, Placement, Span
from capalloc.schema.rules import Rule
from capalloc.schema.verdict import Violation
from capalloc.verify.case import Case, found


def check(case: Case) -> Iterator[Violation]:
    """Racks that nobody knows, and racks that serve while they cannot."""
    plan = case.plan
    entries: tuple[Assignment | Span | Placement, ...]
    entries = (*plan.assignments, *plan.off, *plan.buffers, *plan.placements)
    named = {entry.rack for entry in entries}
    for rack in sorted(named - case.fleet.racks.keys()):
        yield found(Rule.AVAILABILITY, rack, None, 1, 0, "racks", f"rack {rack} is not in the facility")
    hindered = {rack: standing.why for rack, standing in case.fleet.racks.items() if any(standing.why)}
    for period in case.periods:
        serving = case.roster.serving[period.index]
        for rack in hindered.keys() & serving.keys():
            why = hindered[rack][period.index]
            if why:
                message = f"rack {rack} serves {serving[rack]} but {why}"
                yield found(Rule.AVAILABILITY, rack, period, 1, 0, "racks", message)
