"""Compact templates of ``facility.yaml``: blocks that stand for many rows of a table.

A block has columns and labels (beside them, or as a mapping ``labels``), and may have ``each`` (variables whose
combinations give one row each, the first outermost), ``cycle`` (variables that follow another's place in its list) and
``source``, ``confidence``. In a text ``{var}``, ``{var:02}`` and ``{var.key}`` are replaced; nothing else is evaluated.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import repeat
from math import prod
from typing import Any

from capalloc.errors import Problem
from capalloc.formats.node import Node, Rejected
from capalloc.formats.rows import (
    TWO_SOURCES,
    CellReader,
    Table,
    Unreadable,
    column_fault,
    columns,
    read_column,
    records,
)
from capalloc.formats.scalar import flag_cell, number_cell, shown, text_cell, thousands_hint
from capalloc.formats.slips import unvalued
from capalloc.schema.record import Record

MOST_ROWS = 2_000_000
"""Most rows of a table that templates may stand for."""

_BLOCK_KEYS = ("each", "cycle", "source", "confidence")
_RANGE = re.compile(r"(\d{1,9})-(\d{1,9})")
_HOLE = re.compile(r"\{([A-Za-z_]\w*)(?:\.([A-Za-z_]\w*))?(?::(0\d))?\}")


@dataclass(frozen=True, slots=True)
class _Variable:
    """A variable over the rows of a block."""

    values: Sequence[Any]
    at: Sequence[int]
    """For each row, which of the values it has."""


Variables = dict[str, _Variable]
Column = Sequence[Any]
"""A value for each row; None or Unreadable as in :func:`records`."""


@dataclass(frozen=True, slots=True)
class _Cycle:
    by: str
    of: Sequence[Any]


def render_table(table: str, blocks: Node, problems: list[Problem]) -> Table:
    """The table that a list of blocks stands for; problems are appended."""
    if not isinstance(blocks.content, list):
        problems.append(blocks.problem((), f"found {shown(blocks.plain)}, expected a list of blocks"))
        return Table()
    rendered: list[Record] = []
    places: list[Node] = []
    for index, block in enumerate(blocks.content):
        place = replace(block, base=(*(blocks.base or ()), index))
        try:
            found = _Block(table, place, MOST_ROWS - len(rendered)).records()
        except Rejected as error:
            problems += error.problems
            continue
        rendered += found
        places += [place] * len(found)
    return Table(tuple(rendered), tuple(places))


class _Block:
    """One block, parsed once and rendered for each combination of its variables."""

    def __init__(self, table: str, node: Node, room: int) -> None:
        if not isinstance(node.content, dict):
            raise Rejected(node.problem((), f"found {shown(node.plain)}, expected a mapping of columns to values"))
        self._table = table
        self._node = node
        self._faults: list[Problem] = []
        self._node = node = self._with_labels(node)
        self._each = self._lists("each")
        self._cycles = self._read_cycles()
        self._cells = [(key, self._cell(key, child)) for key, child in node.items() if key not in _BLOCK_KEYS]
        self._rows = prod(len(values) for values in self._each.values())
        if self._rows > room:
            self._fault(("each",), f"stands for {self._rows:,} rows; a table may have {MOST_ROWS:,}")
        if self._faults:
            raise Rejected(*self._faults)

    def _with_labels(self, node: Node) -> Node:
        """The block with the labels of its ``labels`` beside its columns."""
        labels = node.get("labels")
        if labels is None:
            return node
        if not isinstance(labels.content, dict):
            self._fault(("labels",), f"found {shown(labels.plain)}, expected a mapping of labels to values")
            labels = replace(labels, content={})
        others = {key: child for key, child in node.items() if key != "labels"}
        for key in labels.content:
            if key in columns(self._table):
                self._fault(("labels", key), f"{key!r} is a column of the table, expected a label of your own")
            elif key in others:
                self._fault(("labels", key), "the label is given twice, here and beside the columns")
        return replace(node, content=others | labels.content)

    def records(self) -> list[Record]:
        """The rows in order; Rejected with the first problem of each key."""
        variables = self._variables()
        cells = {key: render(variables) for key, render in self._cells}
        found = records(self._table, cells, [self._node] * self._rows)
        seen: dict[str, Problem] = {}
        for index, row in enumerate(found):
            for fault in row if isinstance(row, list) else ():
                seen.setdefault(fault.key, replace(fault, message=fault.message + _in_row(cells, index)))
        if seen:
            raise Rejected(*seen.values())
        return [row for row in found if not isinstance(row, list)]

    def _variables(self) -> Variables:
        """The combinations of the variables of each, the first outermost, and what follows them."""
        found: Variables = {}
        inner = self._rows
        for name, values in self._each.items():
            repeated, inner = self._rows // inner, inner // len(values)
            found[name] = _Variable(values, [place for place in range(len(values)) for _ in range(inner)] * repeated)
        for name, cycle in self._cycles.items():
            found[name] = _Variable(cycle.of, [place % len(cycle.of) for place in found[cycle.by].at])
        return found

    def _lists(self, key: str) -> dict[str, Sequence[Any]]:
        node = self._node.get(key)
        if node is None:
            return {}
        if not isinstance(node.content, dict):
            self._fault((key,), f"found {shown(node.plain)}, expected a mapping of variables to their values")
            return {}
        return {name: self._values((key, name), child) for name, child in node.items()}

    def _read_cycles(self) -> dict[str, _Cycle]:
        cycles: dict[str, _Cycle] = {}
        for name, child in (self._node.get("cycle") or Node("", 0, {})).items():
            by, of = child.get("by"), child.get("of")
            if by is None or of is None or set(child.content) != {"by", "of"}:
                self._fault(("cycle", name), "expected {by: a variable of each, of: a list of values}")
            elif by.content not in self._each:
                known = ", ".join(self._each) or "none"
                self._fault(("cycle", name, "by"), f"found {shown(by.plain)}, expected a variable of each ({known})")
            elif values := self._values(("cycle", name, "of"), of):
                cycles[name] = _Cycle(by.content, values)
        return cycles

    def _values(self, loc: tuple[str, ...], node: Node) -> Sequence[Any]:
        if isinstance(node.content, list) and node.content:
            return [_variable(child) for child in node.content]
        found = _RANGE.fullmatch(node.content) if isinstance(node.content, str) else None
        if found and int(found[1]) <= int(found[2]):
            return range(int(found[1]), int(found[2]) + 1)
        if isinstance(node.content, int) and not isinstance(node.content, bool):
            return [node.content]
        self._fault(loc, f"found {shown(node.plain)}, expected a range such as 1-4, or a list of values")
        return []

    def _cell(self, key: str, node: Node) -> Callable[[Variables], Column]:
        known = columns(self._table)
        read = known.get(key)
        fault = None if read is not None else column_fault(self._table, key, self._node.content)
        if read is None and fault is None and node.content is None:
            fault = unvalued(key, known)
        if fault is not None:
            self._fault((key,), fault)
            return lambda _: ()
        if isinstance(node.content, dict | list):
            hint = f": {TWO_SOURCES}" if (self._table, key) == ("power", "parent") else ""
            self._fault((key,), f"found {shown(node.plain)}, expected a single value{hint}")
        elif isinstance(node.content, str) and "{" in node.content:
            return self._text(key, node.content, read or text_cell)
        else:
            return self._same(key, node.content, read or text_cell)
        return lambda _: ()

    def _same(self, key: str, value: Any, read: CellReader) -> Callable[[Variables], Column]:
        """The same value in each row."""
        constant = None
        try:
            constant = _constant(read, value)
        except ValueError as error:
            self._fault((key,), str(error))
        return lambda _: [constant] * self._rows

    def _text(self, key: str, text: str, read: CellReader) -> Callable[[Variables], Column]:
        names = [*self._each, *self._cycles]
        if "{" in _HOLE.sub("", text):
            self._fault((key,), f"found {shown(text)}: only {{var}}, {{var:02}} and {{var.key}} are replaced")
        for hole in _HOLE.finditer(text):
            if hole[1] not in names:
                self._fault((key,), f"unknown variable {hole[1]!r}; known are {', '.join(names) or 'none'}")
        return lambda variables: read_column(read, _texts(text, variables))

    def _fault(self, loc: tuple[str, ...], message: str) -> None:
        self._faults.append(self._node.problem(loc, message))


def _in_row(cells: Mapping[str, Column], index: int) -> str:
    """Which row a problem is in, where its name is known."""
    name = cells["name"][index] if "name" in cells else None
    return "" if name is None or isinstance(name, Unreadable) else f" (in row {name!r})"


def _texts(text: str, variables: Variables) -> list[str | Unreadable]:
    """A text with its variables replaced, for each row."""
    parts: list[Iterable[str | Unreadable]] = []
    end = 0
    for hole in _HOLE.finditer(text):
        variable = variables[hole[1]]
        filled = [_filled(hole, value) for value in variable.values]
        parts += [repeat(text[end : hole.start()]), [filled[place] for place in variable.at]]
        end = hole.end()
    return [_joined(row, text[end:]) for row in zip(*parts, strict=False)]


def _joined(row: tuple[str | Unreadable, ...], end: str) -> str | Unreadable:
    try:
        return "".join(row) + end  # type: ignore[arg-type]  # a part that is no text is looked for only when there is one
    except TypeError:
        return next(part for part in row if isinstance(part, Unreadable))


def _variable(node: Node) -> Any:
    return node.plain


def _filled(hole: re.Match[str], value: Any) -> str | Unreadable:
    """The text of a hole for one value of its variable."""
    name, key, width = hole.groups()
    if key is not None:
        if not isinstance(value, dict) or key not in value:
            return Unreadable(f"{name} has no {key!r} here; its value is {shown(value)}")
        value = value[key]
    if isinstance(value, dict | list):
        return Unreadable(f"{{{name}}} is no single value: {shown(value)}")
    if width is None:
        return _as_text(value)
    if not isinstance(value, int) or isinstance(value, bool):
        return Unreadable(f"{hole[0]} needs a whole number, found {shown(value)}")
    return format(value, width)


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _constant(read: Callable[[str], Any], value: Any) -> Any:
    """A value of a block that has no variable, as its column takes it."""
    if value is None or value == "":
        return None
    if read is number_cell:
        if isinstance(value, bool | str):
            raise ValueError(f"found {shown(value)}, expected a number{thousands_hint(value)}")
        return value
    if isinstance(value, bool) and read is not flag_cell:
        raise ValueError(f"found {shown(value)}, expected text; write it in quotes if it is meant as text")
    return value if isinstance(value, bool) else read(_as_text(value))
