"""A workbook in: its sheets as the same tree that a scenario's files give, so that one path checks both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from capalloc.errors import Problem
from capalloc.formats.dialect import trimmed
from capalloc.formats.facility import FacilityFile, facility_from
from capalloc.formats.node import Node, Rejected, in_sheet
from capalloc.formats.rows import TABLES, Table
from capalloc.formats.scenario import scenario_in
from capalloc.formats.tables import table_of
from capalloc.imports.book.cells import Rows, read_cells
from capalloc.imports.book.layout import sheets
from capalloc.imports.book.records import Reading
from capalloc.schema.scenario import Scenario
from capalloc.spelling import folded, nearest

_STEPS = {
    "ramps": ("demand", {"contracts": "ramp", "workloads": "demand"}),
    "values": ("workload", {"workloads": "value"}),
}
"""Of each sheet of steps: the column that names a demand, and by the demand's sheet its key for them."""


def load_book(path: str | Path) -> Scenario:
    """The scenario in a workbook; as :func:`capalloc.formats.load_scenario`, with sheets and rows in messages."""
    return scenario_in(_Book(Path(path)))


@dataclass(slots=True)
class _Book:
    """A workbook as a source of a scenario."""

    path: Path
    _sheets: dict[str, Rows] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        return self.path.parent

    def root(self, problems: list[Problem]) -> Node:
        self._sheets = {folded(rows.name): rows for rows in read_cells(self.path)}
        root, name = self._one("scenario", problems), self._one("facility", problems).get("facility")
        lists = self._lists(problems)
        policy = self._one("policy", problems)
        found = {key: replace(root, content=rows) for key, rows in lists.items() if rows}
        found |= {"policy": policy} if policy.content else {}
        return replace(root, content=root.content | {"facility": name or replace(root, content="-")} | found)

    def facility(self, reference: str, problems: list[Problem]) -> FacilityFile:
        head = self._one("facility", [])
        kinds = replace(head, content=self._many("rack_types", problems))
        node = replace(head, content=head.content | {"rack_types": kinds})
        return facility_from(node, lambda: {name: self._table(name, problems) for name in TABLES}, problems)

    def _lists(self, problems: list[Problem]) -> dict[str, list[Node]]:
        """The lists of a scenario: demands with their steps, events with what they sign, pins."""
        lists = {name: self._many(name, problems) for name in ("workloads", "contracts", "events", "pins")}
        for sheet, (of, keys) in _STEPS.items():
            _attach(self._many(sheet, problems), of, {key: lists[name] for name, key in keys.items()}, problems)
        signed = _sign(lists["events"], lists["contracts"], problems)
        return lists | {"contracts": [one for one in lists["contracts"] if one not in signed]}

    def _one(self, name: str, problems: list[Problem]) -> Node:
        return self._reading(name, problems).one_record()

    def _many(self, name: str, problems: list[Problem]) -> list[Node]:
        return self._reading(name, problems).records()

    def _reading(self, name: str, problems: list[Problem]) -> Reading:
        return Reading(str(self.path), sheets()[name], self._sheets.get(name, Rows(name, ())), problems)

    def _table(self, name: str, problems: list[Problem]) -> Table:
        found = self._sheets.get(name)
        if found is None:
            return Table()
        try:
            return table_of(name, trimmed(list(found.rows)), in_sheet(str(self.path), found.name), problems)
        except Rejected as error:
            problems += error.problems
            return Table()


def _attach(steps: Iterable[Node], of: str, owners: dict[str, list[Node]], problems: list[Problem]) -> None:
    """Give the steps of a sheet to the demands that they name."""
    by_name = defaultdict(list)
    for key, demands in owners.items():
        for demand in demands:
            by_name[_name(demand, "name")].append((key, demand))
    for step in steps:
        named = _name(step, of)
        if named not in by_name:
            problems.append(step.problem((of,), _unknown(named, by_name)))
        step.content.pop(of, None)
        for key, demand in by_name.get(named, ()):
            demand.content.setdefault(key, replace(demand, content=[], base=None)).content.append(step)


def _sign(events: Iterable[Node], contracts: list[Node], problems: list[Problem]) -> list[Node]:
    """Give the events that sign a contract that contract; those that are signed."""
    by_name = {_name(contract, "name"): contract for contract in contracts}
    signed = []
    for event in events:
        if _name(event, "type") != "sign":
            continue
        contract = by_name.get(_name(event, "contract"))
        if contract is None:
            problems.append(event.problem(("contract",), _unknown(_name(event, "contract"), by_name)))
            continue
        event.content["contract"] = contract
        signed.append(contract)
    return signed


def _name(record: Node, key: str) -> str:
    named = record.get(key)
    return "" if named is None else str(named.content)


def _unknown(name: str, known: Iterable[str]) -> str:
    near = nearest(name, known)
    return f"found {name!r}, expected the name of a demand that a sheet lists" + (
        f"; did you mean {near!r}?" if near else ""
    )
