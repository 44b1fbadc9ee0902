"""What nodes carry while a contingency node is out is what the verifier says they do."""

from __future__ import annotations

import pytest

from capalloc import Impact
from capalloc.analysis.base import Base, planned_base
from capalloc.analysis.impact import impact_of
from capalloc.errors import NoAnswerError
from capalloc.planner.params import PlannerParams
from capalloc.schema.scenario import Scenario
from tests.analysis.verified import Key, verified_loads_kw
from tests.corpus.random_scenarios import random_scenario

ONE_W = 1e-3


def require_the_verifiers_loads(base: Base, period: str) -> int:
    """Every contingency node of the scenario, one at a time; how many there were to look at."""
    verified = verified_loads_kw(base.scenario, base.plan, period)
    lost = sorted({lost for _, lost, _ in verified if lost is not None})
    for name in lost:
        answer = impact_of(base, [f"node:{name}"], period=period)
        require_same(base.scenario, answer, {key: kw for key, kw in verified.items() if key[1] == name})
    return len(lost)


def require_same(scenario: Scenario, answer: Impact, verified: dict[Key, float]) -> None:
    """Within a W a rack: the planner rounds draws up to whole W. A plan survives each loss, so no node is over."""
    near = ONE_W * (1 + len(scenario.facility.racks))
    limits = {one.node: one.load_kw for one in answer.limits}
    assert answer.over == ()
    for (node, _, _), kw in verified.items():
        assert limits.get(node, 0.0) == pytest.approx(kw, abs=near), (node, answer.nodes)  # no limit: not energised


def test_loads_after_the_loss_of_every_ups_of_colossus_are_those_of_the_verifier(colossus: Base) -> None:
    assert require_the_verifiers_loads(colossus, "2026-07") == 32


@pytest.mark.parametrize("seed", range(0, 60, 3))
def test_loads_after_a_loss_on_drawn_sites_are_those_of_the_verifier(seed: int) -> None:
    scenario = random_scenario(seed).scenario
    try:
        base = planned_base(scenario, params=PlannerParams(time_limit=5))
    except NoAnswerError:
        return
    for period in base.plan.periods:
        require_the_verifiers_loads(base, period)
