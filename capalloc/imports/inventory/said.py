"""What custom fields and the mapping file say of a thing, by column of our tables."""

from __future__ import annotations

from datetime import date
from typing import Any

from capalloc.formats.rows import CellReader, columns
from capalloc.imports.inventory.mapping import MappingFile
from capalloc.imports.inventory.records import Thing, Value
from capalloc.imports.missing import Tally

_OURS = "capalloc_"
"""Before the name of a custom field, where its owner tells ours from others'."""


def said_by_fields(thing: Thing, table: str, mapping: MappingFile, tally: Tally) -> dict[str, Any]:
    """The values of a table's columns that custom fields hold; cells that cannot be read are counted.

    Fields are named as the columns, with or without ``capalloc_`` before, or as the mapping file says.
    """
    found: dict[str, Any] = {}
    for key, read in columns(table).items() if thing.fields else ():
        value = _field(thing, key, mapping)
        if value is None or key == "name":
            continue
        try:
            found[key] = _read(read, value)
        except ValueError as error:
            tally.add(
                "custom fields that cannot be read", f"{thing.where} ({key}: {error})", "correct them in the source"
            )
    return found


def days_said(thing: Thing, mapping: MappingFile, tally: Tally) -> tuple[date | None, date | None]:
    """The days in its fields ``from`` and ``until``, None where open."""
    said = said_by_fields(thing, "supplies", mapping, tally)  # whose days have these names
    return said.get("from"), said.get("until")


def _field(thing: Thing, key: str, mapping: MappingFile) -> Value | None:
    names = (mapping.fields[key],) if key in mapping.fields else (_OURS + key, key)
    return next((thing.fields[name] for name in names if name in thing.fields), None)


def _read(read: CellReader, value: Value) -> Any:
    if isinstance(value, bool):
        return read("yes" if value else "no")
    return read(f"{value:g}" if isinstance(value, float) and value.is_integer() else str(value))
