"""A demand occupies a row, block or hall in lots of at least its minimum of one rack type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from capalloc.schema.demand import Locality
from capalloc.schema.facility import Position
from capalloc.schema.rules import Rule
from capalloc.schema.verdict import Violation
from capalloc.verify.case import Case, found
from capalloc.verify.fleet import Bay
from capalloc.verify.when import Amount, over_time

_Lot = tuple[str, str, str]
"""Demand, place, rack type."""


def check(case: Case) -> Iterator[Violation]:
    """Lots that are too small, and racks outside any block."""
    local = {name: demand.locality for name, demand in case.demands.items() if demand.locality is not None}
    if local:
        yield from _lots(case, local)
        yield from _outside(case, local)


def _lots(case: Case, local: Mapping[str, Locality]) -> Iterator[Violation]:
    for period, lots in zip(case.periods, over_time(_amounts(case, local), len(case.periods)), strict=True):
        for (demand, place, kind), racks in lots.items():
            least = local[demand].min_racks
            if racks < least:
                level = local[demand].level.replace("_", " ")
                message = f"{demand} has {racks} {kind} racks in {level} {place}, at least {least} needed"
                yield found(Rule.LOCALITY, place, period, racks, least, "racks", message)


def _amounts(case: Case, local: Mapping[str, Locality]) -> Iterator[Amount[_Lot]]:
    """Racks by lot."""
    for batch in case.roster.serving:
        position = batch.bay.position
        if batch.demand in local and position is not None:
            place = _place(position, local[batch.demand])
            if place is not None:
                yield (batch.demand, place, batch.bay.kind.name), batch.first, batch.end, batch.racks


def _outside(case: Case, local: Mapping[str, Locality]) -> Iterator[Violation]:
    """Racks on positions outside any block, of demands that want blocks."""
    if not any(_blockless(batch.bay, local.get(batch.demand)) for batch in case.roster.serving):
        return
    for rack, stays in case.roster.stays.items():
        for stay in stays:
            if _blockless(case.fleet.racks[rack].bay, local.get(stay.demand)):
                message = f"rack {rack} serves {stay.demand} outside any fabric block"
                for period in case.periods[stay.first : stay.end]:
                    yield found(Rule.LOCALITY, rack, period, 1, 0, "racks", message)


def _blockless(bay: Bay, locality: Locality | None) -> bool:
    return locality is not None and bay.position is not None and _place(bay.position, locality) is None


def _place(position: Position, locality: Locality) -> str | None:
    if locality.level == "fabric_block":
        return position.fabric_block
    return position.row_key if locality.level == "row" else position.hall
