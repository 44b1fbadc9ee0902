"""Writes a difference to a NetBox, in as few requests as keep each whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter

from capalloc.errors import Problem, ScenarioError
from capalloc.exports.netbox.difference import Change
from capalloc.exports.netbox.remote import Remote

_METHODS = {"create": "POST", "change": "PATCH", "delete": "DELETE"}
_AT_ONCE = 100
"""Objects in one request; NetBox writes all of them or none."""

Written = Callable[[int, int], None]
"""Hears how many changes are written, of how many."""


def write(remote: Remote, changes: Sequence[Change], written: Written | None = None) -> None:
    """Write all changes. Raises ScenarioError where NetBox refuses; it says how many were written before."""
    done = 0
    for chunk in _chunks(changes):
        first = chunk[0]
        try:
            remote.send(_METHODS[first.action], first.endpoint, [change.sent for change in chunk])
        except ScenarioError as error:
            tried = f"{first.what}" if len(chunk) == 1 else f"{first.what} and {len(chunk) - 1} more"
            sentence = f"{done:,} of {len(changes):,} changes were written before it; run again to write the rest"
            problems = [Problem(one.file, 0, f"{first.action} {tried}", one.message) for one in error.problems]
            raise ScenarioError([*problems, Problem(problems[0].file, 0, "", sentence)]) from error
        done += len(chunk)
        if written is not None:
            written(done, len(changes))


def _chunks(changes: Sequence[Change]) -> Iterator[list[Change]]:
    """Neighbours that do the same to objects of one kind."""
    for _, group in groupby(changes, key=attrgetter("action", "endpoint")):
        alike = list(group)
        for first in range(0, len(alike), _AT_ONCE):
            yield alike[first : first + _AT_ONCE]
