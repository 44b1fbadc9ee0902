"""Facilities on their own, requests, and where their racks stand: read, written, and told what is wrong."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from capalloc.errors import ScenarioError
from capalloc.formats import dump_placed, load_facility, load_placed, load_requests, save_placed
from capalloc.formats.scenario import load_scenario
from capalloc.schema.checks.placing import placed_faults, placing_faults
from capalloc.schema.request import Placed, Request
from tests.formats.conftest import POSITIONS, POWER, RACKS, Files

BAD = Path(__file__).parent.parent / "bad"
CASES = yaml.safe_load((BAD / "placing" / "expected.yaml").read_text(encoding="utf-8"))
SITES = sorted(folder.name for folder in (BAD / "sites").iterdir())


def problems_of(path: Path | str) -> list[tuple[str, int, str, str]]:
    """(file name, line, key, message) of each problem of a facility."""
    with pytest.raises(ScenarioError) as raised:
        load_facility(path)
    return [(Path(found.file).name, found.line, found.key, found.message) for found in raised.value.problems]


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A folder with the tables alone, without racks."""
    folder = tmp_path / "hall-7"
    folder.mkdir()
    (folder / "power.csv").write_text(POWER, encoding="utf-8")
    (folder / "positions.csv").write_text(POSITIONS, encoding="utf-8")
    return folder


def test_a_folder_a_file_and_a_scenario_give_the_same_facility(files: Files) -> None:
    of_scenario = load_scenario(files.scenario).facility
    assert load_facility(files.folder / "site") == of_scenario
    assert load_facility(str(files.folder / "site" / "facility.yaml")) == of_scenario


def test_a_folder_of_tables_alone_has_its_own_name_and_no_racks(bare: Path) -> None:
    facility = load_facility(bare)
    assert (facility.name, facility.pue, facility.rack_types, facility.racks) == ("hall-7", 1.0, (), ())
    assert len(facility.positions) == 2


def test_racks_need_their_types(bare: Path) -> None:
    (bare / "racks.csv").write_text(RACKS, encoding="utf-8")
    assert problems_of(bare) == [("hall-7", 0, "rack_types", "is missing")]


def test_a_table_of_no_racks_is_no_fault_here_but_one_of_a_scenario(files: Files) -> None:
    files.write("site/racks.csv", "name,rack_type,position\n")
    assert load_facility(files.folder / "site").racks == ()
    assert files.problem() == ("site/racks.csv", 1, "", "the table has no rows, expected at least one rack")
    (files.folder / "site/racks.csv").unlink()
    assert load_facility(files.folder / "site").racks == ()
    assert files.problem()[3] == "no such file"


def test_templates_without_racks_are_a_fault_of_a_scenario_only(files: Files) -> None:
    (files.folder / "site/racks.csv").unlink()
    files.append("site/facility.yaml", "templates: {racks: []}\n")
    assert load_facility(files.folder / "site").racks == ()
    assert files.problem()[3] == "the facility has no racks, expected at least one"


