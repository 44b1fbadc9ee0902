"""What a user sees when something is wrong: an exit code and a sentence, never a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import capalloc.cli.exits
from capalloc.background import Background
from capalloc.cli.exits import faults
from capalloc.errors import InternalError, PlanFileError, Problem, ScenarioError
from tests.cli.commands import Python, Run
from tests.cli.interrupts import ENVIRONMENT, EXAMPLES

ROOT = Path(__file__).parents[2]


def bad_inputs() -> list[Path]:
    """Each bad scenario: a YAML file, or the scenario.yaml of a folder."""
    folder = ROOT / "tests" / "bad"
    return sorted([*folder.glob("*.yaml"), *folder.glob("*/scenario.yaml")])


@pytest.mark.parametrize("path", bad_inputs(), ids=lambda path: str(path.relative_to(ROOT / "tests" / "bad")))
@pytest.mark.parametrize("command", ["plan", "expand"])
def test_bad_input_exits_2_with_a_sentence(run: Run, path: Path, command: str, tmp_path: Path) -> None:
    ended = run(command, path, *(["-o", tmp_path / "out"] if command == "expand" else ["--quiet"]))
    assert ended.code == 2
    assert ended.out == ""
    assert ended.err.startswith("capalloc: ")
    assert "Traceback" not in ended.err
    assert not (tmp_path / "out").exists()


def raised(error: BaseException) -> int:
    with pytest.raises(SystemExit) as ended, faults():
        raise error
    assert isinstance(ended.value.code, int)
    return ended.value.code


def test_every_problem_of_a_scenario_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    problems = [Problem("a.yaml", 3, "horizon.end", "too early"), Problem("a.yaml", 9, "pins.0", "no such rack")]
    assert raised(ScenarioError(problems)) == 2
    assert capsys.readouterr().err == (
        "capalloc: a.yaml:3: horizon.end: too early\ncapalloc: a.yaml:9: pins.0: no such rack\n"
    )


def test_a_flood_of_problems_is_cut_and_counted(capsys: pytest.CaptureFixture[str]) -> None:
    assert raised(ScenarioError(Problem("a.yaml", n, "key", "wrong") for n in range(1, 54))) == 2
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 51
    assert said[-1] == "capalloc: and 3 more problems"


def test_a_broken_plan_file_exits_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert raised(PlanFileError("plan.json: not JSON")) == 2
    assert capsys.readouterr().err == "capalloc: plan.json: not JSON\n"


def test_a_file_that_cannot_be_written_exits_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert raised(PermissionError(13, "Permission denied", "plan.json")) == 2
    assert capsys.readouterr().err == "capalloc: plan.json: Permission denied\n"


def test_a_full_disk_behind_stdout_exits_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert raised(OSError(28, "No space left on device")) == 2
    assert capsys.readouterr().err == "capalloc: No space left on device\n"


def test_an_internal_error_exits_3_with_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert raised(InternalError("the verifier rejects the plan")) == 3
    assert capsys.readouterr().err.startswith("capalloc: internal error, not a fault of your input: the verifier")


def test_an_unforeseen_error_exits_3_and_names_its_kind(capsys: pytest.CaptureFixture[str]) -> None:
    assert raised(KeyError("x")) == 3
    assert "KeyError: 'x'" in capsys.readouterr().err


def test_the_traceback_is_there_for_who_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAPALLOC_DEBUG", "1")
    with pytest.raises(KeyError), faults():
        raise KeyError("x")


def test_an_interrupt_exits_130(capsys: pytest.CaptureFixture[str]) -> None:
    assert raised(KeyboardInterrupt()) == 130
    assert capsys.readouterr().err == "capalloc: interrupted; every file is as it was\n"


@pytest.mark.parametrize(("fault", "code"), [(KeyboardInterrupt(), 130), (KeyError("x"), 3), (SystemExit(2), 2)])
def test_what_ends_a_command_ends_the_process_under_a_solver(
    monkeypatch: pytest.MonkeyPatch, fault: BaseException, code: int
) -> None:
    """The interpreter's own ending aborts where C++ still runs on another thread."""
    ended: list[int] = []
    monkeypatch.setattr(os, "_exit", ended.append)
    done = threading.Event()
    solver = Background(done.wait)
    assert raised(fault) == code
    done.set()
    assert solver.result()
    assert ended == [code]


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_closed_streams_are_no_error(tiny: Path, tmp_path: Path, closed: str) -> None:
    line = f'exec "$0" -m capalloc plan "$1" -o "$2" {closed}'
    ended = subprocess.run(
        ["/bin/sh", "-c", line, sys.executable, tiny, tmp_path / "plan.json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, "Traceback" in ended.stderr) == (0, False)
    assert (tmp_path / "plan.json").exists()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["show", "TINY", "PLAN"], 0),
        (["place", "SITE", "REQUESTS", "--time-limit", "0"], 0),
        (["plan", "nowhere.yaml"], 2),
        (["plan", "--nothing"], 2),
    ],
)
def test_a_full_disk_behind_stderr_keeps_no_result_back(
    arguments: list[str], code: int, plan: Path, tiny: Path
) -> None:
    """Exit code 1 said that the plan was not acceptable."""
    names = {
        "TINY": tiny,
        "PLAN": plan,
        "SITE": EXAMPLES / "placement",
        "REQUESTS": EXAMPLES / "placement/requests.csv",
    }
    words = [str(names.get(word, word)) for word in arguments]
    with open("/dev/full", "w", encoding="utf-8") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "capalloc", *words],
            stderr=full,
            stdout=subprocess.PIPE,
            check=False,
            env=ENVIRONMENT,
        )
    assert ended.returncode == code
    assert bool(ended.stdout) == (code == 0)


