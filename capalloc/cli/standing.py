"""What ``place`` and ``slots`` read alike: a facility, requests, what stands of them, and the day that counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from capalloc.cli.asking import day_asked
from capalloc.cli.exits import say
from capalloc.cli.loading import read, say_warnings
from capalloc.cli.output import PLACED, OutputFile

if TYPE_CHECKING:
    from capalloc.placement.problem.scene import Scene
    from capalloc.schema.beside import Beside
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
_NOTHING = OutputFile(None, PLACED)


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
    Standing | None,
    typer.Option(
        "--standing",
        help="What racks of the facility's own racks.csv draw, nameplate if not given; none leaves them out.",
    ),
]


PlanFile = Annotated[
    Path | None,
    typer.Option("--plan", metavar="FILE", help="What stands is who this plan says; FACILITY is then its scenario."),
]
PlanPeriod = Annotated[
    str | None,
    typer.Option("--period", metavar="PERIOD", help="The period of --plan that counts; a day or month in it will do."),
]


@dataclass(frozen=True, slots=True)
class Before:
    """What is said of the racks that stand before."""

    on: str | None
    standing: Standing | None
    plan: Path | None
    period: str | None

    def require_one(self) -> None:
        """Refuse a plan without a period, and the other way round. Raises ScenarioError."""
        from capalloc.errors import Problem, ScenarioError

        told = {
            "--period": "names a period of a plan; give that with --plan" * (self.plan is None and bool(self.period)),
            "--plan": "has many periods; say which with --period" * (self.plan is not None and not self.period),
        }
        problems = [Problem("", 0, option, message) for option, message in told.items() if message]
        if problems:
            raise ScenarioError(problems)


@dataclass(frozen=True, slots=True)
class Task:
    """What was read, and how it is to be taken."""

    facility: Facility
    """With the shipped rack types that requests name."""
    rack_types: tuple[str, ...]
    """Those of the facility itself."""
    requests: tuple[Request, ...]
    occupied: tuple[Placed, ...]
    scene: Scene
    """What stands in the facility."""
    stands: dict[str, Any]
    """The keywords of ``place``, ``Floor`` and ``overloaded`` that say so."""


def read_task(
    facility: str, requests: Path | None, occupied: Path | None, before: Before, output: OutputFile = _NOTHING
) -> Task:
    """Read what the command names, and say which day counts where that matters.

    Raises ScenarioError, and an OSError where ``output`` would be written over what is read, but for ``occupied``, or
    over a file of another kind.
    """
    from capalloc.formats import load_facility, load_placed, load_requests
    from capalloc.formats.placing import with_rack_types
    from capalloc.placement.problem.scene import scene_of

    before.require_one()
    with output.spared():
        beside = _beside(facility, before) if before.plan is not None else None
        site = load_facility(facility) if beside is None else beside.scenario.facility
        say_warnings(site if beside is None else beside.scenario)
        asked = load_requests(requests, site) if requests is not None else ()
    stands = _said(before, beside)
    scene = scene_of(site, **stands)
    stood = load_placed(occupied, site, asked, holders=scene.holders) if occupied is not None else ()
    if before.on is None and beside is None and any(dated is not None for dated in _dates(site, before.standing)):
        day = scene.period.start.isoformat()
        say(f"warning: the facility has dates; they count as of today, {day}; choose with --on DATE")
    own = tuple(kind.name for kind in site.rack_types)
    return Task(with_rack_types(site, asked), own, asked, stood, scene, stands)


def _said(before: Before, beside: Beside | None) -> dict[str, Any]:
    """What stands: as a plan says, which says what day counts and what racks draw; or on a day, today unless given."""
    said = {"on": day_asked(before.on, "--on"), "standing": before.standing and before.standing.value}
    if beside is None:
        return said | {"on": said["on"] or date.today()}
    return said | {"beside": beside}


def _beside(scenario: str, before: Before) -> Beside:
    """The plan, which must be one of the scenario. Raises ScenarioError or PlanFileError."""
    from capalloc.errors import Problem, ScenarioError
    from capalloc.formats import load_plan
    from capalloc.schema.beside import Beside

    assert before.plan is not None
    assert before.period is not None
    if not Path(scenario).is_file():
        message = f"found {scenario!r}, which is no file; with --plan give the scenario that the plan was made for"
        raise ScenarioError([Problem("", 0, "FACILITY", message)])
    return Beside(read(Path(scenario)), load_plan(before.plan), before.period)


def _dates(site: Facility, standing: Standing | None) -> Iterator[date | None]:
    """The dates of the tables that count."""
    for supply in site.supplies:
        yield from (supply.start, supply.until)
    dated: tuple[PowerNode | CoolingZone, ...] = (*site.power, *site.cooling)
    for record in dated:
        yield from (record.available_from, record.available_until)
    for rack in site.racks if standing != Standing.NONE else ():
        yield rack.available_until


def warn_of_air(task: Task, requests: Sequence[Request], remedy: str) -> None:
    """Say where the heat of requests counts as air though the positions are on a liquid loop."""
    from capalloc.report.figures import plural
    from capalloc.schema.checks.placing import heat_as_air

    zones = heat_as_air(task.facility, requests)
    if zones:
        where = f"zone {zones[0]}" if len(zones) == 1 else f"{plural(len(zones), 'zone')} such as {zones[0]}"
        say(f"warning: all heat counts as air, though positions in {where} are liquid-cooled; {remedy}")


def warn_of_requests(requests: Sequence[Request]) -> None:
    """Say what is odd about the racks that are to be placed."""
    from capalloc.schema.checks.placing import odd_requests

    _warn_of_first([f"{one.loc[-1]}: {one.message}" for one in odd_requests(requests)], "such figures")


def warn_of_overloads(task: Task) -> None:
    """Say where what stands is above a limit before anything is placed."""
    from capalloc.verify.placed import overloaded

    found = overloaded(task.facility, task.requests, task.occupied, **task.stands)
    told = [f"without anything placed, {one.message}; nothing is added there" for one in found]
    _warn_of_first(told, "such limits")


def _warn_of_first(sentences: Sequence[str], what: str) -> None:
    """Warn with the first sentences, and of how many there are."""
    for sentence in sentences[:_WARNINGS_SHOWN]:
        say(f"warning: {sentence}")
    if len(sentences) > _WARNINGS_SHOWN:
        say(f"warning: {len(sentences)} {what} in all")
