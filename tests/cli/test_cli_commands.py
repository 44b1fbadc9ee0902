"""The commands from end to end, on the smallest example."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from capalloc.formats import load_plan, load_scenario
from capalloc.verify import verify
from tests.cli.commands import Run


@pytest.fixture
def planned(run: Run, tiny: Path, tmp_path: Path) -> Path:
    """A plan of the tiny example, written by the command."""
    path = tmp_path / "plan.json"
    assert run("plan", tiny, "-o", path, "--quiet").code == 0
    return path


def test_plan_shows_its_tables_on_stdout_and_its_stages_on_stderr(run: Run, tiny: Path) -> None:
    ended = run("plan", tiny)
    assert ended.code == 0
    for part in ("Scenario", "Objective", "Bound", "Racks moved", "ok: every rule holds", "Headroom", "Money"):
        assert part in ended.out
    for part in ("reading the scenario", "compiling", "planning", "checking"):
        assert part in ended.err
    assert "\x1b" not in ended.out + ended.err


def test_plan_writes_nothing_unless_asked(
    run: Run, tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("plan", tiny).code == 0
    assert list(tmp_path.iterdir()) == []


def test_plan_says_where_it_wrote(run: Run, tiny: Path, tmp_path: Path) -> None:
    ended = run("plan", tiny, "-o", tmp_path / "plan.json")
    assert f"capalloc: plan written to {tmp_path}/plan.json" in ended.err.splitlines()
    assert verify(load_scenario(tiny), load_plan(tmp_path / "plan.json")).verdict == "ok"


def test_plan_as_json_is_the_plan_file(run: Run, tiny: Path, tmp_path: Path) -> None:
    ended = run("plan", tiny, "--json", "--quiet", "-o", tmp_path / "plan.json")
    assert ended.code == 0
    assert ended.err == ""
    assert ended.out == (tmp_path / "plan.json").read_text(encoding="utf-8")
    assert json.loads(ended.out)["format"] == "capalloc.plan/1"


def test_the_same_seed_gives_the_same_plan(run: Run, tiny: Path) -> None:
    plans = [json.loads(run("plan", tiny, "--json", "--quiet", "--seed", "3").out) for _ in range(2)]
    for plan in plans:
        del plan["stats"]["seconds"]
    assert plans[0] == plans[1]


def test_the_exact_reference_agrees_with_the_fast_path(run: Run, tiny: Path) -> None:
    fast = json.loads(run("plan", tiny, "--json", "--quiet").out)
    exact = json.loads(run("plan", tiny, "--json", "--quiet", "--exact").out)
    assert exact["status"] == "optimal"
    assert fast["objective_usd"] <= exact["objective_usd"] + 0.01
    assert exact["objective_usd"] <= fast["bound_usd"] + 0.01


def test_check_accepts_the_plan(run: Run, tiny: Path, planned: Path) -> None:
    ended = run("check", tiny, planned)
    assert ended.code == 0
    assert ended.out.startswith("ok: every rule holds\n")


def test_check_as_json_gives_verdict_and_objective(run: Run, tiny: Path, planned: Path) -> None:
    verdict = json.loads(run("check", tiny, planned, "--json").out)
    assert verdict["verdict"] == "ok"
    assert verdict["violations"] == []
    assert verdict["objective_usd"] == pytest.approx(json.loads(planned.read_text())["objective_usd"], abs=0.01)


def test_check_says_when_the_plan_was_made_for_another_scenario(run: Run, tiny: Path, planned: Path) -> None:
    assert run("check", tiny, planned).err == ""
    plan = json.loads(planned.read_text())
    plan["scenario_sha256"] = "0" * 64
    planned.write_text(json.dumps(plan))
    ended = run("check", tiny, planned)
    assert ended.code == 1
    assert ended.err.startswith(f"capalloc: warning: {planned} was made for another scenario")
    (only,) = json.loads(run("check", tiny, planned, "--json").out)["violations"]
    assert only["message"].startswith("the plan was made for another version of 'tiny', as its fingerprint says")


def test_a_scenario_that_was_edited_is_judged_by_its_rules(run: Run, tiny: Path, planned: Path) -> None:
    plan = json.loads(planned.read_text())
    plan["scenario_sha256"] = "0" * 64
    planned.write_text(json.dumps(plan))
    ended = run("check", tiny, planned, "--edited")
    assert (ended.code, "ok: every rule holds" in ended.out) == (0, True)
    assert ended.err.startswith(f"capalloc: warning: {planned} was made for another scenario")
    told = json.loads(run("check", tiny, planned, "--edited", "--json").out)["not_checked"]
    assert told[-1]["what"] == "scenario_sha256"


def test_what_no_check_can_tell_is_named(run: Run, tiny: Path, planned: Path) -> None:
    told = {one["what"] for one in json.loads(run("check", tiny, planned, "--json").out)["not_checked"]}
    assert {"termination", "prices", "unplaced[].reasons", "stats"} <= told
    assert "Not checked, since only the search can know: " in run("check", tiny, planned).out


def test_check_exits_1_on_a_plan_that_breaks_a_rule(run: Run, tiny: Path, planned: Path) -> None:
    plan = json.loads(planned.read_text())
    twice = dict(plan["assignments"][0])
    twice["demand"] = next(row["demand"] for row in plan["demands"] if row["demand"] != twice["demand"])
    plan["assignments"].insert(1, twice)
    planned.write_text(json.dumps(plan))
    ended = run("check", tiny, planned)
    assert ended.code == 1
    assert "exclusivity" in ended.out
    verdict = json.loads(run("check", tiny, planned, "--json").out)
    assert verdict["verdict"] == "violated"
    assert set(verdict["violations"][0]) == {"rule", "where", "period", "amount", "limit", "unit", "message"}


def test_a_scenario_without_a_plan_exits_1(run: Run, tiny: Path, tmp_path: Path) -> None:
    # A commitment of 1 GW is beyond a dozen racks; with shortfall forbidden no plan is left.
    run("expand", tiny, "-o", tmp_path / "impossible")
    path = tmp_path / "impossible" / "scenario.yaml"
    scenario = yaml.safe_load(path.read_text())
    scenario["contracts"][0]["ramp"] = [{"from": scenario["contracts"][0]["ramp"][0]["from"], "mw": 1000}]
    scenario.setdefault("policy", {})["shortfall"] = "forbid"
    path.write_text(yaml.safe_dump(scenario))
    ended = run("plan", path, "-o", tmp_path / "plan.json")
    assert ended.code == 1
    assert "No plan for" in ended.out
    assert not (tmp_path / "plan.json").exists()
    assert json.loads(run("plan", path, "--json").out)["status"] == "infeasible"


def test_expand_lists_the_tables_and_they_plan_alike(run: Run, tiny: Path, tmp_path: Path, planned: Path) -> None:
    ended = run("expand", tiny, "-o", tmp_path / "tables")
    assert ended.code == 0
    for name in ("scenario.yaml", "facility.yaml", "power.csv", "supplies.csv", "positions.csv", "racks.csv"):
        assert str(tmp_path / "tables" / name) in ended.out.splitlines()
    again = json.loads(run("plan", tmp_path / "tables" / "scenario.yaml", "--json", "--quiet").out)
    first = json.loads(planned.read_text())
    for plan in (again, first):
        del plan["stats"]["seconds"]
    assert again == first


def test_expand_as_json_names_its_files(run: Run, tiny: Path, tmp_path: Path) -> None:
    listed = json.loads(run("expand", tiny, "-o", tmp_path / "tables", "--json").out)
    assert listed["directory"] == str(tmp_path / "tables")
    assert str(tmp_path / "tables" / "scenario.yaml") in listed["files"]


def test_generate_writes_a_scenario_of_the_size_asked_for(run: Run, tmp_path: Path) -> None:
    ended = run("generate", "--racks", "24", "--halls", "2", "--periods", "3", "--demands", "2", "-o", tmp_path / "g")
    assert ended.code == 0
    scenario = load_scenario(tmp_path / "g" / "scenario.yaml")
    assert len(scenario.facility.racks) == 24
    assert len(scenario.horizon.periods) == 3
    assert len(scenario.workloads) + len(scenario.contracts) == 2


def test_generate_gives_the_same_files_for_the_same_seed(run: Run, tmp_path: Path) -> None:
    for name in ("one", "two"):
        assert run("generate", "--racks", "24", "--halls", "2", "--seed", "7", "-o", tmp_path / name).code == 0
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_models_lists_what_ships(run: Run) -> None:
    ended = run("models")
    assert ended.code == 0
    assert "colossus1" in ended.out
    listed = json.loads(run("models", "--json").out)
    assert {"facility", "rack_type", "contract", "workload"} == {entry["kind"] for entry in listed}
    assert all(entry["confidence"] for entry in listed)


@pytest.mark.parametrize("columns", ["60", "80", "200"])
def test_columns_sets_the_width_of_a_pipe(run: Run, tiny: Path, monkeypatch: pytest.MonkeyPatch, columns: str) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    lines = run("plan", tiny, "--quiet").out.splitlines()
    assert max(map(len, lines)) <= int(columns)
    assert not any(line.endswith(" ") for line in lines)
