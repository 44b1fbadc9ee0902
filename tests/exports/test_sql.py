"""The queries of examples/EXCHANGE.md over exported tables, and what they show there."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from capalloc.analysis.base import planned_base
from capalloc.exports.parquet import parquet_files
from capalloc.exports.writing import write_files
from capalloc.formats import load_scenario
from tests.docs.pages import ROOT, marked

_QUERY = re.compile(r"```sql\n(?P<sql>.*?)```\n```text\n(?P<shown>.*?)```", re.DOTALL)
QUERIES = {name: text for name, text in marked("examples/EXCHANGE.md").items() if name.startswith("duckdb")}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sql")
    base = planned_base(load_scenario(ROOT / "examples" / "tiny.yaml"))
    write_files(folder / "tables", parquet_files(base))
    return folder


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_gives_what_the_guide_shows(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(folder)
    query = _QUERY.search(QUERIES[name])
    assert query is not None
    assert cells(str(duckdb.sql(query["sql"]))) == cells(query["shown"])


def test_the_query_of_the_readme_gives_what_demands_earn(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    query = re.search(r'duckdb -c "(.*)"', marked("README.md")["sql"])
    assert query is not None
    found = duckdb.sql(query[1])
    assert found is not None
    # By the page above it: the lease's months, and inference's hours of 31, 30, 31, 31, 30 and 31 days.
    lease = 600_000 + 2_400_000 + 4 * 3_600_000
    inference = 24 * (864 * 31 + 576 * 30 + 192 * 31 + 480 * (31 + 30 + 31))
    assert dict(found.fetchall()) == pytest.approx({"lease": lease, "inference": inference})


def cells(box: str) -> list[list[str]]:
    """The cells of a table that is drawn in a box."""
    return [[cell.strip() for cell in line.split("│")] for line in box.splitlines() if line.startswith("│")]


def test_the_guide_has_queries() -> None:
    assert len(QUERIES) >= 2
