"""What a plan does not count on until it is known whether it comes in time.

On its day everybody knows: what is late then is late, and what is not has come. Until then each planning takes it to be
as late as it may be, whatever else becomes known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from capalloc.analysis.risk import Step, heeded_from
from capalloc.analysis.sampling import Fact, Late, doubts_of
from capalloc.schema.promised import NotCountedOn
from capalloc.schema.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Care:
    """What may come late, and from when on it is known."""

    late: tuple[Late, ...] = ()
    """As late as they are taken to be."""
    known: tuple[date, ...] = ()
    """The period's first day on which each is known."""

    @classmethod
    def of(cls, scenario: Scenario, late: Iterable[Late]) -> Care:
        """For what becomes known within the horizon of a scenario."""
        days = [(one, heeded_from(one, scenario)) for one in late]
        dated = [(one, day) for one, day in days if day is not None]
        return cls(tuple(one for one, _ in dated), tuple(day for _, day in dated))

    def after(self, day: date) -> Care:
        """What is not known on a day."""
        later = [(one, known) for one, known in zip(self.late, self.known, strict=True) if known > day]
        return Care(tuple(one for one, _ in later), tuple(known for _, known in later))

    def steps(self, facts: tuple[Fact, ...] = ()) -> Iterator[Step]:
        """Days on which it all comes out as late as it is taken to be, and nothing else does beside ``facts``."""
        for day in sorted(set(self.known)):
            late = (one for one, known in zip(self.late, self.known, strict=True) if known <= day)
            yield Step(day, (*facts, *late))


NO_CARE = Care()
"""Everything is counted on."""


def told(late: Iterable[Late]) -> tuple[NotCountedOn, ...]:
    """As an answer says it."""
    return tuple(NotCountedOn.model_validate({"kind": one.kind, "name": one.name, "days": one.days}) for one in late)


def as_told(scenario: Scenario, not_counted_on: Iterable[NotCountedOn]) -> tuple[Late, ...]:
    """What an answer does not count on, known as long before as the scenario says."""
    announced = {slip.subject: slip.announced_days for slip in doubts_of(scenario).supplies}
    return tuple(Late(one.kind, one.name, one.days, announced.get((one.kind, one.name), 0)) for one in not_counted_on)
