"""A facility: ``facility.yaml`` with its tables or templates."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from capalloc.errors import Problem
from capalloc.formats.decimals import doubtful_numbers
from capalloc.formats.document import read_mapping, refuse_kind
from capalloc.formats.library import read_model, unknown_model
from capalloc.formats.node import Loc, Node, Rejected
from capalloc.formats.reading import inside
from capalloc.formats.rows import REQUIRED, TABLES, Places, Table, kilowatt_columns
from capalloc.formats.scalar import shown
from capalloc.formats.slips import dated_labels
from capalloc.formats.tables import read_table
from capalloc.formats.templates import render_table
from capalloc.formats.warned import warn
from capalloc.formats.wording import messages, unknown_key
from capalloc.schema.facility import Facility, Supply

_KEYS = ("facility", "description", "pue", "tables", "templates", "rack_types", "source", "confidence")
FACILITY_KEYS = frozenset({"pue", "tables", "templates", "rack_types"})
"""Keys that only a facility has."""
SCENARIO_KEYS = frozenset({"scenario", "horizon", "workloads", "contracts", "events", "policy"})
"""Keys that only a scenario has."""


@dataclass(frozen=True, slots=True)
class FacilityFile:
    """A facility with the places of its values."""

    facility: Facility | None
    """None when problems were found."""
    node: Node
    places: dict[str, Places]
    """Of each table, where its rows stand."""

    def problem(self, loc: Loc, message: str) -> Problem:
        """A problem at ``loc`` of the facility."""
        if len(loc) > 1 and isinstance(loc[1], int) and loc[0] in self.places:
            return self.places[str(loc[0])][loc[1]].problem(loc[2:], message)
        return self.node.problem(loc, message, own=True)


def read_facility(path: Path, file: str, problems: list[Problem]) -> FacilityFile:
    """The facility in ``path``; problems are appended, Rejected when the file itself cannot be read."""
    node = read_mapping(path, file, problems)
    return facility_of(node, path.parent, Path(file).parent, problems)


def facility_of(
    node: Node, folder: Path, shown_folder: Path, problems: list[Problem], required: frozenset[str] = REQUIRED
) -> FacilityFile:
    """The facility whose head is ``node`` and whose tables stand below ``folder``; problems are appended.

    Tables that are not ``required`` may be missing or empty, and where no racks are, rack types too.
    """
    named = node.get("facility")
    its = f" ({shown(named.plain)})" if named is not None else ""
    refuse_kind(
        node, FACILITY_KEYS, SCENARIO_KEYS, f"is a scenario, expected a facility; give that of the scenario{its}"
    )
    return facility_from(node, lambda: _tables(node, folder, shown_folder, required, problems), problems, required)


def facility_from(
    node: Node, read: Callable[[], dict[str, Table]], problems: list[Problem], required: frozenset[str] = REQUIRED
) -> FacilityFile:
    """As :func:`facility_of`, with the tables that ``read`` gives."""
    before = len(problems)
    warn(doubtful_numbers(node, kilowatt_columns()))
    node = _with_rack_types(node, problems)
    problems += [node.problem((key,), unknown_key(key, _KEYS)) for key, _ in node.items() if key not in _KEYS]
    tables = read()
    warn(_dated_supplies(tables["supplies"]))
    values = {key: child.plain for key, child in node.items() if key in _KEYS and key not in ("tables", "templates")}
    if "racks" not in required and not tables["racks"].records:
        values.setdefault("rack_types", ())
    facility = _validated(node, values | {name: table.records for name, table in tables.items()}, problems)
    places = {name: table.places for name, table in tables.items()}
    return FacilityFile(facility if len(problems) == before else None, node, places)


def _dated_supplies(supplies: Table) -> Iterator[Problem]:
    """Warnings of days under labels of supplies, which have two dates and no others."""
    for row, supply in enumerate(supplies.records):
        for key, message in dated_labels(supply.labels) if isinstance(supply, Supply) else ():
            yield supplies.places[row].problem((key,), message)


def _validated(node: Node, values: dict[str, Any], problems: list[Problem]) -> Facility | None:
    try:
        return Facility.model_validate(values, by_alias=True, by_name=False)
    except ValidationError as error:
        problems += [node.problem(loc, text) for loc, text in messages(Facility, error)]
        return None


def _with_rack_types(node: Node, problems: list[Problem]) -> Node:
    """The file with each rack type that is only named replaced by the model of that name."""
    listed = node.get("rack_types")
    if listed is None or not isinstance(listed.content, list):
        return node
    found = [_rack_type(child, index, node, problems) for index, child in enumerate(listed.content)]
    rack_types = replace(listed, content=[child for child in found if child is not None])
    return replace(node, content=node.content | {"rack_types": rack_types})


def _rack_type(child: Node, index: int, node: Node, problems: list[Problem]) -> Node | None:
    if not isinstance(child.content, str):
        return replace(child, base=("rack_types", index) if child.base is None else child.base)
    try:
        model = read_model("rack_type", child.content, problems)
    except Rejected as error:
        problems += error.problems
        return None
    if model is None:
        problems.append(node.problem(("rack_types", index), unknown_model("rack_type", child.content)))
    return model


def _tables(
    node: Node, home: Path, shown_home: Path, required: frozenset[str], problems: list[Problem]
) -> dict[str, Table]:
    templates = node.get("templates") or Node(node.file, node.line, {})
    if not isinstance(templates.content, dict):
        problems.append(node.problem(("templates",), f"found {shown(templates.plain)}, expected a mapping of tables"))
        templates = replace(templates, content={})
    unknown = (key for key, _ in templates.items() if key not in TABLES)
    problems += [node.problem(("templates", key), unknown_key(key, tuple(TABLES))) for key in unknown]
    try:
        folder = _folder(node, home)
    except ValueError as error:
        problems.append(node.problem(("tables",), str(error)))
        return dict.fromkeys(TABLES, Table())
    shown_folder = shown_home / _tables_folder(node)
    return {name: _table(name, templates.get(name), folder, shown_folder, required, problems) for name in TABLES}


def _folder(node: Node, home: Path) -> Path:
    given = node.get("tables")
    if given is None:
        return home
    if not isinstance(given.content, str):
        raise ValueError(f"found {shown(given.plain)}, expected a folder relative to this file")
    folder = inside(home, given.content)
    if not folder.is_dir():
        raise ValueError(f"the folder {given.content!r} is not there")
    return folder


def _tables_folder(node: Node) -> str:
    given = node.get("tables")
    return given.content if given is not None and isinstance(given.content, str) else "."


def _table(
    name: str,
    blocks: Node | None,
    folder: Path,
    shown_folder: Path,
    required: frozenset[str],
    problems: list[Problem],
) -> Table:
    path, file = folder / f"{name}.csv", str(shown_folder / f"{name}.csv")
    try:
        if blocks is not None:
            blocks = replace(blocks, base=("templates", name))
            if path.exists():
                problems.append(blocks.problem((), f"the table is given twice, here and in {file}"))
            return render_table(name, blocks, problems)
        if name not in required and not path.exists():
            return Table()
        before = len(problems)
        table = read_table(name, inside(folder, path.name), file, problems)
    except (Rejected, ValueError) as error:
        problems += error.problems if isinstance(error, Rejected) else [Problem(file, 0, "", str(error))]
        return Table()
    if name == "racks" and name in required and not table.records and len(problems) == before:
        problems.append(Problem(file, 1, "", "the table has no rows, expected at least one rack"))
    return table
