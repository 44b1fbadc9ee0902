"""``capalloc export xlsx``, ``export parquet`` and ``export focus``: what they write, and what they refuse."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from tests.cli.commands import Run

FILES = ("focus", "parquet")
"""Kinds of several files."""


def charges(folder: Path) -> list[dict[str, str]]:
    with (folder / "focus-cost-and-usage-1.2.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_a_workbook_is_written_and_named(run: Run, tiny: Path, plan: Path, tmp_path: Path) -> None:
    book = tmp_path / "finance.xlsx"
    ended = run("export", "xlsx", tiny, plan, "-o", book, "-q")
    assert (ended.code, ended.out, ended.err) == (0, f"{book}\n", "")
    names = CalamineWorkbook.from_path(str(book)).sheet_names
    assert names[:6] == ["Summary", "Delivered MW", "Committed MW", "Site", "Months", "Money"]


def test_without_a_plan_one_is_made_first(run: Run, tiny: Path, tmp_path: Path) -> None:
    ended = run("export", "xlsx", tiny, "-o", tmp_path / "finance.xlsx")
    assert ended.code == 0
    assert "planned first" in ended.err


def test_a_workbook_takes_the_place_of_an_earlier_one_alone(run: Run, tiny: Path, plan: Path, tmp_path: Path) -> None:
    book, own = tmp_path / "finance.xlsx", tmp_path / "own.xlsx"
    for _ in range(2):
        assert run("export", "xlsx", tiny, plan, "-o", book, "-q").code == 0
    assert run("expand", tiny, "--xlsx", own).code == 0
    before = own.read_bytes()
    refused = run("export", "xlsx", tiny, plan, "-o", own, "-q")
    assert (refused.code, own.read_bytes()) == (2, before)
    assert "is not a plan's workbook; choose another name, or write over it with --force" in refused.err
    assert run("export", "xlsx", tiny, plan, "-o", own, "-q", "--force").code == 0


def test_a_workbook_has_the_name_of_one(run: Run, tiny: Path, plan: Path, tmp_path: Path) -> None:
    ended = run("export", "xlsx", tiny, plan, "-o", tmp_path / "finance.csv", "-q")
    assert ended.code == 2
    assert "expected one that ends in .xlsx" in ended.err


@pytest.mark.parametrize("kind", FILES)
def test_a_plan_of_another_scenario_is_refused_and_nothing_is_written(
    run: Run, tiny: Path, plan: Path, tmp_path: Path, kind: str
) -> None:
    ended = run("export", kind, tiny.with_name("colo-hall.yaml"), plan, "-o", tmp_path / "out", "-q")
    assert ended.code == 2
    assert "was made for 'tiny'" in ended.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("kind", FILES)
def test_a_folder_that_is_a_file_is_refused(run: Run, tiny: Path, plan: Path, kind: str) -> None:
    ended = run("export", kind, tiny, plan, "-o", plan, "-q")
    assert ended.code == 2
    assert "is a file; expected the name of a folder" in ended.err


@pytest.mark.parametrize("kind", FILES)
def test_a_period_that_is_none_is_refused(run: Run, tiny: Path, plan: Path, tmp_path: Path, kind: str) -> None:
    ended = run("export", kind, tiny, plan, "-o", tmp_path / "out", "--period", "2031-01", "-q")
    assert ended.code == 2
    assert "--period: found '2031-01'" in ended.err


def test_charges_of_one_period_are_those_of_its_month(run: Run, tiny: Path, plan: Path, tmp_path: Path) -> None:
    assert run("export", "focus", tiny, plan, "-o", tmp_path / "all", "-q").code == 0
    assert run("export", "focus", tiny, plan, "-o", tmp_path / "one", "--period", "2026-07", "-q").code == 0
    july = [row for row in charges(tmp_path / "all") if row["BillingPeriodStart"].startswith("2026-07")]
    assert charges(tmp_path / "one") == july
    assert len(july) == 1


def test_files_are_told_as_json(run: Run, tiny: Path, plan: Path, tmp_path: Path) -> None:
    ended = run("export", "focus", tiny, plan, "-o", tmp_path / "out", "-q", "--json")
    told = json.loads(ended.out)
    assert [Path(path).name for path in told["files"]] == [
        "focus-contract-commitment-1.3.csv",
        "focus-cost-and-usage-1.2.csv",
    ]


def test_a_prospect_that_is_planned_is_charged_nothing_and_named(run: Run, tiny: Path, tmp_path: Path) -> None:
    assert run("expand", tiny, "-o", tmp_path / "case").code == 0
    case = tmp_path / "case" / "scenario.yaml"
    case.write_text(case.read_text().replace("tenant: Example AI", "tenant: Example AI\n  probability: 0.5"))
    ended = run("export", "focus", case, "--prospect", "lease", "-o", tmp_path / "out", "-q")
    assert ended.code == 0
    assert "lease has not signed: it is charged nothing" in ended.err
    assert charges(tmp_path / "out") == []


def test_without_pyarrow_the_extra_is_named_before_a_plan_is_made(
    run: Run, tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    ended = run("export", "parquet", tiny, "-o", tmp_path / "out")
    assert ended.code == 2
    assert "pip install 'capalloc[parquet]'" in ended.err
    assert "planned" not in ended.err
