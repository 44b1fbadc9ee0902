"""The work of the verifier grows with the site, not with its square, and not with months in which nothing changes."""

from __future__ import annotations

import sys
from datetime import date
from itertools import chain
from types import FrameType
from typing import Any

from capalloc.calendar import add_months, format_day
from capalloc.schema.plan import Plan
from capalloc.schema.scenario import Scenario
from capalloc.verify import verify
from tests.verify.tiny import HGX, Record, job, lease, plan, scenario, serve

RACKS = 6
"""Racks on a pair of UPS; the first serves ``lease``, the others ``job``, but the last is a spare."""
MAY = date(2026, 5, 1)


def _pair(number: int) -> tuple[list[Record], list[Record], list[Record]]:
    """Two UPS with a row of racks on both: nodes, positions, racks."""
    feeds = [f"u{number}a", f"u{number}b"]
    nodes: list[Record] = [
        {"name": name, "kind": "ups", "parent": "grid", "rated_kw": 60.0, "contingency": True} for name in feeds
    ]
    names = [f"{number}-{i}" for i in range(RACKS)]
    place: Record = {"hall": "h1", "row": f"w{number}", "feed_a": feeds[0], "feed_b": feeds[1], "cooling_zone": "z"}
    positions = [{"name": name, "index": i, **place} for i, name in enumerate(names)]
    return nodes, positions, [{"name": name, "rack_type": "hgx", "position": name} for name in names]


def _case(pairs: int, months: int) -> tuple[Scenario, Plan]:
    """A site of so many pairs, and a plan without a fault: nothing moves."""
    nodes, positions, racks = (list(chain(*tables)) for tables in zip(*map(_pair, range(pairs)), strict=True))
    end, all_kw = format_day(add_months(MAY, months)), pairs * RACKS * HGX["nameplate_kw"]
    site: Record = {
        "facility": "rows",
        "rack_types": [HGX],
        "power": [{"name": "grid", "kind": "utility", "rated_kw": all_kw}, *nodes],
        "positions": positions,
        "cooling": [{"name": "z", "total_kw": all_kw}],
        "racks": racks,
    }
    demands = {
        "workloads": [job(racks=pairs * (RACKS - 2), buffer_share=0.1, spread={"node_kind": "ups", "max_share": 0.5})],
        "contracts": [lease(mw=pairs * HGX["nameplate_kw"] / 1000, until=end)],
    }
    case = scenario(site, horizon={"start": "2026-05", "end": end}, **demands)
    names = [rack["name"] for rack in racks]
    tenant, spare = names[::RACKS], names[RACKS - 1 :: RACKS]
    own = [name for name in names if name not in {*tenant, *spare}]
    served = serve("lease", tenant, until=end) + serve("job", own, until=end)
    return case, plan(case, served, buffers=serve("job", spare, until=end))


def _work(pairs: int, months: int) -> int:
    """Bytecodes run by a second verification, when numbers are known already."""
    case, drawn = _case(pairs, months)
    assert verify(case, drawn).violations == ()
    steps = 0

    def count(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal steps
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        steps += event == "opcode"
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        verify(case, drawn)
    finally:
        sys.settrace(before)
    return steps


def test_each_further_pair_costs_as_much_as_the_one_before() -> None:
    small, middle, large = (_work(pairs, months=4) for pairs in (12, 24, 48))
    assert large - middle < 2.02 * (middle - small)


def test_a_year_more_without_change_costs_a_large_site_no_more_than_a_small_one() -> None:
    small, large = (_work(pairs, months=24) - _work(pairs, months=12) for pairs in (4, 16))
    assert large < 1.2 * small
