"""``capalloc place`` and ``capalloc slots`` beside a plan, from end to end on the smallest scenario."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from capalloc import load_scenario, solve
from capalloc.formats.plans import dump_plan
from capalloc.placement.precompile import compile_floor_kernels, compile_kernels
from tests.cli.commands import Run
from tests.shared import Shared

ROOT = Path(__file__).parents[2]


@pytest.fixture
def scenario(run: Run, tmp_path: Path) -> Path:
    """The smallest scenario as tables, without the racks of its last two positions."""
    folder = tmp_path / "site"
    assert run("expand", ROOT / "examples" / "tiny.yaml", "-o", folder).code == 0
    racks = folder / "racks.csv"
    racks.write_text("".join(racks.read_text(encoding="utf-8").splitlines(True)[:-2]), encoding="utf-8")
    return folder / "scenario.yaml"


@pytest.fixture
def plan(scenario: Path, shared: Shared) -> Path:
    """Its plan."""
    made = shared.file("tiny without two racks.json", lambda: _planned(scenario))
    return Path(shutil.copyfile(made, scenario.parent / "plan.json"))


def _planned(scenario: Path) -> str:
    plan = solve(load_scenario(scenario)).plan
    assert plan is not None
    return dump_plan(plan)


@pytest.fixture
def requests(scenario: Path) -> Path:
    """Two racks of the facility's one type, that draw 20 kW."""
    path = scenario.parent / "requests.csv"
    path.write_text("request,racks,rack_type,power_kw\nmore,2,rack,20\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def _compiled() -> None:
    """Kernels are compiled: a command that compiles them says so."""
    compile_kernels()
    compile_floor_kernels()


@pytest.mark.usefixtures("_compiled")
def test_what_stands_is_who_the_plan_says(run: Run, scenario: Path, plan: Path, requests: Path) -> None:
    # Ten racks take all of the 1,000 kW that there are until a second supply comes on 1 August; then two of 20 kW fit.
    for period, racks in (("2026-07", 0), ("2026-08", 2)):
        when = ("--plan", plan, "--period", period, "-q")
        ended = run("place", scenario, requests, *when, "--time-limit", "0", "--json")
        assert (ended.code, ended.err) == (0, "")
        assert json.loads(ended.out)["racks_placed"] == racks
        counted = run("slots", scenario, *when, "--rack-type", "rack", "--power-kw", "20", "--json")
        assert json.loads(counted.out)["rack"]["site"] == racks
    shown = run("place", scenario, requests, *when, "--time-limit", "0")
    assert ["h1", "12", "10", "2", "0"] in [line.split()[:5] for line in shown.out.splitlines()]


@pytest.mark.usefixtures("_compiled")
def test_a_day_names_the_period_that_it_lies_in(run: Run, scenario: Path, plan: Path, requests: Path) -> None:
    for command in (("place", scenario, requests, "--time-limit", "0"), ("slots", scenario, "--rack-type", "rack")):
        shown = []
        for text in ("2026-08-15", "2026-08"):
            ended = run(*command, "-q", "--plan", plan, "--period", text)
            assert (ended.code, ended.err) == (0, "")
            shown.append([line for line in ended.out.splitlines() if not line.startswith("Time")])
        assert shown[0] == shown[1]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--period", "2026-05"), "--period: names a period of a plan; give that with --plan"),
        (("--plan", "PLAN"), "--plan: has many periods; say which with --period"),
        (
            ("--plan", "PLAN", "--period", "may"),
            "period: found 'may', expected a period of the plan, from 2026-05 to 2026-10",
        ),
        (("--plan", "PLAN", "--period", "2026-05", "--on", "2026-05"), "on: the period of the plan says which"),
        (("--plan", "PLAN", "--period", "2026-05", "--standing", "none"), "standing: the plan says what racks draw"),
        (
            ("--plan", "PLAN", "--period", "2026-05", "--standing", "nameplate"),
            "standing: the plan says what racks draw",
        ),
        (("--plan", "nowhere.json", "--period", "2026-05"), "nowhere.json"),
    ],
)
def test_what_makes_no_sense_exits_2(
    run: Run, scenario: Path, plan: Path, requests: Path, arguments: tuple[str, ...], says: str
) -> None:
    options = [str(plan) if argument == "PLAN" else argument for argument in arguments]
    for command in (("place", scenario, requests), ("slots", scenario)):
        ended = run(*command, "-q", *options)
        assert (ended.code, ended.out) == (2, "")
        assert says in ended.err