def test_a_model_is_found_by_name(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_facility("colossus1").name == "colossus1"
    monkeypatch.chdir(bare.parent)
    bare.rename("colossus1")
    assert len(load_facility("colossus1").positions) == 2  # a path that exists comes first


def test_a_name_that_nobody_knows_lists_the_models() -> None:
    ((_, line, key, message),) = problems_of("colossus2")
    assert (line, key) == (0, "")
    assert message == (
        "no such file or folder, and unknown facility 'colossus2'; did you mean 'colossus1'?; "
        "shipped are abilene, colo-2n, colossus1"
    )


def test_every_missing_table_is_named(tmp_path: Path) -> None:
    assert [(file, message) for file, _, _, message in problems_of(tmp_path)] == [
        ("positions.csv", "no such file"),
        ("power.csv", "no such file"),
    ]


@pytest.mark.parametrize("site", [name for name in SITES if name not in ("good", "slipping", "empty-racks", "no-gpus")])
def test_a_bad_facility_is_as_bad_on_its_own(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(BAD)
    with pytest.raises(ScenarioError) as alone:
        load_facility(f"sites/{site}")
    with pytest.raises(ScenarioError) as with_scenario:
        load_scenario(f"{site}.yaml")
    of_site = [found for found in with_scenario.value.problems if found.file.startswith("sites/")]
    assert list(alone.value.problems) == of_site


@pytest.mark.parametrize(
    ("row", "says"), [("p3,h1,r1,3,ups9,,liquid", "unknown power node"), ("p1,h1,r1,3,ups1,,air", "duplicate name")]
)
def test_references_are_checked_with_their_line(bare: Path, row: str, says: str) -> None:
    (bare / "positions.csv").write_text(POSITIONS + row + "\n", encoding="utf-8")
    ((file, line, _, message),) = problems_of(bare)
    assert (file, line) == ("positions.csv", 4)
    assert says in message


@pytest.mark.parametrize(
    ("head", "row", "says"),
    [
        ("rated_kw", "2e9", "expected at most 1e+09; mind the unit"),
        ("rated_kw,available_from", "400,1066-10", "expected a date from 1900 to 2500"),
    ],
)
def test_sizes_beyond_all_measure_are_named(bare: Path, head: str, row: str, says: str) -> None:
    (bare / "power.csv").write_text(f"name,kind,{head}\nups1,ups,{row}\nups2,ups,{row}\n", encoding="utf-8")
    assert says in problems_of(bare)[0][3]


def test_empty_cells_of_requests_mean_defaults_and_extra_columns_are_labels(tmp_path: Path) -> None:
    path = tmp_path / "requests.csv"
    path.write_text(
        "request,racks,power_kw,cooling_kw,together,all_or_nothing,value,owner\n"
        "a,1_000,13.2,,,,,ops\nb,2,20,0,fabric_block,yes,2.5,\n",
        encoding="utf-8",
    )
    first, second = load_requests(path)
    assert first == Request(name="a", racks=1000, power_kw=13.2, labels={"owner": "ops"})
    assert (first.heat_kw, first.together, first.all_or_nothing, first.value) == (13.2, "none", False, 1.0)
    assert (second.heat_kw, second.together, second.all_or_nothing, second.value) == (0.0, "fabric_block", True, 2.5)


def load(path: Path) -> tuple[Request, ...] | tuple[Placed, ...]:
    """A table of tests/bad/placing, by what its name says it holds."""
    if path.name.startswith("requests"):
        return load_requests(path)
    return load_placed(path, load_facility(BAD / "sites" / "good"), load_requests(path.parent / "requests-good.csv"))


@pytest.mark.parametrize("case", CASES, ids=[case["input"] for case in CASES])
def test_bad_tables_name_file_line_key_and_what_was_expected(case: dict[str, Any]) -> None:
    path = BAD / "placing" / case["input"]
    with pytest.raises(ScenarioError) as raised:
        load(path)
    (problem,) = raised.value.problems
    assert (problem.file, problem.line, problem.key) == (str(path), case["line"], case["key"])
    assert case["says"] in problem.message


def test_all_problems_of_requests_are_told_together() -> None:
    with pytest.raises(ScenarioError) as raised:
        load_requests(BAD / "placing" / "requests-several.csv")
    found = [(problem.line, problem.key) for problem in raised.value.problems]
    assert found == [(2, "racks"), (3, ""), (5, "request")]


def test_every_bad_table_is_a_case() -> None:
    listed = {case["input"] for case in CASES} | {"requests-good.csv", "requests-several.csv"}
    assert {path.name for path in (BAD / "placing").glob("*.csv")} == listed


def test_a_position_of_the_facilitys_own_rack_is_taken_unless_those_are_left_out(files: Files) -> None:
    files.change("site/racks.csv", "k1,hgx,p1\nk2,hgx,p2\n", "k1,hgx,p1,\nk2,hgx,p2,2026-06\n")
    files.change("site/racks.csv", "name,rack_type,position", "name,rack_type,position,available_until")
    facility = load_facility(files.folder / "site")
    requests = [Request(name="a", racks=2, power_kw=1.0)]
    lines = [Placed(request="a", position="p1"), Placed(request="a", position="p2")]
    assert placed_faults(facility, requests, lines) == ()

    def taken(on: date) -> list[tuple[int | str, ...]]:
        return [fault.loc for fault in placed_faults(facility, requests, lines, on=on, standing="nameplate")]

    assert taken(date(2026, 5, 31)) == [("placed", 0, "position"), ("placed", 1, "position")]
    assert taken(date(2026, 6, 1)) == [("placed", 0, "position")]  # k2 is gone on its last day, which is excluded
    path = files.write("placed.csv", "request,position\na,p2\na,p1\n")
    assert load_placed(path, facility, requests) == (lines[1], lines[0])
    with pytest.raises(ScenarioError, match=r"placed\.csv:3: position: rack 'k1' of the facility has position 'p1'"):
        load_placed(path, facility, requests, on=date(2026, 6, 1), standing="expected")


def test_faults_of_the_facility_and_the_requests_come_before_those_of_what_stands(bare: Path) -> None:
    facility = load_facility(bare)
    twice = [Request(name="a", racks=1, power_kw=1.0), Request(name="a", racks=1, power_kw=1.0)]
    nowhere = [Placed(request="b", position="p1")]
    assert [fault.loc for fault in placing_faults(facility, twice, nowhere)] == [("requests", 1, "request")]
    assert [fault.loc for fault in placing_faults(facility, twice[:1], nowhere)] == [("placed", 0, "request")]
    broken = facility.replace(positions=())
    assert [fault.loc for fault in placing_faults(broken, twice[:1])] == [("facility", "positions")]


def test_placed_lines_are_written_sorted(tmp_path: Path) -> None:
    lines = [Placed(request="b", position="p1"), Placed(request="a", position="p3"), Placed(request="a", position="p2")]
    assert dump_placed(lines) == "request,position\na,p2\na,p3\nb,p1\n"
    save_placed(lines, tmp_path / "placed.csv")
    assert load_placed(tmp_path / "placed.csv") == (lines[2], lines[1], lines[0])


def test_a_formula_keeps_its_sign() -> None:
    assert dump_placed([Placed(request="=A1", position="@p,1")]) == 'request,position\n=A1,"@p,1"\n'


NAMES = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=5)


@given(st.lists(st.builds(Placed, request=NAMES, position=NAMES), unique=True, max_size=5))
def test_any_names_come_back_as_they_were(tmp_path_factory: pytest.TempPathFactory, lines: list[Placed]) -> None:
    path = tmp_path_factory.mktemp("names") / "placed.csv"
    save_placed(lines, path)
    assert load_placed(path) == tuple(sorted(lines, key=lambda line: (line.request, line.position)))


def test_no_racks_placed_is_an_empty_table(tmp_path: Path) -> None:
    save_placed([], tmp_path / "placed.csv")
    assert load_placed(tmp_path / "placed.csv") == ()


def test_what_cannot_be_written_is_a_scenario_error(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="cannot be written"):
        save_placed([], tmp_path / "nowhere" / "placed.csv")
