"""A rack is placed only where every feed that is to carry it is energised."""

from __future__ import annotations

from collections.abc import Iterator

from capalloc.schema.facility import Position
from capalloc.schema.rules import Rule
from capalloc.schema.verdict import Violation
from capalloc.verify.case import found
from capalloc.verify.placed.case import PlacedCase
from capalloc.verify.when import has


def check(case: PlacedCase) -> Iterator[Violation]:
    """Racks added on positions without power; what stood there before may stay."""
    for line in case.added:
        position = case.positions.get(line.position)
        for feed in _dead(case, position) if position is not None else ():
            message = f"a rack of {line.request} is placed on {line.position}, but its feed {feed} is not energised"
            yield found(Rule.AVAILABILITY, line.position, case.day, 1, 0, "racks", message)
        if line.position in case.shut:
            message = f"a rack of {line.request} is placed on {line.position}, which is in an outage"
            yield found(Rule.AVAILABILITY, line.position, case.day, 1, 0, "racks", message)


def _dead(case: PlacedCase, position: Position) -> list[str]:
    """Feeds with a share of the draw that are not energised."""
    live, index = case.site.live, case.site.index
    return [feed for feed, share in position.shares if share > 0 and not has(live[index[feed]], case.day.index)]
