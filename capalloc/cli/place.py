"""``capalloc place``: groups of racks on free positions, as tables, as JSON, as a file."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from capalloc.cli.exits import faults, say
from capalloc.cli.options import AsJson, ForceFile
from capalloc.cli.output import PLACED, OutputFile
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
from capalloc.memory import LEAST_MB, memory_for
from capalloc.progress import OnProgress, Progress

if TYPE_CHECKING:
    from capalloc.schema.placing import Placing


class Objective(StrEnum):
    """Values of ``--objective``."""

    RACKS = "racks"
    KW = "kw"
    REQUESTS = "requests"
    VALUE = "value"


def place(
    facility: FacilityName,
    requests: Annotated[Path, typer.Argument(metavar="REQUESTS", help="The requests: a table (CSV).")],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write who stands where to this file (CSV).")
    ] = None,
    occupied: OccupiedFile = None,
    objective: Annotated[Objective, typer.Option(help="What there is to be most of.")] = Objective.RACKS,
    seed: Annotated[
        int, typer.Option(min=0, metavar="N", help="Seed; with --time-limit 0 the same seed gives the same answer.")
    ] = 0,
    time_limit: Annotated[
        float, typer.Option(min=0, metavar="SECONDS", help="Improve for this long; 0 is the constructive answer.")
    ] = 1.0,
    no_bound: Annotated[bool, typer.Option("--no-bound", help="Prove no bound; it costs more than the rest.")] = False,
    on: OnDay = None,
    standing: StandingRacks = None,
    plan: PlanFile = None,
    period: PlanPeriod = None,
    force: ForceFile = False,
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
    with faults(), memory_for(LEAST_MB):
        file = OutputFile(output, PLACED, force)
        file.require_writable()
        with stages(quiet, SENTENCES) as progress:
            progress(Progress("load"))
            task = read_task(facility, requests, occupied, Before(on, standing, plan, period), file)
            placing = _placed(task, objective, seed, time_limit, not no_bound, progress)
        warn_of_requests(task.requests)
        warn_of_air(task, task.requests, "give requests a rack_type or a liquid_fraction")
        warn_of_overloads(task)
        _save(placing, output, quiet)
        _show_json(placing) if as_json else _show(task, placing)


def _placed(
    task: Task, objective: Objective, seed: int, time_limit: float, bound: bool, progress: OnProgress
) -> Placing:
    from capalloc.cli.interrupt import cancelled_by_interrupt
    from capalloc.placing import place as placed

    with cancelled_by_interrupt("the best placement so far") as cancel:
        return placed(
            task.facility,
            task.requests,
            occupied=task.occupied,
            objective=objective.value,
            seed=seed,
            time_limit=time_limit,
            bound=bound,
            progress=progress,
            cancel=cancel,
            **task.stands,
        )


def _save(placing: Placing, output: Path | None, quiet: bool) -> None:
    if output is None:
        return
    from capalloc.formats import save_placed

    save_placed(placing.placed, output)
    if not quiet:
        say(f"placement written to {output}")


def _show_json(placing: Placing) -> None:
    typer.echo(json.dumps(placing.model_dump(mode="json", exclude={"maximised", "placed"}), indent=1))


def _show(task: Task, placing: Placing) -> None:
    from capalloc.report.placing import placing_page
    from capalloc.report.terminal import show
    from capalloc.synthetic.halls import hall_uses

    halls = hall_uses(task.facility, task.requests, placing.placed, task.scene.holders, task.scene.to_come)
    show(placing_page(task.facility, task.requests, placing, halls))
