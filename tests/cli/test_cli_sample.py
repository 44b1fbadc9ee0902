"""``capalloc expand --sample``: samples as folders and workbooks."""

from __future__ import annotations

from pathlib import Path

import pytest

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


@pytest.mark.parametrize(
    ("example", "words", "says"),
    [
        ("tiny", ["--sample", "1"], "uncertainty: is missing: nothing in this scenario is unsure"),
        ("colossus1-unsure", ["--sample", "0"], "sample: found 0, expected a sample from 1 to 200"),
        ("colossus1-unsure", ["--sample", "201"], "sample: found 201, expected a sample from 1 to 200"),
        ("colossus1-unsure", ["--seed", "3"], "--seed: found 3 without --sample, expected the sample"),
        ("colossus1-unsure", ["--sample", "1", "--seed", "-1"], "seed: found -1, expected a number from 0 to"),
    ],
)
def test_a_sample_that_there_is_not_is_refused(
    run: Run, tmp_path: Path, example: str, words: list[str], says: str
) -> None:
    ended = run("expand", ROOT / "examples" / f"{example}.yaml", *words, "-o", tmp_path / "none")
    assert (ended.code, ended.out) == (2, "")
    assert says in " ".join(ended.err.split())
    assert not (tmp_path / "none").exists()


def test_a_workbook_of_what_is_not_sure_is_refused(run: Run, tmp_path: Path) -> None:
    ended = run("expand", UNSURE, "--xlsx", tmp_path / "all.xlsx")
    assert (ended.code, ended.out) == (2, "")
    assert "uncertainty: has no sheet in a workbook; expand the scenario to a folder" in " ".join(ended.err.split())
