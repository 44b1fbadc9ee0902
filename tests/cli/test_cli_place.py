"""``capalloc place`` from end to end, on the smallest example."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest

from capalloc.cli.place import Objective
from capalloc.cli.standing import Standing as StandingOption
from capalloc.errors import ScenarioError
from capalloc.formats import load_facility, load_placed, load_requests
from capalloc.placing import place
from capalloc.schema.request import PlacementObjective, Standing
from capalloc.verify import verify_placed
from tests.cli.commands import Run

ROOT = Path(__file__).parents[2]
KEYS = (
    "requests_placed",
    "racks_placed",
    "kw_placed",
    "objective",
    "bound",
    "gap",
    "stranded_kw",
    "seconds_core",
    "seconds_total",
    "zones",
    "unplaced",
)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """The example's facility and requests in a folder of their own."""
    return shutil.copytree(ROOT / "examples" / "placement", tmp_path / "site")


@pytest.fixture
def requests(site: Path, tmp_path: Path) -> Path:
    """The example's requests, away from its facility."""
    return (site / "requests.csv").rename(tmp_path / "requests.csv")


def test_the_options_are_those_of_the_schema() -> None:
    assert tuple(Objective) == get_args(PlacementObjective)
    assert tuple(StandingOption) == get_args(Standing)


def test_place_shows_its_tables_on_stdout_and_its_stages_on_stderr(run: Run, site: Path, requests: Path) -> None:
    ended = run("place", site, requests, "--time-limit", "0")
    assert ended.code == 0
    for part in ("Facility", "Objective", "Bound", "Requests", "Racks", "Stranded", "ok: every rule holds", "Halls"):
        assert part in ended.out
    for part in ("reading the facility and its requests", "placing groups of racks"):
        assert part in ended.err
    assert "warning" not in ended.err
    assert "\x1b" not in ended.out + ended.err


def test_place_writes_nothing_unless_asked(
    run: Run, site: Path, requests: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert run("place", site, requests, "--time-limit", "0", "--no-bound").code == 0
    assert list((tmp_path / "here").iterdir()) == []


def test_what_is_written_is_accepted_by_the_checker(run: Run, site: Path, requests: Path, tmp_path: Path) -> None:
    path = tmp_path / "placed.csv"
    ended = run("place", site, requests, "--time-limit", "0", "-o", path)
    assert f"capalloc: placement written to {path}" in ended.err.splitlines()
    facility, asked = load_facility(site), load_requests(requests)
    placed = load_placed(path, facility, asked)
    assert placed
    assert verify_placed(facility, asked, placed) == ()


def test_json_has_the_keys_of_the_format_and_numbers(run: Run, site: Path, requests: Path) -> None:
    ended = run("place", site, requests, "--json", "--quiet", "--time-limit", "0")
    assert (ended.code, ended.err) == (0, "")
    answer = json.loads(ended.out)
    assert tuple(answer) == KEYS
    assert all(isinstance(answer[key], int | float) for key in KEYS[:-2])
    assert answer["gap"] == pytest.approx((answer["bound"] - answer["objective"]) / answer["bound"])
    for entry in answer["unplaced"]:
        assert set(entry) == {"request", "racks", "reasons"}
        for reason in entry["reasons"]:
            assert set(reason) == {"rule", "where", "racks", "short_kw"}


def test_without_a_bound_there_is_null(run: Run, site: Path, requests: Path) -> None:
    answer = json.loads(run("place", site, requests, "--json", "-q", "--no-bound", "--time-limit", "0").out)
    assert (answer["bound"], answer["gap"]) == (None, None)
    page = run("place", site, requests, "-q", "--no-bound", "--time-limit", "0").out
    assert "none asked for" in page


@pytest.mark.parametrize("objective", list(Objective))
def test_every_objective_reports_its_figure(run: Run, site: Path, requests: Path, objective: Objective) -> None:
    arguments = ("place", site, requests, "--json", "-q", "--time-limit", "0", "--no-bound", "--objective", objective)
    answer = json.loads(run(*arguments).out)
    own = {"racks": "racks_placed", "kw": "kw_placed", "requests": "requests_placed"}.get(objective)
    assert answer["objective"] > 0
    assert own is None or answer["objective"] == pytest.approx(answer[own])


def test_a_request_that_fits_nowhere_is_named_and_is_no_failure(run: Run, site: Path, requests: Path) -> None:
    # 400 kW is beyond any busway of 300 kW.
    requests.write_text("request,racks,power_kw\nhuge,1,400\nsmall,1,10\n", encoding="utf-8")
    ended = run("place", site, requests, "-q", "--time-limit", "0")
    assert ended.code == 0
    assert "Unplaced: racks without a position" in ended.out
    assert "huge" in ended.out
    answer = json.loads(run("place", site, requests, "--json", "-q", "--time-limit", "0").out)
    assert [(entry["request"], entry["racks"]) for entry in answer["unplaced"]] == [("huge", 1)]
    assert answer["unplaced"][0]["reasons"]


def test_what_is_occupied_stays_and_is_updated_in_place(run: Run, site: Path, requests: Path, tmp_path: Path) -> None:
    path = tmp_path / "placed.csv"
    path.write_text("request,position\nstorage,b10\n", encoding="utf-8")
    ended = run("place", site, requests, "--occupied", path, "-o", path, "-q", "--time-limit", "0")
    assert ended.code == 0
    lines = path.read_text(encoding="utf-8").splitlines()
    assert "storage,b10" in lines
    assert len(lines) > 2


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("nobody,a1", "placed.csv:2: request: unknown request 'nobody'"),
        ("storage,c1", "placed.csv:2: position: unknown position 'c1'"),
        ("storage,a1,x", "placed.csv:2: found 3 cells, expected 2 as in the header"),
    ],
)
def test_a_bad_line_of_what_is_occupied_exits_2(
    run: Run, site: Path, requests: Path, tmp_path: Path, line: str, says: str
) -> None:
    path = tmp_path / "placed.csv"
    path.write_text(f"request,position\n{line}\n", encoding="utf-8")
    ended = run("place", site, requests, "--occupied", path, "-q")
    assert (ended.code, ended.out) == (2, "")
    assert says in ended.err


