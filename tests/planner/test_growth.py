"""The planner works little more on a site four times as large, or over twice the months: counted, not timed."""

from __future__ import annotations

from collections import Counter
from math import inf, log
from random import Random

import pytest

from capalloc.instance.compile import compile_scenario
from capalloc.planner.lp.deadline import Deadline
from capalloc.planner.lp.program import Answer, Program
from capalloc.planner.lp.solver import Result
from capalloc.planner.params import PlannerParams
from capalloc.planner.strategy import plan_classes
from capalloc.reduction.classes import reduce_instance
from capalloc.synthetic.generate import generate

SEEDS = (11, 12)
"""What a site has beside its size is drawn by them; counts are of both together."""
GROWTH = {"racks": 1.0, "halls": 2.0, "months": 1.0}
"""Most that a count may grow by beyond n log n of racks times months: the square of four times as many racks is 3.4, of
twice the months 1.8. 0.2 to 0.5 are found, with four times the halls 0.2 to 1.2, with twice the months 0.5 to 0.8."""
SMALL = (1_000, 4, 6)
"""Racks, halls, months."""
LARGE = {"racks": (4_000, 4, 6), "halls": (4_000, 16, 6), "months": (1_000, 4, 12)}


def _counts(racks: int, halls: int, months: int, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """What planning by windows takes."""
    counts, answer = Counter[str](), Program.answer

    def counted(self: Program, result: Result | None, deadline: Deadline, with_duals: bool) -> Answer:
        assert result is not None
        counts["searches" if self.integer.any() else "relaxations"] += 1
        counts["simplex iterations"] += result.ended.solve_stats.simplex_iterations
        return answer(self, result, deadline, with_duals)

    monkeypatch.setattr(Program, "answer", counted)
    for seed in SEEDS:
        site = generate(racks=racks, halls=halls, periods=months, demands=Random(seed).randint(4, 6), seed=seed)
        reduction = reduce_instance(compile_scenario(site))
        plan = plan_classes(reduction, PlannerParams(time_limit=inf, gap=0.005, most_columns=0))
        assert plan.counts is not None
        counts.update(classes=len(reduction.classes.size), windows=plan.windows, columns=plan.columns, rows=plan.rows)
    return counts


@pytest.fixture(scope="module")
def small() -> Counter[str]:
    with pytest.MonkeyPatch.context() as monkeypatch:
        return _counts(*SMALL, monkeypatch)


@pytest.mark.parametrize("by", LARGE)
def test_what_planning_takes_grows_no_faster_than_n_log_n(
    by: str, small: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    large = _counts(*LARGE[by], monkeypatch)
    before, after = (racks * months for racks, _, months in (SMALL, LARGE[by]))
    expected = after * log(after) / (before * log(before))
    grown = {what: large[what] / count / expected for what, count in small.items()}
    assert {what: growth for what, growth in grown.items() if growth > GROWTH[by]} == {}
