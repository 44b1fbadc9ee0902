"""What is odd about the input is said on stderr by every command that reads it, and the command goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.commands import Run

SAYS = "power.csv:2: rated_kw: found 150.000: read as 150; if 150,000 is meant, write 150000"


@pytest.mark.parametrize("command", ["plan", "explain", "expand"])
def test_a_scenario_that_is_read_oddly(run: Run, bad_folder: Path, tmp_path: Path, command: str) -> None:
    output = ("-o", tmp_path / "tables") if command == "expand" else ()
    ended = run(command, bad_folder / "odd" / "thousands.yaml", *output)
    assert ended.err.count(SAYS) == 1
    assert "capalloc: warning: " in ended.err


def test_a_facility_that_is_read_oddly(run: Run, bad_folder: Path) -> None:
    ended = run("slots", bad_folder / "odd" / "thousands", "--racks", "1", "--power-kw", "10")
    assert ended.code == 0
    assert ended.err.count(SAYS) == 1


def test_show_and_check_say_it_too(run: Run, bad_folder: Path, tmp_path: Path) -> None:
    scenario, plan = bad_folder / "odd" / "thousands.yaml", tmp_path / "plan.json"
    assert run("plan", scenario, "-o", plan).code == 0
    assert run("show", scenario, plan).err.count(SAYS) == 1
    assert run("check", scenario, plan).err.count(SAYS) == 1
