"""Figures of drawn scenarios against plan, verifier and plain sums: months, weeks and days, one feed and two."""

from __future__ import annotations

from functools import cache
from math import fsum

import numpy as np
import pytest

from capalloc import PlannerParams, solve
from capalloc.analysis.picture import Pictured
from capalloc.analysis.picture.floor import State, floor_of
from capalloc.analysis.picture.money import earned_by_demand, fees_by_surety
from capalloc.analysis.picture.moves import moves_of
from capalloc.analysis.picture.power import node_runs
from capalloc.analysis.picture.ramp import Ramp
from capalloc.analysis.picture.summary import committed, left
from tests.analysis.verified import verified_loads_kw
from tests.corpus.random_scenarios import random_scenario

SEEDS = (2, 5, 7, 9, 12, 16, 18, 21, 33, 40)


@cache
def drawn(seed: int) -> Pictured:
    scenario = random_scenario(seed).scenario
    result = solve(scenario, params=PlannerParams(time_limit=20.0))
    if result.plan is None:
        pytest.skip("no plan keeps all its rules")
    return Pictured(scenario, result.plan, result.instance, result.verdict)


@pytest.mark.parametrize("seed", SEEDS)
def test_loads_of_nodes_are_the_verifier_s(seed: int) -> None:
    pictured = drawn(seed)
    loads = verified_loads_kw(pictured.scenario, pictured.plan)
    for node, runs in zip(pictured.scenario.facility.power, node_runs(pictured), strict=True):
        for t, label in enumerate(pictured.plan.periods):
            run = max(number for number, start in enumerate(runs.periods) if start <= t)
            after = [kw for (name, lost, at), kw in loads.items() if (name, at) == (node.name, label) and lost]
            assert runs.load_kw[run] == pytest.approx(loads[node.name, None, label], abs=0.02)
            assert runs.after_kw[run] == pytest.approx(max(after, default=runs.load_kw[run]), abs=0.02)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_stacked_ends_at_the_load_of_the_roots(seed: int) -> None:
    pictured = drawn(seed)
    loads, ramp = verified_loads_kw(pictured.scenario, pictured.plan), Ramp(pictured)
    stacked = sum((one.got["site_kw"] for one in ramp.demands), ramp.idle["site_kw"] + ramp.static_kw)
    roots = [node.name for node in pictured.scenario.facility.power if node.parent is None]
    for t, label in enumerate(pictured.plan.periods):
        assert stacked[t] == pytest.approx(fsum(loads[name, None, label] for name in roots), abs=0.1)


@pytest.mark.parametrize("seed", SEEDS)
def test_moves_and_free_racks_are_those_of_map_and_plan(seed: int) -> None:
    pictured = drawn(seed)
    state = floor_of(pictured).state
    assert sum(len(move.racks) for move in moves_of(pictured) if move.counted) == pictured.plan.stats.moves
    assert [one.racks for one in left(pictured)] == np.isin(state, [State.IDLE, State.OFF]).sum(axis=0).tolist()


@pytest.mark.parametrize("seed", SEEDS)
def test_contracts_are_short_where_the_plan_says_so(seed: int) -> None:
    pictured = drawn(seed)
    contracts = {one.name for one in pictured.scenario.all_contracts}
    missed = {row.period for row in pictured.plan.unplaced if row.demand in contracts}
    assert {one.period for one in committed(pictured) if one.short_kw > 0} == missed


@pytest.mark.parametrize("seed", SEEDS)
def test_fees_are_firm_at_risk_or_of_prospects(seed: int) -> None:
    pictured = drawn(seed)
    parts = fees_by_surety(pictured)
    fees = sum(one.usd.sum() for one in earned_by_demand(pictured) if one.contract)
    assert fees == pytest.approx(fsum(one.total_usd for one in pictured.revenue.contracts), abs=0.01)
    assert (parts.firm_usd + parts.at_risk_usd + parts.prospect_usd).sum() == pytest.approx(fees, abs=0.01)
