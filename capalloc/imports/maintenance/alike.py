"""Places of a site that are the same racks under several names: a hall that is one row, a label of all of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property

from capalloc.imports.maintenance.place import Place
from capalloc.schema.facility import Facility

_Meant = tuple[str, ...]


class Alike:
    """Tells which places mean the same positions, and racks that stand on none."""

    def __init__(self, site: Facility) -> None:
        self._site = site

    def distinct(self, places: Mapping[str, Place]) -> dict[str, Place]:
        """Of places that mean the same the first alone; a power node is never what racks are."""
        if len(places) < 2:
            return dict(places)
        first: dict[object, str] = {}
        for words, place in places.items():
            first.setdefault(self._members[_meant(place)] if place.node is None else words, words)
        return {words: places[words] for words in first.values()}

    @cached_property
    def _members(self) -> Mapping[_Meant, frozenset[str]]:
        found: dict[_Meant, set[str]] = defaultdict(set)
        for one in self._site.positions:
            for key in (
                ("hall", one.hall),
                ("row", one.row),
                ("row", one.row_key),
                *(("label", *item) for item in one.labels.items()),
            ):
                found[key].add(one.name)
        for rack in self._site.racks:
            for item in rack.labels.items():
                found["label", *item].add(rack.position or f"rack {rack.name}")
        return {key: frozenset(names) for key, names in found.items()}


def _meant(place: Place) -> _Meant:
    if place.label is not None:
        ((key, (value,)),) = place.label.items()
        return ("label", key, value)
    return ("hall", place.hall) if place.hall is not None else ("row", place.row or "")
