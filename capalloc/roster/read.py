"""From a plan back to a roster: the inverse of :mod:`capalloc.roster.decode`.

Whatever needs a plan as arrays (metrics, differences, what-if) starts here, so that a plan is read in one way.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from capalloc.errors import PlanFileError
from capalloc.instance.model import NOBODY, Instance, Ints
from capalloc.roster.roster import Roster
from capalloc.schema.plan import Assignment, Placement, Plan, Span


def read(instance: Instance, plan: Plan) -> Roster:
    """The roster that a plan writes down, for the instance of its scenario and prospects.

    ``decode`` of the result gives the plan again, but for what only its search knew (status, termination, bound,
    prices and stats). Figures of the plan are not looked at and no rule is checked: that is the verifier's work.

    Raises PlanFileError where the plan does not fit the instance: other periods; racks, demands or positions that
    it does not have; intervals that do not begin and end on borders of periods; a rack that does two things at once
    or stands elsewhere.
    """
    index = _index(instance)
    if plan.periods != index.labels:
        raise PlanFileError(f"periods: found {_shown(plan.periods)}, expected {_shown(index.labels)}")
    off = index.table("off", plan.off, np.zeros(len(plan.off), dtype=np.int64))
    return Roster(
        serving=index.served("assignments", plan.assignments),
        off=off != NOBODY,
        buffer=index.served("buffers", plan.buffers),
        position=_position(instance, index, plan.placements),
    )


def _shown(labels: Sequence[str]) -> str:
    return f"{len(labels)} from {labels[0]} to {labels[-1]}" if labels else "none"


@dataclass(frozen=True, slots=True)
class _Index:
    """Numbers of all that a plan names."""

    labels: tuple[str, ...]
    racks: Mapping[str, int]
    demands: Mapping[str, int]
    positions: Mapping[str, int]
    starts: Mapping[date, int]
    """The period that begins on a day."""
    ends: Mapping[date, int]
    """One more than the period that ends on a day."""

    def served(self, key: str, spans: Sequence[Assignment]) -> Ints:
        """(R, T) demand that each rack serves, or is held for; NOBODY for none."""
        named = ((span.demand for span in spans), "demand", "a demand that is planned")
        return self.table(key, spans, _numbers(key, self.demands, *named))

    def table(self, key: str, spans: Sequence[Assignment | Span], values: Ints) -> Ints:
        """(R, T) the value of the span that covers a rack and a period; NOBODY where none does."""
        rack = _numbers(key, self.racks, (span.rack for span in spans), "rack", "a rack of the facility")
        first = _numbers(key, self.starts, (span.start for span in spans), "from", "the first day of a period")
        end = _numbers(key, self.ends, (span.until for span in spans), "until", "the day after the end of a period")
        if (end <= first).any():
            raise PlanFileError(f"{key}.{int(np.argmax(end <= first))}: found an interval that ends before it begins")
        length = end - first
        line, value = np.repeat(rack, length), np.repeat(values, length)
        period = np.arange(len(line)) + np.repeat(first - np.cumsum(length) + length, length)
        table = np.full((len(self.racks), len(self.labels)), NOBODY)
        table[line, period] = value
        if np.count_nonzero(table != NOBODY) < len(line):
            raise PlanFileError(f"{key}: found intervals of rack {self._twice(line, period)} that overlap")
        return table

    def _twice(self, line: Ints, period: Ints) -> str:
        """Name of the first rack that is written down twice for a period."""
        times = np.zeros((len(self.racks), len(self.labels)), dtype=np.int64)
        np.add.at(times, (line, period), 1)
        return tuple(self.racks)[int(np.argmax((times > 1).any(axis=1)))]


def _index(instance: Instance) -> _Index:
    periods = instance.periods
    return _Index(
        labels=tuple(period.label for period in periods),
        racks=_numbered(instance.racks.names),
        demands=_numbered(instance.demand_names),
        positions=_numbered(instance.positions.names),
        starts={period.start: period.index for period in periods},
        ends={period.end: period.index + 1 for period in periods},
    )


def _numbered(names: Sequence[str]) -> dict[str, int]:
    return {name: number for number, name in enumerate(names)}


def _numbers(key: str, known: Mapping[Any, int], found: Iterable[Hashable], field: str, expected: str) -> Ints:
    """(n,) numbers of what is found in a field of the records under a key; the first unknown one raises."""
    values = list(found)
    numbers = [known.get(value, NOBODY) for value in values]
    if NOBODY in numbers:
        i = numbers.index(NOBODY)
        raise PlanFileError(f"{key}.{i}.{field}: found '{values[i]}', expected {expected}")
    return np.array(numbers, dtype=np.int64)


def _position(instance: Instance, index: _Index, placements: Sequence[Placement]) -> Ints:
    """(R,) where each rack stands: as the scenario says, else as the plan places it; NOBODY for neither."""
    key = "placements"
    racks = (placement.rack for placement in placements)
    rack = _numbers(key, index.racks, racks, "rack", "a rack of the facility")
    places = (placement.position for placement in placements)
    place = _numbers(key, index.positions, places, "position", "a position of the facility")
    at: Ints = instance.racks.position.copy()
    moved = (at[rack] != NOBODY) & (at[rack] != place)
    if moved.any():
        i = int(np.argmax(moved))
        stands = instance.positions.names[at[rack[i]]]
        raise PlanFileError(f"{key}.{i}: found {placements[i].rack} at {placements[i].position}; it stands at {stands}")
    if len(np.unique(rack)) < len(rack):
        raise PlanFileError(f"{key}: found rack {_twice([p.rack for p in placements])} placed twice")
    at[rack] = place
    return at


def _twice(names: Sequence[str]) -> str:
    return next(name for i, name in enumerate(names) if name in names[:i])
