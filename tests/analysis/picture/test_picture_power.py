"""Each node's load against its limits: by hand, as ``show --json`` says, as the verifier finds."""

from __future__ import annotations

import pytest

from capalloc import solve
from capalloc.analysis.impact import impact
from capalloc.analysis.picture import Pictured
from capalloc.analysis.picture.power import NodeRuns, node_runs
from capalloc.analysis.show.answer import show
from capalloc.schema.shown import NodeShown
from tests.analysis.verified import verified_loads_kw
from tests.byhand import by_hand, facility


def named(pictured: Pictured) -> dict[str, NodeRuns]:
    names = [node.name for node in pictured.site.loads.forest.nodes]
    return dict(zip(names, node_runs(pictured), strict=True))


def at(runs: NodeRuns, t: int) -> int:
    """The number of the run that a period lies in."""
    return max(i for i, first in enumerate(runs.periods) if first <= t)


def test_loads_and_limits_of_tiny_are_those_of_its_head(tiny: Pictured) -> None:
    runs = named(tiny)
    # Ten racks of 80 kW with PUE 1.25 on 1,000 kW until the second supply comes in August, then all twelve.
    assert runs["feeder"].periods == (0, 3)
    assert runs["feeder"].load_kw == (1000.0, 1200.0)
    assert runs["feeder"].limit_kw == (1000.0, 1500.0)
    # Two rows of four racks, half of each: 320 of 330 kW; a lost UPS leaves its half of a common row: 480 of 500 kW.
    full = max(runs.values(), key=lambda one: one.load_kw[-1] if one.limit_kw[-1] == 330 else 0)
    assert (full.load_kw[-1], full.limit_kw[-1], full.after_kw[-1], full.failover_kw[-1]) == (
        320.0,
        330.0,
        480.0,
        500.0,
    )
    # A busway has half of a row, and all of it when the other half is lost.
    for row in ("r1-a", "r2-a", "r3-a", "r1-b", "r2-b", "r3-b"):
        assert (runs[row].load_kw[-1], runs[row].after_kw[-1]) == (160.0, 320.0)


def test_every_figure_is_that_of_show(tiny: Pictured) -> None:
    names = list(named(tiny))
    shown = show(tiny.scenario, tiny.plan, [f"node:{name}" for name in names]).things
    for one in shown:
        assert isinstance(one, NodeShown)
        runs = named(tiny)[one.name]
        for t, period in enumerate(one.periods):
            i = at(runs, t)
            assert (runs.load_kw[i], runs.limit_kw[i]) == (period.load_kw, period.limit_kw)
            assert (period.worst is None) == (runs.lost[i] < 0)
            if period.worst is not None:
                assert names[runs.lost[i]] == period.worst.lost
                assert (runs.after_kw[i], runs.failover_kw[i]) == (period.worst.load_kw, period.worst.limit_kw)


def test_the_worst_loss_is_that_of_the_verifier(tiny: Pictured) -> None:
    loads = verified_loads_kw(tiny.scenario, tiny.plan)
    for name, runs in named(tiny).items():
        for t, label in enumerate(tiny.plan.periods):
            i = at(runs, t)
            assert runs.load_kw[i] == pytest.approx(loads[name, None, label], abs=0.02)
            after = [kw for (node, lost, when), kw in loads.items() if (node, when) == (name, label) and lost]
            assert runs.after_kw[i] == pytest.approx(max(after), abs=0.02)


def test_what_impact_says_of_a_lost_ups_is_what_the_others_are_coloured_by(tiny: Pictured) -> None:
    answer = impact(tiny.scenario, tiny.plan, ["ups1"], period=tiny.plan.periods[-1])
    runs = named(tiny)
    names = list(runs)
    told = {one.node: one for one in answer.limits}
    worst = [name for name, one in runs.items() if one.lost[-1] >= 0 and names[one.lost[-1]] == "ups1" and name in told]
    assert worst
    for name in worst:
        assert runs[name].after_kw[-1] == told[name].load_kw
        assert runs[name].failover_kw[-1] == told[name].failover_kw


def test_a_node_that_is_not_energised_has_no_limit() -> None:
    supplies = [{"name": "grid-1", "node": "grid", "kw": 900, "from": "2026-08"}]
    scenario = by_hand(facility=facility(supplies=supplies), policy={"idle": "off"})
    plan = solve(scenario).plan
    assert plan is not None
    runs = named(Pictured(scenario, plan))["grid"]
    assert runs.limit_kw[0] == 0.0
    assert runs.limit_kw[at(runs, 3)] == 900.0
