"""Cases of a what-if as charts: what is delivered in each is what its plan delivers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from capalloc.analysis.base import Base
from capalloc.analysis.picture import Pictured
from capalloc.analysis.picture.cases import (
    Box,
    boxes_of,
    case_demands,
    delivered_in,
    delivered_in_base,
    demands_of,
    grid_of,
    steps_of,
)
from capalloc.analysis.whatif import whatif_from
from capalloc.formats import load_plan
from capalloc.runner.here import Here

CASES = ["demand:inference:x0.5,x2", "notice:lease:2026-07"]


def test_what_a_case_delivers_is_what_its_plan_says(tiny: Pictured, tmp_path: Path) -> None:
    base = Base(tiny.scenario, tiny.plan)
    answer = whatif_from(base, CASES, engine=Here(), folder=tmp_path)
    names = demands_of(tiny.plan, answer.cases)
    for case in answer.cases:
        assert case.plan is not None
        plan = load_plan(tmp_path / case.plan)
        got = delivered_in(case, delivered_in_base(tiny.plan, names), tiny.periods)
        told = {(row.demand, row.period): row.delivered_kw for row in plan.demands}
        for d, name in enumerate(got.demands):
            assert got.kw[d].tolist() == [told.get((name, period), 0.0) for period in plan.periods]


def test_demands_of_a_case_are_contracts_unless_they_are_workloads(tiny: Pictured) -> None:
    found = case_demands(tiny.scenario, ["lease", "inference", "signed"])
    assert [one.contract for one in found] == [True, False, True]


def test_layers_stand_on_each_other_in_as_few_boxes_as_their_borders_have_steps() -> None:
    # The lower layer steps after the first period, the upper one stands on it and ends after the second.
    kw = np.array([[100.0, 200.0, 200.0], [50.0, 50.0, 0.0]])
    assert list(boxes_of(kw)) == [
        Box(0, 0, 1, 0.0, 100.0),
        Box(0, 1, 3, 0.0, 200.0),
        Box(1, 0, 1, 100.0, 150.0),
        Box(1, 1, 2, 200.0, 250.0),
    ]
    assert list(steps_of(kw)) == [(0, 150.0), (1, 250.0), (2, 200.0)]


@pytest.mark.parametrize(
    ("names", "rows", "columns", "heads"),
    [
        (["fee:l:x1+a:1", "fee:l:x1+a:2", "fee:l:x2+a:1", "fee:l:x2+a:2"], 2, 2, ("fee:l:", "a:")),
        (["x+a", "x+b", "y+a", "y+b"], 2, 2, ("", "")),
        (["x+a", "x+b", "y+a"], 0, 0, None),  # a pair is missing
        (["x+a", "x+b"], 0, 0, None),  # one row
        (["x", "y"], 0, 0, None),
        (["x+a+b", "y+a+b"], 0, 0, None),
        ([], 0, 0, None),
    ],
)
def test_pairs_of_changes_are_a_grid(names: list[str], rows: int, columns: int, heads: tuple[str, str] | None) -> None:
    grid = grid_of(names)
    if heads is None:
        assert grid is None
        return
    assert grid is not None
    assert (len(grid.rows), len(grid.columns)) == (rows, columns)
    assert (grid.row_head, grid.column_head) == heads
