"""A workbook is a scenario for every command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.commands import Run


@pytest.fixture
def book(run: Run, tiny: Path, tmp_path: Path) -> Path:
    """The tiny example as a workbook."""
    path = tmp_path / "tiny.xlsx"
    assert run("expand", tiny, "--xlsx", path).code == 0
    return path


def without_seconds(plan: Path) -> object:
    read = json.loads(plan.read_text(encoding="utf-8"))
    del read["stats"]["seconds"]
    return read


def test_a_workbook_plans_as_the_scenario_it_came_from(run: Run, book: Path, plan: Path, tmp_path: Path) -> None:
    assert run("plan", book, "-q", "-o", tmp_path / "again.json").code == 0
    assert without_seconds(tmp_path / "again.json") == without_seconds(plan)


def test_a_workbook_becomes_a_folder_that_plans_the_same(run: Run, book: Path, plan: Path, tmp_path: Path) -> None:
    assert run("import", "xlsx", book, "-o", tmp_path / "tables").code == 0
    assert run("plan", tmp_path / "tables/scenario.yaml", "-q", "-o", tmp_path / "again.json").code == 0
    assert without_seconds(tmp_path / "again.json") == without_seconds(plan)


def test_a_plan_is_checked_against_a_workbook(run: Run, book: Path, plan: Path) -> None:
    assert run("check", book, plan).code == 0


def test_a_workbook_that_was_edited_is_kept(run: Run, tiny: Path, book: Path) -> None:
    assert run("expand", tiny, "--xlsx", book).code == 0
    book.write_bytes(book.read_bytes() + b" ")
    kept = run("expand", tiny, "--xlsx", book)
    assert (kept.code, "write over it with --force" in kept.err) == (2, True)
    assert run("expand", tiny, "--xlsx", book, "--force").code == 0


def test_what_to_write_is_asked_for(run: Run, tiny: Path, tmp_path: Path) -> None:
    neither = run("expand", tiny)
    assert (neither.code, "found neither, expected a folder" in neither.err) == (2, True)
    both = run("expand", tiny, "-o", tmp_path / "a", "--xlsx", tmp_path / "b.xlsx")
    assert (both.code, "found both" in both.err, (tmp_path / "a").exists()) == (2, True, False)


def test_another_file_is_no_workbook(run: Run, tiny: Path, tmp_path: Path) -> None:
    ended = run("import", "xlsx", tiny, "-o", tmp_path / "a")
    assert (ended.code, "expected one that ends in .xlsx" in ended.err) == (2, True)
    (tmp_path / "b.xlsx").write_text("name,kind\n", encoding="utf-8")
    ended = run("plan", tmp_path / "b.xlsx")
    assert (ended.code, "b.xlsx: is not a workbook" in ended.err) == (2, True)


def test_today_s_plan_is_written_beside_the_workbook(run: Run, book: Path, plan: Path, tmp_path: Path) -> None:
    assert run("import", "xlsx", book, "-o", tmp_path / "site").code == 0
    (tmp_path / "site/today.json").write_bytes(plan.read_bytes())
    scenario = tmp_path / "site/scenario.yaml"
    scenario.write_text(scenario.read_text(encoding="utf-8") + "incumbent: today.json\n", encoding="utf-8")
    ended = run("expand", scenario, "--xlsx", tmp_path / "next.xlsx", "--json")
    assert json.loads(ended.out)["files"] == [str(tmp_path / name) for name in ("next-incumbent.json", "next.xlsx")]
    assert run("plan", scenario, "-q", "-o", tmp_path / "a.json").code == 0
    assert run("plan", tmp_path / "next.xlsx", "-q", "-o", tmp_path / "b.json").code == 0
    assert without_seconds(tmp_path / "a.json") == without_seconds(tmp_path / "b.json")
    kept = run("plan", tmp_path / "next.xlsx", "-q", "-o", tmp_path / "next.xlsx")
    assert (kept.code, "is read by this command" in kept.err) == (2, True)
