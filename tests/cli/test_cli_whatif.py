"""``capalloc whatif``: cases side by side, kept as they end, whatever ends the command."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from capalloc.schema.whatif import WhatIf
from tests.cli.commands import Python, Run, squeezed
from tests.runner.dask import dask_cluster

GRID = "fee:lease:x0.50,x0.55,x0.60,x0.65,x0.70,x0.75,x0.80,x0.85,x0.90,x0.95*demand:inference:x0.5,x1.1"
CASES = 20
CODE = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from capalloc.cli import main; main()"


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "110")


def test_a_notice_is_told_in_money_racks_and_days(run: Run, tiny: Path) -> None:
    # Notice in July ends the lease 90 days after its initial term, on 30 October: two of 31 days of $3.6 million are
    # lost, discounted by nothing, and its racks stay until the month's end.
    ended = run("whatif", tiny, "notice:lease:2026-07", "-q")
    lines = squeezed(ended.out)
    assert ended.code == 0
    assert "notice:lease:2026-07 -$232,258 $1 -$232,258 +$0 +$0 +0 –" in lines  # noqa: RUF001
    assert "lease +0.0 -$232,258 2026-10-30 (was 2026-11)" in lines


def test_a_case_that_changes_nothing_says_so(run: Run, tiny: Path) -> None:
    assert "fee:lease:x1: nothing changes" in run("whatif", tiny, "fee:lease:x1", "-q").out


def test_a_grid_is_a_table_with_its_best_and_worst(run: Run, tiny: Path) -> None:
    ended = run("whatif", tiny, "fee:lease:x0.9,x1.1*demand:inference:x0.5,x1", "--jobs", "1")
    lines = squeezed(ended.out)
    assert "capalloc: 4 of 4 cases planned, 0 left, best fee:lease:x1.1+demand:inference:x1" in ended.err
    assert "Best: fee:lease:x1.1 + demand:inference:x1, +$1.740M;" in ended.out
    assert sum(line.startswith("fee:lease:") for line in lines) == 4
    assert (
        "What changes when for whom is told of 3 cases at most: ask for fewer, or with --json; -o DIR"
        in squeezed(ended.out.replace("\n", " "))[0]
    )


def test_an_outage_says_what_it_assumes_and_where_to_ask_otherwise(run: Run, tiny: Path) -> None:
    said = " ".join(run("whatif", tiny, "outage:h1:2026-06-03:2026-06-04", "-q").out.split())
    assert "An outage counts for every period that it touches, whole, and no rack serves on one of two feeds" in said
    assert "`capalloc impact` says what happens if everything stays where it is." in said
    assert "An outage counts" not in run("whatif", tiny, "fee:lease:x1", "-q").out


def test_a_prospect_that_the_plan_given_has_is_not_said_to_be_left_out(run: Run, tiny: Path, tmp_path: Path) -> None:
    asked = tmp_path / "tiny.yaml"
    asked.write_text(tiny.read_text().replace("tenant: Example AI", "tenant: Example AI\n    probability: 0.5"))
    shutil.copytree(tiny.parent / "tiny", tmp_path / "tiny")
    plan = tmp_path / "plan.json"
    assert run("plan", asked, "--prospect", "lease", "-o", plan, "-q").code == 0
    assert "'lease' is a prospect, which is not planned" in run("whatif", asked, "delay:lease:30d", "-q").err
    beside = run("whatif", asked, "delay:lease:30d", "--plan", plan, "-q")
    assert (beside.code, beside.err) == (0, "")


def test_a_folder_of_other_files_is_refused_before_anything_is_planned(run: Run, tiny: Path, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("mine")
    ended = run("whatif", tiny, "fee:lease:x2", "-o", tmp_path)
    assert (ended.code, [path.name for path in tmp_path.iterdir()]) == (2, ["note.txt"])
    assert f"{tmp_path}: has other files (note.txt) and no answer; expected a folder that is new" in ended.err
    assert "planned first" not in ended.err


def test_json_is_the_documented_record(run: Run, tiny: Path) -> None:
    ended = run("whatif", tiny, "demand:inference:x0.5", "outage:h1:2026-06:2026-07", "--json", "-q", "--jobs", "2")
    answer = WhatIf.model_validate_json(ended.out)
    assert [case.case for case in answer.cases] == ["demand:inference:x0.5", "outage:h1:2026-06:2026-07"]
    keys = json.loads(ended.out)["cases"][1]
    asked = ("status", "objective_usd", "gap", "delta_usd", "fees_usd", "penalties_usd", "racks_moved")
    assert keys.keys() >= {"case", *asked, "missed", "demands"}
    assert keys["missed"][0].keys() == {"demand", "period", "short_kw"}
    assert keys["demands"][0].keys() >= {"demand", "delta_kw_months", "delta_usd"}
    assert run("whatif", tiny, "demand:inference:x0.5", "outage:h1:2026-06:2026-07", "--json", "-q").out == ended.out


def test_without_any_plan_the_code_is_1_and_the_reason_is_told(run: Run, tiny: Path, tmp_path: Path) -> None:
    strict = tmp_path / "tiny.yaml"
    strict.write_text(
        tiny.read_text().replace("policy:\n", "policy:\n  shortfall: forbid\n").replace("min: 1", "min: 0")
    )
    shutil.copytree(tiny.parent / "tiny", tmp_path / "tiny")
    ended = run("whatif", strict, "outage:h1:2026-06:2026-07", "-q")
    assert ended.code == 1
    assert "outage:h1:2026-06:2026-07: infeasible: " in ended.out


def test_a_run_without_a_plan_keeps_its_base_and_starts_from_it_again(run: Run, tiny: Path, tmp_path: Path) -> None:
    first = run("whatif", tiny, "fee:lease:x2", "-o", tmp_path / "kept")
    again = run("whatif", tiny, "fee:lease:x2", "-o", tmp_path / "kept")
    assert "no --plan given: planned first" in first.err
    assert "no --plan given" not in again.err
    assert f"1 of 1 cases are in {tmp_path / 'kept'} already" in again.err
    assert again.out == first.out.replace(", planned now", "")


def answers(folder: Path) -> list[Path]:
    """Answers that are kept, without the plans."""
    return sorted(path for path in folder.glob("fee-*.json") if not path.name.endswith(".plan.json"))


def started(python: Python, tiny: Path, folder: Path) -> subprocess.Popen[str]:
    """The grid at work, with some of its answers kept already."""
    process = python("-c", CODE, "whatif", str(tiny), GRID, "--jobs", "2", "-o", str(folder), "--json")
    for _ in range(3000):
        if len(answers(folder)) >= 3:
            return process
        assert process.poll() is None
        time.sleep(0.01)
    raise AssertionError("no case ends")


def test_killed_in_the_middle_and_started_again_it_plans_only_what_is_missing(
    run: Run, python: Python, tiny: Path, tmp_path: Path
) -> None:
    with started(python, tiny, tmp_path / "kept") as process:
        process.kill()
        process.communicate()
    kept = {path: path.stat().st_mtime_ns for path in answers(tmp_path / "kept")}
    assert 3 <= len(kept) < CASES
    again = run("whatif", tiny, GRID, "--jobs", "2", "-o", tmp_path / "kept", "--json")
    assert f"capalloc: {len(kept)} of {CASES} cases are in {tmp_path / 'kept'} already" in again.err
    assert again.err.count("cases planned, ") == CASES - len(kept)
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
    whole = run("whatif", tiny, GRID, "--jobs", "1", "-o", tmp_path / "other", "--json", "-q")
    assert json.loads(again.out)["cases"] == json.loads(whole.out)["cases"]


def test_ctrl_c_keeps_what_is_done_and_says_so(python: Python, tiny: Path, tmp_path: Path) -> None:
    with started(python, tiny, tmp_path / "kept") as process:
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()
    answer = json.loads(out)
    assert process.returncode == 0
    assert len(answer["cases"]) + len(answer["undone"]) == CASES
    assert len(answer["cases"]) == len(answers(tmp_path / "kept"))
    assert f"capalloc: stopping; keeping the cases that are done, in {tmp_path / 'kept'}" in err
    assert f"capalloc: stopped with {len(answer['cases'])} cases planned, {len(answer['undone'])} left; the same" in err


def test_a_cluster_answers_as_this_machine_does(run: Run, tiny: Path, tmp_path: Path) -> None:
    here = run("whatif", tiny, GRID, "--jobs", "2", "--json", "-q")
    with dask_cluster(tmp_path) as cluster:
        there = run("whatif", tiny, GRID, "--engine", "dask", "--scheduler", cluster.address, "--json", "-q")
    assert (there.code, there.out) == (0, here.out)


def test_a_cluster_that_is_not_there_is_said_to(run: Run, tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("capalloc.runner.cluster._CONNECT_S", 0.5)
    ended = run("whatif", tiny, "fee:lease:x2", "--engine", "dask", "--scheduler", "tcp://127.0.0.1:1", "-q")
    assert (ended.code, ended.out) == (1, "")
    assert "no Dask scheduler answers at tcp://127.0.0.1:1" in ended.err
