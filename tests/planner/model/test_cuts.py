"""Valid inequalities on what a hall draws: no optimum changes, and the relaxation divides no hall for nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from ortools.math_opt.python import mathopt

from capalloc.instance.compile import compile_scenario
from capalloc.planner.bounds.group_draw import with_cuts
from capalloc.planner.lp.program import Answer
from capalloc.planner.model.by_class import ModelByClass
from capalloc.planner.model.by_pool import ModelByPool, poolable
from capalloc.planner.model.columns import MONEY_ALONE
from capalloc.planner.model.protocol import PlanModel
from capalloc.planner.params import PlannerParams
from capalloc.planner.strategy import plan_classes
from capalloc.reduction.classes import Reduction, reduce_instance
from capalloc.reduction.pools import pool
from capalloc.schema.status import Status
from tests.byhand import by_hand, contract, workload
from tests.strategies import random_scenario

LEASE = contract(
    ramp=[{"from": "2026-05", "mw": 0.24}],
    fee={"usd_per_kw_month": 1500},
    shortfall={"penalty_usd_per_kw_month": 0},
    isolation="hall",
)
OWN = workload(demand=[{"from": "2026-05", "racks": 8}])
"""A lease of three racks that wants the hall, and a workload that would fill it."""
SEARCHES = ("capalloc.planner.search.whole", "capalloc.planner.search.by_window")


def _solved(reduction: Reduction, relax: bool, cuts: bool) -> list[Answer]:
    """By classes, and by pools where they can be."""
    solver = mathopt.SolverType.GLOP if relax else mathopt.SolverType.HIGHS
    models: list[PlanModel] = [ModelByClass(reduction, MONEY_ALONE)]
    if poolable(reduction.instance):
        models.append(ModelByPool(pool(reduction.instance), MONEY_ALONE))
    return [(with_cuts(model) if cuts else model).linear.program(relax).solve(solver) for model in models]


def _pairs(reductions: list[Reduction], relax: bool) -> Iterator[tuple[Answer, Answer]]:
    """(with cuts, without) of every model."""
    for reduction in reductions:
        yield from zip(_solved(reduction, relax, cuts=True), _solved(reduction, relax, cuts=False), strict=True)


@pytest.fixture(scope="module")
def isolated() -> list[Reduction]:
    """Random scenarios in which some demand lets no others into its row or hall."""
    instances = [compile_scenario(random_scenario(seed)) for seed in range(3_000, 3_500)]
    return [
        reduce_instance(instance)
        for instance in instances
        if any(data.demand.isolation != "none" for data in instance.demands)
    ]


def test_the_seeds_isolate(isolated: list[Reduction]) -> None:
    assert len(isolated) > 60


def test_cuts_change_no_optimum(isolated: list[Reduction]) -> None:
    for one, other in _pairs(isolated, relax=False):
        assert one.status == other.status
        if one.values is not None:
            assert one.bound == pytest.approx(other.bound, rel=1e-6, abs=0.01)


def test_cuts_loosen_no_relaxation_and_tighten_some(isolated: list[Reduction]) -> None:
    tighter = 0
    for one, other in _pairs(isolated, relax=True):
        if other.status is Status.OPTIMAL and one.status is Status.OPTIMAL:
            assert one.bound <= other.bound * (1 + 1e-7) + 0.01
            tighter += one.bound < other.bound * (1 - 1e-4)
    assert tighter > 5


@pytest.mark.parametrize("most_columns", [0, 10**9], ids=["by window", "whole"])
def test_cuts_hide_no_price(monkeypatch: pytest.MonkeyPatch, most_columns: int) -> None:
    """Both UPS limit the hall: what a kW more of them is worth is not in the rows that follow from them."""
    reduction = reduce_instance(compile_scenario(by_hand(contracts=[LEASE], workloads=[OWN])))
    params = PlannerParams(time_limit=5.0, most_columns=most_columns)

    def total() -> float:
        return sum(price.usd_per_kw_month for price in plan_classes(reduction, params).prices)

    priced = total()
    for module in SEARCHES:
        monkeypatch.setattr(f"{module}.with_cuts", lambda model, _=None: model)
    assert priced == pytest.approx(total(), rel=1e-4)
    assert priced > 0


def test_a_hall_that_power_limits_is_not_shared_in_the_relaxation() -> None:
    """Two UPS of 250 kW carry 6.25 of ten racks. The lease wants three of them and the hall, the workload eight."""

    def bound(cuts: bool = True, **demands: list[dict[str, object]]) -> float:
        made = by_hand(**{"contracts": [], "workloads": [], **demands})
        reduction = reduce_instance(compile_scenario(made))
        found = {round(answer.bound, 2) for answer in _solved(reduction, relax=True, cuts=cuts)}
        assert len(found) == 1
        return found.pop()

    either = max(bound(contracts=[LEASE]), bound(workloads=[OWN]))
    assert bound(contracts=[LEASE], workloads=[OWN]) == pytest.approx(either, rel=1e-6)
    assert bound(cuts=False, contracts=[LEASE], workloads=[OWN]) > either * 1.05


def test_the_relaxation_has_no_part_of_a_rack_beyond_those_that_fit() -> None:
    """Two UPS of 250 kW carry 6.25 racks of 80 kW; a lease would take eight, at 1,500 USD for each kW in a month."""
    lease = contract(
        ramp=[{"from": "2026-05", "mw": 0.64}],
        fee={"usd_per_kw_month": 1500},
        shortfall={"penalty_usd_per_kw_month": 0},
    )
    reduction = reduce_instance(compile_scenario(by_hand(contracts=[lease], workloads=[])))
    for one, other in _pairs([reduction], relax=True):
        assert one.bound / other.bound == pytest.approx(6 / 6.25)
