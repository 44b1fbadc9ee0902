"""Loads of nodes are those of the verifier."""

from __future__ import annotations

from pathlib import Path

import pytest

from capalloc import load_scenario, solve
from capalloc.analysis.show.answer import show
from capalloc.analysis.show.site import PlannedSite
from capalloc.instance.model import Floats
from capalloc.planner.params import PlannerParams
from capalloc.schema.plan import Plan
from capalloc.schema.scenario import Scenario
from capalloc.schema.shown import NodeShown
from tests.analysis.verified import verified_loads_kw
from tests.corpus.random_scenarios import random_scenario

ROOT = Path(__file__).parents[3]
ONE_W = 1e-3


def planned(scenario: Scenario) -> Plan | None:
    return solve(scenario, params=PlannerParams(time_limit=5)).plan


def require_same_loads(scenario: Scenario, plan: Plan) -> None:
    """Each load within a W a rack: the planner rounds draws up to whole W."""
    loads, verified = PlannedSite(scenario, plan).loads, verified_loads_kw(scenario, plan)
    near = ONE_W * (1 + len(scenario.facility.racks))
    names = [node.name for node in loads.forest.nodes]
    shown: dict[tuple[str, str | None], Floats] = {(names[v], None): row for v, row in enumerate(loads.normal_w)}
    for c in loads.contingencies:
        changes = loads.changes_w(c)
        outside = set(range(len(names))) - loads.forest.below[c]
        shown |= {(names[v], names[c]): loads.normal_w[v] + changes.get(v, 0.0) for v in outside}
    for (node, lost, period), kw in verified.items():
        t = plan.periods.index(period)
        assert float(shown[node, lost][t]) / 1000 == pytest.approx(kw, abs=near), (node, lost, period)
    require_the_worst_loss(scenario, plan, verified, near)


def require_the_worst_loss(
    scenario: Scenario, plan: Plan, verified: dict[tuple[str, str | None, str], float], near: float
) -> None:
    names = [f"node:{node.name}" for node in scenario.facility.power]
    for node in show(scenario, plan, names).things:
        assert isinstance(node, NodeShown)
        for one in node.periods:
            after = [kw for (name, lost, t), kw in verified.items() if (name, t) == (node.name, one.period) and lost]
            assert (one.worst is None) == (not after)
            if one.worst is not None:
                assert one.worst.load_kw == pytest.approx(max(after), abs=near)
                assert verified[node.name, one.worst.lost, one.period] == pytest.approx(max(after), abs=near)


@pytest.mark.parametrize("seed", range(0, 60, 3))
def test_loads_of_drawn_scenarios_are_those_of_the_verifier(seed: int) -> None:
    scenario = random_scenario(seed).scenario
    plan = planned(scenario)
    if plan is not None:
        require_same_loads(scenario, plan)


def test_loads_of_the_tiny_example_are_those_of_the_verifier() -> None:
    scenario = load_scenario(ROOT / "examples" / "tiny.yaml")
    plan = planned(scenario)
    assert plan is not None
    require_same_loads(scenario, plan)
