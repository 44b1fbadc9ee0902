"""``capalloc export kueue``: quotas for Kubernetes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from capalloc.cli.asking import Asked
from capalloc.cli.exits import faults, say
from capalloc.cli.exporting.shared import ForceExport, OnePeriod, PlanFile, exported, periods_asked, write_export
from capalloc.cli.options import AsJson, OutputFolder, Prospects, Quiet, ScenarioFile, Seed, TimeLimit

if TYPE_CHECKING:
    from capalloc.analysis.base import Base


def kueue(
    scenario: ScenarioFile,
    plan: PlanFile = None,
    *,
    output: OutputFolder,
    period: OnePeriod = None,
    prospect: Prospects = None,
    seed: Seed = 0,
    time_limit: TimeLimit = None,
    force: ForceExport = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Write a plan as quotas for Kueue: Topology, ResourceFlavor, Cohort, ClusterQueue, LocalQueue.

    A file for each period, or for one; each tenant has a cohort and a namespace, each demand a queue
    with the GPUs that it gets. A demand whose racks are all gone is drained. Scripts label the nodes:
    where they stand, once, and in each period whom they serve.

    \b
    Example:
      capalloc export kueue examples/tiny.yaml plan.json -o kueue --period 2026-06
    """
    with faults():
        from capalloc.exports.kueue import kueue_files, kueue_notes

        notes: list[str] = []

        def files_of(base: Base) -> dict[str, str]:
            notes.extend(kueue_notes(base))
            return kueue_files(base, periods_asked(base, period))

        asked = Asked(scenario, plan, frozenset(prospect or ()), seed, time_limit)
        files = exported(asked, output, files_of, quiet)
        for note in notes:
            say(note)
        write_export(output, files, quiet, as_json, force)
