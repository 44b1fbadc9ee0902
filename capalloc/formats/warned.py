"""Warnings of reading: what is odd and yet no error, each with its place, kept beside what was read."""

from __future__ import annotations

from weakref import ref

from capalloc.errors import Problem
from capalloc.formats.problems import first_warnings
from capalloc.schema.checks.usual import unusual
from capalloc.schema.facility import Facility
from capalloc.schema.record import Record
from capalloc.schema.scenario import Scenario
from capalloc.told import Told

_WARNED: Told[Problem] = Told("warnings of what is being read")
warnings_heard, warn = _WARNED.heard, _WARNED.tell
"""The warnings that are given inside, in their order; give some to whoever hears them."""
_KEPT: dict[int, tuple[ref[Record], tuple[Problem, ...]]] = {}


def keep_warnings(record: Scenario | Facility, warnings: list[Problem]) -> None:
    """Remember the warnings of a record for as long as it lives."""
    key = id(record)
    _KEPT[key] = ref(record, lambda _: _KEPT.pop(key, None)), tuple(first_warnings(warnings))


def warnings_of(record: Scenario | Facility) -> tuple[Problem, ...]:
    """What is odd about a scenario or facility and yet no error: the program goes on with it as it stands.

    Of a record that was loaded they name file and line, and tell of cells that may be misread. Of one made in Python,
    or changed since, they tell of its values alone.
    """
    if id(record) in _KEPT:
        return _KEPT[id(record)][1]
    return tuple(first_warnings(fault.problem() for fault in unusual(record)))
