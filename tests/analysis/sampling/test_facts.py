"""A delay acts from a whole period on."""

from __future__ import annotations

import pytest

from capalloc import solve
from capalloc.analysis.sampling import Late, after
from tests.byhand import by_hand, facility

SUPPLIES = [
    {"name": "g1", "node": "grid", "kw": 400.0},
    {"name": "g2", "node": "grid", "kw": 300.0, "from": "2026-06-15"},
]


@pytest.mark.parametrize(
    ("days", "acts"), [(1, 16), (16, 16), (17, 47), (47, 47), (107, 108), (200, None), (None, None)]
)
def test_a_delay_to_the_midst_of_a_period_is_one_to_its_end(days: int | None, acts: int | None) -> None:
    # From 15 June on: 16 days to 1 July, 47 to 1 August, 108 to 1 October; the horizon ends with October.
    scenario = by_hand(facility=facility(supplies=SUPPLIES))
    late = Late("supply", "g2", days)
    whole = late.in_whole_periods(scenario)
    assert whole.days == acts
    first, second = (solve(after(scenario, [fact])).plan for fact in (late, whole))
    assert first is not None
    assert second is not None
    assert first.objective_usd == second.objective_usd
    assert first.assignments == second.assignments


def test_racks_of_several_dates_stay_as_late_as_they_are() -> None:
    racks = [{"name": f"k{i}", "rack_type": "hgx", "position": f"p{i}"} for i in range(3)]
    to_come = [
        {"name": f"n{i}", "rack_type": "hgx", "status": "planned", "available_from": f"2026-0{6 + i}"} for i in range(2)
    ]
    scenario = by_hand(facility=facility(racks=[*racks, *to_come]))
    late = Late("rack_type", "hgx", 10)
    assert late.in_whole_periods(scenario) == late
