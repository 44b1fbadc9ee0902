"""Standard output belongs to results."""

from __future__ import annotations

import os

import pytest

from capalloc.planner.lp.silence import silent_stdout
from capalloc.solve import solve
from tests.strategies import random_scenario


def test_compiled_code_writes_nothing_to_stdout_while_it_is_silent(capfd: pytest.CaptureFixture[str]) -> None:
    with silent_stdout():
        os.write(1, b"noise\n")
    os.write(1, b"result\n")
    assert capfd.readouterr().out == "result\n"


def test_solving_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    solve(random_scenario(1216))  # HiGHS repairs a solution here, and says so
    assert capfd.readouterr().out == ""
