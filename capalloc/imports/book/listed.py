"""Several texts in one cell, parted by commas; one that holds a comma or begins with a quote stands in quotes."""

from __future__ import annotations

import csv
from collections.abc import Iterable

from capalloc.formats.scalar import needs_quotes


def as_list(texts: Iterable[str]) -> str:
    """The cell that lists these texts."""
    return ", ".join(map(_quoted, texts))


def listed(cell: str) -> list[str]:
    """The texts of a cell. Raises ValueError with a sentence where a quote is not closed."""
    try:
        return next(csv.reader([cell], skipinitialspace=True, strict=True), [])
    except csv.Error as error:
        raise ValueError(f"found {cell!r}, expected names parted by commas: {error}") from error


def _quoted(text: str) -> str:
    plain = text == text.strip() and not needs_quotes(text)
    return text if plain else '"' + text.replace('"', '""') + '"'