def test_a_closed_pipe_ends_quietly(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(capalloc.cli.exits, "_drop", lambda _: None)
    assert raised(BrokenPipeError()) == 141
    assert capsys.readouterr().err == ""


def test_a_reader_that_leaves_early_is_no_error(python: Python) -> None:
    """``capalloc models | true``: the reader is gone before the first byte."""
    with python("-m", "capalloc", "models") as writer:
        assert writer.stdout is not None
        assert writer.stderr is not None
        writer.stdout.close()
        said = writer.stderr.read()
    assert (writer.returncode, said) == (141, "")


@pytest.mark.parametrize(
    "arguments",
    [
        ["plan"],
        ["plan", "a.yaml", "--seed", "x"],
        ["plan", "a.yaml", "--seed", "-1"],
        ["plan", "a.yaml", "--time-limit", "-1"],
        ["plan", "a.yaml", "--time-limit", "nan"],
        ["plan", "a.yaml", "--frobnicate"],
        ["check", "a.yaml"],
        ["expand", "a.yaml"],
        ["generate", "-o", "x"],
        ["generate", "--racks", "0", "-o", "x"],
        ["frobnicate"],
    ],
    ids=" ".join,
)
def test_a_wrong_command_line_exits_2(run: Run, arguments: list[str]) -> None:
    ended = run(*arguments)
    assert ended.code == 2
    assert "Traceback" not in ended.err
    assert "Error" in ended.err or ended.err.startswith("capalloc: ")


def test_a_scenario_that_is_not_there_exits_2(run: Run, tmp_path: Path) -> None:
    ended = run("plan", tmp_path / "nowhere" / "a.yaml", "--quiet")
    assert ended.code == 2
    assert ended.err.startswith("capalloc: ")
    assert "a.yaml" in ended.err


def test_a_plan_file_that_is_not_there_exits_2(run: Run, tiny: Path, tmp_path: Path) -> None:
    ended = run("check", tiny, tmp_path / "plan.json")
    assert ended.code == 2
    assert "plan.json" in ended.err


@pytest.mark.parametrize("text", ["", "[]", "{", '{"format": "capalloc.plan/9"}', "\x00\xff", "null"])
def test_a_plan_file_that_is_no_plan_exits_2(run: Run, tiny: Path, tmp_path: Path, text: str) -> None:
    (tmp_path / "plan.json").write_text(text, encoding="latin-1")
    ended = run("check", tiny, tmp_path / "plan.json")
    assert ended.code == 2
    assert ended.err.startswith(f"capalloc: {tmp_path}/plan.json")


def test_output_into_a_missing_folder_is_refused_before_planning(run: Run, tiny: Path, tmp_path: Path) -> None:
    ended = run("plan", tiny, "-o", tmp_path / "nowhere" / "plan.json")
    assert ended.code == 2
    assert ended.err.splitlines() == [
        f"capalloc: {tmp_path}/nowhere/plan.json: the folder {tmp_path}/nowhere does not exist; make it first"
    ]


def test_output_onto_a_folder_is_refused(run: Run, tiny: Path, tmp_path: Path) -> None:
    ended = run("plan", tiny, "-o", tmp_path)
    assert ended.code == 2
    assert "is a folder" in ended.err


def test_expand_onto_a_file_is_refused(run: Run, tiny: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    ended = run("expand", tiny, "-o", tmp_path / "file")
    assert ended.code == 2
    assert (tmp_path / "file").read_text() == "mine"


def test_a_prospect_that_is_not_there_is_bad_input(run: Run, tiny: Path) -> None:
    ended = run("plan", tiny, "--prospect", "nobody", "--quiet")
    assert ended.code == 2
    assert "--prospect: found 'nobody'" in ended.err


def test_a_signed_contract_is_no_prospect(run: Run, tiny: Path) -> None:
    ended = run("plan", tiny, "--prospect", "lease", "--quiet")
    assert ended.code == 2
    assert "--prospect: found 'lease', this scenario has no prospects" in ended.err
