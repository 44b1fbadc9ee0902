"""A rack serves only while it is installed and neither in maintenance nor in an outage."""

from __future__ import annotations

from collections.abc import Iterator

from capalloc.schema.plan import Assignment, Placement, Span
from capalloc.schema.rules import Rule
from capalloc.schema.verdict import Violation
from capalloc.verify.case import Case, found
from capalloc.verify.when import indices


def check(case: Case) -> Iterator[Violation]:
    """Racks that nobody knows, and racks that serve while they cannot."""
    plan = case.plan
    entries: tuple[Assignment | Span | Placement, ...]
    entries = (*plan.assignments, *plan.off, *plan.buffers, *plan.placements)
    named = {entry.rack for entry in entries}
    for rack in sorted(named - case.fleet.racks.keys()):
        yield found(Rule.AVAILABILITY, rack, None, 1, 0, "racks", f"rack {rack} is not in the facility")
    for rack, busy in case.roster.busy.items():
        standing = case.fleet.racks[rack]
        for t in indices(busy & ~standing.able):
            message = f"rack {rack} serves {case.roster.demand_of(rack, t)} but {standing.why[t]}"
            yield found(Rule.AVAILABILITY, rack, case.periods[t], 1, 0, "racks", message)
