"""A workbook helps those who fill it in: comments, drop-downs, dates that are dates, and texts that stay texts."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from capalloc.errors import ScenarioError
from capalloc.imports.book import book_files
from capalloc.imports.book.contents import contents
from capalloc.imports.book.layout import sheets
from capalloc.imports.book.listed import as_list, listed
from capalloc.imports.book.wording import meaning
from capalloc.schema.scenario import Scenario


def parts_of(scenario: Scenario) -> dict[str, str]:
    """The parts of a scenario's workbook by their names."""
    content = book_files(scenario, "book.xlsx")["book.xlsx"]
    assert isinstance(content, bytes)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}  # whenever it is written
        return {name: parts.read(name).decode() for name in parts.namelist()}


def sheet_of(parts: dict[str, str], name: str) -> str:
    return parts[f"xl/worksheets/sheet{list(sheets()).index(name) + 1}.xml"]


def test_a_workbook_has_a_sheet_for_each_table(tiny: Scenario) -> None:
    content = book_files(tiny, "book.xlsx")["book.xlsx"]
    assert isinstance(content, bytes)
    assert CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names == [
        *("scenario", "facility", "power", "supplies", "positions", "cooling", "racks", "rack_types"),
        *("workloads", "values", "contracts", "ramps", "events", "pins", "policy"),
    ]


def test_every_column_says_what_it_means(tiny: Scenario) -> None:
    for one in contents(tiny, None):
        for header in one.headers:
            said = meaning(header, one.sheet)
            assert header.column is None or header.column.field.description, (one.sheet.name, header.name)
            assert said.endswith("."), (one.sheet.name, header.name, said)
    comments = "".join(text for name, text in parts_of(tiny).items() if "comments" in name)
    for said in (
        "Share of the rating usable in normal operation. Empty: 1.",
        "What it is. One of: utility, generation, substation, switchboard, ups, pdu, rpp, busway. Needed.",
        "Accepted rack types, the most preferred first. Several are parted by commas. Needed.",
        "Committed GPUs.",
        "Day of the notice. A date. For: notice, sign.",
    ):
        assert said in comments, said


def test_cells_offer_the_words_and_the_names_that_they_may_hold(tiny: Scenario) -> None:
    parts = parts_of(tiny)
    racks = sheet_of(parts, "racks")
    assert "<formula1>&quot;active,planned,maintenance,retired&quot;</formula1>" in racks.replace('"', "&quot;")
    assert "<formula1>rack_types!$A$2:$A$1048576</formula1>" in racks
    assert "<formula1>positions!$A$2:$A$1048576</formula1>" in racks
    assert "yes,no" in sheet_of(parts, "power")
    assert "month,week,day" in sheet_of(parts, "scenario")


def test_headers_stay_in_sight_and_filter(tiny: Scenario) -> None:
    parts = parts_of(tiny)
    for name, sheet in sheets().items():
        assert 'state="frozen"' in sheet_of(parts, name)
        assert ("<autoFilter" in sheet_of(parts, name)) is not sheet.upright


def test_dates_are_dates_and_no_text_is_a_formula(tiny: Scenario) -> None:
    first, *others = tiny.facility.racks
    odd = first.replace(labels={"=note": "=1+1", "@x": "+3"}, available_from=date(2026, 5, 18))
    parts = parts_of(tiny.replace(facility=tiny.facility.replace(racks=(odd, *others))))
    assert "<f>" not in "".join(text for name, text in parts.items() if "worksheets" in name)
    assert "<t>=1+1</t>" in parts["xl/sharedStrings.xml"]
    # 46160 is 2026-05-18 as spreadsheets count days, in a cell of its own format
    assert re.search(r'<c r="D2" s="\d+"><v>46160</v>', sheet_of(parts, "racks"))
    assert 'formatCode="yyyy-mm-dd"' in parts["xl/styles.xml"]


def test_a_text_longer_than_a_cell_is_refused(tiny: Scenario) -> None:
    long = tiny.replace(facility=tiny.facility.replace(description="x" * 40_000))
    says = r"sheet facility:3: description: does not fit into a sheet: a cell holds at most 32,767 letters"
    with pytest.raises(ScenarioError, match=says):
        book_files(long, "book.xlsx")


@pytest.mark.parametrize("names", [["a"], ["a", "b c"], ["a,b", " c "], ['"q"', 'd"', "'"], ["a\nb", "=1"], ["é", "-"]])
def test_names_of_a_list_come_back(names: list[str]) -> None:
    assert listed(as_list(names)) == names
