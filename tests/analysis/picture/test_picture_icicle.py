"""The power tree laid out: who feeds whom, as wide as what hangs there."""

from __future__ import annotations

import pytest

from capalloc import generate, solve
from capalloc.analysis.picture import Pictured
from capalloc.analysis.picture.icicle import Icicle, icicle_of
from capalloc.planner.params import PlannerParams
from tests.byhand import by_hand, facility


def test_tiny_is_three_levels_each_as_wide_as_the_site(tiny: Pictured) -> None:
    icicle = icicle_of(tiny)
    names = [node.name for node in tiny.site.loads.forest.nodes]
    assert icicle.levels == 3
    place = {name: (icicle.depth[v], icicle.x[v], icicle.width[v]) for v, name in enumerate(names)}
    # Each of twelve positions hangs on two busways: 24 in all, 8 on each UPS, 4 on each busway.
    assert place["feeder"] == (0, 0.0, 1.0)
    assert [place[f"ups{n}"][0] for n in (1, 2, 3)] == [1, 1, 1]
    assert [place[f"ups{n}"][1] for n in (1, 2, 3)] == pytest.approx([0, 1 / 3, 2 / 3])
    assert [place[f"ups{n}"][2] for n in (1, 2, 3)] == pytest.approx([1 / 3] * 3)
    # In the order of the table: of ups1 r1-a and r2-a, of ups2 r3-a and r1-b, of ups3 r2-b and r3-b.
    order = ["r1-a", "r2-a", "r3-a", "r1-b", "r2-b", "r3-b"]
    assert [place[name][1] for name in order] == pytest.approx([n / 6 for n in range(6)])
    assert [place[name][2] for name in order] == pytest.approx([1 / 6] * 6)


def require_nested(pictured: Pictured, icicle: Icicle) -> None:
    """No node beyond the one that feeds it, none upon another, roots over the whole width."""
    forest = pictured.site.loads.forest
    end: dict[int, float] = {}
    for v in sorted(range(len(forest.nodes)), key=lambda v: (icicle.depth[v], icicle.x[v])):
        above = forest.paths[v][1] if len(forest.paths[v]) > 1 else -1
        start, until = icicle.x[v], icicle.x[v] + icicle.width[v]
        low, high = (0.0, 1.0) if above < 0 else (icicle.x[above], icicle.x[above] + icicle.width[above])
        assert low - 1e-6 <= start <= until <= high + 1e-6
        assert icicle.width[v] > 0
        assert start >= end.get(above, 0.0) - 1e-6
        end[above] = until


def test_nodes_without_positions_have_a_place_too() -> None:
    power = [*facility()["power"], {"name": "spare", "kind": "generation", "rated_kw": 500}]
    plan = solve(scenario := by_hand(facility=facility(power=power))).plan
    assert plan is not None
    pictured = Pictured(scenario, plan)
    icicle = icicle_of(pictured)
    require_nested(pictured, icicle)
    # 24 feeds of twelve positions, and a quarter of one.
    assert icicle.width[3] == pytest.approx(0.25 / 24.25, abs=1e-6)


def test_a_generated_site_is_nested() -> None:
    scenario = generate(racks=500, periods=2, demands=2, seed=3)
    plan = solve(scenario, params=PlannerParams(gap=0.2, time_limit=10)).plan
    assert plan is not None
    pictured = Pictured(scenario, plan)
    require_nested(pictured, icicle_of(pictured))
