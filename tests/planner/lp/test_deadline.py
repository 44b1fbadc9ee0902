"""How a token ends what waits for a solver: once, inside a block that asked for it, and nothing else."""

from __future__ import annotations

import threading
from functools import partial

import pytest
from ortools.util.python.solve_interrupter import SolveInterrupter

from capalloc.cancel import CancelToken
from capalloc.planner.lp.deadline import Deadline
from capalloc.planner.lp.parallel import side_by_side


def cancelled() -> CancelToken:
    token = CancelToken()
    token.cancel()
    return token


def test_a_token_set_while_a_solver_runs_leaves_the_block_and_the_solver_is_told() -> None:
    token, told = CancelToken(), threading.Event()
    deadline = Deadline(60.0, token)

    def solver(interrupter: SolveInterrupter) -> str:
        while not interrupter.interrupted:
            token.cancel()
        told.set()
        return "late"

    found = "none"
    with deadline.interruptible():
        found = deadline.call(solver)
    assert told.wait(10.0)
    assert found == "none"
    assert deadline.interrupted
    assert deadline.left() <= 0


def test_a_token_is_heard_once_and_what_follows_runs_to_its_end() -> None:
    deadline = Deadline(60.0, cancelled())
    with deadline.interruptible():
        deadline.call(lambda _: pytest.fail("must not begin"))
    with deadline.interruptible():
        assert deadline.call(lambda _: "in haste") == "in haste"


def test_a_token_is_not_heard_outside_of_a_block() -> None:
    deadline = Deadline(60.0, cancelled())
    assert deadline.call(lambda _: "must not fail") == "must not fail"
    assert not deadline.interrupted
    assert deadline.over()


def test_what_a_solver_raises_is_raised_where_it_was_called() -> None:
    def broken(_: object) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Deadline(60.0).call(broken)


def test_seconds_kept_for_something_else_are_not_left() -> None:
    deadline = Deadline(100.0)
    assert 0 < deadline.left(kept=40.0) <= 60.0
    assert not deadline.over()


def test_calls_side_by_side_answer_in_their_order_and_the_first_fault_is_raised() -> None:
    assert side_by_side([partial(divmod, n, 2) for n in range(5)]) == [(0, 0), (0, 1), (1, 0), (1, 1), (2, 0)]
    with pytest.raises(ZeroDivisionError):
        side_by_side([partial(divmod, 1, n) for n in (2, 0, 3)])
