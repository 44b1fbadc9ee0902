"""Reading a plan is the inverse of decoding a roster."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capalloc import solve
from capalloc.errors import PlanFileError
from capalloc.instance.compile import compile_scenario
from capalloc.instance.model import Instance
from capalloc.planner.params import PlannerParams
from capalloc.roster.decode import Search, decode
from capalloc.roster.ending import Ending
from capalloc.roster.read import read
from capalloc.roster.roster import Roster
from capalloc.schema.plan import Assignment, Placement, Plan, Span, Stats
from tests.byhand import by_hand, facility
from tests.roster.any_roster import any_roster
from tests.strategies import random_scenario

SEARCHED = {"status", "termination", "bound_usd", "gap", "precedence", "prices", "demand_prices", "stats"}
"""What only a search can tell."""


def decoded(instance: Instance, roster: Roster, sha256: str = "") -> Plan:
    return decode(instance, roster, sha256, frozenset(), Search(0.0, Ending(60.0), Stats()))


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 10_000))
def test_a_decoded_roster_reads_back_equal(seed: int) -> None:
    instance = compile_scenario(random_scenario(seed))
    roster = any_roster(instance, seed)
    found = read(instance, decoded(instance, roster))
    for table in ("serving", "off", "buffer", "position"):
        assert np.array_equal(getattr(found, table), getattr(roster, table)), table


@settings(deadline=None, max_examples=15)
@given(seed=st.integers(0, 10_000))
def test_a_plan_that_is_read_decodes_to_itself_but_for_what_its_search_knew(seed: int) -> None:
    scenario = random_scenario(seed)
    result = solve(scenario, params=PlannerParams(gap=1.0))
    if result.plan is not None:
        again = decoded(result.instance, read(result.instance, result.plan), result.plan.scenario_sha256)
        assert again.model_dump(exclude=SEARCHED) == result.plan.model_dump(exclude=SEARCHED)
        assert again.stats.moves == result.plan.stats.moves


def span(**changes: Any) -> dict[str, Any]:
    return {"rack": "k00", "demand": "own", "start": "2026-06", "until": "2026-08"} | changes


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"periods": ("2026-05",)}, "periods: found 1 from 2026-05 to 2026-05, expected 6 from 2026-05 to 2026-10"),
        ({"assignments": [span(rack="k99")]}, "assignments.0.rack: found 'k99', expected a rack of the facility"),
        ({"assignments": [span(), span(demand="x")]}, "assignments.1.demand: found 'x', expected a demand that is"),
        ({"assignments": [span(start="2026-06-02")]}, "assignments.0.from: found '2026-06-02', expected the first day"),
        ({"assignments": [span(until="2027-01")]}, "assignments.0.until: found '2027-01-01', expected the day after"),
        ({"assignments": [span(until="2026-06")]}, "assignments.0: found an interval that ends before it begins"),
        ({"assignments": [span(), span(until="2026-07")]}, "assignments: found intervals of rack k00 that overlap"),
        ({"buffers": [span(rack="k99")]}, "buffers.0.rack: found 'k99'"),
        ({"off": [{"rack": "k99", "start": "2026-06", "until": "2026-08"}]}, "off.0.rack: found 'k99'"),
        ({"placements": [("new", "p99")]}, "placements.0.position: found 'p99', expected a position of the facility"),
        ({"placements": [("k99", "p11")]}, "placements.0.rack: found 'k99', expected a rack of the facility"),
        ({"placements": [("k00", "p11")]}, "placements.0: found k00 at p11; it stands at p0"),
        ({"placements": [("new", "p10"), ("new", "p11")]}, "placements: found rack new placed twice"),
    ],
)
def test_a_plan_that_does_not_fit_names_where(changes: dict[str, Any], says: str) -> None:
    site = facility()
    site["racks"].append({"name": "new", "rack_type": "hgx", "status": "planned", "available_from": "2026-05"})
    instance = compile_scenario(by_hand(facility=site))
    nobody = np.full(instance.racks.usable.shape, -1)
    idle = Roster(nobody, nobody < -1, nobody, position=instance.racks.position)
    kinds: dict[str, Any] = {"assignments": Assignment, "buffers": Assignment, "off": Span}
    records = {key: tuple(kind(**one) for one in changes.get(key, ())) for key, kind in kinds.items()}
    placements = tuple(Placement(rack=r, position=p, start="2026-05") for r, p in changes.get("placements", ()))
    plan = decoded(instance, idle).replace(**changes | records | {"placements": placements})
    with pytest.raises(PlanFileError) as raised:
        read(instance, plan)
    assert says in str(raised.value)
