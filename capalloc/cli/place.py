"""``capalloc place``: groups of racks on free positions, as tables, as JSON, as a file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from capalloc.cli.exits import faults, say
from capalloc.cli.options import AsJson
from capalloc.cli.output import require_no_table, require_writable_file
from capalloc.cli.stages import Progress, stages

if TYPE_CHECKING:
    from capalloc.schema.facility import CoolingZone, Facility, PowerNode
    from capalloc.schema.placing import Placing
    from capalloc.schema.request import Placed, Request

SENTENCES = {
    "load": "reading the facility and its requests",
    "lower": "lowering positions, power and cooling to arrays",
    "compile": "compiling kernels, once for this machine",
    "place": "placing groups of racks",
    "bound": "proving how much more any placement could reach",
    "verify": "checking every position and limit",
}
_WARNINGS_SHOWN = 3


class Objective(StrEnum):
    """Values of ``--objective``."""

    RACKS = "racks"
    KW = "kw"
    REQUESTS = "requests"
    VALUE = "value"


class Standing(StrEnum):
    """Values of ``--standing``."""

    NAMEPLATE = "nameplate"
    EXPECTED = "expected"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class _Task:
    """What was read, and how it is to be taken."""

    facility: Facility
    requests: tuple[Request, ...]
    occupied: tuple[Placed, ...]
    on: date
    standing: Standing


def place(
    facility: Annotated[
        str,
        typer.Argument(metavar="FACILITY", help="A folder of tables, a facility.yaml, or the name of a model."),
    ],
    requests: Annotated[Path, typer.Argument(metavar="REQUESTS", help="The requests: a table (CSV).")],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write who stands where to this file (CSV).")
    ] = None,
    occupied: Annotated[
        Path | None, typer.Option(metavar="FILE", help="What stands already and stays: a file that -o wrote.")
    ] = None,
    objective: Annotated[Objective, typer.Option(help="What there is to be most of.")] = Objective.RACKS,
    seed: Annotated[int, typer.Option(min=0, metavar="N", help="Seed; the same seed gives the same answer.")] = 0,
    time_limit: Annotated[
        float, typer.Option(min=0, metavar="SECONDS", help="Improve for this long; 0 is the constructive answer.")
    ] = 1.0,
    no_bound: Annotated[bool, typer.Option("--no-bound", help="Prove no bound; it costs more than the rest.")] = False,
    on: Annotated[
        str | None, typer.Option(metavar="DATE", help="Day that dates count as of; today if not given.")
    ] = None,
    standing: Annotated[
        Standing, typer.Option(help="What racks of the facility's own racks.csv draw; none leaves them out.")
    ] = Standing.NAMEPLATE,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress on stderr; warnings stay.")] = False,
    as_json: AsJson = False,
) -> None:
    """Place groups of racks.

    On free positions of a facility, within power (normal and after the loss of any contingency node),
    supplies and cooling, together where they ask for it.

    Nothing is written without -o. Requests that find no place are named with what kept them out.

    \b
    Example:
      capalloc place examples/placement examples/placement/requests.csv -o placed.csv
    """
    with faults():
        if output is not None:
            _require_output(output, Path(facility), requests)
        with stages(quiet, SENTENCES) as progress:
            progress("load")
            task = _read(facility, requests, occupied, on, standing)
            _warn_of_dates(task, on)
            placing = _placed(task, objective, seed, time_limit, not no_bound, progress)
        _warn_of_overloads(task)
        _save(placing, output, quiet)
        _show_json(placing) if as_json else _show(task, placing)


def _require_output(output: Path, facility: Path, requests: Path) -> None:
    from capalloc.formats.rows import TABLES

    require_writable_file(output, {"file of requests": requests, "facility": facility})
    require_no_table(output, facility, {"facility.yaml", *(f"{table}.csv" for table in TABLES)})


def _read(facility: str, requests: Path, occupied: Path | None, on: str | None, standing: Standing) -> _Task:
    from capalloc.formats import load_facility, load_placed, load_requests

    day = _day(on) if on is not None else date.today()
    site, asked = load_facility(facility), load_requests(requests)
    stood = load_placed(occupied, site, asked, on=day, draw=standing.value) if occupied is not None else ()
    return _Task(site, asked, stood, day, standing)


def _day(text: str) -> date:
    """The day of ``--on``. Raises ScenarioError."""
    from capalloc.calendar import parse_day
    from capalloc.errors import Problem, ScenarioError
    from capalloc.schema.magnitude import EARLIEST, LATEST

    try:
        day = parse_day(text)
    except ValueError as error:
        raise ScenarioError([Problem("", 0, "--on", str(error))]) from error
    if not EARLIEST <= day <= LATEST:
        message = f"found {text}, expected a date from {EARLIEST.year} to {LATEST.year}"
        raise ScenarioError([Problem("", 0, "--on", message)])
    return day


def _placed(
    task: _Task, objective: Objective, seed: int, time_limit: float, bound: bool, progress: Progress
) -> Placing:
    from capalloc.placing import place as placed

    return placed(
        task.facility,
        task.requests,
        occupied=task.occupied,
        objective=objective.value,
        seed=seed,
        time_limit=time_limit,
        bound=bound,
        on=task.on,
        draw=task.standing.value,
        progress=progress,
    )


def _warn_of_dates(task: _Task, on: str | None) -> None:
    """Say which day counts where nobody chose it and it matters."""
    if on is None and any(day is not None for day in _dates(task)):
        say(f"warning: the facility has dates; they count as of today, {task.on.isoformat()}; choose with --on DATE")


def _dates(task: _Task) -> Iterator[date | None]:
    """The dates of the tables that count."""
    site = task.facility
    for supply in site.supplies:
        yield from (supply.start, supply.until)
    dated: tuple[PowerNode | CoolingZone, ...] = (*site.power, *site.cooling)
    for record in dated:
        yield from (record.available_from, record.available_until)
    for rack in site.racks if task.standing != Standing.NONE else ():
        yield rack.available_until


def _warn_of_overloads(task: _Task) -> None:
    """Say where what stands is above a limit before anything is placed."""
    from capalloc.verify.placed import overloaded

    found = overloaded(task.facility, task.requests, task.occupied, on=task.on, draw=task.standing.value)
    for one in found[:_WARNINGS_SHOWN]:
        say(f"warning: without anything placed, {one.message}; nothing is added there")
    if len(found) > _WARNINGS_SHOWN:
        say(f"warning: {len(found)} such limits in all")


def _save(placing: Placing, output: Path | None, quiet: bool) -> None:
    if output is None:
        return
    from capalloc.formats import save_placed

    save_placed(placing.placed, output)
    if not quiet:
        say(f"placement written to {output}")


def _show_json(placing: Placing) -> None:
    typer.echo(json.dumps(placing.model_dump(mode="json", exclude={"maximised", "placed"}), indent=1))


def _show(task: _Task, placing: Placing) -> None:
    from capalloc.analysis.halls import hall_uses
    from capalloc.report.placing import placing_page
    from capalloc.report.terminal import show

    own = [rack for rack in task.facility.racks if task.standing != Standing.NONE and rack.holds(task.on)]
    halls = hall_uses(task.facility, task.requests, placing.placed, own)
    show(placing_page(task.facility, task.requests, placing, halls))
