"""What stood before stands where it stood."""

from __future__ import annotations

from collections.abc import Iterator

from capalloc.schema.rules import Rule
from capalloc.schema.verdict import Violation
from capalloc.verify.case import found
from capalloc.verify.placed.case import PlacedCase


def check(case: PlacedCase) -> Iterator[Violation]:
    """Lines of ``occupied`` that are gone."""
    kept = {(line.request, line.position) for line in case.placed}
    for line in case.occupied:
        if (line.request, line.position) not in kept:
            message = f"a rack of {line.request} stood on {line.position} and is gone from there"
            yield found(Rule.PINS, line.position, None, 1, 0, "racks", message)
