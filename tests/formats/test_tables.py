"""CSV tables: defaults, labels, numbers, and rows that are broken."""

from __future__ import annotations

from datetime import date

import pytest

from capalloc.formats import load_scenario
from tests.formats.conftest import POSITIONS, POWER, RACKS, Files


def test_an_empty_cell_means_the_default(files: Files) -> None:
    files.write("site/power.csv", POWER.replace("contingency", "contingency,max_utilization").replace(",yes", ",yes,"))
    files.change("site/power.csv", "grid,utility,,400,", "grid,utility,,400,,0.8")
    grid, ups, _ = load_scenario(files.scenario).facility.power
    assert (grid.contingency, grid.max_utilization, grid.parent) == (False, 0.8, None)
    assert (ups.contingency, ups.max_utilization, ups.failover_limit_kw) == (True, 1.0, 200.0)


def test_extra_columns_are_labels(files: Files) -> None:
    files.write("site/racks.csv", "name,rack_type,position,owner,=note\nk1,hgx,p1,net team,=1+1\nk2,hgx,p2,,\n")
    first, second = load_scenario(files.scenario).facility.racks
    assert first.labels == {"owner": "net team", "=note": "=1+1"}
    assert second.labels == {}


@pytest.mark.parametrize(
    ("column", "says"),
    [
        ("rated_mw", "unknown key 'rated_mw'; expected 'rated_kw', mind the unit"),
        ("failover_w", "unknown key 'failover_w'; expected 'failover_kw', mind the unit"),
        ("max_utilisation", "unknown key 'max_utilisation'; did you mean 'max_utilization'?"),
        ("Contingency", "unknown key 'Contingency'; did you mean 'contingency'?"),
        ("static load kW", "unknown key 'static load kW'; did you mean 'static_load_kw'?"),
        ("kw", "unknown key 'kw'; did you mean 'rated_kw'?"),
        ("until", "unknown key 'until'; did you mean 'available_until'?"),
    ],
)
def test_a_column_that_looks_like_a_known_one_is_no_label(files: Files, column: str, says: str) -> None:
    files.write("site/power.csv", f"name,kind,parent,rated_kw,{column}\ngrid,utility,,400,\n")
    assert ("site/power.csv", 1, column, says) in files.problems()


def test_a_column_given_twice_and_a_missing_one_are_named(files: Files) -> None:
    files.write("site/power.csv", "name,name,rated_kw\ngrid,grid,400\n")
    assert [(key, message.partition(";")[0]) for _, _, key, message in files.problems()] == [
        ("kind", "the column is missing"),
        ("name", "the column is given twice"),
    ]


@pytest.mark.parametrize(
    ("cell", "value"), [("1_000", 1000.0), ("1.5e3", 1500.0), (" 400 ", 400.0), ("0.5", 0.5), ("2E2", 200.0)]
)
def test_numbers_as_people_write_them(files: Files, cell: str, value: float) -> None:
    files.change("site/power.csv", "grid,utility,,400,", f"grid,utility,,{cell},")
    assert load_scenario(files.scenario).facility.power[0].rated_kw == value


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ('"1,000"', "found '1,000', expected a number; write thousands as 1_000 or 1000"),
        ("lots", "found 'lots', expected a number"),
        ("nan", "found 'nan', expected a number"),
        ("1e999", "found inf, expected a finite number"),
        ("-1", "found -1, expected 0 or more"),
        ("", "is missing"),
    ],
)
def test_a_cell_that_is_no_number_is_named_with_its_line(files: Files, cell: str, says: str) -> None:
    files.change("site/power.csv", "ups1,ups,grid,200,yes", f"ups1,ups,grid,{cell},yes")
    assert files.problem() == ("site/power.csv", 3, "rated_kw", says)


@pytest.mark.parametrize("row", ["k2,hgx", "k2,hgx,p2,p3", "k2"])
def test_a_row_with_another_number_of_cells_is_named(files: Files, row: str) -> None:
    files.change("site/racks.csv", "k2,hgx,p2", row)
    cells = row.count(",") + 1
    assert files.problem() == ("site/racks.csv", 3, "", f"found {cells} cells, expected 3 as in the header")


def test_every_broken_row_is_reported_and_the_rest_still_checked(files: Files) -> None:
    files.write("site/racks.csv", "name,rack_type,position,status\nk1,hgx\n,hgx,p1,active\nk2,hgx,p2,broken\n")
    assert [(line, key) for _, line, key, _ in files.problems()] == [(2, ""), (3, "name"), (4, "status")]


