"""What ``place`` and ``slots`` read alike: a facility, requests, what stands of them, and the day that counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from capalloc.cli.exits import say
from capalloc.cli.output import inputs_spared

if TYPE_CHECKING:
    from capalloc.schema.facility import CoolingZone, Facility, PowerNode
    from capalloc.schema.request import Placed, Request

SENTENCES = {
    "load": "reading the facility and its requests",
    "lower": "lowering positions, power and cooling to arrays",
    "compile": "loading compiled kernels",
    "place": "placing groups of racks",
    "bound": "proving how much more any placement could reach",
    "verify": "checking every position and limit",
    "count": "counting groups that still fit",
}
_WARNINGS_SHOWN = 3


class Standing(StrEnum):
    """Values of ``--standing``."""

    NAMEPLATE = "nameplate"
    EXPECTED = "expected"
    NONE = "none"


FacilityName = Annotated[
    str, typer.Argument(metavar="FACILITY", help="A folder of tables, a facility.yaml, or the name of a model.")
]
OccupiedFile = Annotated[
    Path | None,
    typer.Option("--occupied", metavar="FILE", help="What stands already and stays: a file that place -o wrote."),
]
OnDay = Annotated[
    str | None, typer.Option("--on", metavar="DATE", help="Day that dates count as of; today if not given.")
]
StandingRacks = Annotated[
    Standing,
    typer.Option("--standing", help="What racks of the facility's own racks.csv draw; none leaves them out."),
]


@dataclass(frozen=True, slots=True)
class Task:
    """What was read, and how it is to be taken."""

    facility: Facility
    """With the shipped rack types that requests name."""
    rack_types: tuple[str, ...]
    """Those of the facility itself."""
    requests: tuple[Request, ...]
    occupied: tuple[Placed, ...]
    on: date
    standing: Standing


def read_task(
    facility: str,
    requests: Path | None,
    occupied: Path | None,
    on: str | None,
    standing: Standing,
    output: Path | None = None,
) -> Task:
    """Read what the command names, and say which day counts where that matters.

    Raises ScenarioError, and an OSError where ``output`` would be written over the facility or its requests.
    """
    from capalloc.formats import load_facility, load_placed, load_requests
    from capalloc.formats.placing import with_rack_types

    day = _day(on) if on is not None else date.today()
    with inputs_spared(output):
        site = load_facility(facility)
        asked = load_requests(requests, site) if requests is not None else ()
    stood = load_placed(occupied, site, asked, on=day, standing=standing.value) if occupied is not None else ()
    task = Task(with_rack_types(site, asked), tuple(kind.name for kind in site.rack_types), asked, stood, day, standing)
    if on is None and any(dated is not None for dated in _dates(task)):
        say(f"warning: the facility has dates; they count as of today, {day.isoformat()}; choose with --on DATE")
    return task


def _day(text: str) -> date:
    """The day of ``--on``. Raises ScenarioError."""
    from capalloc.calendar import parse_day
    from capalloc.errors import Problem, ScenarioError
    from capalloc.schema.checks.magnitude import EARLIEST, LATEST

    try:
        day = parse_day(text)
    except ValueError as error:
        raise ScenarioError([Problem("", 0, "--on", str(error))]) from error
    if not EARLIEST <= day <= LATEST:
        message = f"found {text}, expected a date from {EARLIEST.year} to {LATEST.year}"
        raise ScenarioError([Problem("", 0, "--on", message)])
    return day


def _dates(task: Task) -> Iterator[date | None]:
    """The dates of the tables that count."""
    site = task.facility
    for supply in site.supplies:
        yield from (supply.start, supply.until)
    dated: tuple[PowerNode | CoolingZone, ...] = (*site.power, *site.cooling)
    for record in dated:
        yield from (record.available_from, record.available_until)
    for rack in site.racks if task.standing != Standing.NONE else ():
        yield rack.available_until


def warn_of_air(task: Task, requests: Sequence[Request], remedy: str) -> None:
    """Say where the heat of requests counts as air though the positions are on a liquid loop."""
    from capalloc.report.figures import plural
    from capalloc.schema.checks.placing import heat_as_air

    zones = heat_as_air(task.facility, requests)
    if zones:
        where = f"zone {zones[0]}" if len(zones) == 1 else f"{plural(len(zones), 'zone')} such as {zones[0]}"
        say(f"warning: all heat counts as air, though positions in {where} are liquid-cooled; {remedy}")


def warn_of_overloads(task: Task) -> None:
    """Say where what stands is above a limit before anything is placed."""
    from capalloc.verify.placed import overloaded

    found = overloaded(task.facility, task.requests, task.occupied, on=task.on, standing=task.standing.value)
    for one in found[:_WARNINGS_SHOWN]:
        say(f"warning: without anything placed, {one.message}; nothing is added there")
    if len(found) > _WARNINGS_SHOWN:
        say(f"warning: {len(found)} such limits in all")
