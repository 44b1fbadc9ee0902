"""What solvers say of a program, faults of theirs among it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NoReturn

import numpy as np
import pytest
from ortools.math_opt.core.python import solver as native
from ortools.math_opt.parameters_pb2 import SolveParametersProto
from ortools.math_opt.python import mathopt
from pybind11_abseil.status import StatusNotOk, internal_error

from capalloc.planner.lp.deadline import Deadline
from capalloc.planner.lp.incremental import WarmProgram
from capalloc.planner.lp.linear import LinearModel
from capalloc.planner.lp.program import Program
from capalloc.schema.status import Status


@pytest.mark.parametrize("fault", [RuntimeError("HighsStatus: kError"), StatusNotOk(internal_error("kError"))])
def test_a_solver_that_fails_has_no_answer_and_no_bound(monkeypatch: pytest.MonkeyPatch, fault: Exception) -> None:
    def fails(*_: object, **__: object) -> NoReturn:
        raise fault

    monkeypatch.setattr(native, "solve", fails)
    answer = _one_rack().solve(mathopt.SolverType.HIGHS)
    assert answer.status is Status.IMPRECISE
    assert answer.values is None
    assert np.isposinf(answer.bound)


def test_a_search_begins_from_a_plan() -> None:
    answer = _one_rack().solve(mathopt.SolverType.HIGHS, start=np.array([1.0]))
    assert answer.status is Status.OPTIMAL
    assert answer.bound == pytest.approx(3.0)
    assert answer.values is not None
    assert answer.values.tolist() == [1.0]


def test_the_first_linear_program_of_a_search_may_be_solved_inside() -> None:
    program = replace(_one_rack(), row_upper=np.array([1.5]))  # the whole optimum is 1 rack, 3 USD; relaxed 4.5
    for whole, usd in ((program, 3.0), (program.relaxed(), 4.5)):
        answer = whole.solve(mathopt.SolverType.HIGHS, interior_point=True)
        assert answer.status is Status.OPTIMAL
        assert answer.bound == pytest.approx(usd)


@pytest.mark.parametrize("inside", [False, True])
def test_highs_keeps_one_thread_on_machines_of_any_size(monkeypatch: pytest.MonkeyPatch, inside: bool) -> None:
    heard, solving = list[SolveParametersProto](), native.solve

    def solve(*asked: Any) -> object:
        heard.extend(one for one in asked if isinstance(one, SolveParametersProto))
        return solving(*asked)

    monkeypatch.setattr(native, "solve", solve)
    assert _one_rack().solve(mathopt.SolverType.HIGHS, interior_point=inside).status is Status.OPTIMAL
    (parameters,) = heard
    assert dict(parameters.highs.int_options) == {"threads": 1}
    assert dict(parameters.highs.string_options) == ({"mip_lp_solver": "ipm"} if inside else {})


def test_a_linear_program_tells_what_a_limit_is_worth() -> None:
    answer = _one_rack().relaxed().solve(mathopt.SolverType.GLOP)
    assert answer.duals is not None
    assert answer.duals.tolist() == pytest.approx([3.0])  # USD a rack, for one more in the row


def test_what_cannot_be_has_no_values() -> None:
    answer = replace(_one_rack(), row_lower=np.array([3.0]), row_upper=np.array([3.0])).solve(mathopt.SolverType.HIGHS)
    assert (answer.status, answer.values, answer.duals) == (Status.INFEASIBLE, None, None)


def test_a_warm_program_takes_other_money() -> None:
    warm = WarmProgram(_one_rack())
    for usd in (3.0, 5.0, 0.0):
        answer = warm.solve(np.array([usd]), 10.0, Deadline())
        assert answer.status is Status.OPTIMAL
        assert answer.bound == pytest.approx(usd)


def _one_rack() -> Program:
    """A rack of a row of one, which earns 3 USD."""
    model = LinearModel(1.0, 1)
    racks = model.add_columns(np.ones(1, dtype=bool), 2.0, usd=3.0, integer=True)
    model.put(model.add_rows(1, "row", upper=1.0), racks, 1.0)
    return model.program()
