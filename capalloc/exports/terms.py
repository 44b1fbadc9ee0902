"""The days on which racks are a demand's: those of the plan, as far as its term reaches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from capalloc.analysis.base import Base
from capalloc.schema.plan import Assignment


def within_terms(base: Base, spans: Iterable[Assignment]) -> Iterator[Assignment]:
    """Spans of a plan, which begin and end with periods, cut to the term in force of whom they serve.

    A plan holds a rack for the whole of a period that a term touches; before and after the term nobody pays for it.
    """
    terms = {one.demand.name: one.term for one in base.instance.demands}
    for span in spans:
        start, until = terms[span.demand].overlap(span.start, span.until)
        if start < until:
            yield span.replace(start=start, until=until)
