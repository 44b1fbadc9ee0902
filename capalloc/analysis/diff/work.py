"""Work that the second plan adds, shifts or drops, rack by rack."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from capalloc.analysis.diff.spans import Doing, Switch, Timeline, of_rack, switches
from capalloc.schema.diff import Change


@dataclass(frozen=True, slots=True)
class Work:
    """A switch of one rack that one plan has and the other has not, or has on another day."""

    rack: str
    change: Change
    switch: Switch
    was: date | None = None
    last: str | None = None
    """Whom the rack served last, where it comes to another demand."""
    free_since: date | None = None
    next: str | None = None
    """Whom it serves next, where it stops serving somebody."""
    next_on: date | None = None


def work_between(first: Mapping[str, Timeline], second: Mapping[str, Timeline], start: date) -> Iterator[Work]:
    """What turns the first plan's switches into the second's; both begin from what the first does on the first day."""
    for rack in sorted(first.keys() | second.keys()):
        old, new = of_rack(first, rack, start), of_rack(second, rack, start)
        if old != new:
            yield from _work(rack, old, new)


def _work(rack: str, old: Timeline, new: Timeline) -> Iterator[Work]:
    today = old[0][1]
    planned, wanted = list(switches(old, today)), list(switches(new, today))
    gone = _by_kind([one for one in planned if one not in set(wanted)])
    kept = set(planned)
    for one in wanted:
        if one in kept:
            continue
        days = gone[one.before, one.after]
        was = days.pop(0) if days else None
        hands = (*_last(wanted, one, today, new[0][0]), *_next(wanted, one))
        yield Work(rack, "new" if was is None else "rescheduled", one, was, *hands)
    for (before, after), days in gone.items():
        yield from (Work(rack, "cancelled", Switch(day, before, after)) for day in days)


def _by_kind(found: Sequence[Switch]) -> dict[tuple[Doing, Doing], list[date]]:
    """Days of switches from the one to the other."""
    days: dict[tuple[Doing, Doing], list[date]] = defaultdict(list)
    for one in found:
        days[one.before, one.after].append(one.day)
    return days


def _last(wanted: Sequence[Switch], one: Switch, today: Doing, start: date) -> tuple[str | None, date | None]:
    """Whom a rack that comes to a demand served last, and since when it has not; nothing where it is the same."""
    last, since = (today.demand, start) if today.state == "serves" else (None, None)
    for other in wanted:
        if other.before.state == "serves":
            last, since = other.before.demand, other.day
        if other == one:
            break
    changes_hands = one.after.state == "serves" and last is not None and last != one.after.demand
    return (last, since) if changes_hands else (None, None)


def _next(wanted: Sequence[Switch], one: Switch) -> tuple[str | None, date | None]:
    """Whom a rack that stops serving serves next, and from when on; nothing where it goes on at once, or never."""
    if one.before.state != "serves" or one.after.state == "serves":
        return None, None
    later = (other for other in wanted if other.day > one.day and other.after.state == "serves")
    return next(((other.after.demand, other.day) for other in later), (None, None))
