"""Which units of a rack each hold of it reserves, beside those that people have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from capalloc.exports.netbox.holds import Hold
from capalloc.exports.netbox.spots import shared_units
from capalloc.imports.missing import Tally

_MEND = "people have reserved the others, and NetBox gives no unit to two reservations"


def slots_of(
    free: Sequence[int], holds: Sequence[Hold], rack: str, tally: Tally
) -> Iterator[tuple[Hold, tuple[int, ...]]]:
    """Each hold with its units, of those that are free, from below; a hold that finds none is counted."""
    for hold, units in zip(holds, shared_units(free, len(holds)), strict=True):
        if units:
            yield hold, units
        else:
            tally.add("times in a rack that has no unit left", f"{rack} ({hold.description})", _MEND)
