"""Plans that make no sense get a verdict, not a traceback."""

from __future__ import annotations

import random
from typing import Any

import pytest

from capalloc.schema.plan import Plan
from capalloc.schema.rules import Rule
from capalloc.verify import verify
from tests.verify.tiny import RACKS, bare, broken, job, lease, plan, position, rack, scenario, serve, site

SPAN = {"from": "2026-05", "until": "2026-06"}


@pytest.mark.parametrize(
    ("parts", "rules"),
    [
        ({"assignments": [{"rack": "ghost", "demand": "job"} | SPAN]}, {Rule.AVAILABILITY}),
        ({"assignments": [{"rack": "r1", "demand": "ghost"} | SPAN]}, {Rule.TERM}),
        ({"off": [{"rack": "ghost"} | SPAN]}, {Rule.AVAILABILITY}),
        ({"off": [{"rack": "r1"} | SPAN] * 2}, {Rule.EXCLUSIVITY}),
        ({"buffers": [{"rack": "ghost", "demand": "job"} | SPAN]}, {Rule.AVAILABILITY}),
        ({"buffers": [{"rack": "r1", "demand": "ghost"} | SPAN]}, {Rule.TERM}),
        ({"placements": [{"rack": "ghost", "position": "p1", "from": "2026-05"}]}, {Rule.AVAILABILITY}),
        ({"placements": [{"rack": "r1", "position": "ghost", "from": "2026-05"}]}, {Rule.POSITION}),
        ({"periods": ["2026-05", "2026-06"]}, {Rule.TERM}),
        ({"periods": []}, {Rule.TERM}),
        ({"prospects": ["ghost"]}, {Rule.TERM}),
    ],
)
def test_names_that_nobody_knows(parts: dict[str, Any], rules: set[Rule]) -> None:
    assert broken(scenario(), **({"assignments": []} | parts)) == rules


@pytest.mark.parametrize(
    ("start", "until"),
    [
        ("2026-05-02", "2026-06"),
        ("2026-05", "2026-05-31"),
        ("2026-06", "2026-05"),
        ("2026-05", "2026-05"),
        ("2026-04", "2026-06"),
        ("2026-07", "2026-09"),
        ("2027-05", "2027-06"),
        ("0001-01-01", "9999-12-31"),
    ],
)
def test_days_off_the_borders_break_the_term(start: str, until: str) -> None:
    assert broken(scenario(), serve("job", ["r1"], start, until)) == {Rule.TERM}


def test_any_plan_gets_a_verdict() -> None:
    rng = random.Random(7)
    new = rack(13, position=None, status="planned", available_from="2026-06")
    case = scenario(
        site(more_racks=[new], positions=[position(13)]),
        workloads=[job(buffer_share=0.1, homogeneous=True, spread={"node_kind": "ups", "max_share": 0.3})],
        contracts=[lease(isolation="row", locality={"level": "row", "min_racks": 2})],
        incumbent=bare(serve("lease", RACKS[:3], start="2026-04", until="2026-06"), periods=["not a date"]),
        pins=[{"row": "a", "demand": "lease"}],
        policy={"handover_days": 10, "max_moves_per_period": 0, "freeze_until": "2026-06", "reserve_mw": 0.01},
    )
    for _ in range(60):
        drawn = Plan.model_validate(_anything(rng))
        first = verify(case, drawn)
        assert first.verdict == "violated"
        assert verify(case, drawn) == first


def _anything(rng: random.Random) -> dict[str, Any]:
    racks, demands = ("r1", "r2", "r13", "ghost"), ("job", "lease", "ghost")
    days = ("0001-01-01", "2026-04", "2026-05", "2026-05-09", "2026-06", "2026-07-31", "2026-08", "9999-12-31")
    places = ("p1", "p13", "ghost")

    def some(**choices: tuple[str, ...]) -> list[dict[str, str]]:
        return [{key: rng.choice(values) for key, values in choices.items()} for _ in range(rng.randrange(6))]

    span = {"from": days, "until": days}
    return bare(
        some(rack=racks, demand=demands, **span),
        off=some(rack=racks, **span),
        buffers=some(rack=racks, demand=demands, **span),
        placements=some(rack=racks, position=places, **{"from": days}),
        periods=rng.sample(days, 3),
        objective_usd=rng.choice((-1e18, 1e18)),
        prospects=[rng.choice(demands)],
    )


def test_order_of_assignments_does_not_matter() -> None:
    case = scenario()
    served = serve("job", RACKS[:4]) + serve("job", ["r1"], until="2026-06")
    assert verify(case, plan(case, served)) == verify(case, plan(case, served[::-1]))