def test_a_plan_of_another_scenario_and_a_facility_for_a_scenario_are_refused(
    run: Run, scenario: Path, plan: Path, requests: Path
) -> None:
    scenario.write_text(scenario.read_text(encoding="utf-8").replace("racks: 8", "racks: 7"), encoding="utf-8")
    ended = run("place", scenario, requests, "-q", "--plan", plan, "--period", "2026-05")
    assert (ended.code, "plan: was made for another scenario" in ended.err) == (2, True)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("facility.yaml", "facility.yaml: is a facility, expected a scenario that names it"),
        ("", "which is no file; with --plan give the scenario that the plan was made for"),
        ("colo-2n", "which is no file; with --plan give the scenario that the plan was made for"),
    ],
)
def test_a_facility_in_place_of_the_scenario_is_one_sentence(
    run: Run, scenario: Path, plan: Path, requests: Path, given: str, says: str
) -> None:
    for command in (("slots",), ("place", requests)):
        ended = run(command[0], scenario.parent / given, *command[1:], "-q", "--plan", plan, "--period", "2026-05")
        assert (ended.code, len(ended.err.splitlines())) == (2, 1)
        assert says in ended.err
        assert "the plan was made for" in ended.err


def test_a_facility_and_a_scenario_are_told_apart_everywhere(run: Run, scenario: Path, requests: Path) -> None:
    facility = scenario.parent / "facility.yaml"
    for command in (("plan", facility), ("explain", facility), ("check", facility, "plan.json")):
        assert run(*command).err.splitlines()[-1].endswith("give the one that the plan was made for")
    placed: tuple[tuple[str | Path, ...], ...] = (("slots", scenario), ("place", scenario, requests))
    for arguments in placed:
        ended = run(*arguments, "-q")
        assert (ended.code, len(ended.err.splitlines())) == (2, 1)
        assert "is a scenario, expected a facility; give that of the scenario ('facility.yaml')" in ended.err


def test_the_plan_and_its_scenario_are_not_written_over(run: Run, scenario: Path, plan: Path, requests: Path) -> None:
    for path in (plan, scenario):
        before = path.read_bytes()
        ended = run("place", scenario, requests, "-q", "--plan", plan, "--period", "2026-05", "-o", path)
        assert (ended.code, path.read_bytes()) == (2, before)


def test_free_positions_agree_with_those_of_show_but_for_racks_to_come(
    run: Run, scenario: Path, requests: Path, tmp_path: Path
) -> None:
    # twelve positions: nine racks from the first day, one from August on, and none on the last two
    racks = scenario.parent / "racks.csv"
    head, *lines = racks.read_text(encoding="utf-8").splitlines()
    columns = head.split(",")
    cells = lines[-1].split(",")
    cells[columns.index("available_from")] = "2026-08"
    racks.write_text("\n".join([head, *lines[:-1], ",".join(cells)]) + "\n", encoding="utf-8")
    plan = tmp_path / "plan.json"
    assert run("plan", scenario, "-q", "-o", plan).code == 0
    for period, later, free in (("2026-07", 1, 3), ("2026-08", 0, 2)):
        shown = json.loads(run("show", scenario, plan, "h1", "-q", "--period", period, "--json").out)
        room = shown["things"][0]["periods"][0]["room"]
        assert (room["free"], room["kept"]) == (free, later)
        page = run("show", scenario, plan, "h1", "-q", "--period", period).out
        assert ("Kept for" in page) == bool(later)
        nothing = ("--time-limit", "0", "--plan", plan, "--period", period)
        requests.write_text("request,racks,power_kw,liquid_fraction\nmore,1,1e5,0.5\n", encoding="utf-8")
        placed = run("place", scenario, requests, "-q", *nothing).out
        cells = ["h1", "12", "10", *(["1"] if later else []), "0", "2"]
        assert cells in [line.split()[: len(cells)] for line in placed.splitlines()]
        assert ("count these" in placed) == bool(later)


def test_racks_of_the_table_that_arrive_later_are_counted_apart(run: Run, scenario: Path, requests: Path) -> None:
    racks = scenario.parent / "racks.csv"
    head, *lines = racks.read_text(encoding="utf-8").splitlines()
    cells = lines[-1].split(",")
    cells[head.split(",").index("available_from")] = "2026-08"
    racks.write_text("\n".join([head, *lines[:-1], ",".join(cells)]) + "\n", encoding="utf-8")
    for day, row in (("2026-07-31", ["h1", "12", "10", "1", "0", "2"]), ("2026-08-01", ["h1", "12", "10", "0", "2"])):
        requests.write_text("request,racks,power_kw,liquid_fraction\nmore,1,1e5,0.5\n", encoding="utf-8")
        placed = run("place", scenario.parent, requests, "-q", "--time-limit", "0", "--on", day).out
        assert row in [line.split()[: len(row)] for line in placed.splitlines()]
