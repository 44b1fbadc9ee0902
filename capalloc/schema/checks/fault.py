"""What a check between records reports, and the checks that every table shares."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from capalloc.calendar import format_day
from capalloc.errors import Problem, ScenarioError
from capalloc.spelling import nearest

Loc = tuple[str | int, ...]
"""Path of a value in a scenario, with the keys that files use."""

_MOST_HINTS = 5
_MOST_COMPARED = 5000
_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong between records."""

    loc: Loc
    message: str

    def problem(self) -> Problem:
        """The fault as a problem of input that came from Python objects."""
        return Problem("", 0, ".".join(map(str, self.loc)), self.message)


def refuse(faults: Iterable[Fault]) -> None:
    """Raise a ScenarioError when there are faults."""
    problems = [fault.problem() for fault in faults]
    if problems:
        raise ScenarioError(problems)


def named(names: Iterable[str]) -> str:
    """The first few of many names, and how many more there are: ``'a', 'b', 'c' and 4 more``."""
    every = list(names)
    more = f" and {len(every) - _MOST_NAMED:,} more" if len(every) > _MOST_NAMED else ""
    return ", ".join(map(repr, every[:_MOST_NAMED])) + more


class KnownNames:
    """The names that a kind of reference may use."""

    def __init__(self, what: str, names: Iterable[str]) -> None:
        self.what = what
        self._names = dict.fromkeys(names)
        self._hints = 0

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def missing(self, loc: Loc, name: str) -> Iterator[Fault]:
        """A fault when nothing has the name; the first few suggest the nearest name there is."""
        if name not in self._names:
            yield Fault(loc, f"unknown {self.what} {name!r}{self._hint(name)}")

    def _hint(self, name: str) -> str:
        if not self._names:
            return f"; there is no {self.what} at all"
        self._hints += 1
        if self._hints > _MOST_HINTS or len(self._names) > _MOST_COMPARED:
            return ""
        near = nearest(name, self._names)
        return f"; did you mean {near!r}?" if near else f"; such as {next(iter(self._names))!r} is known"


def duplicates(what: str, named: Iterable[tuple[Loc, str]]) -> Iterator[Fault]:
    """A fault for each name that an earlier record of the kind already has."""
    seen: set[str] = set()
    for loc, name in named:
        if name in seen:
            yield Fault(loc, f"duplicate name {name!r}: another {what} has it")
        seen.add(name)


def dates_in_order(
    loc: Loc, start: tuple[str, date | None], until: tuple[str, date | None], at: str = ""
) -> Iterator[Fault]:
    """A fault when (key, day) ``until`` is not after (key, day) ``start``; it points at ``until`` or at ``at``."""
    (start_key, first), (until_key, end) = start, until
    if first is not None and end is not None and end <= first:
        message = f"{until_key} {format_day(end)} is not after {start_key} {format_day(first)}"
        yield Fault((*loc, at or until_key), message)
