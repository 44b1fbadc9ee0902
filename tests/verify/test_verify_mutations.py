"""A verified plan, broken in one place at a time: exactly that rule is named, for every rule there is."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from capalloc.schema.rules import Rule
from capalloc.schema.scenario import Scenario
from capalloc.verify import verify
from tests.verify.tiny import Record, job, lease, node, plan, position, rack, scenario, serve, site

ALWAYS = {"from": "2026-05", "until": "2026-08"}


def _corner(number: int, feeds: tuple[str, ...], row: str, zone: str | None = None) -> Record:
    """A position apart from rows a and b."""
    where = {"row": row, "cooling_zone": zone, "feed_a": feeds[0], "feed_b": feeds[1] if len(feeds) > 1 else None}
    return position(number, **where)


def _site() -> Record:
    """The tiny site with corners where one 10 kW rack is a watt too many for exactly one limit."""
    tight = 9.999
    corners = [
        _corner(13, ("x1",), "x"),
        _corner(14, ("x2", "x3"), "x"),
        _corner(15, ("gen",), "x"),
        _corner(16, ("u1", "u2"), "x", "y"),
        _corner(17, ("u1", "u2"), "x"),
        _corner(18, ("u1", "u2"), "x"),
        _corner(19, ("u3", "u4"), "c"),
        _corner(20, ("u3", "u4"), "c"),
        _corner(21, ("u3", "u4"), "x"),
        _corner(22, ("u3", "u4"), "x"),
    ]
    facility = site(
        nodes={name: {"rated_kw": 150.0} for name in ("u1", "u2", "u3", "u4")} | {"grid": {"rated_kw": 400.0}},
        positions=corners,
        more_racks=[
            *(rack(i) for i in (13, 14, 15, 16)),
            rack(17, available_until="2026-07-31"),
            rack(18, rack_type="big"),
            rack(19),
            rack(20),
            rack(22),
            rack(21, position=None, status="planned", available_from="2026-05"),
        ],
    )
    facility["power"] += [
        node("x1", kind="pdu", rated_kw=tight, failover_kw=60.0, contingency=False),
        node("x2"),
        node("x3", failover_kw=tight, contingency=False),
        {"name": "gen", "kind": "generation", "rated_kw": 60.0},
    ]
    facility["supplies"] = [{"name": "turbine", "node": "gen", "kw": tight}]
    facility["cooling"].append({"name": "y", "total_kw": tight})
    return facility


def _case() -> Scenario:
    return scenario(
        _site(),
        workloads=[
            job(buffer_share=0.3, racks=9),
            job("easy", where={"row": ["a", "h1/b"]}),
            job("quiet", isolation="row"),
            job("lots", locality={"level": "row", "min_racks": 2}),
            job("thin", spread={"node_kind": "ups", "max_share": 0.25}),
        ],
        contracts=[lease(mw=0.01), lease("short", mw=0.01, until="2026-07")],
        pins=[{"rack": "r12", "demand": "idle"}],
        policy={"handover_days": 30, "bring_up": {"mw_per_period": 0.007999}},
    )


def _plan() -> Record:
    """Nothing in it is broken: thin stands half in row a and half in row b, every lot is a pair."""
    served = serve("job", ["r1", "r2"]) + serve("quiet", ["r19"]) + serve("lots", ["r3", "r4"])
    served += serve("thin", ["r5", "r6", "r7", "r8"]) + serve("lease", ["r9"])
    served += serve("short", ["r10"], until="2026-07")
    placed = [{"rack": "r21", "position": "p21", "from": "2026-05"}]
    return {"assignments": served, "placements": placed, "buffers": [{"rack": "r11", "demand": "job"} | ALWAYS]}


def _one_more(demand: str, number: int, **span: str) -> Callable[[Record], None]:
    def mutate(parts: Record) -> None:
        parts["assignments"] += serve(demand, [f"r{number}"], **span)

    return mutate


def _change(key: str, index: int, **changes: str) -> Callable[[Record], None]:
    def mutate(parts: Record) -> None:
        parts[key][index] |= changes

    return mutate


def _drop(key: str, index: int) -> Callable[[Record], None]:
    def mutate(parts: Record) -> None:
        del parts[key][index]

    return mutate


def _hand_over_too_fast(parts: Record) -> None:
    """r1 goes from job to easy overnight."""
    parts["assignments"][0]["until"] = "2026-07"
    parts["assignments"] += serve("easy", ["r1"], start="2026-07")


MUTATIONS: dict[Rule, Callable[[Record], None]] = {
    Rule.EXCLUSIVITY: _one_more("easy", 1, start="2026-07"),
    Rule.AVAILABILITY: _one_more("job", 17),
    Rule.COMPATIBILITY: _one_more("job", 18),
    Rule.WHERE: _one_more("easy", 22),
    Rule.POWER: _one_more("job", 13),
    Rule.FAILOVER: _one_more("job", 14),
    Rule.SUPPLY: _one_more("job", 15),
    Rule.COOLING: _one_more("job", 16),
    Rule.RAMP: _one_more("lease", 22),
    Rule.BRING_UP: _one_more("job", 21, start="2026-06"),
    Rule.ISOLATION: _one_more("job", 20),
    Rule.LOCALITY: _drop("assignments", 3),
    Rule.SPREAD: _drop("assignments", 5),
    Rule.POSITION: _change("placements", 0, position="p20"),
    Rule.PINS: _one_more("job", 12),
    Rule.HAND_OVER: _hand_over_too_fast,
    Rule.TERM: _change("assignments", 10, until="2026-08"),
    Rule.BUFFER: _drop("buffers", 0),
}


def _broken(parts: dict[str, Any]) -> set[Rule]:
    case = _case()
    return {violation.rule for violation in verify(case, plan(case, **parts)).violations}


def test_every_rule_has_a_mutation() -> None:
    assert list(MUTATIONS) == list(Rule)


def test_unbroken_plan_is_accepted() -> None:
    assert _broken(_plan()) == set()


@pytest.mark.parametrize("rule", list(Rule))
def test_mutation_breaks_exactly_its_rule(rule: Rule) -> None:
    parts = deepcopy(_plan())
    MUTATIONS[rule](parts)
    assert _broken(parts) == {rule}
