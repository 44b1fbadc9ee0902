"""``capalloc slots``: how many groups of a size still fit, by hall, fabric block and rack type."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from capalloc.cli.exits import faults
from capalloc.cli.names import shipped_rack_types
from capalloc.cli.options import AsJson
from capalloc.cli.stages import stages
from capalloc.cli.standing import (
    SENTENCES,
    Before,
    FacilityName,
    OccupiedFile,
    OnDay,
    PlanFile,
    PlanPeriod,
    StandingRacks,
    Task,
    read_task,
    warn_of_air,
    warn_of_overloads,
    warn_of_requests,
)
from capalloc.errors import Problem, ScenarioError
from capalloc.memory import LEAST_MB, memory_for
from capalloc.progress import Progress

if TYPE_CHECKING:
    from capalloc.placement.floor import Slots
    from capalloc.schema.request import Request


class Together(StrEnum):
    """Values of ``--together``."""

    ROW = "row"
    FABRIC_BLOCK = "fabric_block"
    HALL = "hall"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class _Kind:
    """What one rack takes, as a request says it."""

    power_kw: float | None = None
    cooling_kw: float | None = None
    rack_type: str | None = None
    liquid_fraction: float | None = None

    @property
    def request(self) -> Request:
        """A group of one such rack."""
        from capalloc.schema.request import Request

        return Request(name="slots", racks=1, **asdict(self))


def slots(
    facility: FacilityName,
    racks: Annotated[int, typer.Option(min=1, metavar="N", help="Racks in a group.")] = 1,
    together: Annotated[Together, typer.Option(help="What a group has to stand in as a whole.")] = Together.ROW,
    power_kw: Annotated[
        float | None, typer.Option(metavar="KW", help="Draw of a rack, in place of the facility's rack types.")
    ] = None,
    cooling_kw: Annotated[
        float | None, typer.Option(metavar="KW", help="Heat of a rack with --power-kw; its draw unless given.")
    ] = None,
    rack_type: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="This rack type alone, of the facility or one that ships.",
            autocompletion=shipped_rack_types,
        ),
    ] = None,
    liquid_fraction: Annotated[
        float | None,
        typer.Option(metavar="SHARE", help="Share of its heat that leaves by liquid; as the rack type, or 0."),
    ] = None,
    requests: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The requests (CSV) that --occupied speaks of.")
    ] = None,
    occupied: OccupiedFile = None,
    on: OnDay = None,
    standing: StandingRacks = None,
    plan: PlanFile = None,
    period: PlanPeriod = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress on stderr; warnings stay.")] = False,
    as_json: AsJson = False,
) -> None:
    """Count how many groups of racks still fit.

    Of each rack type of the facility at its nameplate, of --rack-type, or of --power-kw: in all, in each
    hall were it filled alone, and in each fabric block. Groups are put where they fit first, so at least
    so many fit.

    \b
    Example:
      capalloc slots examples/placement --racks 4 --power-kw 40
    """
    with faults(), memory_for(LEAST_MB):
        if occupied is not None and requests is None:
            raise ScenarioError([Problem("", 0, "--occupied", "names requests; give their file with --requests")])
        _require_numbers(racks, power_kw, cooling_kw, liquid_fraction)
        with stages(quiet, SENTENCES) as progress:
            progress(Progress("load"))
            task = read_task(facility, requests, occupied, Before(on, standing, plan, period))
            kinds = _kinds(task, _Kind(power_kw, cooling_kw, rack_type, liquid_fraction))
            progress(Progress("count"))
            found = _counted(task, racks, together, kinds)
        warn_of_requests([kind.request for kind in kinds.values()])
        warn_of_air(task, [kind.request for kind in kinds.values()], "give --rack-type or --liquid-fraction")
        warn_of_overloads(task)
        _show_json(found) if as_json else _show(task, racks, together, found)


def _require_numbers(racks: int, power_kw: float | None, cooling_kw: float | None, share: float | None) -> None:
    """Refuse what no request may ask for. Raises ScenarioError."""
    from capalloc.schema.checks.magnitude import LEAST_KW, MOST_KW
    from capalloc.schema.checks.placing import MOST_RACKS

    asked = (("--racks", racks, 1, MOST_RACKS), ("--power-kw", power_kw, LEAST_KW, MOST_KW))
    heat = (("--cooling-kw", cooling_kw, 0, MOST_KW), ("--liquid-fraction", share, 0, 1))
    problems = [
        Problem("", 0, option, f"found {value:,.15g}, expected {least:,.15g} to {most:,.15g}")
        for option, value, least, most in (*asked, *heat)
        if value is not None and not least <= value <= most
    ]
    if problems:
        raise ScenarioError(problems)


def _kinds(task: Task, kind: _Kind) -> dict[str, _Kind]:
    """What to count, each under its name. Raises ScenarioError."""
    if kind.rack_type is not None:
        return {kind.rack_type: kind}
    if kind.power_kw is not None:
        return {f"{kind.power_kw:g} kW": kind}
    for option, given in (("--cooling-kw", kind.cooling_kw), ("--liquid-fraction", kind.liquid_fraction)):
        if given is not None:
            message = "is the heat of a rack of --power-kw or --rack-type; give that too"
            raise ScenarioError([Problem("", 0, option, message)])
    if not task.rack_types:
        message = "the facility has no rack types; say what a rack draws, or give --rack-type"
        raise ScenarioError([Problem("", 0, "--power-kw", message)])
    return {name: _Kind(rack_type=name) for name in task.rack_types}


def _counted(task: Task, racks: int, together: Together, kinds: dict[str, _Kind]) -> dict[str, Slots]:
    from capalloc.placement.floor import Floor

    floor = Floor(task.facility, task.requests, task.occupied, **task.stands)
    return {
        name: floor.slots(
            racks,
            kind.power_kw,
            kind.cooling_kw,
            together.value,
            rack_type=kind.rack_type,
            liquid_fraction=kind.liquid_fraction,
        )
        for name, kind in kinds.items()
    }


def _show_json(found: dict[str, Slots]) -> None:
    typer.echo(json.dumps({name: asdict(slots) for name, slots in found.items()}, indent=1))


def _show(task: Task, racks: int, together: Together, found: dict[str, Slots]) -> None:
    from capalloc.report.slots import slots_page
    from capalloc.report.terminal import show

    show(slots_page(task.facility.name, racks, together.value, found))
