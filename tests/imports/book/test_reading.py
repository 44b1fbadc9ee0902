"""Workbooks as people leave them: read where the meaning is sure, refused with sheet, row and column where not."""

from __future__ import annotations

import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from capalloc.errors import ScenarioError
from capalloc.imports.book import load_book
from capalloc.schema.scenario import Scenario
from tests.imports.book.conftest import Book

WHOLE = "`capalloc expand SCENARIO --xlsx BOOK` writes one with every sheet"


def test_the_workbook_of_these_tests_is_the_example(book: Book, tiny: Scenario) -> None:
    assert (book.loaded(), book.told()) == (tiny, [])


def test_names_of_sheets_and_headers_may_be_written_with_capitals_and_blanks(book: Book, tiny: Scenario) -> None:
    book.sheets = {name.replace("_", " ").title(): rows for name, rows in book.sheets.items()}
    rows = book.sheets["Contracts"]
    rows[0] = [name.replace(".", " ").replace("_", " ").capitalize() for name in rows[0]]
    assert (book.loaded(), book.told()) == (tiny, [])


def test_further_sheets_are_told(book: Book, tiny: Scenario) -> None:
    book.sheets |= {"Notes": [["call Ann"]], "rack": [["name"]], "Sheet1": []}
    assert book.loaded() == tiny
    assert [one.partition(";")[::2] for one in book.told()] == [
        ("book.xlsx: the sheet 'Notes' is not read", " sheets that are read are " + ", ".join(tuple(book.sheets)[:-3])),
        ("book.xlsx: the sheet 'rack' is not read", " is 'racks' meant?"),
    ]


def test_a_title_above_the_header_is_no_header(book: Book) -> None:
    book.sheets["contracts"].insert(0, ["Our contracts"])
    assert any(one.startswith("book.xlsx, sheet contracts:1: Our contracts: unknown key") for one in book.problems())


def test_empty_rows_and_columns_are_passed_over(book: Book, tiny: Scenario) -> None:
    for name, rows in book.sheets.items():
        wide = [[*row, "", None, "  "] for row in rows]
        book.sheets[name] = [wide[0], ["", " "], *wide[1:], ["  "]] if name != "scenario" else wide
    assert (book.loaded(), book.told()) == (tiny, [])


def test_a_sheet_that_has_to_be_there_is_named(book: Book) -> None:
    book.sheets["Racks1"] = book.sheets.pop("racks")
    assert f"book.xlsx: has no sheet 'racks' with rows; 'Racks1' is not read, is it meant? {WHOLE}" in book.problems()
    del book.sheets["Racks1"]
    assert f"book.xlsx: has no sheet 'racks' with rows; {WHOLE}" in book.problems()
    del book.sheets["scenario"]
    assert book.problems() == [f"book.xlsx: has no sheet 'scenario'; {WHOLE}"]


def test_a_sheet_that_is_there_twice_is_refused(book: Book) -> None:
    book.sheets["Rack types"] = book.sheets["rack_types"]
    assert book.problems() == ["book.xlsx: has the sheet 'rack_types' twice"]