def test_every_problem_of_the_requests_is_said(run: Run, site: Path) -> None:
    ended = run("place", site, ROOT / "tests" / "bad" / "placing" / "requests-several.csv", "-q")
    assert (ended.code, ended.out) == (2, "")
    assert len(ended.err.splitlines()) == 3


def test_a_facility_that_nobody_knows_exits_2(run: Run, requests: Path) -> None:
    ended = run("place", "atlantis", requests, "-q")
    assert ended.code == 2
    assert "unknown facility 'atlantis'; shipped are abilene, colo-2n, colossus1" in ended.err


@pytest.mark.parametrize("day", ["2026-13", "soon", "9999-01"])
def test_a_day_that_is_none_exits_2(run: Run, site: Path, requests: Path, day: str) -> None:
    ended = run("place", site, requests, "-q", "--on", day)
    assert ended.code == 2
    assert ended.err.startswith("capalloc: --on: ")


@pytest.mark.parametrize("name", ["power.csv", "facility.yaml", "racks.csv"])
def test_output_onto_a_table_of_the_facility_is_refused(run: Run, site: Path, requests: Path, name: str) -> None:
    before = {path.name: path.read_bytes() for path in site.iterdir()}
    ended = run("place", site, requests, "-o", site / name)
    assert ended.code == 2
    assert ("would be a table of the facility" if name == "racks.csv" else "is read by this command") in ended.err
    assert {path.name: path.read_bytes() for path in site.iterdir()} == before


def test_output_beside_the_tables_is_none_of_them(run: Run, site: Path, requests: Path) -> None:
    assert run("place", site, requests, "-q", "--time-limit", "0", "-o", site / "placed.csv").code == 0
    assert (site / "placed.csv").exists()


def test_output_onto_the_requests_is_refused(run: Run, site: Path, requests: Path) -> None:
    before = requests.read_bytes()
    ended = run("place", site, requests, "-o", requests)
    assert ended.code == 2
    assert "is read by this command; the result needs another name" in ended.err
    assert requests.read_bytes() == before


def test_output_into_a_missing_folder_is_refused_before_reading(run: Run, tmp_path: Path) -> None:
    ended = run("place", "nowhere", "nothing.csv", "-o", tmp_path / "gone" / "placed.csv")
    assert ended.code == 2
    assert "does not exist; make it first" in ended.err


def dated(site: Path) -> None:
    """The example with a UPS that goes in 2030."""
    path = site / "power.csv"
    text = path.read_text(encoding="utf-8").replace("contingency,load", "contingency,load,available_until")
    rows = (f"{row},2030-01" if row.startswith("ups3") else f"{row}," for row in text.splitlines()[1:])
    path.write_text("\n".join([text.splitlines()[0], *rows]) + "\n", encoding="utf-8")


