"""``capalloc export parquet``: a plan as tidy tables."""

from __future__ import annotations

from capalloc.cli.asking import Asked
from capalloc.cli.exits import faults
from capalloc.cli.exporting.shared import PlanFile, exported_base, write_export
from capalloc.cli.options import AsJson, OutputFolder, Quiet, ScenarioFile, Seed, TimeLimit


def parquet(
    scenario: ScenarioFile,
    plan: PlanFile = None,
    *,
    output: OutputFolder,
    seed: Seed = 0,
    time_limit: TimeLimit = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Write a plan as tidy tables in Parquet.

    \b
    Example:
      capalloc export parquet examples/tiny.yaml plan.json -o tables
    """
    with faults():
        from capalloc.exports.parquet import TABLES, parquet_files, require_parquet

        require_parquet()
        names = [f"{table}.parquet" for table in TABLES]
        base = exported_base(Asked(scenario, plan, seed=seed, time_limit=time_limit), output, names, quiet)
        write_export(output, parquet_files(base), quiet, as_json)
