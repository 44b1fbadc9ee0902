"""The feeds of racks as circuits: one leaf of the power forest on each side of a rack."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import floor

from capalloc.imports.inventory.naming import natural
from capalloc.imports.inventory.records import Feed, Inventory, Side
from capalloc.imports.missing import Tally
from capalloc.schema.checks.magnitude import MOST_KW

_NO_SITE_KW = 1e12
"""What nothing carries: slips of that size are not rounded."""


@dataclass(frozen=True, slots=True)
class Circuits:
    """The feeds of one rack on one side: one leaf."""

    side: Side
    feeds: tuple[Feed, ...]

    @property
    def kw(self) -> float:
        """Rating of all of them, rounded down to watts."""
        return watts_down(sum(feed.kw for feed in self.feeds))

    @property
    def max_utilization(self) -> float:
        """Of the one that may be used least."""
        return min(feed.max_utilization for feed in self.feeds)

    @property
    def limits(self) -> dict[str, float]:
        """What circuits carry, which is no more after a loss: breakers are not rated higher for it."""
        usable = watts_down(self.kw * self.max_utilization)
        return {"rated_kw": self.kw, "max_utilization": self.max_utilization, "failover_kw": usable}


def watts_down(kw: float) -> float:
    """A capacity rounded down to whole watts; what binary noise takes off a whole watt stays."""
    return floor(kw * 1000 + 1e-6) / 1000 if kw < _NO_SITE_KW else kw


def usable_feeds(inventory: Inventory, tally: Tally) -> list[Feed]:
    """The feeds that carry something to a rack or panel; the others are counted."""
    return [feed for feed in inventory.feeds if _usable(feed, inventory, tally)]


def _usable(feed: Feed, inventory: Inventory, tally: Tally) -> bool:
    if feed.status != "active":
        tally.add(f"feeds that are {feed.status}", feed.where, "they carry nothing; racks hang on another feed, if any")
    elif feed.panel not in inventory.panel_by_key:
        tally.add("feeds whose panel is not known", feed.where, "they carry nothing")
    elif feed.rack is None and feed.destination is None:
        tally.add("feeds that go nowhere", feed.where, "give them a rack")
    elif feed.voltage_v is None or feed.amperage_a is None:
        tally.add("feeds of unknown V or A", feed.where, "give both; until then racks hang on another feed, if any")
    elif not feed.kw:
        tally.add("feeds of 0 V or 0 A", feed.where, "give both; until then racks hang on another feed, if any")
    elif not (0 < feed.kw <= MOST_KW and 0 < feed.max_utilization <= 1):
        tally.add("feeds whose volts, amperes or share cannot be", feed.where, "they carry nothing; correct them")
    elif feed.rack is not None and feed.rack not in inventory.rack_by_key:
        tally.add("feeds whose rack is not known", feed.where)
    elif feed.rack is None and feed.destination not in inventory.panel_by_key:
        tally.add("feeds whose destination panel is not known", feed.where, "they carry nothing")
    else:
        return True
    return False


def circuits_of(feeds: Iterable[Feed], tally: Tally) -> dict[str, list[Circuits]]:
    """Of each rack, one leaf on each side."""
    of_rack: dict[str, list[Feed]] = defaultdict(list)
    for feed in feeds:
        if feed.rack is not None:
            of_rack[feed.rack].append(feed)
    return {rack: list(_sides(fed, tally)) for rack, fed in of_rack.items()}


def _sides(feeds: list[Feed], tally: Tally) -> Iterator[Circuits]:
    by_panel: dict[tuple[Side | None, str | None], list[Feed]] = defaultdict(list)
    for feed in sorted(feeds, key=lambda feed: (feed.side or "a", natural(feed.name))):
        by_panel[feed.side, feed.panel].append(feed)
    groups = list(by_panel.items())
    if len(groups) == 2 and groups[0][0][0] == groups[1][0][0]:
        tally.add(
            "racks whose two feeds are of one type",
            groups[1][1][0].where,
            "taken as A and B by their names; make one of them redundant",
        )
        yield from (Circuits("a", tuple(groups[0][1])), Circuits("b", tuple(groups[1][1])))
        return
    taken: set[Side] = set()
    for (given, _), fed in groups:
        side: Side = given or "a"
        if side in taken:
            for feed in fed:
                tally.add("feeds beside two others", feed.where, "a position has two feeds; these carry nothing")
            continue
        taken.add(side)
        yield Circuits(side, tuple(fed))
