"""Standard output belongs to results."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from capalloc.cli.clean_stdout import clean_stdout
from capalloc.formats.expand import expand
from capalloc.solve import solve
from tests.strategies import random_scenario

Python = Callable[..., subprocess.Popen[str]]
REPAIRED = 1203
"""A random scenario in which HiGHS repairs a solution, and says so."""


def test_compiled_code_writes_nothing_to_stdout_while_it_is_kept_clean(capfd: pytest.CaptureFixture[str]) -> None:
    with clean_stdout():
        os.write(1, b"noise\n")
    os.write(1, b"result\n")
    assert capfd.readouterr().out == "result\n"


def test_the_library_lets_a_solver_say_what_it_likes(capfd: pytest.CaptureFixture[str]) -> None:
    solve(random_scenario(REPAIRED))
    assert capfd.readouterr().out != ""


def test_a_plan_as_json_is_json_whatever_a_solver_says(python: Python, tmp_path: Path) -> None:
    expand(random_scenario(REPAIRED), tmp_path / "repaired")
    with python("-m", "capalloc", "plan", str(tmp_path / "repaired" / "scenario.yaml"), "--json", "-q") as process:
        out, err = process.communicate()
    said = [line for line in err.splitlines() if "warning:" not in line]  # a drawn site may have a pue for nothing
    assert (process.returncode, said) == (0, [])
    assert json.loads(out)["format"] == "capalloc.plan/1"
