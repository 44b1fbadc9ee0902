"""``capalloc export slurm``: a plan as partitions, topology and dated reservations."""

from __future__ import annotations

from capalloc.cli.asking import Asked
from capalloc.cli.exits import faults
from capalloc.cli.exporting.shared import PlanFile, exported_base, write_export
from capalloc.cli.options import AsJson, OutputFolder, Quiet, ScenarioFile, Seed, TimeLimit

_NAMES = ["nodes.conf", "partitions.conf", "reservations.sh", "topology.conf", "topology.yaml"]


def slurm(
    scenario: ScenarioFile,
    plan: PlanFile = None,
    *,
    output: OutputFolder,
    seed: Seed = 0,
    time_limit: TimeLimit = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Write a plan for Slurm: nodes, partitions, topology and dated reservations.

    \b
    Example:
      capalloc export slurm examples/tiny.yaml plan.json -o slurm
    """
    with faults():
        base = exported_base(Asked(scenario, plan, seed=seed, time_limit=time_limit), output, _NAMES, quiet)
        from capalloc.exports.slurm import slurm_files

        write_export(output, slurm_files(base), quiet, as_json)
