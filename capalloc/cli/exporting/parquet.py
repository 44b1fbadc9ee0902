"""``capalloc export parquet``: a plan as tidy tables."""

from __future__ import annotations

from capalloc.cli.asking import Asked
from capalloc.cli.exits import faults
from capalloc.cli.exporting.shared import ForceExport, OnePeriod, PlanFile, exported_base, periods_asked, write_export
from capalloc.cli.options import AsJson, OutputFolder, Prospects, Quiet, ScenarioFile, Seed, TimeLimit


def parquet(
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
    """Write a plan as tidy tables in Parquet, for SQL, pandas or Spark.

    Assignments, demands by period, loads of power nodes by period, periods, prices, racks and shortfalls; units are in
    the names of columns, `start` and `until` are days, the second excluded.

    \b
    Example:
      capalloc export parquet examples/tiny.yaml plan.json -o tables
    """
    with faults():
        from capalloc.exports.parquet import TABLES, parquet_files, require_parquet

        require_parquet()
        names = [f"{table}.parquet" for table in TABLES]
        asked = Asked(scenario, plan, frozenset(prospect or ()), seed, time_limit)
        base = exported_base(asked, output, names, quiet)
        write_export(output, parquet_files(base, periods_asked(base, period)), quiet, as_json, force)