@pytest.mark.parametrize(
    ("sheet", "row", "column", "value", "says"),
    [
        (
            "racks",
            2,
            "status",
            "broken",
            "racks:2: status: found 'broken', expected active, planned, maintenance or retired",
        ),
        ("power", 3, "rated_kw", "lots", "power:3: rated_kw: found 'lots', expected a number"),
        ("power", 3, "rated_kw", -1, "power:3: rated_kw: found -1, expected 0 or more"),
        ("power", 3, "rated_mw", 1, "power:1: rated_mw: unknown key 'rated_mw'; expected 'rated_kw', mind the unit"),
        (
            "contracts",
            2,
            "until",
            "18.05.2027",
            "contracts:2: until: '18.05.2027' is not a date; write a day as 2026-05-18",
        ),
        (
            "contracts",
            2,
            "until",
            46143,
            "contracts:2: until: '46143' is not a date; if a spreadsheet counted so many days, it is 2026-05-01;",
        ),
        ("contracts", 2, "until", datetime(2027, 5, 18, 12), "contracts:2: until: '2027-05-18 12:00:00' is not a date"),
        (
            "contracts",
            2,
            "fee.usd_per_month",
            "1,200",
            "contracts:2: fee.usd_per_month: found '1,200', expected a number; write thousands",
        ),
        ("contracts", 2, "rack_types", '"a', "contracts:2: rack_types: found '\"a', expected names parted by commas"),
        ("contracts", 2, "fee_usd", 3, "contracts:1: fee_usd: unknown key 'fee_usd'"),
        ("contracts", 2, "rack_types", "hgx-h1000", "contracts:2: rack_types.0: unknown rack type 'hgx-h1000'"),
        (
            "ramps",
            2,
            "demand",
            "lese",
            "ramps:2: demand: found 'lese', expected the name of a demand that a sheet lists; did you mean 'lease'?",
        ),
        ("ramps", 2, "demand", None, "ramps:2: demand: is missing"),
        ("ramps", 2, "mw", "x", "ramps:2: mw: found 'x', expected a number"),
        ("racks", 2, "name", date(2026, 4, 3), "racks:2: name: is a date where a name or a word stands"),
        ("contracts", 2, "name", date(2026, 4, 3), "contracts:2: name: is a date where a name or a word stands"),
        ("values", 2, "usd_per_gpu_hour", None, "values:2: usd_per_gpu_hour: is missing"),
        ("events", 2, "type", "sign", "events:2: contract: is missing"),
        (
            "events",
            2,
            "type",
            "strike",
            "events:2: type: found 'strike', expected one of notice, outage, delay, supply, sign",
        ),
        ("pins", 2, "demand", "idle", "pins:2: expected exactly one of rack, row, hall; found none"),
    ],
)
def test_a_fault_is_named_by_sheet_row_and_header(
    book: Book, sheet: str, row: int, column: str, value: Any, says: str
) -> None:
    book.put(sheet, row, column, value)
    assert any(one.startswith(f"book.xlsx, sheet {says}") for one in book.problems()), book.problems()


@pytest.mark.parametrize(
    ("sheet", "key", "value", "says"),
    [
        ("scenario", "horizon.end", "soon", "scenario:4: horizon.end: 'soon' is not a date"),
        ("scenario", "horizon.period", "year", "scenario:5: horizon.period: found 'year', expected month, week or day"),
        ("scenario", "horizon.start", None, "scenario:4: horizon.start: is missing"),
        ("policy", "discount_rate", -0.1, "policy:11: discount_rate: found -0.1, expected 0 or more"),
        ("facility", "pue", "one", "facility:4: pue: found 'one', expected a number"),
    ],
)
def test_a_fault_beside_its_key_is_named(book: Book, sheet: str, key: str, value: Any, says: str) -> None:
    book.set(sheet, key, value)
    assert any(one.startswith(f"book.xlsx, sheet {says}") for one in book.problems()), book.problems()


def test_a_key_or_column_given_twice_is_refused(book: Book) -> None:
    book.sheets["policy"].append(["discount_rate", 0.1])
    book.sheets["contracts"][0].append("name")
    assert book.problems() == [
        "book.xlsx, sheet contracts:1: name: the column is given twice",
        f"book.xlsx, sheet policy:{len(book.sheets['policy'])}: discount_rate: the key is given twice",
    ]


def test_a_contract_without_steps_says_where_they_belong(book: Book) -> None:
    book.sheets["ramps"] = [row for row in book.sheets["ramps"] if row[0] != "lease"]
    assert (
        "book.xlsx, sheet contracts:2: ramp: no row of the sheet 'ramps' names 'lease' as its demand" in book.problems()
    )


