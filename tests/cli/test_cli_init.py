"""`capalloc init`: what it writes, asks and refuses; `capalloc schema`; completion."""

from __future__ import annotations

import json
import os
import pty
import shutil
from datetime import date
from pathlib import Path

import jsonschema
import pytest

from capalloc import load_scenario
from capalloc.cli.schema import FileKind
from capalloc.json_schema import KINDS, schema_of
from tests.cli.commands import Python, Run
from tests.docs.pages import ROOT


def test_init_lists_its_files_and_they_plan(run: Run, tmp_path: Path) -> None:
    ended = run("init", "-o", tmp_path / "mine", "--racks", "6", "--redundancy", "4n3")
    assert ended.code == 0
    assert str(tmp_path / "mine/scenario.yaml") in ended.out.splitlines()
    assert run("plan", tmp_path / "mine/scenario.yaml", "-q").code == 0


def test_init_keeps_another_site(run: Run, tmp_path: Path) -> None:
    assert run("init", "-o", tmp_path, "--racks", "6").code == 0
    again = run("init", "-o", tmp_path, "--racks", "7")
    assert again.code == 2
    assert "has a site already" in again.err
    assert run("init", "-o", tmp_path, "--racks", "7", "--force").code == 0


def test_a_copy_is_of_the_facility_as_it_is(run: Run, tmp_path: Path) -> None:
    ended = run("init", "-o", tmp_path, "--from", "colo-2n", "--racks", "6", "--redundancy", "2n")
    assert ended.code == 2
    assert "--from: copies a facility as it is; leave out --racks, --redundancy" in ended.err
    assert not list(tmp_path.iterdir())
    assert run("init", "-o", tmp_path, "--from", "colo-2n", "--start", "2027-06", "--json").code == 0
    assert "start: 2027-06" in (tmp_path / "scenario.yaml").read_text()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (["--rack-type", "gb20"], "unknown rack type 'gb20'"),
        (["--halls", "99"], "--halls: found 99"),
        (["--start", "2027"], "'2027' is not a date"),
        (["--redundancy", "5n"], "'5n' is not one of"),
        (["--from", "colossus"], "did you mean 'colossus1'?"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_what_cannot_be_is_refused(run: Run, tmp_path: Path, wrong: list[str], says: str) -> None:
    ended = run("init", "-o", tmp_path / "mine", *wrong)
    assert ended.code == 2
    assert says in ended.err
    assert not (tmp_path / "mine").exists()


def test_without_a_terminal_nothing_is_asked(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)  # as of a service that has none
    assert run("init", "-o", tmp_path / "mine").code == 0


def test_a_terminal_is_asked_until_an_answer_can_be(python: Python, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    answers = ["mine", "none", "0", "6", "", "gb20", "", "2", "3n/2", "3n2", "Tenant & Co", "", "2027-13", "2027-03"]
    os.write(ours, "".join(f"{answer}\n" for answer in answers).encode())
    with python("-m", "capalloc", "init", "-o", "mine", stdin=theirs) as process:
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out.split()[0]) == (0, "mine/cooling.csv")
    for refused in (
        "'none' is not a whole number",
        "--racks: found 0",
        "unknown rack type 'gb20'",
        "found '3n/2'",
        "2027-13",
    ):
        assert refused in err
    scenario = load_scenario(tmp_path / "mine/scenario.yaml")
    assert (scenario.contracts[0].tenant, len(scenario.facility.racks), scenario.horizon.start) == (
        "Tenant & Co",
        7,  # six, and a quarter of them on order
        date(2027, 3, 1),
    )


def test_no_more_answers_leave_no_file(python: Python, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    os.write(ours, b"mine\n\x04")  # Ctrl-D
    with python("-m", "capalloc", "init", "-o", "mine", stdin=theirs) as process:
        _, err = process.communicate(timeout=60)
    assert (process.returncode, err.splitlines()[-1]) == (130, "capalloc: interrupted; every file is as it was")
    assert not (tmp_path / "mine").exists()


@pytest.mark.parametrize("kind", FileKind)
def test_schema_prints_the_schema_of_a_kind(run: Run, kind: FileKind) -> None:
    ended = run("schema", kind.value)
    assert (ended.code, json.loads(ended.out)) == (0, schema_of(kind))


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        ("verdict", ["check", "SCENARIO", "PLAN"]),
        ("explain", ["explain", "OVERSOLD"]),
        ("show", ["show", "SCENARIO", "PLAN"]),
        ("show", ["show", "SCENARIO", "PLAN", "ups1", "h1/r1", "lease"]),
        ("quote", ["quote", "SCENARIO", "--plan", "PLAN", "--mw", "0.1", "--from", "2026-09", "--until", "2026-11"]),
        ("surplus", ["surplus", "SCENARIO", "--plan", "PLAN"]),
        ("whatif", ["whatif", "SCENARIO", "demand:inference:x0.5", "--plan", "PLAN", "--jobs", "1"]),
        ("impact", ["impact", "SCENARIO", "PLAN", "ups1"]),
        ("revenue", ["revenue", "SCENARIO", "PLAN"]),
        ("diff", ["diff", "PLAN", "PLAN"]),
        ("place", ["place", "examples/placement", "examples/placement/requests.csv", "--time-limit", "0"]),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value[:1]),
)
def test_answers_follow_their_schema(run: Run, planned: Path, kind: str, asked: list[str]) -> None:
    named = {"SCENARIO": "examples/tiny.yaml", "PLAN": str(planned), "OVERSOLD": str(oversold(planned.parent))}
    ended = run(*(named.get(word, word) for word in asked), "--json")
    assert ended.code == 0, ended.err
    answer = json.loads(ended.out)
    faults = [error.message for error in jsonschema.Draft202012Validator(schema_of(kind)).iter_errors(answer)]
    assert faults == []


def oversold(folder: Path) -> Path:
    """The smallest example with a lease that its feeder cannot carry."""
    shutil.copytree(ROOT / "examples/tiny", folder / "tiny")
    text = (ROOT / "examples/tiny.yaml").read_text(encoding="utf-8")
    (folder / "oversold.yaml").write_text(text.replace("mw: 0.6", "mw: 1.1").replace("mw: 0.9", "mw: 1.2"))
    return folder / "oversold.yaml"


@pytest.fixture
def planned(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A plan of the smallest example, asked about from the root of the checkout."""
    monkeypatch.chdir(ROOT)
    assert run("plan", "examples/tiny.yaml", "-o", tmp_path / "plan.json", "-q").code == 0
    return tmp_path / "plan.json"


def test_every_kind_of_schema_can_be_asked_for() -> None:
    assert list(FileKind) == list(KINDS)


def test_an_unknown_kind_names_those_that_are(run: Run) -> None:
    ended = run("schema", "scenari")
    assert ended.code == 2
    assert "'scenario', 'facility'" in ended.err
