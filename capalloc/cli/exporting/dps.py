"""``capalloc export dps``: a planned site for NVIDIA's Domain Power Service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from capalloc.cli.asking import Asked
from capalloc.cli.exits import faults
from capalloc.cli.exporting.shared import ForceExport, GpusPerNode, PlanFile, exported, periods_asked, write_export
from capalloc.cli.options import AsJson, OutputFolder, Prospects, Quiet, ScenarioFile, Seed, TimeLimit

if TYPE_CHECKING:
    from capalloc.analysis.base import Base


def dps(
    scenario: ScenarioFile,
    plan: PlanFile = None,
    *,
    output: OutputFolder,
    period: Annotated[
        str | None,
        typer.Option(metavar="PERIOD", help="Its label, or a day or month in it; the first unless given."),
    ] = None,
    feed_tags: Annotated[
        str | None,
        typer.Option(metavar="KIND", help="Kind of power node that has feed tags, such as ups; else the roots."),
    ] = None,
    gpus_per_node: GpusPerNode = None,
    prospect: Prospects = None,
    seed: Seed = 0,
    time_limit: TimeLimit = None,
    force: ForceExport = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Write the power tree, racks and nodes of a period for NVIDIA's Domain Power Service (DPS).

    Limits are those of normal operation, less what the loss of a contingency would bring: DPS knows no losses. DPS has
    one topology at a time, so this is one period: the first, unless --period says which.

    \b
    Example:
      capalloc export dps examples/tiny.yaml plan.json -o dps --period 2026-08
    """
    with faults():
        from capalloc.exports.dps import dps_files

        asked = Asked(scenario, plan, frozenset(prospect or ()), seed, time_limit)

        def files_of(base: Base) -> dict[str, str]:
            return dps_files(base, periods_asked(base, period)[0], feed_tags, gpus_per_node or ())

        files = exported(asked, output, files_of, quiet)
        write_export(output, files, quiet, as_json, force)
