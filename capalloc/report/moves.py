"""The work that a plan adds, shifts or drops: as a table, and as the list that a floor team works from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import get_args

from capalloc.calendar import format_day
from capalloc.formats.sheets import Cell
from capalloc.report.figures import DASH, count, plural
from capalloc.report.ranges import ranges
from capalloc.report.show_parts import listed
from capalloc.report.table import Column, Grid, grid, words
from capalloc.schema.diff import Change, Diff, Move, Stand

SHEET = (
    "date", "change", "rack", "rack_type", "work", "from", "to", "hall", "row", "position", "feed_a", "feed_b",
    "was", "free_since", "handover_days", "note",
)  # fmt: skip
"""Columns of the list that ``-o`` writes."""
_ORDER = get_args(Change)
_LINES = 30
_ROWS = 2


def doing(state: str, demand: str | None) -> str:
    """What a rack does, in words."""
    return {"serves": demand or "", "spare": f"spare of {demand}"}.get(state, state)


def sheet_rows(answer: Diff) -> Iterator[Sequence[Cell]]:
    """A line for each rack and day: deliveries to set up, then changes of hands, by day, what is cancelled first."""
    lines = [(one.date, 0, _stand_cells(one)) for one in answer.stands]
    lines += [(one.date, 1, _move_cells(one)) for one in answer.moves]
    yield from (cells for _, _, cells in sorted(lines, key=lambda line: line[:2]))


def _stand_cells(one: Stand) -> Sequence[Cell]:
    old, new = one.positions
    elsewhere = f"instead of at {old}" if one.change == "relocated" else ""
    place = (one.hall, one.row, new or old, *_feeds(one.feeds))
    return (
        *(one.date.isoformat(), one.change, one.rack, one.rack_type, "set up", "", ""),
        *(*place, _day(one.was), "", None, elsewhere),
    )


def _move_cells(one: Move) -> Sequence[Cell]:
    before, after = doing(one.source_state, one.source), doing(one.to_state, one.to)
    place = (one.hall, one.row, one.position, *_feeds(one.feeds))
    return (
        *(one.date.isoformat(), one.change, one.rack, one.rack_type, work(one), before, after),
        *(*place, _day(one.was), _day(one.free_since), one.handover_days, _note(one)),
    )


def _feeds(feeds: Sequence[str]) -> tuple[str, str]:
    first, second = (*feeds, "", "")[:2]
    return first, second


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def work(one: Move) -> str:
    """What there is to do, in few words."""
    if one.to_state == "serves":
        return "hand over" if one.last is not None or one.source_state == "serves" else "bring into service"
    return {"spare": "hold as spare", "off": "switch off"}.get(
        one.to_state, "switch on" if one.source_state == "off" else "release"
    )


def _note(one: Move) -> str:
    if one.change == "cancelled":
        return "no longer planned"
    if one.next is not None and one.next_on is not None:
        return f"next {one.next}, from {one.next_on.isoformat()}"
    return f"last served {one.last}" if one.last is not None and one.last != one.source else ""


@dataclass(frozen=True, slots=True)
class Job:
    """Racks of a hall that do the same on the same day."""

    day: date
    change: str
    before: str
    after: str
    hall: str
    was: str


def moves_table(answer: Diff) -> Iterator[Grid]:
    """Jobs by day, the first of many, and deliveries that stand elsewhere."""
    if answer.moves:
        yield _jobs(jobs_of(answer), len(answer.moves))
    if answer.stands:
        yield _stands(answer.stands)


def jobs_of(answer: Diff) -> list[tuple[Job, list[Move]]]:
    """Jobs with the racks that do them, by day."""
    return [(job, list(moves)) for job, moves in groupby(sorted(answer.moves, key=_key), key=_job)]


def _job(one: Move) -> Job:
    before, after = doing(one.source_state, one.source), doing(one.to_state, one.to)
    return Job(one.date, one.change, before, after, one.hall or "", _shown(one.was))


def _key(one: Move) -> tuple[date, int, str, str, str, str]:
    job = _job(one)
    return (job.day, _ORDER.index(job.change), job.before, job.after, job.hall, job.was)


def _shown(day: date | None) -> str:
    return "" if day is None else format_day(day)


def _jobs(jobs: Sequence[tuple[Job, Sequence[Move]]], racks: int) -> Grid:
    columns = [
        *map(words, ("Date", "Change", "From", "To")),
        Column("Racks"),
        *map(words, ("Hall", "Rows or racks")),
    ]
    lines = [_line(job, moves) for job, moves in jobs[:_LINES]]
    if len(jobs) > _LINES:
        more = sum(len(moves) for _, moves in jobs[_LINES:])
        lines.append(
            ("…", f"{plural(len(jobs) - _LINES, 'line')} more", "", "", count(more), "", "-o FILE has every rack")
        )
    title = f"What the second plan changes: {plural(racks, 'job')}, a rack and day each"
    return grid(title, columns, lines)


def _line(job: Job, moves: Sequence[Move]) -> tuple[str, ...]:
    rows = list(dict.fromkeys(one.row for one in moves if one.row is not None))
    names = rows if rows else [one.rack for one in moves]
    where = listed(ranges(names), _ROWS)
    return (format_day(job.day), _changed(moves[0]), job.before, job.after, count(len(moves)), job.hall or DASH, where)


def _stands(stands: Sequence[Stand]) -> Grid:
    columns = [*map(words, ("Date", "Change", "Rack", "First plan", "Second plan"))]
    lines = [_stand_line(one) for one in stands[:_LINES]]
    if len(stands) > _LINES:
        lines.append(("…", f"{count(len(stands) - _LINES)} more", "-o FILE has all", "", ""))
    return grid("Deliveries: where they stand", columns, lines)


def _stand_line(one: Stand) -> tuple[str, ...]:
    first, second = (position or DASH for position in one.positions)
    return (format_day(one.date), _changed(one), one.rack, first, second)


def _changed(one: Move | Stand) -> str:
    return one.change if one.was is None else f"{one.change}, was {format_day(one.was)}"
