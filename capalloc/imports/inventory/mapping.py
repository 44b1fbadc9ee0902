"""The mapping file: what an inventory cannot hold, or holds under other names, said by whoever imports it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fnmatch import translate
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from capalloc.errors import Problem, ScenarioError
from capalloc.formats.document import read_mapping
from capalloc.formats.flags import with_flags
from capalloc.formats.node import Rejected
from capalloc.formats.problems import first_problems
from capalloc.formats.wording import messages
from capalloc.schema.facility import CoolingZone, NodeKind, PowerNode, RackStatus, Supply
from capalloc.schema.hardware import Cooling, RackType
from capalloc.schema.record import (
    Count,
    Day,
    Factor,
    Flag,
    Kilowatts,
    Name,
    PositiveShare,
    Record,
    Share,
)
from capalloc.schema.scenario import Horizon


class PanelWords(Record):
    """What power.csv says of a panel."""

    kind: NodeKind | None = None
    """What it is."""
    parent: Name | None = None
    """The panel, or node of ``power``, that feeds it."""
    rated_kw: Kilowatts | None = None
    """Nameplate rating."""
    max_utilization: PositiveShare | None = None
    """Share of the rating usable in normal operation."""
    failover_kw: Kilowatts | None = None
    """Limit while another node is out; unless given, rated_kw."""
    contingency: Flag | None = None
    """Whether the plan must survive its loss alone."""
    static_load_kw: Kilowatts | None = None
    """Load that is there whenever it is energised."""
    load: Literal["it", "facility"] | None = None
    """What it carries of a rack's kW: the kW itself, or the kW times the facility's pue."""
    available_from: Day | None = None
    """First day of it."""
    available_until: Day | None = None
    """First day without it."""


class RackWords(Record):
    """What positions.csv and racks.csv say of a rack."""

    rack_type: Name | None = None
    """A rack type of the facility, or one that ships."""
    hall: Name | None = None
    """Its hall."""
    row: Name | None = None
    """Its row in the hall."""
    index: Count | None = None
    """Its place in the row."""
    split_a: Share | None = None
    """Share on feed A in normal operation."""
    cooling_zone: Name | None = None
    """The zone that takes its heat."""
    fabric_block: Name | None = None
    """The network fabric that it is on."""
    cooling: Cooling | None = None
    """How racks may be cooled there."""
    status: RackStatus | None = None
    """Whether it serves, is to come, is in maintenance or gone."""
    available_from: Day | None = None
    """First day of it."""
    available_until: Day | None = None
    """First day without it."""


class MappingFile(Record):
    """``netbox.yaml`` or ``nautobot.yaml``."""

    facility: Name | None = None
    """Name of the facility; unless given, that of the site."""
    pue: Factor = 1.0
    """Facility load per kW of IT load."""
    horizon: Horizon = Horizon(start=date(2027, 1, 1), end=date(2028, 1, 1))
    """The days that are planned."""
    power: tuple[PowerNode, ...] = ()
    """Power nodes that the inventory does not have, as in power.csv."""
    supplies: tuple[Supply, ...] = ()
    """Dated supplies into roots, as in supplies.csv."""
    cooling: tuple[CoolingZone, ...] = ()
    """Cooling zones that the inventory does not have, as in cooling.csv."""
    panels: dict[Name, PanelWords] = Field(default_factory=dict)
    """By name of a panel, or pattern with ``*``; what names a panel exactly comes before what matches it."""
    racks: dict[Name, RackWords] = Field(default_factory=dict)
    """By name of a rack, or pattern."""
    rack_types: dict[Name, Name | RackType] = Field(default_factory=dict)
    """By rack model or device type, or a count of devices of one (``8 x dgx-h100``): what stands there."""
    fields: dict[Name, Name] = Field(default_factory=dict)
    """By column of our tables, the custom field that holds it."""
    rows: Literal["group", "location", "role", "rack"] | None = None
    """What makes a row of racks; unless given, rack groups, or else locations inside locations."""
    fabric_blocks: Literal["row", "hall", "group", "role"] | None = None
    """What makes a fabric block where racks do not say."""
    tenants: Literal["label", "ignore"] = "label"
    """Whether racks are given to the tenants that the inventory names."""
    contracts: Literal["import", "ignore"] = "import"
    """Whether contracts of the inventory become demands."""
    usd_per: dict[Name, Factor] = Field(default_factory=dict)
    """By currency of contracts (``eur``), how many USD one is."""

    @cached_property
    def panel_words(self) -> Patterns:
        """What is said of panels."""
        return Patterns({name: words.model_dump(exclude_unset=True) for name, words in self.panels.items()})

    @cached_property
    def rack_words(self) -> Patterns:
        """What is said of racks."""
        return Patterns({name: words.model_dump(exclude_unset=True) for name, words in self.racks.items()})


@dataclass(frozen=True)
class Patterns:
    """Values by names and patterns of names."""

    said: Mapping[str, Mapping[str, Any]]

    @cached_property
    def _patterns(self) -> dict[str, re.Pattern[str]]:
        return {name: re.compile(translate(name)) for name in self.said if set(name) & set("*?[")}

    def of(self, *names: str) -> dict[str, Any]:
        """What is said of something under any of its names: patterns in their order, then the name itself."""
        found: dict[str, Any] = {}
        for said, pattern in self._patterns.items():
            if any(map(pattern.fullmatch, names)):
                found |= self.said[said]
        for name in names:
            found |= self.said.get(name, {})
        return found

    def unmatched(self, names: Collection[str]) -> Iterator[str]:
        """The names and patterns that mean none of these names."""
        for said in self.said:
            pattern = self._patterns.get(said)
            if said not in names and not (pattern and any(map(pattern.fullmatch, names))):
                yield said


def read_mapping_file(path: Path) -> MappingFile:
    """The mapping in a file. Raises ScenarioError with all problems."""
    problems: list[Problem] = []
    try:
        root = with_flags(read_mapping(path, str(path), problems))
    except Rejected as error:
        raise ScenarioError(first_problems([*problems, *error.problems])) from error
    try:
        found = MappingFile.model_validate(root.plain, by_alias=True, by_name=False)
    except ValidationError as error:
        problems += [root.problem(loc, text) for loc, text in messages(MappingFile, error)]
    if problems:
        raise ScenarioError(first_problems(problems))
    return found
