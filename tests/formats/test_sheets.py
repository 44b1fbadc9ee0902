"""Tables for spreadsheets: no text of ours becomes a formula there."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path

import pytest

from capalloc.errors import ScenarioError
from capalloc.formats.sheets import Cell, dump_sheet, save_sheet


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d"], ids=repr)
def test_a_text_that_would_be_a_formula_begins_with_an_apostrophe(first: str) -> None:
    (_, [cell]) = csv.reader(StringIO(dump_sheet(["a"], [[f"{first}HYPERLINK(1)"]]), newline=""))
    assert cell == f"'{first}HYPERLINK(1)"


def test_numbers_and_plain_texts_stay_as_they_are() -> None:
    rows: list[list[Cell]] = [["a-1", -5, -2.5, None], ["it's", 0, 1 / 3, ""]]
    assert dump_sheet(["name", "n", "x", "y"], rows) == "name,n,x,y\na-1,-5,-2.5,\nit's,0,0.333333,\n"


def test_minus_zero_is_zero() -> None:
    assert dump_sheet(["x"], [[-1e-9]]) == "x\n0.0\n"


def test_a_folder_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="cannot be written: No such file or directory"):
        save_sheet(tmp_path / "no" / "sheet.csv", ["a"], [])