def test_dates_may_be_cells_of_dates_days_or_months(book: Book, tiny: Scenario) -> None:
    ends = {
        "2026-11": "2026-11",
        date(2026, 11, 1): "2026-11",
        datetime(2026, 11, 1): "2026-11",
        "2026-11-01": "2026-11",
    }
    for written in ends:
        book.put("contracts", 2, "until", written)
        assert book.loaded().contracts[0].until == date(2026, 11, 1)
    book.options = {"date_1904": True}
    book.put("contracts", 2, "until", date(2026, 11, 1))
    assert book.loaded() == tiny


def test_words_and_flags_may_be_written_otherwise(book: Book, tiny: Scenario) -> None:
    book.put("workloads", 2, "draw", "Expected")
    book.put("power", 3, "contingency", True)
    book.put("racks", 2, "status", "Active")
    assert book.loaded() == tiny
    assert book.told() == [
        "book.xlsx, sheet racks:2: status: found 'Active', read as active",
        "book.xlsx, sheet workloads:2: draw: found 'Expected', read as expected",
    ]


def test_digits_typed_as_numbers_are_names_too(book: Book) -> None:
    book.put("racks", 2, "name", 101)
    book.put("racks", 2, "serial", 7.5)
    book.put("racks", 2, "bought", date(2026, 4, 3))
    rack = book.loaded().facility.racks[0]
    assert (rack.name, rack.labels) == ("101", {"serial": "7.5", "bought": "2026-04-03"})


def test_three_decimals_typed_as_a_number_are_no_thousands(book: Book) -> None:
    book.put("power", 2, "rated_kw", 150.125)
    book.put("power", 2, "max_utilization", None)
    assert not [one for one in book.told() if "is meant" in one]
    assert book.loaded().facility.power[0].rated_kw == 150.125


def test_a_shipped_rack_type_needs_its_name_alone(book: Book) -> None:
    book.sheets["rack_types"].append(["gb200-nvl72"])
    assert [kind.gpus for kind in book.loaded().facility.rack_types] == [64, 72]


def test_a_preset_fills_empty_cells(book: Book) -> None:
    book.sheets["workloads"] = [["name", "preset", "rack_types"], ["chat", "grok-inference", "rack"]]
    book.sheets["ramps"] = [row for row in book.sheets["ramps"] if row[0] != "inference"] + [
        ["chat", "2026-05", None, 64]
    ]
    book.sheets["values"] = book.sheets["values"][:1]
    assert len(book.loaded().workloads[0].value) > 1


def test_a_facility_that_ships_needs_no_tables(book: Book) -> None:
    for name in ("power", "supplies", "positions", "cooling", "racks", "rack_types"):
        del book.sheets[name]
    book.set("facility", "facility", "colossus1")
    book.sheets["contracts"] = book.sheets["contracts"][:1]
    book.sheets["workloads"] = book.sheets["workloads"][:1]
    for name in ("ramps", "values", "events", "pins"):
        book.sheets[name] = book.sheets[name][:1]
    assert len(book.loaded().facility.racks) > 3000


def test_a_contract_that_an_event_signs_stands_among_the_contracts(book: Book, tiny: Scenario) -> None:
    book.put("events", 2, "type", "sign")
    book.put("events", 2, "contract", "lease")
    book.put("events", 2, "on", date(2026, 5, 1))
    scenario = book.loaded()
    assert scenario.contracts == ()
    assert scenario.all_contracts == tiny.contracts
    book.put("events", 2, "contract", "leese")
    assert "did you mean 'lease'?" in "".join(book.problems())


def test_formulas_give_the_values_that_were_calculated(book: Book, tiny: Scenario) -> None:
    place = book.column("power", "rated_kw")

    def formula(_: Any, sheet: Any) -> None:
        sheet.write_formula(1, place, "=1000+500", None, 1500)

    book.put("power", 2, "rated_kw", 1500)
    expected = book.loaded()
    book.draw("power", formula)
    says = "book.xlsx, sheet power:2: rated_kw: holds a formula that no spreadsheet program has calculated"
    assert book.problems()[0].startswith(says)  # XlsxWriter asks that it be calculated when the book is opened
    calculated(book.saved())
    assert load_book(book.path) == expected


