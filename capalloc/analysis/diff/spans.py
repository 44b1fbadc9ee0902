"""What each rack of a plan does, day by day, and the days on which that changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from capalloc.calendar import format_day
from capalloc.errors import PlanFileError
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


def timelines(plan: Plan, start: date, end: date, name: str) -> dict[str, Timeline]:
    """What each rack that a plan names does on the days [start, end).

    Raises PlanFileError where a rack does two things at once; ``name`` is what it calls the plan.
    """
    spans = defaultdict(list)
    for span, doing in _spans(plan):
        spans[span.rack].append((span.start, span.until, doing))
    found: dict[str, Timeline] = {}
    for rack, parts in spans.items():
        parts.sort(key=lambda part: part[:2])
        _require_apart(parts, rack, name)
        inside = [
            (max(part[0], start), min(part[1], end), part[2]) for part in parts if part[0] < end and part[1] > start
        ]
        found[rack] = tuple(_timeline(inside, start, end))
    return found


def _require_apart(parts: Sequence[tuple[date, date, Doing]], rack: str, name: str) -> None:
    day = date.min
    for begin, until, _ in parts:
        if begin < day or until <= begin:
            days = f"from {format_day(begin)} until {format_day(until)}"
            fault = "ends before it begins" if until <= begin else "overlaps what it does before"
            raise PlanFileError(f"{name}: found rack {rack} {days}, which {fault}")
        day = until


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
