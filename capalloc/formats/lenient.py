"""Cells as people and other programs write them, made cells as the format has them: 80%, 48U, Active, 0,5."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, get_args, get_origin

from capalloc.spelling import folded

_PERCENT = re.compile(r"\s*(\d{1,6}(?:\.\d{1,9})?)\s*%\s*")
_UNITS = re.compile(r"\s*(\d{1,4})\s*[uU]\s*")
"""A place or a height in rack units, as inventories print it."""
_COMMA = re.compile(r"\s*[-+]?(?:\d+|\d{1,3}(?:\.\d{3})+)?,\d+\s*%?\s*")
_POINT = re.compile(r"\s*[-+]?\d+\.\d+\s*%?\s*")


@dataclass(frozen=True, slots=True)
class Reading:
    """Cells of a column as the format has them."""

    cells: Sequence[str]
    changed: int = 0
    """How many were written otherwise."""
    row: int = 0
    """The first of these."""
    was: str = ""
    """How that was written."""

    @property
    def sentence(self) -> str:
        """What is read as what."""
        more = f", and {self.changed - 1:,} more of this column likewise" if self.changed > 1 else ""
        return f"found {self.was!r}, read as {self.cells[self.row]}{more}"


def respelt(name: str, annotation: Any, share: bool, cells: Sequence[str]) -> Reading:
    """The cells of a column whose values have this type; ``share``: they are from 0 to 1."""
    words = {folded(word): word for word in choices(annotation)}
    if words:
        return _each(cells, lambda cell: words.get(folded(cell), cell))
    if share:
        return _each(cells, _share)
    return _each(cells, _place) if name == "index" else Reading(cells)


def with_points(cells: Sequence[str]) -> Reading:
    """The cells of a column of numbers, where a comma begins their decimals and a point parts their thousands."""
    return _each(cells, lambda cell: cell.replace(".", "").replace(",", ".") if _COMMA.fullmatch(cell) else cell)


def has_comma(cells: Collection[str]) -> bool:
    """Whether a number among these cells has a decimal comma."""
    return any("," in cell and _COMMA.fullmatch(cell) for cell in cells)


def pointed(cells: Sequence[str]) -> Iterator[tuple[int, str]]:
    """(row, sentence) for each number with a point, in a table whose numbers have decimal commas."""
    for row, cell in enumerate(cells):
        if "." in cell and _POINT.fullmatch(cell):
            yield row, f"found {cell.strip()} beside numbers with decimal commas; write either commas or points in all"


def choices(annotation: Any) -> tuple[str, ...]:
    """The words that values of a type may be; none where anything may stand."""
    if get_origin(annotation) is Literal:
        return get_args(annotation)
    return tuple(word for part in get_args(annotation) if not isinstance(part, str) for word in choices(part))


def _each(cells: Sequence[str], read: Callable[[str], str]) -> Reading:
    changes = {cell: new for cell in set(cells) if cell and (new := read(cell)) != cell}
    if not changes:
        return Reading(cells)
    changed = [row for row, cell in enumerate(cells) if cell in changes]
    first = changed[0]
    return Reading([changes.get(cell, cell) for cell in cells], len(changed), first, cells[first])


def _share(cell: str) -> str:
    found = _PERCENT.fullmatch(cell)
    return str(Decimal(found[1]).scaleb(-2)) if found else cell


def _place(cell: str) -> str:
    found = _UNITS.fullmatch(cell)
    return found[1] if found else cell
