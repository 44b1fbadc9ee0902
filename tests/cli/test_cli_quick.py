"""What makes the commands quick, told by modules and settings instead of a clock."""

from __future__ import annotations

import gc

import pytest

import capalloc.cli.app
from capalloc.cli import main
from tests.cli.commands import Python
from tests.cli.test_cli_help import modules_after


def test_planning_loads_what_only_the_exact_planner_and_other_pages_need_not_at_all(python: Python) -> None:
    loaded = modules_after(python, "import capalloc.solve, capalloc.report.page, capalloc.analysis.show.headroom")
    assert {"capalloc.planner.strategy", "ortools.math_opt"} <= loaded
    assert "capalloc.schema.shown" not in loaded
    assert loaded.isdisjoint({"capalloc.exact.solve", "ortools.sat.python", "pandas", "networkx", "numba"})


def test_a_command_collects_garbage_rarely_and_leaves_the_collector_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    before, during = gc.get_threshold(), []
    monkeypatch.setattr(capalloc.cli.app, "app", lambda *_, **__: during.append(gc.get_threshold()))
    main([])
    assert during[0] > before
    assert gc.get_threshold() == before


def test_a_question_of_a_plan_that_is_at_hand_loads_no_solver(python: Python) -> None:
    loaded = modules_after(python, "import capalloc.cli.impact, capalloc.analysis.impact, capalloc.report.impact")
    assert "capalloc.verify.verdict" in loaded
    assert loaded.isdisjoint({"ortools", "numba", "networkx"})
