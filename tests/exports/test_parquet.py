"""Parquet tables say what the plan says, and SQL finds it there."""

from __future__ import annotations

import io
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import pytest

from capalloc.analysis.base import Base, planned_base
from capalloc.exports.parquet import TABLES, parquet_files
from capalloc.formats import load_scenario

Tables = dict[str, pa.Table]


@pytest.fixture(scope="module")
def base() -> Base:
    return planned_base(load_scenario("examples/tiny.yaml"))


@pytest.fixture(scope="module")
def tables(base: Base) -> Tables:
    files = parquet_files(base)
    return {name: pyarrow.parquet.read_table(io.BytesIO(files[f"{name}.parquet"])) for name in TABLES}


def rows(table: pa.Table) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in table.to_pylist()]


def test_assignments_are_those_of_the_plan(base: Base, tables: Tables) -> None:
    found = rows(tables["assignments"])
    assert found == [(one.rack, one.demand, one.start, one.until) for one in base.plan.assignments]
    assert found


def test_money_of_demands_and_periods_is_that_of_the_plan(base: Base, tables: Tables) -> None:
    table = tables["demand_periods"]
    earned = sum(table["fee_usd"].to_pylist()) + sum(table["value_usd"].to_pylist())
    assert earned == pytest.approx(sum(row.revenue_usd for row in base.plan.demands))


def test_loads_are_there_for_each_node_and_period(base: Base, tables: Tables) -> None:
    table = tables["node_loads"]
    assert table.num_rows == len(base.scenario.facility.power) * len(base.plan.periods)
    # In August the second supply has come: the feeder carries 12 racks of 100 kW, of 1,500 kW.
    august = next(row for row in table.to_pylist() if (row["node"], row["period"]) == ("feeder", "2026-08"))
    assert (august["load_kw"], august["limit_kw"]) == (1200.0, 1500.0)


def test_prices_are_those_of_the_plan(base: Base, tables: Tables) -> None:
    prices = [("node", one.node, one.period, one.usd_per_kw_month) for one in base.plan.prices]
    assert rows(tables["prices"])[: len(prices)] == prices
    assert prices


def test_each_file_says_of_which_plan_it_is(base: Base, tables: Tables) -> None:
    for table in tables.values():
        assert table.schema.metadata[b"plan_sha256"].decode() == base.about.plan_sha256


def test_the_same_plan_gives_the_same_bytes(base: Base) -> None:
    assert parquet_files(base) == parquet_files(base)


def test_one_period_has_its_rows_alone(base: Base) -> None:
    june = base.scenario.horizon.periods[1]
    files = parquet_files(base, [june])
    found = {name: pyarrow.parquet.read_table(io.BytesIO(files[f"{name}.parquet"])) for name in TABLES}
    assert set(found["demand_periods"]["period"].to_pylist()) == {"2026-06"}
    spans = [one for one in base.plan.assignments if one.start < june.end and one.until > june.start]
    assert found["assignments"].num_rows == len(spans) > 0
    assert found["racks"].num_rows == len(base.scenario.facility.racks)
