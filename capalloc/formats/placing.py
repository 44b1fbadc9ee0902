"""What placement reads and writes (models/README.md, Placement files): a facility, requests, where racks stand.

A facility to place racks in may be without racks and rack types of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TypeVar

from capalloc.errors import Problem, ScenarioError
from capalloc.formats.atomic import write_atomically
from capalloc.formats.document import read_mapping
from capalloc.formats.facility import FacilityFile, facility_of
from capalloc.formats.library import model_path, shipped_rack_type, unknown_model
from capalloc.formats.node import Node, Rejected
from capalloc.formats.problems import first_problems
from capalloc.formats.rows import REQUIRED, Table
from capalloc.formats.scalar import quoted
from capalloc.formats.tables import read_table
from capalloc.formats.warned import keep_warnings, warnings_heard
from capalloc.schema.checks.fault import Fault
from capalloc.schema.checks.placing import placed_faults, request_faults, type_faults
from capalloc.schema.checks.references import site_faults
from capalloc.schema.checks.usual import unusual
from capalloc.schema.facility import Facility
from capalloc.schema.record import Record
from capalloc.schema.request import Placed, Request, Standing

_TABLES = REQUIRED - {"racks"}
_Row = TypeVar("_Row", bound=Record)
_Answer = TypeVar("_Answer")


def load_facility(path_or_name: str | Path) -> Facility:
    """The facility in a folder, in a ``facility.yaml``, or of a model's name; a path that exists comes before a name.

    A folder may hold the tables alone: the facility then has the folder's name and a pue of 1. Raises ScenarioError
    with all problems, each with its file, line and key.
    """
    with warnings_heard() as heard:
        return _told(lambda problems: _facility(path_or_name, problems, heard))


def load_requests(path: str | Path, facility: Facility | None = None) -> tuple[Request, ...]:
    """The requests in a CSV file, in its order; power and cooling are in kW for one rack.

    With a facility, rack types have to be its own or shipped ones. Raises ScenarioError with all problems, each with
    its file, line and column.
    """
    return _told(lambda problems: _requests(Path(path), facility, problems))


def with_rack_types(facility: Facility, requests: Iterable[Request]) -> Facility:
    """The facility with the shipped rack types that requests name and that it does not have of its own."""
    known = {kind.name for kind in facility.rack_types}
    named = dict.fromkeys(request.rack_type for request in requests if request.rack_type is not None)
    found = [kind for name in named if name not in known and (kind := shipped_rack_type(name)) is not None]
    if not found:
        return facility
    return facility.model_copy(update={"rack_types": (*facility.rack_types, *found)})


def load_placed(
    path: str | Path,
    facility: Facility | None = None,
    requests: Sequence[Request] = (),
    *,
    on: date | None = None,
    standing: Standing = "none",
    holders: Mapping[str, str] | None = None,
) -> tuple[Placed, ...]:
    """The lines of a file that :func:`save_placed` wrote.

    With a facility and its requests, what the lines refer to is checked as by
    ``schema.checks.placing.placed_faults``. Raises ScenarioError with all problems.
    """

    def read(problems: list[Problem]) -> tuple[Placed, ...]:
        table = read_table("placed", Path(path), str(path), problems)
        placed = _rows(table, Placed)
        if facility is not None:
            problems += _at_lines(
                table, placed_faults(facility, requests, placed, on=on, standing=standing, holders=holders)
            )
        return placed

    return _told(read)


def dump_placed(placed: Iterable[Placed]) -> str:
    """CSV of ``request,position``, sorted by both.

    Names stand exactly as they are, in quotes where CSV asks for it: a name that a spreadsheet would take for a formula
    (``=A1``) keeps its first letter, as the file is read back and must name the same request and position.
    """
    lines = sorted((line.request, line.position) for line in placed)
    return "".join(f"{quoted(request)},{quoted(position)}\n" for request, position in (("request", "position"), *lines))


def save_placed(placed: Iterable[Placed], path: str | Path) -> None:
    """Write :func:`dump_placed` whole or not at all. Raises ScenarioError where the system refuses."""
    try:
        write_atomically(path, dump_placed(placed))
    except OSError as error:
        message = f"cannot be written: {error.strerror or error}"
        raise ScenarioError([Problem(str(path), 0, "", message)]) from error


def _told(read: Callable[[list[Problem]], _Answer]) -> _Answer:
    """What is read; ScenarioError with the problems that were appended or raised."""
    problems: list[Problem] = []
    try:
        answer = read(problems)
    except Rejected as error:
        raise ScenarioError(first_problems([*problems, *error.problems])) from error
    if problems:
        raise ScenarioError(first_problems(problems))
    return answer


def _facility(path_or_name: str | Path, problems: list[Problem], heard: list[Problem]) -> Facility:
    found = _file(path_or_name, problems)
    if found.facility is None:
        raise Rejected
    problems += [found.problem(fault.loc[1:], fault.message) for fault in site_faults(found.facility)]
    if not problems:
        odd = [found.problem(fault.loc[1:], fault.message) for fault in unusual(found.facility)]
        keep_warnings(found.facility, [*heard, *odd])
    return found.facility


def _file(path_or_name: str | Path, problems: list[Problem]) -> FacilityFile:
    path = Path(path_or_name)
    if not path.exists():
        model = model_path("facility", str(path_or_name))
        if model is None:
            message = f"no such file or folder, and {unknown_model('facility', str(path_or_name))}"
            raise Rejected(Problem(str(path_or_name), 0, "", message))
        path = model
    head = path / "facility.yaml" if path.is_dir() else path
    if head.exists():
        return facility_of(read_mapping(head, str(head), problems), head.parent, head.parent, problems, _TABLES)
    name = path.resolve().name or "facility"
    node = Node(str(path), 0, {"facility": Node(str(path), 0, name)})
    return facility_of(node, path, path, problems, _TABLES)


def _requests(path: Path, facility: Facility | None, problems: list[Problem]) -> tuple[Request, ...]:
    table = read_table("requests", path, str(path), problems)
    requests = _rows(table, Request)
    if not requests and not problems:
        raise Rejected(Problem(str(path), 1, "", "the table has no rows, expected at least one request"))
    problems += _at_lines(table, request_faults(requests))
    if facility is not None:
        problems += _at_lines(table, type_faults(with_rack_types(facility, requests), requests))
    return requests


def _rows(table: Table, kind: type[_Row]) -> tuple[_Row, ...]:
    return tuple(row for row in table.records if isinstance(row, kind))


def _at_lines(table: Table, faults: Iterable[Fault]) -> list[Problem]:
    return [table.places[int(fault.loc[1])].problem(fault.loc[2:], fault.message) for fault in faults]
