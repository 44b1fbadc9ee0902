"""Numbers whose point may be meant to part thousands, as in ``150.000``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from capalloc.formats.scalar import number

THREE_DECIMALS = re.compile(r"\s*[1-9][0-9]{0,2}\.[0-9]{3}\s*")
_ZEROS = re.compile(r"\s*[1-9][0-9]{0,2}\.000\s*")
_LEAST_THOUSAND = 1000


def doubtful(cells: Sequence[str]) -> Iterator[tuple[int, str]]:
    """(row, sentence) for the cells of a column of numbers that may be thousands.

    They have one to three digits, a point and three digits. Where these are zeros, that is enough; else the other
    numbers of the column must be whole and from 1,000. A column with any other decimals uses its points as such.
    """
    matching = [(row, cell) for row, cell in enumerate(cells) if "." in cell and THREE_DECIMALS.fullmatch(cell)]
    if not matching:
        return
    rows = {row for row, _ in matching}
    others = [cell for row, cell in enumerate(cells) if row not in rows and cell.strip()]
    if any("." in cell for cell in others):
        return
    thousands = bool(others) and all(_from_thousand(cell) for cell in others)
    for row, cell in matching:
        if thousands or _ZEROS.fullmatch(cell):
            yield row, misreading(cell)


def misreading(text: str) -> str:
    """The sentence on a number that may be misread."""
    found, meant = text.strip(), int(text.strip().replace(".", ""))
    return f"found {found}: read as {float(found):g}; if {meant:,} is meant, write {meant}"


def _from_thousand(cell: str) -> bool:
    value = number(cell.strip())
    return value is not None and value >= _LEAST_THOUSAND