def test_dates_count_as_of_today_and_the_command_says_so(run: Run, site: Path, requests: Path) -> None:
    dated(site)
    ended = run("place", site, requests, "-q", "--time-limit", "0", "--no-bound")
    today = date.today().isoformat()
    assert f"the facility has dates; they count as of today, {today}; choose with --on DATE" in ended.err
    ended = run("place", site, requests, "-q", "--time-limit", "0", "--no-bound", "--on", "2029-12-31")
    assert (ended.code, ended.err) == (0, "")


def test_a_day_after_a_feed_is_gone_leaves_its_positions_empty(
    run: Run, site: Path, requests: Path, tmp_path: Path
) -> None:
    dated(site)
    path = tmp_path / "placed.csv"
    assert run("place", site, requests, "-q", "--time-limit", "0", "--on", "2030-01", "-o", path).code == 0
    assert {line.position[0] for line in load_placed(path)} == {"a"}


def test_what_stands_above_a_limit_is_warned_of(run: Run, requests: Path) -> None:
    # Twelve racks of 100 kW nameplate, planned at 80 kW: too much for every UPS at nameplate.
    tiny = ROOT / "examples" / "tiny"
    ended = run("place", tiny, requests, "-q", "--time-limit", "0", "--no-bound", "--on", "2026-09")
    assert ended.code == 0
    assert "warning: without anything placed, ups ups1 carries 400 kW of 330 kW; nothing is added there" in ended.err
    assert "such limits in all" in ended.err
    ended = run(
        "place", tiny, requests, "-q", "--time-limit", "0", "--no-bound", "--on", "2026-09", "--standing", "none"
    )
    assert (ended.code, ended.err.count("\n")) == (0, 1)
    assert "all heat counts as air" in ended.err


def test_the_same_seed_gives_the_same_bytes(run: Run, site: Path, requests: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        arguments = ("-q", "--time-limit", "0", "--no-bound", "--seed", "3", "-o", tmp_path / name)
        assert run("place", site, requests, *arguments).code == 0
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


@pytest.mark.parametrize(
    ("option", "value"), [("--power-kw", "-5"), ("--power-kw", "nan"), ("--cooling-kw", "-1"), ("--racks", "9999999")]
)
def test_slots_of_what_no_group_may_be_are_bad_input(run: Run, site: Path, option: str, value: str) -> None:
    ended = run("slots", site, "--power-kw", "40", option, value)
    assert (ended.code, ended.out) == (2, "")
    assert f"{option[2:]}: found" in ended.err


@pytest.mark.parametrize("wrong", [{"objective": "speed"}, {"standing": "full"}], ids=str)
def test_an_objective_or_standing_that_nobody_knows_is_said(site: Path, requests: Path, wrong: dict[str, Any]) -> None:
    with pytest.raises(ScenarioError, match="expected"):
        place(load_facility(site), load_requests(requests), **wrong)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("pod,2,0.132,,none,no", "power_kw: pod: found 0.132 kW for one rack; usual are 1 to 1,000 kW"),
        ("pod,2,13200,,none,no", "power_kw: pod: found 13200 kW for one rack; usual are 1 to 1,000 kW"),
        ("pod,2,40,400,none,no", "cooling_kw: pod: found 400 kW of heat for a rack that draws 40 kW"),
    ],
)
def test_a_rack_that_draws_what_no_rack_does_is_warned_of(
    run: Run, site: Path, tmp_path: Path, row: str, says: str
) -> None:
    asked = tmp_path / "odd.csv"
    asked.write_text(f"request,racks,power_kw,cooling_kw,together,all_or_nothing\n{row}\n", encoding="utf-8")
    ended = run("place", site, asked, "-q", "--time-limit", "0", "--no-bound")
    assert (ended.code, says in ended.err) == (0, True)


def test_a_priority_of_requests_is_their_value(run: Run, site: Path, tmp_path: Path) -> None:
    asked = tmp_path / "odd.csv"
    asked.write_text("request,racks,power_kw,priority\npod,2,40,1\n", encoding="utf-8")
    ended = run("place", site, asked, "-q")
    assert (ended.code, "unknown key 'priority'; did you mean 'value'?" in ended.err) == (2, True)
