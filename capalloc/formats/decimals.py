"""Numbers whose point may be meant to part thousands, as in ``150.000``."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from capalloc.errors import Problem
from capalloc.formats.node import Loc, Node
from capalloc.formats.scalar import number

THREE_DECIMALS = re.compile(r"\s*[1-9][0-9]{0,2}\.[0-9]{3}\s*")
_ZEROS = re.compile(r"\s*[1-9][0-9]{0,2}\.000\s*")
_LEAST_THOUSAND = 1000
_FEW = 3
"""Most warnings of one column; the rest is counted."""


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


def misreadings(cells: Sequence[str]) -> Iterator[tuple[int, str]]:
    """(row, sentence) for the doubtful cells of a column; of many the first few, and how many more there are."""
    found = list(doubtful(cells))
    yield from found[:_FEW]
    if len(found) > _FEW:
        yield found[_FEW][0], f"and {len(found) - _FEW:,} more like these in this column"


def doubtful_numbers(root: Node, keys: Collection[str]) -> Iterator[Problem]:
    """Warnings of numbers under ``keys`` in a YAML file: those of one key are judged as a column of a table is."""
    columns: dict[str, list[tuple[Loc, Node]]] = defaultdict(list)
    for loc, node in _numbers(root, ()):
        if loc[-1] in keys:
            columns[str(loc[-1])].append((loc, node))
    for found in columns.values():
        cells = [node.written or str(node.content) for _, node in found]
        for row, sentence in misreadings(cells):
            yield root.problem(found[row][0], sentence)


def _numbers(node: Node, loc: Loc) -> Iterator[tuple[Loc, Node]]:
    """The numbers of mappings below a node, with their paths."""
    for key, child in node.items():
        if isinstance(child.content, int | float) and not isinstance(child.content, bool):
            yield (*loc, key), child
        else:
            yield from _numbers(child, (*loc, key))
    for index, child in enumerate(node.elements()):
        yield from _numbers(child, (*loc, index))


def misreading(text: str) -> str:
    """The sentence on a number that may be misread."""
    found, meant = text.strip(), int(text.strip().replace(".", ""))
    return f"found {found}: read as {float(found):g}; if {meant:,} is meant, write {meant}"


def _from_thousand(cell: str) -> bool:
    value = number(cell.strip())
    return value is not None and value >= _LEAST_THOUSAND
