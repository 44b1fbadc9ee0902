"""Compact templates of ``facility.yaml``: blocks that stand for many rows of a table.

A block has columns and labels, and may have ``each`` (variables whose combinations give one row each, the
first outermost), ``cycle`` (variables that follow another's place in its list) and ``source``, ``confidence``.
In a text ``{var}``, ``{var:02}`` and ``{var.key}`` are replaced; nothing else is evaluated.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import prod
from typing import Any

from capalloc.errors import Problem
from capalloc.formats.node import Node, Rejected
from capalloc.formats.rows import Table, column_fault, columns, record
from capalloc.formats.scalar import flag_cell, number_cell, shown, text_cell
from capalloc.schema.facility import TableRow

MOST_ROWS = 2_000_000
"""Most rows of a table that templates may stand for."""

_BLOCK_KEYS = ("each", "cycle", "source", "confidence")
_RANGE = re.compile(r"(\d{1,9})-(\d{1,9})")
_HOLE = re.compile(r"\{([A-Za-z_]\w*)(?:\.([A-Za-z_]\w*))?(?::(0\d))?\}")

Variables = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Cycle:
    by: str
    of: Sequence[Any]


def render_table(table: str, blocks: Node, problems: list[Problem]) -> Table:
    """The table that a list of blocks stands for; problems are appended."""
    if not isinstance(blocks.content, list):
        problems.append(blocks.problem((), f"found {shown(blocks.plain)}, expected a list of blocks"))
        return Table()
    records: list[TableRow] = []
    places: list[Node] = []
    for index, block in enumerate(blocks.content):
        place = replace(block, base=(*(blocks.base or ()), index))
        try:
            found = list(_Block(table, place, MOST_ROWS - len(records)).records())
        except Rejected as error:
            problems += error.problems
            continue
        records += found
        places += [place] * len(found)
    return Table(tuple(records), tuple(places))


class _Block:
    """One block, taken apart once and rendered for each combination of its variables."""

    def __init__(self, table: str, node: Node, room: int) -> None:
        if not isinstance(node.content, dict):
            raise Rejected(node.problem((), f"found {shown(node.plain)}, expected a mapping of columns to values"))
        self._table = table
        self._node = node
        self._faults: list[Problem] = []
        self._each = self._lists("each")
        self._cycles = self._read_cycles()
        self._cells = [(key, self._cell(key, child)) for key, child in node.items() if key not in _BLOCK_KEYS]
        rows = prod(len(values) for values in self._each.values())
        if rows > room:
            self._fault(("each",), f"stands for {rows:,} rows; a table may have {MOST_ROWS:,}")
        if self._faults:
            raise Rejected(*self._faults)

    def records(self) -> Iterator[TableRow]:
        """The rows in order; Rejected with the first problem of each key."""
        seen: dict[str, Problem] = {}
        for variables in self._combinations():
            found = self._row(variables)
            if isinstance(found, list):
                for fault in found:
                    seen.setdefault(fault.key, fault)
            else:
                yield found
        if seen:
            raise Rejected(*seen.values())

    def _row(self, variables: Variables) -> TableRow | list[Problem]:
        values: dict[str, Any] = {}
        labels: dict[str, str] = {}
        faults: dict[str, Problem] = {}
        known = columns(self._table)
        for key, render in self._cells:
            try:
                value = render(variables)
            except ValueError as error:
                faults[key] = self._node.problem((key,), str(error))
                continue
            if value is not None:
                (values if key in known else labels)[key] = value
        values["labels"] = labels
        found = record(self._table, values, faults, self._node)
        if not isinstance(found, list):
            return found
        row = f" (in row {values['name']!r})" if "name" in values else ""
        return [replace(fault, message=fault.message + row) for fault in (*faults.values(), *found)]

    def _combinations(self) -> Iterator[Variables]:
        lists = list(self._each.values())
        for places in product(*(range(len(values)) for values in lists)):
            at = dict(zip(self._each, places, strict=True))
            variables: Variables = {name: self._each[name][place] for name, place in at.items()}
            for name, cycle in self._cycles.items():
                variables[name] = cycle.of[at[cycle.by] % len(cycle.of)]
            yield variables

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

    def _cell(self, key: str, node: Node) -> Callable[[Variables], Any]:
        known = columns(self._table)
        read = known.get(key)
        if read is None and (fault := column_fault(self._table, key)):
            self._fault((key,), fault)
        if isinstance(node.content, dict | list):
            self._fault((key,), f"found {shown(node.plain)}, expected a single value")
            return _nothing
        if not isinstance(node.content, str) or "{" not in node.content:
            try:
                constant = _constant(read or text_cell, node.content)
            except ValueError as error:
                self._fault((key,), str(error))
                return _nothing
            return lambda _: constant
        return self._text(key, node.content, read or text_cell)

    def _text(self, key: str, text: str, read: Callable[[str], Any]) -> Callable[[Variables], Any]:
        names = [*self._each, *self._cycles]
        if "{" in _HOLE.sub("", text):
            self._fault((key,), f"found {shown(text)}: only {{var}}, {{var:02}} and {{var.key}} are replaced")
        for hole in _HOLE.finditer(text):
            if hole[1] not in names:
                self._fault((key,), f"unknown variable {hole[1]!r}; known are {', '.join(names) or 'none'}")

        def render(variables: Variables) -> Any:
            cell = _HOLE.sub(lambda hole: _filled(hole, variables), text)
            return read(cell) if cell else None

        return render

    def _fault(self, loc: tuple[str, ...], message: str) -> None:
        self._faults.append(self._node.problem(loc, message))


def _nothing(_: Variables) -> None:
    return None


def _variable(node: Node) -> Any:
    return node.plain


def _filled(hole: re.Match[str], variables: Variables) -> str:
    name, key, width = hole.groups()
    value = variables[name]
    if key is not None:
        if not isinstance(value, dict) or key not in value:
            raise ValueError(f"{name} has no {key!r} here; its value is {shown(value)}")
        value = value[key]
    if isinstance(value, dict | list):
        raise ValueError(f"{{{name}}} is no single value: {shown(value)}")
    if width is None:
        return _as_text(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(f"{hole[0]} needs a whole number, found {shown(value)}")
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
            raise ValueError(f"found {shown(value)}, expected a number")
        return value
    if isinstance(value, bool) and read is not flag_cell:
        raise ValueError(f"found {shown(value)}, expected text; write it in quotes if it is meant as text")
    return value if isinstance(value, bool) else read(_as_text(value))
