"""``scenario.yaml`` in: presets, facility and incumbent resolved, every problem reported together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from pydantic import ValidationError

from capalloc.errors import PlanFileError, Problem, ScenarioError
from capalloc.formats.decimals import doubtful_numbers
from capalloc.formats.document import read_mapping, refuse_kind
from capalloc.formats.facility import FACILITY_KEYS, SCENARIO_KEYS, FacilityFile, read_facility
from capalloc.formats.flags import with_flags
from capalloc.formats.included import with_included_events
from capalloc.formats.library import Kind, model_names, model_path
from capalloc.formats.node import Loc, Node, Rejected
from capalloc.formats.plans import load_plan
from capalloc.formats.presets import with_preset, with_signed_presets
from capalloc.formats.problems import first_problems
from capalloc.formats.reading import inside
from capalloc.formats.rows import kilowatt_columns
from capalloc.formats.salvage import Salvaged, salvage
from capalloc.formats.scalar import shown
from capalloc.formats.warned import keep_warnings, warn, warnings_heard
from capalloc.formats.wording import messages
from capalloc.schema.checks.references import Fault, facility_faults, faults, rack_faults
from capalloc.schema.checks.usual import unusual
from capalloc.schema.facility import Facility
from capalloc.schema.plan import Plan
from capalloc.schema.scenario import Scenario

_FREEZE = ("policy", "freeze_until")
"""What is at fault without an incumbent, and not where the incumbent cannot be read."""
_A_FACILITY = (
    "is a facility, expected a scenario that names it (with scenario, facility and horizon); beside a plan, give the "
    "one that the plan was made for"
)
_A_PLAN = "is a plan, expected the scenario that it was made for"
_PLAN_KEYS = frozenset({"assignments", "termination"})
_NO_FACILITY = Facility(name="-", rack_types=(), power=(), positions=(), racks=())


class Source(Protocol):
    """Where a scenario is read from."""

    @property
    def folder(self) -> Path:
        """What it may name lies in this folder."""
        ...

    def root(self, problems: list[Problem]) -> Node:
        """The scenario as a mapping; Rejected where there is none."""
        ...

    def facility(self, reference: str, problems: list[Problem]) -> FacilityFile:
        """The facility that the scenario names.

        Raises ValueError with a sentence where there is none of that name; Rejected where it cannot be read.
        """
        ...


@dataclass(frozen=True, slots=True)
class _File:
    """A scenario in a YAML file, beside what it names."""

    path: Path

    @property
    def folder(self) -> Path:
        return self.path.parent

    def root(self, problems: list[Problem]) -> Node:
        root = read_mapping(self.path, str(self.path), problems)
        refuse_kind(root, SCENARIO_KEYS, FACILITY_KEYS, _A_FACILITY)
        refuse_kind(root, SCENARIO_KEYS - {"scenario"}, _PLAN_KEYS, _A_PLAN)
        return root

    def facility(self, reference: str, problems: list[Problem]) -> FacilityFile:
        return facility_named(reference, self.folder, problems)


def facility_named(reference: str, folder: Path, problems: list[Problem]) -> FacilityFile:
    """The facility that a file in ``folder`` names: a model that ships, else a path in the folder.

    Raises ValueError with a sentence where there is none; Rejected where it cannot be read.
    """
    path = model_path("facility", reference)
    return read_facility(*((path, str(path)) if path is not None else _facility_path(reference, folder)), problems)


def _facility_path(reference: str, folder: Path) -> tuple[Path, str]:
    path = inside(folder, reference)
    if path.is_dir():
        path = inside(folder, f"{reference}/facility.yaml")
    if not path.exists():
        known = f"no model of that name ships (there are {', '.join(model_names('facility')) or 'none'})"
        raise ValueError(f"{reference!r} is not there: {known} and {path} does not exist")
    return path, str(path)


def load_scenario(path: str | Path) -> Scenario:
    """The scenario in a file, with every preset, template, table and path resolved.

    What is odd about it is told by :func:`warnings_of`.

    Raises ScenarioError with all problems: what each of the files says wrongly by itself, references inside the
    facility, and references between all records unless a fault before them leaves nothing to refer to.
    """
    return scenario_in(_File(Path(path)))


def scenario_in(source: Source) -> Scenario:
    """The scenario in a source; as :func:`load_scenario`."""
    problems: list[Problem] = []
    try:
        with warnings_heard() as heard:
            reading = _Reading(source, problems)
            scenario = reading.scenario()
        keep_warnings(scenario, [*heard, *(reading.problem(fault) for fault in unusual(scenario))])
        return scenario
    except Rejected as error:
        raise ScenarioError(first_problems([*problems, *error.problems])) from error


class _Reading:
    """One scenario on its way in."""

    def __init__(self, source: Source, problems: list[Problem]) -> None:
        self._source = source
        self._problems = problems
        self._unread_incumbent = False

    def scenario(self) -> Scenario:
        """The scenario; Rejected with the problems that are not yet in the list."""
        root = with_included_events(self._source.root(self._problems), self._source.folder, self._problems)
        self._root = with_flags(self._with_presets(root))
        warn(doubtful_numbers(self._root, kilowatt_columns()))
        self._facility = self._read_facility()
        values = self._root.plain
        if "facility" in values:
            values["facility"] = (self._facility and self._facility.facility) or _NO_FACILITY
        if values.get("incumbent") is not None:
            values["incumbent"] = self._incumbent(values["incumbent"])
        scenario = self._validated(values)
        site = None if self._facility is None else self._facility.facility
        if site is not None:
            self._report((*facility_faults(site), *rack_faults(site)))
        if scenario is not None and site is not None:
            self._report(faults(scenario))
        if scenario is None or self._problems:
            raise Rejected
        return scenario

    def _validated(self, values: dict[str, Any]) -> Scenario | None:
        try:
            return Scenario.model_validate(values, by_alias=True, by_name=False)
        except ValidationError as error:
            self._problems += [self._root.problem(loc, text) for loc, text in messages(Scenario, error)]
            self._look_on(salvage(values, error))
            return None

    def _look_on(self, mended: Salvaged | None) -> None:
        """Report the references of what is not at fault too, where the facility is sound."""
        if mended is not None and self._facility is not None and self._facility.facility is not None:
            self._report(mended.faults())

    def _report(self, found: Iterable[Fault]) -> None:
        unread = self._unread_incumbent
        self._problems += [self.problem(fault) for fault in found if not (unread and fault.loc == _FREEZE)]

    def problem(self, fault: Fault) -> Problem:
        """What a check found, with the place in the files."""
        if fault.loc[:1] == ("facility",) and len(fault.loc) > 1 and self._facility is not None:
            return self._facility.problem(fault.loc[1:], fault.message)
        return self._of_event(fault) or self._root.problem(fault.loc, fault.message, own=True)

    def _of_event(self, fault: Fault) -> Problem | None:
        """The problem of an event that stands in a file of its own, with its place there."""
        events = self._root.get("events") if fault.loc[:1] == ("events",) and len(fault.loc) > 1 else None
        event: Node | None = None if events is None else events.content[fault.loc[1]]
        if event is None or event.file == self._root.file:
            return None
        return event.problem(fault.loc[2:], fault.message, own=True)

    def _fault(self, loc: Loc, message: str) -> None:
        self._problems.append(self._root.problem(loc, message))

    def _read_facility(self) -> FacilityFile | None:
        node = self._root.get("facility")
        if node is None:
            return None
        if not isinstance(node.content, str) or not node.content:
            self._fault(("facility",), f"found {shown(node.plain)}, expected the name of a model or a relative path")
            return None
        try:
            return self._source.facility(node.content, self._problems)
        except ValueError as error:
            self._fault(("facility",), str(error))
        except Rejected as error:
            self._problems += error.problems
        return None

    def _incumbent(self, reference: Any) -> Plan | None:
        try:
            if not isinstance(reference, str):
                raise ValueError(f"found {shown(reference)}, expected the path of a plan file")
            return load_plan(inside(self._source.folder, reference))
        except (ValueError, PlanFileError) as error:
            self._fault(("incumbent",), str(error))
            self._unread_incumbent = True
            return None

    def _with_presets(self, root: Node) -> Node:
        entries = dict(root.content)
        for key, kind in _PRESET_LISTS.items():
            listed = entries.get(key)
            if listed is not None and isinstance(listed.content, list):
                found = [
                    with_preset(root, (key, i), kind, node, self._problems) for i, node in enumerate(listed.content)
                ]
                entries[key] = replace(listed, content=found)
        return with_signed_presets(replace(root, content=entries), self._problems)


_PRESET_LISTS: dict[str, Kind] = {"contracts": "contract", "workloads": "workload"}
