"""Tables as spreadsheets and inventories write them: read as if they were the format's own, and told where not."""

from __future__ import annotations

import pytest

from capalloc.errors import ScenarioError
from capalloc.formats import load_scenario, warnings_of
from capalloc.schema.facility import Facility
from capalloc.schema.scenario import Scenario
from tests.formats.conftest import POSITIONS, POWER, RACKS, Files

IN_UNITS = POSITIONS.replace("r1,1", "r1,48U").replace("r1,2", "r1,48 u")


def read(files: Files) -> tuple[Scenario, list[str]]:
    scenario = load_scenario(files.scenario)
    told = [f"{one.file.rpartition('/')[2]}:{one.line}: {one.key}: {one.message}" for one in warnings_of(scenario)]
    return scenario, [sentence for sentence in told if "read as" in sentence]


def facility(files: Files) -> Facility:
    return read(files)[0].facility


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + POWER,
        POWER.replace("\n", "\r\n"),
        POWER.replace("\n", "\r"),
        POWER.replace(",", ";"),
        POWER.replace(",", "\t"),
        "sep=;\r\n" + POWER.replace(",", ";").replace("\n", "\r\n"),
        POWER.replace("\n", ",,,\n"),
        POWER.replace("\n", ", ,\n") + ",,,,,,\n  ,,,,,,\n",
        POWER + ",,,,\n",
        '"' + POWER.replace(",", '";"').replace("\n", '"\n"').removesuffix('"'),
    ],
    ids=["bom", "crlf", "cr", "semicolons", "tabs", "sep", "padded", "blank", "cleared", "quoted"],
)
def test_a_dialect_of_csv_is_the_same_table_and_no_word_is_lost_on_it(files: Files, text: str) -> None:
    expected = facility(files)
    files.write("site/power.csv", text)
    assert (facility(files), read(files)[1]) == (expected, [])


def test_decimal_commas_between_semicolons_are_read_and_told(files: Files) -> None:
    files.write(
        "site/power.csv",
        "name;kind;parent;rated_kw;max_utilization;failover_kw;note\n"
        "grid;utility;;1.400,5;0,8;;1,5\nups1;ups;grid;200;1;;\nups2;ups;grid;200,25;,5;;\n",
    )
    scenario, told = read(files)
    assert [node.rated_kw for node in scenario.facility.power] == [1400.5, 200, 200.25]
    assert [node.max_utilization for node in scenario.facility.power] == [0.8, 1, 0.5]
    assert scenario.facility.power[0].labels == {"note": "1,5"}  # words of one's own stay as they are
    assert told == [
        "power.csv:2: max_utilization: found '0,8', read as 0.8, and 1 more of this column likewise",
        "power.csv:2: rated_kw: found '1.400,5', read as 1400.5, and 1 more of this column likewise",
    ]


def test_three_digits_after_a_decimal_comma_are_doubted(files: Files) -> None:
    files.write("site/power.csv", POWER.replace(",", ";").replace("400", "400,000").replace("200", "1200"))
    assert "read as 400; if 400,000 is meant, write 400000" in "".join(
        one.message for one in warnings_of(load_scenario(files.scenario))
    )


def test_points_beside_decimal_commas_are_refused(files: Files) -> None:
    files.write("site/power.csv", POWER.replace(",", ";").replace("400", "400,5").replace("200", "1.200"))
    with pytest.raises(ScenarioError, match=r"power.csv:3: rated_kw: found 1\.200 beside numbers with decimal commas"):
        load_scenario(files.scenario)


def test_a_decimal_comma_between_commas_is_still_refused(files: Files) -> None:
    files.change("site/power.csv", ",400,", ',"400,5",')
    assert files.problem()[2:] == ("rated_kw", "found '400,5', expected a number")


def test_percents_rack_units_and_capitals_are_read_and_told(files: Files) -> None:
    files.write(
        "site/power.csv",
        "name,kind,parent,rated_kw,contingency,max_utilization,load\n"
        "grid,Utility,,400,,80%,IT\nups1,UPS,grid,200,Yes,66.5 %,\nups2,ups,grid,200,yes,1,\n",
    )
    files.write("site/positions.csv", IN_UNITS)
    files.write("site/racks.csv", "name,rack_type,position,status\nk1,hgx,p1,Active\nk2,hgx,p2,\n")
    scenario, told = read(files)
    assert [node.max_utilization for node in scenario.facility.power] == [0.8, 0.665, 1]
    assert [place.index for place in scenario.facility.positions] == [48, 48]
    assert scenario.facility.racks[0].status == "active"
    assert told == [
        "positions.csv:2: index: found '48U', read as 48, and 1 more of this column likewise",
        "power.csv:2: kind: found 'Utility', read as utility, and 1 more of this column likewise",
        "power.csv:2: load: found 'IT', read as it",
        "power.csv:2: max_utilization: found '80%', read as 0.80, and 1 more of this column likewise",
        "racks.csv:2: status: found 'Active', read as active",
    ]


@pytest.mark.parametrize(
    ("cell", "says"),
    [("180%", "found 1.8, expected 1 or less"), ("-5%", "found '-5%', expected a number"), ("%", "found '%'")],
)
def test_a_percentage_that_is_no_share_is_refused(files: Files, cell: str, says: str) -> None:
    files.write(
        "site/power.csv",
        POWER.replace("contingency", "contingency,max_utilization")
        .replace(",yes", f",yes,{cell}")
        .replace("400,", "400,,"),
    )
    assert says in files.problems()[0][3]


def test_an_unknown_word_is_refused_as_before(files: Files) -> None:
    files.write(
        "site/racks.csv", RACKS.replace("position", "position,status").replace("p1", "p1,Reserved").replace("p2", "p2,")
    )
    assert "found 'Reserved', expected active, planned, maintenance or retired" in files.problem()[3]


def test_a_column_without_a_name_that_holds_something_is_named(files: Files) -> None:
    files.write("site/racks.csv", "name,rack_type,position,,\nk1,hgx,p1,x,\nk2,hgx,p2,,\n")
    assert files.problem() == ("site/racks.csv", 1, "", "a column has no name")
