"""What each rack of a plan does, day by day, and the days on which that changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from capalloc.schema.diff import State
from capalloc.schema.plan import Assignment, Plan, Span


@dataclass(frozen=True, slots=True)
class Doing:
    """What a rack does."""

    state: State
    demand: str | None = None


_FOR_A_DEMAND: tuple[State, State] = ("serves", "spare")
IDLE, OFF = Doing("idle"), Doing("off")

Timeline = Sequence[tuple[date, Doing]]
"""What a rack does from each day on, by day; the first day is the first that counts, and neighbours differ."""


@dataclass(frozen=True, slots=True)
class Switch:
    """A rack changes what it does on a day."""

    day: date
    before: Doing
    after: Doing


def timelines(plan: Plan, start: date, end: date) -> dict[str, Timeline]:
    """What each rack that a plan names does on the days [start, end)."""
    spans = defaultdict(list)
    for span, doing in _spans(plan):
        if span.start < end and span.until > start:
            spans[span.rack].append((max(span.start, start), min(span.until, end), doing))
    return {
        rack: tuple(_timeline(sorted(parts, key=lambda part: part[0]), start, end)) for rack, parts in spans.items()
    }


def _spans(plan: Plan) -> Iterator[tuple[Assignment | Span, Doing]]:
    names = {one.demand for one in (*plan.assignments, *plan.buffers)}
    serving, held = ({name: Doing(state, name) for name in names} for state in _FOR_A_DEMAND)
    yield from ((one, serving[one.demand]) for one in plan.assignments)
    yield from ((one, held[one.demand]) for one in plan.buffers)
    yield from ((span, OFF) for span in plan.off)


def _timeline(parts: Sequence[tuple[date, date, Doing]], start: date, end: date) -> Iterator[tuple[date, Doing]]:
    """Spans in order as days of change, with idle days in the gaps."""
    told: Doing | None = None
    day = start
    for begin, until, doing in parts:
        if begin > day and told is not IDLE:
            yield day, IDLE
            told = IDLE
        if doing != told:
            yield begin, doing
            told = doing
        day = until
    if day < end and told is not IDLE:
        yield day, IDLE


def of_rack(lines: Mapping[str, Timeline], rack: str, start: date) -> Timeline:
    """The timeline of a rack; idle throughout where the plan does not name it."""
    return lines.get(rack, ((start, IDLE),))


def switches(line: Timeline, before: Doing) -> Iterator[Switch]:
    """The changes of a timeline, from what the rack did ``before`` its first day."""
    for day, doing in line:
        if doing != before:
            yield Switch(day, before, doing)
        before = doing
