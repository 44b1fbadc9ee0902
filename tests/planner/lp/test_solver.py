"""Solvers called by message say what MathOpt's own interface has them say, whatever the program."""

from __future__ import annotations

import importlib
import sys
import tomllib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import pytest
from ortools.math_opt.core.python import solver as native
from ortools.math_opt.python import mathopt
from ortools.util.python.solve_interrupter import SolveInterrupter
from pybind11_abseil.status import StatusNotOk, internal_error

from capalloc.errors import CapallocError
from capalloc.planner.lp import solver as called
from capalloc.planner.lp.deadline import Deadline
from capalloc.planner.lp.incremental import WarmProgram
from capalloc.planner.lp.program import Program
from capalloc.planner.lp.solver import WarmSolver
from capalloc.schema.status import Status

ROOT = Path(__file__).parents[3]
LIMITS = [None, 0.0]
SOLVERS = [mathopt.SolverType.GLOP, mathopt.SolverType.HIGHS]
NOTHING, NO_PLACES = np.zeros(0), np.zeros(0, dtype=np.int64)
NO_ROWS = {"row_lower": NOTHING, "row_upper": NOTHING}
NO_ENTRIES = {"rows": NO_PLACES, "columns": NO_PLACES, "values": NOTHING}
NO_COLUMNS = {"lower": NOTHING, "upper": NOTHING, "usd": NOTHING, "integer": NOTHING > 0}


def _program(**changes: Any) -> Program:
    """3x + 2y with x of whole numbers, 2x + y <= 5, both at most 4."""
    made = Program(
        usd_per_cost=1.0,
        lower=np.zeros(2),
        upper=np.full(2, 4.0),
        usd=np.array([3.0, 2.0]),
        integer=np.array([True, False]),
        row_lower=np.array([-np.inf]),
        row_upper=np.array([5.0]),
        rows=np.zeros(2, dtype=np.int64),
        columns=np.arange(2),
        values=np.array([2.0, 1.0]),
    )
    return replace(made, **changes)


PROGRAMS = {
    "bounded": _program(),
    "infeasible": _program(row_lower=np.array([50.0]), row_upper=np.array([60.0])),
    "no_whole_number_between": _program(lower=np.array([0.2, 0.0]), upper=np.array([0.8, 1.0])),
    "unbounded": _program(upper=np.full(2, np.inf), row_upper=np.array([np.inf])),
    "without_rows": _program(**NO_ROWS, **NO_ENTRIES),
    "a_row_of_nothing_that_cannot_hold": _program(row_lower=np.ones(1), **NO_ENTRIES),
    "without_columns": _program(row_lower=np.ones(1), **NO_COLUMNS, **NO_ENTRIES),
    "empty": _program(**NO_COLUMNS, **NO_ROWS, **NO_ENTRIES),
}
FAULTY = {
    "money_of_nan": _program(usd=np.array([np.nan, 1.0])),
    "money_without_end": _program(usd=np.array([np.inf, 1.0])),
    "a_coefficient_of_nan": _program(values=np.array([np.nan, 1.0])),
    "a_coefficient_without_end": _program(values=np.array([2.0, -np.inf])),
    "a_limit_of_nan": _program(row_upper=np.array([np.nan])),
    "bounds_that_exclude_each_other": _program(lower=np.array([2.0, 0.0]), upper=np.array([1.0, 4.0])),
}


@pytest.mark.parametrize("interrupted", [False, True])
@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("name", PROGRAMS)
def test_a_solver_says_what_mathopt_has_it_say(
    name: str, solver: mathopt.SolverType, limit: float | None, interrupted: bool
) -> None:
    program = PROGRAMS[name] if solver is mathopt.SolverType.HIGHS else PROGRAMS[name].relaxed()
    parameters = mathopt.SolveParameters(time_limit=None if limit is None else timedelta(seconds=limit))
    interrupter = SolveInterrupter()
    if interrupted:
        interrupter.interrupt()
    found = called.solve(program.message(), solver, parameters, interrupter)
    known = mathopt.solve(
        mathopt.Model.from_model_proto(program.message()), solver, params=parameters, interrupter=interrupter
    )
    assert found is not None
    _same(found, known)
    warm = WarmSolver(program.message(), solver).solve(parameters, interrupter)
    assert warm is not None
    _same(warm, known)


def _same(found: called.Result, known: mathopt.SolveResult) -> None:
    assert found.ended.termination == known.termination
    values = list(known.variable_values().values()) if known.has_primal_feasible_solution() else None
    duals = list(known.dual_values().values()) if known.has_dual_feasible_solution() else None
    assert (None if found.values is None else found.values.tolist()) == values
    assert (None if found.duals is None else found.duals.tolist()) == duals


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("name", FAULTY)
def test_a_program_that_is_none_has_no_answer_and_no_bound(name: str, solver: mathopt.SolverType) -> None:
    answer = FAULTY[name].solve(solver)
    assert (answer.status, answer.values, answer.bound) == (Status.IMPRECISE, None, np.inf)


@pytest.mark.parametrize("name", FAULTY)
def test_a_warm_program_that_is_none_has_no_answer_and_no_bound(name: str) -> None:
    answer = WarmProgram(FAULTY[name]).solve(FAULTY[name].usd, 10.0, Deadline())
    assert (answer.status, answer.values, answer.bound) == (Status.IMPRECISE, None, np.inf)


def test_a_solver_that_takes_no_other_money_is_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    made = list[object]()

    class Refuses:
        """A solver that cannot be updated, which its own interface tells by False."""

        def __init__(self, *given: object) -> None:
            made.append(self)
            self.solve = held(*given).solve

        def update(self, _: object) -> bool:
            return False

    held = native.new
    monkeypatch.setattr(native, "new", Refuses)
    warm = WarmProgram(_program())
    for usd in (3.0, 5.0, 0.0):
        answer = warm.solve(np.array([usd, 0.0]), 10.0, Deadline())
        assert answer.status is Status.OPTIMAL
        assert answer.bound == pytest.approx(usd * 2.5)  # 2x <= 5
    assert len(made) == 4  # the first, and one for each money that is not its own


@pytest.mark.parametrize("fault", [RuntimeError("GLOP: kError"), StatusNotOk(internal_error("kError"))])
@pytest.mark.parametrize("broken", ["new", "update"])
def test_a_warm_solver_that_fails_has_no_answer_and_no_bound(
    broken: str, fault: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> NoReturn:
        raise fault

    class Broken:
        """A solver that works until it is to be updated."""

        update = fails

    monkeypatch.setattr(native, "new", fails)
    warm = WarmProgram(_program())
    if broken == "update":
        warm._solver._held = Broken()
    answer = warm.solve(np.array([1.0, 1.0]), 10.0, Deadline())
    assert (answer.status, answer.values, answer.bound) == (Status.IMPRECISE, None, np.inf)


def test_another_release_of_the_solvers_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("ortools.math_opt.core.python.solver")
    monkeypatch.setitem(sys.modules, "ortools.math_opt.core.python.solver", None)
    with pytest.raises(ImportError):  # a broken installation of the release that is known
        importlib.reload(called)
    monkeypatch.setattr("importlib.metadata.version", lambda _: "9.17.1234")
    with pytest.raises(CapallocError) as told:
        importlib.reload(called)
    assert str(told.value) == "ortools 9.17.1234 cannot be called by this program: pip install 'ortools==9.15.*'"


def test_the_release_that_is_told_of_is_the_one_that_is_asked_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert any(one.startswith(f"ortools>={called._RELEASE},") for one in project["dependencies"])
