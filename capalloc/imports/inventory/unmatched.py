"""Names and patterns of the mapping file that mean nothing of an inventory: slips, which would be lost in silence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from capalloc.imports.inventory.mapping import MappingFile
from capalloc.imports.inventory.records import Thing
from capalloc.imports.missing import Tally


def count_unmatched(
    key: str, things: Iterable[Thing], names: Mapping[str, str], mapping: MappingFile, tally: Tally
) -> None:
    """Count what the mapping file says under ``panels`` or ``racks`` of things that are none of these.

    ``names`` are those that our tables have for them, by key.
    """
    said = mapping.panel_words if key == "panels" else mapping.rack_words
    known = {name for thing in things for name in (thing.name, names[thing.key])} if said.said else set()
    count_words(key, said.unmatched(known), tally)


def count_words(key: str, unmatched: Iterable[str], tally: Tally) -> None:
    """Count names that stand under a key of the mapping file and mean nothing."""
    for name in unmatched:
        mend = "what it says there counts for nothing; correct the name, or take it out"
        tally.add("names in the mapping file that mean nothing here", f"{name} (under {key})", mend)