def test_lines_count_blank_lines_and_cells_with_line_breaks(files: Files) -> None:
    # line 1 header, 2 blank, 3-4 one row over two lines, 5 the broken row
    files.write("site/racks.csv", 'name,rack_type,position,note\n\nk1,hgx,p1,"two\nlines"\nk2,hgx\n')
    assert files.problem()[1] == 5


def test_dates_are_months_or_days(files: Files) -> None:
    files.write("site/racks.csv", "name,rack_type,position,available_from\nk1,hgx,p1,2026-05\nk2,hgx,p2,2026-05-18\n")
    racks = load_scenario(files.scenario).facility.racks
    assert [rack.available_from for rack in racks] == [date(2026, 5, 1), date(2026, 5, 18)]


@pytest.mark.parametrize("table", ["power", "positions", "racks"])
def test_a_missing_table_is_named(files: Files, table: str) -> None:
    (files.folder / f"site/{table}.csv").unlink()
    assert files.problem() == (f"site/{table}.csv", 0, "", "no such file")


def test_supplies_and_cooling_may_be_left_out_or_given(files: Files) -> None:
    files.write("site/supplies.csv", "name,node,kw,from,until,firm\nline,grid,300,2026-05,,no\n")
    files.write("site/cooling.csv", "name,liquid_kw,air_kw\nz1,100,50\n")
    facility = load_scenario(files.scenario).facility
    assert (facility.supplies[0].kw, facility.supplies[0].firm) == (300, False)
    assert (facility.cooling[0].liquid_kw, facility.cooling[0].air_kw) == (100, 50)


def test_a_zone_with_total_and_parts_is_refused(files: Files) -> None:
    files.write("site/cooling.csv", "name,liquid_kw,air_kw,total_kw\nz1,100,50,150\nz2,100,,\n")
    (_, first, _, one), (_, second, _, other) = files.problems()
    assert (first, second) == (2, 3)
    assert "total_kw stands in place of liquid_kw and air_kw" in one
    assert "give both liquid_kw and air_kw" in other


def test_tables_may_stand_in_a_folder_of_the_facility(files: Files) -> None:
    files.append("site/facility.yaml", "tables: csv\n")
    for name, text in (("power", POWER), ("positions", POSITIONS), ("racks", RACKS)):
        (files.folder / f"site/{name}.csv").unlink()
        files.write(f"site/csv/{name}.csv", text)
    assert len(load_scenario(files.scenario).facility.racks) == 2
    files.change("site/csv/racks.csv", "k2,hgx,p2", "k2,hgx,p2,p3")
    assert files.problem()[:2] == ("site/csv/racks.csv", 3)


@pytest.mark.parametrize(
    ("tables", "says"),
    [
        ("..", "leaves the folder of this file"),
        ("/tmp", "expected a path relative to this file"),
        ("csv", "the folder 'csv' is not there"),
        ("3", "found 3, expected a folder"),
        ("link", "leaves the folder of this file"),
    ],
)
def test_tables_stay_inside_the_facility(files: Files, tables: str, says: str) -> None:
    (files.folder / "site/link").symlink_to(files.folder.parent)
    files.append("site/facility.yaml", f"tables: {tables}\n")
    file, line, key, message = files.problem()
    assert (file, line, key) == ("site/facility.yaml", 5, "tables")
    assert says in message


def test_a_table_with_very_many_problems_counts_the_rest(files: Files) -> None:
    files.write("site/racks.csv", "name,rack_type,position\n" + "k,hgx\n" * 1000)
    found = files.problems()
    assert len(found) == 101
    assert ("site/racks.csv", 102, "", "and 900 further problems in this table") in found


def test_a_byte_order_mark_and_windows_line_ends_are_read(files: Files) -> None:
    (files.folder / "site/racks.csv").write_bytes(b"\xef\xbb\xbf" + RACKS.replace("\n", "\r\n").encode())
    assert [rack.name for rack in load_scenario(files.scenario).facility.racks] == ["k1", "k2"]


@pytest.mark.parametrize(
    ("text", "says"),
    [("", "the column is missing"), ('name,rack_type\n"k1,hgx\n', "is not CSV"), ("\x00", "holds a NUL byte")],
)
def test_a_file_that_is_no_table_gives_a_sentence(files: Files, text: str, says: str) -> None:
    files.write("site/racks.csv", text)
    assert all(says in message for *_, message in files.problems())
