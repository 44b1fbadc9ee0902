"""Prices are derivatives: limits and deliveries are changed a little, and the relaxation is solved again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from capalloc.instance.compile import compile_scenario
from capalloc.instance.model import NO_LIMIT_W, Instance
from capalloc.planner.bounds.group_draw import with_group_shares
from capalloc.planner.bounds.single_periods import PeriodBounds, relax_single_periods
from capalloc.planner.lp.relaxation import solve_relaxed
from capalloc.planner.lp.slices import Slices
from capalloc.planner.model.by_class import ModelByClass
from capalloc.planner.model.by_pool import ModelByPool
from capalloc.planner.model.columns import Preferences
from capalloc.planner.params import ClassPlan, PlannerParams
from capalloc.planner.strategy import plan_classes
from capalloc.reduction.classes import Reduction, reduce_instance
from capalloc.reduction.pools import pool
from capalloc.reduction.uncoupled import uncoupled
from capalloc.reduction.windows import merge_windows, window_of, window_starts
from capalloc.schema.rules import Rule
from capalloc.schema.scenario import Scenario
from capalloc.schema.status import Status
from capalloc.synthetic.generate import generate
from capalloc.units import W_PER_KW
from tests.strategies import facility, random_scenario, scenario, workload

Relaxed = Callable[[Reduction], float]
Drawn = tuple[Callable[[int], Scenario], range]
MOST_NODES = 3
"""Nodes of a scenario whose prices are compared."""
OUTSIDE_KW = 0.1


def _short_of_supply(seed: int) -> Scenario:
    """Two hundred racks, three months, and three quarters of the supply that they were made for."""
    built = generate(racks=200, halls=2, periods=3, demands=4, seed=seed)
    supplies = (supply.model_copy(update={"kw": 0.75 * supply.kw}) for supply in built.facility.supplies)
    return built.model_copy(update={"facility": built.facility.model_copy(update={"supplies": tuple(supplies)})})


SMALL: Drawn = (random_scenario, range(30, 60))
LARGE: Drawn = (_short_of_supply, range(1))
WHOLE = PlannerParams(time_limit=0.0, relaxation_s=60.0, most_columns=10**9)
BY_WINDOW = replace(WHOLE, most_columns=0)


def _whole(reduction: Reduction) -> float:
    """USD of the relaxation over all periods; -inf where there is none."""
    answer = solve_relaxed(with_group_shares(ModelByClass(reduction, Preferences())).linear.program(relax=True))
    return answer.bound if answer.status is Status.OPTIMAL else -np.inf


def _by_period(reduction: Reduction) -> float:
    """USD of the relaxations of single periods together; -inf where there is none."""
    instance = uncoupled(reduction.instance)
    starts = window_starts(instance)
    merged = merge_windows(instance, starts)
    prefer = Preferences()
    model = with_group_shares(ModelByPool(pool(merged), prefer))
    slices = Slices(model.linear.program(), model.linear.periods_of(), np.zeros(model.linear.columns, dtype=np.int64))
    found = relax_single_periods(instance, window_of(instance, starts), slices, model.money)
    return (
        PeriodBounds(instance, found).total() if all(one.answer.status is Status.OPTIMAL for one in found) else -np.inf
    )


def _with_more(instance: Instance, node: str, t: int, watts: int) -> Instance:
    """The instance with other limits of one node in one period, in normal operation and after each loss."""

    def moved(limit_w: np.ndarray) -> np.ndarray:
        here = (np.arange(len(limit_w)) == t) & (limit_w < NO_LIMIT_W)
        return np.where(here, limit_w + watts, limit_w)

    rows = (
        replace(row, limit_w=moved(row.limit_w)) if row.where == node and row.rule != Rule.COOLING else row
        for row in instance.rows
    )
    return replace(instance, rows=tuple(rows))


def _slopes(reduction: Reduction, relaxed: Relaxed, now: float, node: str, t: int, watts: int) -> tuple[float, float]:
    """USD per kW and month that more of a node gains over ``now``, and that less of it loses."""

    def worth(more: int) -> float:
        return relaxed(replace(reduction, instance=_with_more(reduction.instance, node, t, more)))

    kw_months = watts / W_PER_KW * reduction.instance.periods[t].months
    return (worth(watts) - now) / kw_months, (now - worth(-watts)) / kw_months


def _nodes(reduction: Reduction, plan: ClassPlan) -> list[str]:
    """Some nodes that can be overloaded, those with a price first; none where there is no plan."""
    rows = (reduction.instance.rows[i] for i in reduction.rows)
    priced = {price.node for price in plan.prices}
    nodes = sorted({row.where for row in rows if row.rule != Rule.COOLING}, key=lambda node: (node not in priced, node))
    return [] if plan.status is Status.INFEASIBLE else nodes[:MOST_NODES]


def _priced(plan: ClassPlan, reduction: Reduction, node: str, t: int) -> float:
    label = reduction.instance.periods[t].label
    found = [p.usd_per_kw_month for p in plan.prices if (p.node, p.period) == (node, label)]
    return found[0] if found else 0.0


def _reduced(scenario: Scenario) -> Reduction:
    return reduce_instance(compile_scenario(scenario))


def _outside(model: ModelByClass, d: int, t: int, kw: float) -> float:
    """USD of the relaxation when so many kW of a demand are served from outside: paid, and counted in its ramp."""
    data, program = model.reduction.instance.demands[d], model.linear.program(relax=True)
    lower, upper = program.row_lower.copy(), program.row_upper.copy()
    first = data.types[0]
    racks = kw / (float(data.unit[first]) * data.kw_per_unit)
    ramp_scale = next(
        part.scale
        for part in model.money
        if part.demand == d and np.array_equal(data.curves[part.curve].measure, data.unit)
    )
    for part in model.money:
        if part.demand == d:
            upper[part.rows[t]] += racks * float(data.curves[part.curve].measure[first]) / part.scale
    row = model.linear.row_names.index(f"ramp {data.name}[{t}]")
    lower[row] -= racks * float(data.unit[first]) / ramp_scale
    upper[row] -= racks * float(data.unit[first]) / ramp_scale
    answer = solve_relaxed(replace(program, row_lower=lower, row_upper=upper))
    return answer.bound if answer.status is Status.OPTIMAL else -np.inf


@pytest.mark.parametrize(("params", "relaxed"), [(WHOLE, _whole), (BY_WINDOW, _by_period)], ids=["whole", "by window"])
@pytest.mark.parametrize(("drawn", "watts", "least"), [(SMALL, 100, 3), (LARGE, 1000, 3)], ids=["small", "medium"])
def test_the_price_of_a_node_lies_between_what_more_gains_and_what_less_loses(
    params: PlannerParams, relaxed: Relaxed, drawn: Drawn, watts: int, least: int
) -> None:
    priced = agreeing = 0
    for seed in drawn[1]:
        reduction = _reduced(drawn[0](seed))
        plan = plan_classes(reduction, params)
        now = relaxed(reduction)
        for node in _nodes(reduction, plan):
            for t in range(len(reduction.instance.periods)):
                gain, loss = _slopes(reduction, relaxed, now, node, t, watts)
                price = _priced(plan, reduction, node, t)
                noise = 1 + 1e-3 * price
                assert gain - noise <= price <= loss + noise, (seed, node, t)
                priced += price > 0
                agreeing += price > 0 and loss - gain < noise
    assert priced >= agreeing >= least  # where more gains what less loses, the price is just that


@pytest.mark.parametrize("params", [WHOLE, BY_WINDOW], ids=["whole", "by window"])
def test_prices_are_positive_and_name_each_node_and_period_once(params: PlannerParams) -> None:
    for seed in SMALL[1]:
        plan = plan_classes(_reduced(random_scenario(seed)), params)
        assert all(price.usd_per_kw_month > 0 for price in plan.prices)
        assert all(price.usd_per_kw_month >= 0 for price in plan.demand_prices)
        named = [(price.node, price.period) for price in plan.prices]
        assert len(named) == len(set(named))


def test_a_node_with_room_has_no_price() -> None:
    # three racks of 10 kW on a grid of 2,000 kW and UPS of 1,000 kW each
    own = workload("own", demand=[{"from": "2026-05", "racks": 3}])
    for params in (WHOLE, BY_WINDOW):
        assert plan_classes(_reduced(scenario(facility(3), 1, workloads=[own])), params).prices == ()


def test_the_price_of_a_demand_lies_between_what_more_from_outside_gains_and_what_less_loses() -> None:
    compared = positive = 0
    for seed in SMALL[1]:
        reduction = _reduced(random_scenario(seed))
        plan, model = plan_classes(reduction, WHOLE), with_group_shares(ModelByClass(reduction, Preferences()))
        prices = {(price.demand, price.period): price.usd_per_kw_month for price in plan.demand_prices}
        for d, t in np.argwhere(reduction.instance.in_term).tolist() if prices else ():
            price = prices[reduction.instance.demands[d].name, reduction.instance.periods[t].label]
            kw_months = OUTSIDE_KW * reduction.instance.periods[t].months
            less, now, more = (_outside(model, d, t, kw) for kw in (-OUTSIDE_KW, 0.0, OUTSIDE_KW))
            noise = 1 + 1e-3 * price
            gain, loss = (max(usd / kw_months, 0.0) for usd in (more - now, now - less))  # nobody has to take it
            assert gain - noise <= price <= loss + noise, (seed, d, t)
            compared, positive = compared + 1, positive + (price > 0)
    assert (compared > 50, positive > 10) == (True, True)


def test_a_demand_that_wants_more_is_priced_at_what_it_pays() -> None:
    # two racks wanted, one there: 8 GPUs x 2 USD x 744 h for 10 kW
    for params in (WHOLE, BY_WINDOW):
        (price,) = plan_classes(_reduced(scenario(facility(1), 1, workloads=[workload("own")])), params).demand_prices
        assert price.usd_per_kw_month == pytest.approx(8 * 2.0 * 744 / 10)


def test_a_demand_that_has_all_it_wants_of_racks_that_nobody_else_needs_has_no_price() -> None:
    own = workload("own", demand=[{"from": "2026-05", "racks": 1}])
    (price,) = plan_classes(_reduced(scenario(facility(3), 1, workloads=[own])), WHOLE).demand_prices
    assert price.usd_per_kw_month == pytest.approx(0, abs=0.01)
