"""The page of ``capalloc impact``, as text; figures are derived by hand.

The lease of two racks of 80 kW, from July five, at 1e6 USD a month and 10 USD a kW short; half of it more is spare.
"""

from __future__ import annotations

import io
from typing import Any

from rich.console import Console

from capalloc import impact, solve
from capalloc.report.impact import impact_page
from capalloc.schema.scenario import Scenario
from tests.byhand import by_hand, contract, facility


def lines(scenario: Scenario, *names: str, period: str | None = None, note: str | None = None) -> list[str]:
    plan = solve(scenario).plan
    assert plan is not None
    answer = impact(scenario, plan, names, period=period)
    console = Console(file=io.StringIO(), width=160)
    for part in impact_page(answer, scenario.horizon, note):
        console.print(part)
    assert isinstance(console.file, io.StringIO)
    return [" ".join(line.split()) for line in console.file.getvalue().splitlines()]


def lease(**changes: Any) -> Scenario:
    shortfall = {"remedy": "terminate", "penalty_usd_per_kw_month": 10, "cure_days": 30}
    off = {"workloads": [], "policy": {"idle": "off"}}
    return by_hand(**off | {"contracts": [contract(shortfall=shortfall, **changes)]})


def test_all_that_goes_dark_is_told_with_its_price_and_what_it_entitles_to() -> None:
    page = lines(lease(buffer_share=0.5), "grid", period="2026-07")
    assert "Out grid (utility)" in page
    assert "Month 2026-07" in page
    # Five racks serve, and three stand by.
    assert "Dark 8 racks: 5 of lease, 3 spares; 400.0 kW, 320 GPUs" in page
    # 1e6 and 400 kW x 10 USD; 744 hours.
    assert "At stake $1.004M a month, $1,349 an hour" in page
    assert "Short lease misses 400.0 kW of 400.0 kW (may leave after 30 days)" in page
    assert "One more loss no contingency node is left to lose" in page
    no = "in no period with nobody dark and every node within its failover limit"
    assert f"Can be out {no}; least harm in 2026-05 … 2026-06, 160.0 kW dark" in page
    assert "lease Tenant 5 + 3 spares 400.0 320 0 0.0 $1.004M" in page


def test_one_of_a_pair_leaves_racks_and_spares_on_one_feed() -> None:
    page = lines(lease(buffer_share=0.5), "u1", note="the plan's first")
    assert "Month 2026-05 (the plan's first)" in page
    assert "One feed 3 racks: 2 of lease, 1 spare; 160.0 kW" in page
    assert "At stake nothing" in page
    assert "Over limit no node; of those that carry more u2 is nearest, at 32.0 % of its failover limit" in page
    assert "One more loss 1 of 1 contingency node would do further harm, at most 160.0 kW more dark (u2)" in page
    assert "Can be out 2026-05 … 2026-10: nobody dark, every node within its failover limit" in page


def test_a_supply_that_is_out_says_how_much_is_too_much() -> None:
    supplies = [{"name": "gas", "node": "grid", "kw": 300}, {"name": "line", "node": "grid", "kw": 400}]
    off = {"workloads": [], "policy": {"idle": "off"}}
    page = lines(by_hand(facility=facility(supplies=supplies), **off), "line", period="2026-07")
    # 400 kW x 1.25 and 10 kW static are 510 of the 300 kW that are left; in May and June 160 x 1.25 + 10 = 210.
    assert "Over limit grid (170.0 %, 210.0 kW too much)" in page
    assert "Can be out 2026-05 … 2026-06: nobody dark, every node within its failover limit" in page
    assert "grid 510.0 510.0 300.0 170.0 %" in page


def test_what_is_out_anyway_is_said_to_be() -> None:
    outage = {"type": "outage", "node": "u2", "from": "2026-06", "until": "2026-07"}
    off = {"workloads": [], "policy": {"idle": "off"}}
    page = lines(by_hand(events=[outage], **off), "u2", period="2026-06")
    assert "Out u2 (ups, a contingency, out in 2026-06 anyway)" in page
    assert "Over limit no node, and none carries more than by the plan" in page
    assert "One more loss none of 1 contingency node would do further harm" in page
