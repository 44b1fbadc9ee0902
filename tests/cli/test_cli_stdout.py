"""Standard output belongs to results."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import capalloc
from capalloc.cli.clean_stdout import clean_stdout
from capalloc.formats.expand import expand
from capalloc.solve import solve
from tests.strategies import random_scenario

Python = Callable[..., subprocess.Popen[str]]
REPAIRED = 1630
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


_CUT_OFF = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
from capalloc.cli import main
main(sys.argv[1:])
"""
"""As on a disk that fills up in the midst of a result: a file takes 1,000 bytes and no more."""


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_result_that_is_cut_off_is_a_fault(unbuffered: str, tiny: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(capalloc.__file__).parents[1]), "PYTHONUNBUFFERED": unbuffered}
    environment["PYTHONDONTWRITEBYTECODE"] = "1"  # it would be cut off too, for whoever reads it next
    command = [sys.executable, "-c", _CUT_OFF, "revenue", str(tiny), "--json", "-q"]
    with (tmp_path / "out").open("wb") as out:
        ended = subprocess.run(command, stdout=out, stderr=subprocess.PIPE, text=True, env=environment, check=False)
    assert (tmp_path / "out").stat().st_size <= 1000
    assert ended.returncode == 2
    assert ended.stderr.splitlines()[-1] == "capalloc: standard output: File too large"
