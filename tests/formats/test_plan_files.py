"""Plan files: stable bytes, exact round trip, written whole or not at all."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from capalloc.errors import PlanFileError
from capalloc.formats import dump_plan, load_plan, save_plan, write_atomically
from capalloc.schema.plan import Assignment, Outcome, Placement, Plan


def plan(racks: int = 2) -> Plan:
    """A plan with one assignment for each rack."""
    may, august = date(2026, 5, 1), date(2026, 8, 15)
    return Plan(
        capalloc="0.1.0",
        scenario="small",
        scenario_sha256="0" * 64,
        status="feasible",
        termination=Outcome(reason="time_limit", limit=2.5),
        objective_usd=1.5e9,
        bound_usd=1.6e9,
        gap=0.0625,
        periods=("2026-05", "2026-06"),
        placements=(Placement(rack="k0", position="p1", start=may),),
        assignments=tuple(Assignment(rack=f"k{i}", demand="ant", start=may, until=august) for i in range(racks)),
    )


def test_a_plan_reads_back_equal_and_writes_the_same_bytes(tmp_path: Path) -> None:
    save_plan(plan(), tmp_path / "plan.json")
    found = load_plan(tmp_path / "plan.json")
    assert found == plan()
    assert dump_plan(found) == (tmp_path / "plan.json").read_text(encoding="utf-8")


def test_keys_and_dates_are_those_of_the_format() -> None:
    values = json.loads(dump_plan(plan()))
    assert list(values)[:9] == [
        "format",
        "capalloc",
        "scenario",
        "scenario_sha256",
        "prospects",
        "allow_displacing",
        "status",
        "termination",
        "objective_usd",
    ]
    assert values["format"] == "capalloc.plan/1"
    assert values["termination"] == {"reason": "time_limit", "limit": 2.5, "detail": ""}
    assert values["assignments"][0] == {"rack": "k0", "demand": "ant", "from": "2026-05", "until": "2026-08-15"}


def test_records_stand_one_on_a_line() -> None:
    lines = dump_plan(plan(3)).splitlines()
    assert sum(line.startswith('    {"rack": ') for line in lines) == 1 + 3


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", ":1: is not JSON"),
        ("{", ":1: is not JSON"),
        ("[1]", "expected a JSON object"),
        ("{}", "format: found nothing, expected 'capalloc.plan/1'"),
        ('{"format": "capalloc.plan/2"}', "format: found 'capalloc.plan/2'"),
        ('{"a": 1, "a": 2}', "the key 'a' is given twice"),
        ('{"a": NaN}', "found NaN, expected a finite number"),
        ("[" * 100_000, "is not JSON"),
        ("9" * 10_000, "is not JSON of a plan"),
    ],
)
def test_what_is_no_plan_gives_a_sentence(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "plan.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PlanFileError) as raised:
        load_plan(path)
    assert says in str(raised.value)
    assert str(raised.value).startswith(str(path))
    assert len(str(raised.value)) < 400


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"gap": "0"}, "gap: found '0', expected a number"),
        ({"status": "good"}, "status: found 'good', expected optimal, feasible or infeasible"),
        ({"colour": 1}, "colour: unknown key 'colour'"),
        (
            {"unplaced": [{"demand": "d", "period": "2026-05", "racks": 10**400, "reasons": []}]},
            "unplaced.0.racks: found a number of 1329 bits, expected a count up to 9,007,199,254,740,991",
        ),
        ({"assignments": [{"rack": "k", "demand": "d", "start": "2026-05"}]}, "assignments.0.from: is missing"),
        ({"assignments": [{"rack": "k", "demand": "d", "from": "May", "until": "2026-05"}]}, "'May' is not a date"),
    ],
)
def test_a_broken_plan_names_the_key(tmp_path: Path, change: dict[str, Any], says: str) -> None:
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(json.loads(dump_plan(plan())) | change), encoding="utf-8")
    with pytest.raises(PlanFileError) as raised:
        load_plan(path)
    assert says in str(raised.value)


@pytest.mark.parametrize("name", ["absent.json", "", "absent/plan.json"])
def test_a_plan_that_is_not_there_gives_a_sentence(tmp_path: Path, name: str) -> None:
    with pytest.raises(PlanFileError, match=r"no such file|is a folder"):
        load_plan(tmp_path / name)


def test_a_plan_that_cannot_be_written_gives_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(PlanFileError, match="cannot be written: No such file or directory"):
        save_plan(plan(), tmp_path / "absent" / "plan.json")
    with pytest.raises(PlanFileError, match="cannot be written: Is a directory"):
        save_plan(plan(), tmp_path)


def test_a_failed_write_leaves_the_previous_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "plan.json"
    write_atomically(path, "before")

    def fail(*_: object) -> None:
        raise OSError("disk gone")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="disk gone"):
        write_atomically(path, "after")
    assert path.read_text(encoding="utf-8") == "before"
    assert [entry.name for entry in tmp_path.iterdir()] == ["plan.json"]


def test_a_link_keeps_pointing_and_permissions_stay(tmp_path: Path) -> None:
    path, link = tmp_path / "plan.json", tmp_path / "latest.json"
    write_atomically(path, "before")
    path.chmod(0o640)
    link.symlink_to(path)
    write_atomically(link, "after")
    assert link.is_symlink()
    assert path.read_text(encoding="utf-8") == "after"
    assert path.stat().st_mode & 0o777 == 0o640


def test_links_in_a_circle_stay_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(OSError, match="Too many levels of symbolic links"):
        write_atomically(tmp_path / "a", "gone")
    assert [path.is_symlink() for path in sorted(tmp_path.iterdir())] == [True, True]


def test_a_device_is_written_and_stays_a_device() -> None:
    write_atomically("/dev/null", "gone")
    assert not Path("/dev/null").is_file()


SAVING = """
import sys
from pathlib import Path
from capalloc.formats import load_plan, save_plan
small, large, target = map(Path, sys.argv[1:])
plans = [load_plan(small), load_plan(large)]
print("ready", flush=True)
while True:
    for plan in plans:
        save_plan(plan, target)
        print("saved", flush=True)
"""


def test_killed_at_any_moment_the_previous_file_is_intact(tmp_path: Path) -> None:
    small, large, target = (tmp_path / name for name in ("small.json", "large.json", "plan.json"))
    save_plan(plan(1), small)
    save_plan(plan(5_000), large)
    save_plan(plan(1), target)
    whole = {small.read_bytes(), large.read_bytes()}
    for attempt in range(5):
        command = [sys.executable, "-c", SAVING, str(small), str(large), str(target)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            for _ in range(1 + attempt):  # killed in the middle of a later and later save
                child.stdout.readline()
            child.send_signal(signal.SIGKILL)
        assert target.read_bytes() in whole


def test_a_pipe_at_the_end_of_a_link_is_written(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading, encoding="utf-8") as stream:
        write_atomically(f"/dev/fd/{writing}", "a plan")
        os.close(writing)
        assert stream.read() == "a plan"
