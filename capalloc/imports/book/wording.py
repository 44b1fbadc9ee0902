"""What a workbook says beside its cells: the meaning of each column."""

from __future__ import annotations

from pydantic.fields import FieldInfo

from capalloc.imports.book.contents import Header
from capalloc.imports.book.layout import Column, Sheet, kind_of

_LABEL = "A label of your own: it changes nothing, unless a demand's where or an outage names it."


def meaning(header: Header, sheet: Sheet) -> str:
    """What stands in a column, what it may hold and what an empty cell means."""
    column = header.column
    if column is None:
        return _LABEL
    sentences = [
        (column.field.description or "").replace("``", ""),
        *_kind(column),
        _empty(column),
        _for(column, sheet),
    ]
    return " ".join(sentence for sentence in sentences if sentence)


def _kind(column: Column) -> list[str]:
    if column.choices:
        return [f"One of: {', '.join(column.choices)}."]
    if column.dated:
        return ["A date."]
    return ["Several are parted by commas."] if column.listed else []


def _empty(column: Column) -> str:
    """What an empty cell means."""
    field = column.field
    if len(column.records) > 1 or column.labels:
        return ""
    if not field.is_required():
        default = _default(field)
        return f"Empty: {default}." if default else "May be empty."
    if len(column.keys) > 1 and column.keys[0] != "horizon":
        return f"Needed beside another {column.keys[0]}."
    return "Needed."


def _default(field: FieldInfo) -> str:
    if field.default is True or field.default is False:
        return "yes" if field.default else "no"
    if isinstance(field.default, float):
        return f"{field.default:g}"
    return str(field.default) if isinstance(field.default, str | int) else ""


def _for(column: Column, sheet: Sheet) -> str:
    """Which rows of a sheet of several kinds have the column."""
    kinds = [kind_of(record) for record in column.records if kind_of(record)]
    return f"For: {', '.join(kinds)}." if kinds and len(kinds) < len(sheet.records) else ""
