"""Counting racks by class changes no optimum and loosens no bound."""

from __future__ import annotations

import pytest
from ortools.math_opt.python import mathopt

from capalloc.instance.compile import compile_scenario
from capalloc.planner.bounds.group_draw import with_cuts
from capalloc.planner.lp.program import Answer
from capalloc.planner.model.by_class import ModelByClass
from capalloc.planner.model.columns import MONEY_ALONE
from capalloc.planner.model.objective import bound_usd
from capalloc.reduction.classes import Reduction, reduce_instance
from tests.strategies import random_scenario

SEEDS = range(400)


@pytest.fixture(scope="module")
def pairs() -> list[tuple[Reduction, Reduction]]:
    """(by class, by rack) for the seeds whose racks are not all different."""
    instances = [compile_scenario(random_scenario(seed)) for seed in SEEDS]
    both = [(reduce_instance(instance), reduce_instance(instance, per_rack=True)) for instance in instances]
    return [(few, many) for few, many in both if len(few.classes.racks) < len(many.classes.racks)]


def _solved(reduction: Reduction, relax: bool) -> tuple[Answer, float]:
    """The answer without tie-breaks, and what is earned whatever the plan."""
    model = with_cuts(ModelByClass(reduction, MONEY_ALONE))
    solver = mathopt.SolverType.GLOP if relax else mathopt.SolverType.HIGHS
    return model.linear.program(relax).solve(solver), bound_usd(reduction, 0.0, MONEY_ALONE)


def test_the_seeds_have_racks_to_count_together(pairs: list[tuple[Reduction, Reduction]]) -> None:
    assert len(pairs) > 50


def test_classes_and_single_racks_have_the_same_optimum(pairs: list[tuple[Reduction, Reduction]]) -> None:
    for few, many in pairs:
        (by_class, base), (by_rack, same) = _solved(few, relax=False), _solved(many, relax=False)
        assert by_class.status == by_rack.status
        if by_class.values is not None:
            assert base + by_class.bound == pytest.approx(same + by_rack.bound, rel=1e-7, abs=0.01)


def test_the_relaxation_over_classes_is_no_looser_than_over_single_racks(
    pairs: list[tuple[Reduction, Reduction]],
) -> None:
    for few, many in pairs:
        (by_class, base), (by_rack, same) = _solved(few, relax=True), _solved(many, relax=True)
        if by_rack.values is not None:
            assert base + by_class.bound <= same + by_rack.bound + 0.01 + 1e-7 * abs(by_rack.bound)
