"""Parquet tables say what the plan says."""

from __future__ import annotations

import io

from capalloc.exports.parquet import parquet_files
from capalloc.formats import load_scenario
from capalloc.solve import solve


def test_assignments_are_those_of_the_plan() -> None:
    import pyarrow.parquet

    plan = solve(load_scenario("examples/tiny.yaml")).plan
    assert plan is not None
    table = pyarrow.parquet.read_table(io.BytesIO(parquet_files(plan)["assignments.parquet"]))
    rows = [tuple(row.values()) for row in table.to_pylist()]
    assert rows == [(one.rack, one.demand, one.start, one.until) for one in plan.assignments]
    assert rows
