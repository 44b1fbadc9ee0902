"""Who has which place of the floor, and when: the sentences of a plan, in NetBox's words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from capalloc.analysis.base import Base
from capalloc.exports.terms import within_terms
from capalloc.schema.demand import Contract
from capalloc.schema.plan import Assignment

_LONGEST_DESCRIPTION = 200
"""Characters that NetBox takes."""


@dataclass(frozen=True, slots=True, order=True)
class Hold:
    """A place is a demand's during [start, until)."""

    start: date
    until: date
    demand: str
    rack: str
    """The rack that stands there, as the plan names it."""
    tenant: str | None
    """None for a workload of one's own."""
    spare: bool = False
    """The rack stands idle for the demand."""

    @property
    def description(self) -> str:
        """What NetBox shows beside it, in as many letters as it takes."""
        does = "Spare of" if self.spare else "Planned for"
        days = f", from {self.start} until {self.until}"
        name = self.demand
        room = _LONGEST_DESCRIPTION - len(does) - len(days) - 1
        return f"{does} {name if len(name) <= room else name[: room - 1] + '…'}{days}"

    def status(self, on: date) -> str:
        """NetBox's status of its reservation, seen from a day: pending, active or stale."""
        if on < self.start:
            return "pending"
        return "active" if on < self.until else "stale"


Holds = Mapping[str, tuple[Hold, ...]]
"""By position, in the order of days; those without any are left out."""


def holds_of(base: Base) -> Holds:
    """The holds of a plan, positions in the facility's order."""
    owners = {
        one.name: one.tenant if isinstance(one, Contract) else None for one in base.scenario.planned(base.prospects)
    }
    of_rack: dict[str, list[Hold]] = defaultdict(list)
    for span, spare in _spans(base):
        hold = Hold(span.start, span.until, span.demand, span.rack, owners[span.demand], spare)
        of_rack[span.rack].append(hold)
    of_position: dict[str, list[Hold]] = {}
    for rack, position in zip(base.scenario.facility.racks, base.roster.position, strict=True):
        if position >= 0 and rack.name in of_rack:
            of_position.setdefault(base.scenario.facility.positions[position].name, []).extend(of_rack[rack.name])
    order = (position.name for position in base.scenario.facility.positions)
    return {name: tuple(sorted(of_position[name])) for name in order if name in of_position}


def _spans(base: Base) -> Iterator[tuple[Assignment, bool]]:
    yield from ((span, False) for span in within_terms(base, base.plan.assignments))
    yield from ((span, True) for span in within_terms(base, base.plan.buffers))


def hold_on(holds: tuple[Hold, ...], day: date) -> Hold | None:
    """The hold of a place on a day."""
    return next((hold for hold in holds if hold.start <= day < hold.until), None)


def tenants_of(holds: Holds) -> list[str]:
    """Every tenant that has something, by name."""
    return sorted({hold.tenant for held in holds.values() for hold in held if hold.tenant is not None})
