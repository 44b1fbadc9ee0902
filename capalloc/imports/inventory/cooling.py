"""Cooling sources as zones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from capalloc.imports.inventory.circuits import watts_down
from capalloc.imports.inventory.mapping import MappingFile
from capalloc.imports.inventory.naming import unique_names
from capalloc.imports.inventory.records import CoolingFeed, CoolingSource, Inventory
from capalloc.imports.missing import Tally
from capalloc.schema.facility import CoolingZone

_AIR = frozenset({"crac", "crah"})


@dataclass(frozen=True, slots=True)
class Cooled:
    """The zones of an inventory."""

    zones: tuple[CoolingZone, ...]
    zone_of: Mapping[str, str]
    """Of each rack, by its key, the zone that it is in."""


def cooling_of(inventory: Inventory, mapping: MappingFile, tally: Tally) -> Cooled:
    """A zone for each source, with one limit on liquid and air together; a rack is in that of its first feed."""
    sources = {source.key: source for source in inventory.cooling_sources if _usable(source, tally)}
    inside = {key: "/".join(place.name for place in inventory.path(one.place)) for key, one in sources.items()}
    names = unique_names(list(sources.values()), inside, [zone.name for zone in mapping.cooling])
    of_rack: dict[str, list[CoolingFeed]] = defaultdict(list)
    for feed in inventory.cooling_feeds:
        if feed.source not in sources or feed.status != "active":
            tally.add("cooling feeds without an active source", feed.where, "they cool nothing")
        elif feed.rack is not None:
            of_rack[feed.rack].append(feed)
    zones = tuple(
        CoolingZone(name=names[key], total_kw=watts_down(one.cooling_kw or 0.0)) for key, one in sources.items()
    )
    return Cooled(
        (*mapping.cooling, *zones), {rack: names[_first(feeds, sources, tally)] for rack, feeds in of_rack.items()}
    )


def _usable(source: CoolingSource, tally: Tally) -> bool:
    if source.status != "active":
        tally.add(f"cooling sources that are {source.status}", source.where, "they cool nothing")
    elif source.cooling_kw is None or source.cooling_kw <= 0:
        tally.add("cooling sources without a capacity", source.where, "they limit nothing; give their cooling capacity")
    else:
        return True
    return False


def _first(feeds: list[CoolingFeed], sources: Mapping[str, CoolingSource], tally: Tally) -> str:
    """The source that a rack's zone is: one of liquid before one of air."""
    keys = dict.fromkeys(feed.source or "" for feed in feeds)
    ordered = sorted(keys, key=lambda key: (sources[key].kind in _AIR, sources[key].name))
    for feed in feeds if len(keys) > 1 else ():
        if feed.source != ordered[0]:
            tally.add("cooling feeds beside another", feed.where, "a position is in one zone; these cool nothing")
    return ordered[0]
