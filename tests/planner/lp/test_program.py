"""What solvers say of a program, faults of theirs among it."""

from __future__ import annotations

from typing import NoReturn

import numpy as np
import pytest
from ortools.math_opt.python import mathopt

from capalloc.planner.lp.linear import LinearModel
from capalloc.schema.status import Status


@pytest.mark.parametrize("fault", [RuntimeError("HighsStatus: kError"), AttributeError("canonical_code")])
def test_a_solver_that_fails_has_no_answer_and_no_bound(monkeypatch: pytest.MonkeyPatch, fault: Exception) -> None:
    def fails(*_: object, **__: object) -> NoReturn:
        raise fault

    model = LinearModel(1.0, 1)
    model.add_columns(np.ones(1, dtype=bool), 1.0, usd=1.0, integer=True)
    monkeypatch.setattr(mathopt, "solve", fails)
    answer = model.program().solve(mathopt.SolverType.HIGHS)
    assert answer.status is Status.IMPRECISE
    assert answer.values is None
    assert np.isposinf(answer.bound)
