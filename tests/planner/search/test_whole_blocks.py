"""Of plans of one worth, one in which demands share few fabric blocks is taken."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from ortools.math_opt.python import mathopt

from capalloc.instance.compile import compile_scenario
from capalloc.planner.lp import deadline as clocks
from capalloc.planner.lp.deadline import Deadline
from capalloc.planner.lp.program import Answer, Held, Program
from capalloc.planner.model.by_class import ModelByClass
from capalloc.planner.model.columns import integer_counts
from capalloc.planner.params import PlannerParams
from capalloc.planner.search.whole import _move_less
from capalloc.planner.search.whole_blocks import _near_relaxed, share_fewer_blocks
from capalloc.reduction.classes import reduce_instance
from capalloc.reduction.windows import merge_windows, window_starts
from capalloc.schema.status import Status
from tests.byhand import by_hand, contract, facility, workload

PARAMS = PlannerParams()


def _rows_of_their_own() -> ModelByClass:
    """Three rows of four racks on a node of 200 kW each, which three of 64 kW and an idle one of 8 kW fill."""
    site = facility()
    site["power"] += [{"name": f"row{i}", "kind": "pdu", "parent": "u1", "rated_kw": 200} for i in range(3)]
    site["power"][1] |= {"rated_kw": 1000, "contingency": False, "max_utilization": 1.0}
    site["positions"] = [
        {"name": f"p{i}", "hall": "h1", "row": f"r{i // 4}", "index": i, "feed_a": f"row{i // 4}"} for i in range(12)
    ]
    site["racks"] = [{"name": f"k{i:02}", "rack_type": "hgx", "position": f"p{i}"} for i in range(12)]
    lease = contract(ramp=[{"from": "2026-05", "mw": 0.48}], draw="expected")
    own = workload(demand=[{"from": "2026-05", "racks": 3, "min": 2}], draw="expected")
    instance = compile_scenario(by_hand(facility=site, contracts=[lease], workloads=[own]))
    merged = merge_windows(instance, window_starts(instance))
    return ModelByClass(reduce_instance(merged), PARAMS.prefer)


def _mixed(model: ModelByClass) -> Answer:
    """In every row one rack of the workload and two of the lease."""
    names = [data.demand.name for data in model.instance.demands]
    columns = model.columns.serve
    racks = np.array([1.0 if name == "own" else 2.0 for name in names])
    counts = np.broadcast_to(racks[None, :, None], columns.shape)[columns >= 0]
    held = Held(columns[columns >= 0], counts, counts)
    return model.linear.program().held(held).solve(mathopt.SolverType.HIGHS)


def test_demands_that_are_mixed_in_every_row_are_given_rows_of_their_own() -> None:
    # 3 and 6 racks in rows that can serve 3 each: one row for the workload, two for the lease.
    model, deadline = _rows_of_their_own(), Deadline(60.0)
    mixed = _move_less(model, _mixed(model), PARAMS, deadline)
    assert mixed.values is not None
    fewer = share_fewer_blocks(model, mixed, PARAMS, deadline)
    assert fewer.values is not None
    before, after = (integer_counts(model.columns, one).serve for one in (mixed.values, fewer.values))
    assert (before > 0).sum(axis=1).tolist() == [[2] * before.shape[2]] * 3
    assert (after > 0).sum(axis=1).tolist() == [[1] * after.shape[2]] * 3
    assert after.sum(axis=0).tolist() == before.sum(axis=0).tolist()
    assert abs(model.linear.value(fewer.values) - model.linear.value(mixed.values)) < 0.01


def test_where_no_block_is_shared_the_answer_stays() -> None:
    model, deadline = _rows_of_their_own(), Deadline(60.0)
    apart = share_fewer_blocks(model, _move_less(model, _mixed(model), PARAMS, deadline), PARAMS, deadline)
    assert share_fewer_blocks(model, apart, PARAMS, deadline) is apart


def test_where_no_plan_keeps_to_the_blocks_of_the_relaxation_those_of_today_are_used_too() -> None:
    # 2a + c = 3 at least cost of c: relaxed, a = 1.5 and c = 0; in whole numbers c has to be 1, where it is today.
    one, two = np.ones(1), np.array([0, 1])
    program = Program(
        usd_per_cost=1.0,
        lower=np.zeros(2),
        upper=np.full(2, 3.0),
        usd=np.array([0.0, -1.0]),
        integer=np.ones(2, dtype=bool),
        row_lower=3 * one,
        row_upper=3 * one,
        rows=np.zeros(2, dtype=np.int64),
        columns=two,
        values=np.array([2.0, 1.0]),
    )
    uses, today = two[:, None, None], np.array([False, True])[:, None, None]
    found = _near_relaxed(program, uses, today, PARAMS, Deadline(60.0))
    assert found is not None
    assert found.tolist() == [1.0, 1.0]
    assert _near_relaxed(program, uses, ~today, PARAMS, Deadline(60.0)) is None


def test_its_three_searches_have_the_seconds_of_one_search(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, given, there = SimpleNamespace(now=0.0), list[float](), np.zeros(1)
    clock.monotonic = lambda: clock.now
    monkeypatch.setattr(clocks, "time", clock)

    def slow(self: Program, _: object, *, time_limit: float, **__: object) -> Answer:
        given.append(time_limit)
        clock.now += min(time_limit, 2.0)
        return Answer(Status.UNKNOWN, there if not self.integer.any() else None, np.inf)

    monkeypatch.setattr(Program, "solve", slow)
    none, one = np.zeros(0, dtype=np.int64), np.ones(1)
    program = Program(1.0, there, one, one, one > 0, np.zeros(0), np.zeros(0), none, none, np.zeros(0))
    uses = np.zeros((1, 1, 1), dtype=np.int64)
    assert _near_relaxed(program, uses, uses > 0, PARAMS, Deadline(60.0)) is None
    assert given == [5.0, 3.0, 1.0]  # of five seconds, two after two
