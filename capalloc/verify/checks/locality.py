"""A demand occupies a row, block or hall in lots of at least its minimum of one rack type."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from capalloc.calendar import Period
from capalloc.schema.demand import Demand, Locality
from capalloc.schema.facility import Position
from capalloc.schema.rules import Rule
from capalloc.schema.verdict import Violation
from capalloc.verify.case import Case, found


def check(case: Case) -> Iterator[Violation]:
    """Lots that are too small, and racks outside any block."""
    for demand in case.demands.values():
        if demand.locality is not None:
            for period in case.periods:
                yield from _lots(case, demand, demand.locality, period)


def _lots(case: Case, demand: Demand, locality: Locality, period: Period) -> Iterator[Violation]:
    lots: Counter[tuple[str, str]] = Counter()
    for standing in case.served(demand, period):
        if standing.position is None:
            continue
        place = _place(standing.position, locality.level)
        if place is None:
            rack = standing.rack.name
            message = f"rack {rack} serves {demand.name} outside any fabric block"
            yield found(Rule.LOCALITY, rack, period, 1, 0, "racks", message)
        else:
            lots[place, standing.kind.name] += 1
    for (place, kind), racks in sorted(lots.items()):
        if racks < locality.min_racks:
            level = locality.level.replace("_", " ")
            message = f"{demand.name} has {racks} {kind} racks in {level} {place}, at least {locality.min_racks} needed"
            yield found(Rule.LOCALITY, place, period, racks, locality.min_racks, "racks", message)


def _place(position: Position, level: str) -> str | None:
    if level == "fabric_block":
        return position.fabric_block
    return position.row_key if level == "row" else position.hall