def calculated(path: Path) -> None:
    """Make a workbook one whose formulas have been calculated."""
    with zipfile.ZipFile(path) as parts:
        kept = {part.filename: parts.read(part) for part in parts.infolist()}
    kept["xl/workbook.xml"] = kept["xl/workbook.xml"].replace(b' fullCalcOnLoad="1"', b"")
    with zipfile.ZipFile(path, "w") as parts:
        for name, content in kept.items():
            parts.writestr(name, content)


def test_a_formula_is_told_and_an_error_is_refused(book: Book) -> None:
    def formulas(_: Any, sheet: Any) -> None:
        sheet.write_formula(1, 3, "=750*2", None, 1500)
        for row in range(2, 8):
            sheet.write_formula(row, 3, "=1/0", None, "#DIV/0!")

    book.draw("power", formulas)
    calculated(book.saved())
    with pytest.raises(ScenarioError) as caught:
        load_book(book.path)
    said = [one.message for one in caught.value.problems if one.key == "rated_kw"]
    assert said[0] == "holds the error #DIV/0!, expected a value"
    assert "and 3 cells like these from here on" in said
    book.draw("power", lambda _, sheet: sheet.write_formula(1, 3, "=750*2", None, 1500))
    calculated(book.saved())
    assert "a cell holds formulas: their values are those" in str(load_book_warnings(book.path))


def load_book_warnings(path: Path) -> list[str]:
    from capalloc.formats import warnings_of

    return [str(one) for one in warnings_of(load_book(path))]


def test_cells_merged_downwards_are_filled_and_told(book: Book, tiny: Scenario) -> None:
    place = book.column("positions", "hall")
    last = len(book.sheets["positions"]) - 1
    for row in range(2, last + 2):
        book.put("positions", row, "hall", None)
    book.draw("positions", lambda _, sheet: sheet.merge_range(1, place, last, place, "h1"))
    assert {one.hall for one in book.loaded().facility.positions} == {"h1"}
    assert "book.xlsx, sheet positions:2: hall: a cell holds merged cells" in "".join(book.told())


def test_cells_merged_over_columns_are_refused(book: Book) -> None:
    book.draw("racks", lambda _, sheet: sheet.merge_range(2, 0, 2, 1, "k2"))
    book.sheets["racks"][2] = [None, None, *book.sheets["racks"][2][2:]]
    assert "book.xlsx, sheet racks:3: name: is merged with cells of other columns" in "".join(book.problems())


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is not a workbook (xlsx)"),
        (b"name,kind\n", "is not a workbook (xlsx)"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "a password locks it, or it is of a format before 2007"),
    ],
)
def test_another_file_is_no_workbook(tmp_path: Path, data: bytes, says: str) -> None:
    (tmp_path / "b.xlsx").write_bytes(data)
    with pytest.raises(ScenarioError, match=says.replace("(", r"\(").replace(")", r"\)")):
        load_book(tmp_path / "b.xlsx")


def test_a_zip_of_other_things_is_no_workbook(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w") as parts:
        parts.writestr("hello.txt", "hello")
    with pytest.raises(ScenarioError, match="is not a workbook"):
        load_book(tmp_path / "b.xlsx")


def test_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, book: Book) -> None:
    monkeypatch.setattr("capalloc.imports.book.cells.UNPACKED_BYTES", 10_000)
    assert "is larger than 0.01 MB unpacked" in book.problems()[0]


def test_a_cell_far_from_all_others_is_refused_before_anything_is_laid_out(tmp_path: Path) -> None:
    import xlsxwriter

    path = tmp_path / "far.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("scenario").write(0, 0, "key")
        book.add_worksheet("notes").write(1_048_575, 16_383, "x")
    with pytest.raises(ScenarioError, match="has a sheet that reaches to cell XFD1048576; delete what stands far"):
        load_book(path)
