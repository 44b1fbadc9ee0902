"""A workbook in: its sheets as the same tree that a scenario's files give, so that one path checks both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from capalloc.errors import Problem
from capalloc.formats.facility import FacilityFile, facility_from
from capalloc.formats.node import Node, Rejected, in_sheet
from capalloc.formats.rows import REQUIRED, TABLES, Table
from capalloc.formats.scenario import facility_named, scenario_in
from capalloc.formats.tables import table_of
from capalloc.formats.warned import warn
from capalloc.imports.book.cells import read_sheets
from capalloc.imports.book.grid import Rows
from capalloc.imports.book.layout import sheets
from capalloc.imports.book.records import Reading, dates_for_names
from capalloc.schema.scenario import Scenario
from capalloc.spelling import folded, nearest

_UPRIGHT = 2
"""Columns that count where keys stand beside their values."""
_STEPS = {
    "ramps": ("demand", {"contracts": "ramp", "workloads": "demand"}),
    "values": ("workload", {"workloads": "value"}),
}
"""Of each sheet of steps: the column that names a demand, and by the demand's sheet its key for them."""
_A_WHOLE_ONE = "`capalloc expand SCENARIO --xlsx BOOK` writes one with every sheet"


def load_book(path: str | Path) -> Scenario:
    """The scenario in a workbook; as :func:`capalloc.formats.load_scenario`, with sheets and rows in messages."""
    return scenario_in(_Book(Path(path)))


@dataclass(slots=True)
class _Book:
    """A workbook as a source of a scenario."""

    path: Path
    _sheets: dict[str, Rows] = field(default_factory=dict)
    _further: list[str] = field(default_factory=list)
    """Names of sheets that are not read."""

    @property
    def folder(self) -> Path:
        return self.path.parent

    def root(self, problems: list[Problem]) -> Node:
        wanted = {name: _UPRIGHT if sheet.upright else None for name, sheet in sheets().items()}
        in_cells: list[Problem] = []
        read = read_sheets(self.path, wanted, in_cells)
        self._sheets = {folded(rows.name): rows for rows in read.found}
        self._further = read.further
        self._look_at_names(read.found, read.further, problems)
        problems += in_cells
        root, name = self._one("scenario", problems), self._one("facility", problems).get("facility")
        policy = self._one("policy", problems)
        found = {key: replace(root, content=rows) for key, rows in self._lists(problems).items() if rows}
        found |= {"policy": policy} if policy.content else {}
        return replace(root, content=root.content | {"facility": name or replace(root, content="-")} | found)

    def facility(self, reference: str, problems: list[Problem]) -> FacilityFile:
        if not any(name in self._sheets for name in (*TABLES, "rack_types")):
            return facility_named(reference, self.folder, problems)
        head = self._one("facility", [])
        kinds = replace(head, content=[_named_alone(kind) for kind in self._many("rack_types", problems)])
        node = replace(head, content=head.content | {"rack_types": kinds})
        return facility_from(node, lambda: {name: self._table(name, problems) for name in TABLES}, problems)

    def _look_at_names(self, found: list[Rows], further: list[str], problems: list[Problem]) -> None:
        """Tell of sheets that are not read, that are there twice, and of a workbook without a scenario."""
        for name in further:
            near = nearest(name, sheets())
            hint = f"; is {near!r} meant?" if near else f"; sheets that are read are {', '.join(sheets())}"
            warn([Problem(str(self.path), 0, "", f"the sheet {name!r} is not read{hint}")])
        if "scenario" not in self._sheets:
            raise Rejected(self._lacks("'scenario'", "scenario"))
        twice = sorted({folded(rows.name) for rows in found if self._sheets[folded(rows.name)] is not rows})
        problems += [Problem(str(self.path), 0, "", f"has the sheet {name!r} twice") for name in twice]

    def _lists(self, problems: list[Problem]) -> dict[str, list[Node]]:
        """The lists of a scenario: demands with their steps, events with what they sign, pins."""
        lists = {name: self._many(name, problems) for name in ("workloads", "contracts", "events", "pins")}
        for sheet, (of, keys) in _STEPS.items():
            owners = {key: lists[name] for name, key in keys.items()}
            _attach(self._many(sheet, problems), sheet, of, owners, problems)
        signed = _sign(lists["events"], lists["contracts"], problems)
        return lists | {"contracts": [one for one in lists["contracts"] if not any(one is two for two in signed)]}

    def _one(self, name: str, problems: list[Problem]) -> Node:
        return self._reading(name, problems).one_record()

    def _many(self, name: str, problems: list[Problem]) -> list[Node]:
        return self._reading(name, problems).records()

    def _reading(self, name: str, problems: list[Problem]) -> Reading:
        return Reading(str(self.path), sheets()[name], self._sheets.get(name, Rows(name)), problems)

    def _table(self, name: str, problems: list[Problem]) -> Table:
        found, before = self._sheets.get(name, Rows(name)), len(problems)
        file = in_sheet(str(self.path), found.name)
        if not found.rows:
            if name in REQUIRED:
                problems.append(self._lacks(f"{name!r} with rows", name))
            return Table()
        problems += dates_for_names(file, sheets()[name], found)
        try:
            table = table_of(name, list(found.rows), file, problems)
        except Rejected as error:
            problems += error.problems
            return Table()
        if name == "racks" and not table.records and len(problems) == before:
            problems.append(Problem(file, found.rows[0][0], "", "has no rows, expected at least one rack"))
        return table

    def _lacks(self, what: str, name: str) -> Problem:
        """That a sheet that must be there is not, and which other one may be meant."""
        near = nearest(name, self._further)
        hint = f"{near!r} is not read, is it meant? " if near else ""
        return Problem(str(self.path), 0, "", f"has no sheet {what}; {hint}{_A_WHOLE_ONE}")


def _named_alone(kind: Node) -> Node:
    """A rack type of which only the name is given is one that ships."""
    name = kind.get("name")
    return name if name is not None and len(kind.content) == 1 else kind


def _attach(
    steps: Iterable[Node], sheet: str, of: str, owners: Mapping[str, list[Node]], problems: list[Problem]
) -> None:
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
    for key, demand in (found for every in by_name.values() for found in every):
        if key not in demand.content and "preset" not in demand.content:
            message = f"no row of the sheet {sheet!r} names {_name(demand, 'name')!r} as its {of}"
            problems.append(demand.problem((key,), message))


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
    hint = f"; did you mean {near!r}?" if near else ""
    return f"found {name!r}, expected the name of a demand that a sheet lists{hint}" if name else "is missing"
