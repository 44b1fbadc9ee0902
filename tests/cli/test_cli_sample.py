"""``capalloc expand --sample``: samples as folders and workbooks."""

from __future__ import annotations

from pathlib import Path

from capalloc import load_book, load_scenario, sample
from tests.cli.commands import Run
from tests.docs.pages import ROOT

UNSURE = ROOT / "examples" / "colossus1-unsure.yaml"


def test_a_sample_is_the_same_scenario_from_folder_workbook_and_python(run: Run, tmp_path: Path) -> None:
    book = tmp_path / "seventh.xlsx"
    assert run("expand", UNSURE, "--sample", "7", "-o", tmp_path / "seventh").code == 0
    assert run("expand", UNSURE, "--sample", "7", "--xlsx", book).code == 0
    expected = sample(load_scenario(UNSURE), 7)
    assert load_scenario(tmp_path / "seventh" / "scenario.yaml") == expected
    assert load_book(book) == expected


def test_the_same_sample_is_the_same_bytes(run: Run, tmp_path: Path) -> None:
    for folder in ("one", "other"):
        assert run("expand", UNSURE, "--sample", "3", "--seed", "5", "-o", tmp_path / folder).code == 0
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert "scenario.yaml" in files
    assert all((tmp_path / "one" / name).read_bytes() == (tmp_path / "other" / name).read_bytes() for name in files)


def test_without_a_sample_a_folder_keeps_what_is_not_sure(run: Run, tmp_path: Path) -> None:
    assert run("expand", UNSURE, "-o", tmp_path / "all").code == 0
    assert load_scenario(tmp_path / "all" / "scenario.yaml") == load_scenario(UNSURE)
