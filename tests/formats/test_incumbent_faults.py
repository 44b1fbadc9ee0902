"""An incumbent that contradicts itself or the site is refused, not guessed at."""

from __future__ import annotations

from typing import Any

import pytest

from capalloc.schema.checks.references import faults
from tests.strategies import facility, incumbent, rack_type, scenario, workload

DELIVERY = {"name": "late", "rack_type": "a", "status": "planned", "available_from": "2026-05"}


def _faults(site: dict[str, Any], **said: Any) -> list[str]:
    return [fault.message for fault in faults(scenario(site, workloads=[workload("own")], incumbent=incumbent(**said)))]


def _site(**late: Any) -> dict[str, Any]:
    """r0 stands on p0, p1 is free, and one rack is still to come."""
    site = facility(2)
    site["racks"] = [site["racks"][0], DELIVERY | late]
    return site


def _placed(*positions: str) -> list[dict[str, Any]]:
    return [{"rack": "late", "position": position, "from": "2026-04"} for position in positions]


def test_a_rack_that_serves_twice_at_once_is_a_fault() -> None:
    spans = [("own", "2026-03", "2026-07"), ("own", "2026-07", "2026-08"), ("gone", "2026-06", "2026-07")]
    entries = [{"rack": "r0", "demand": d, "from": a, "until": b} for d, a, b in spans]
    assert _faults(facility(2), assignments=entries[:2]) == []
    assert _faults(facility(2), assignments=entries) == ["rack 'r0' serves 'own' until 2026-07 already"]


def test_a_delivery_stands_on_one_position() -> None:
    assert _faults(_site(), placements=_placed("p1")) == []
    assert _faults(_site(), placements=_placed("p1", "p1")) == ["rack 'late' is placed more than once"]


def test_a_delivery_cannot_stand_where_another_rack_does() -> None:
    assert _faults(_site(), placements=_placed("p0")) == ["rack 'r0' stands on position 'p0' at that time"]


def test_a_position_may_be_used_again_when_its_rack_has_gone() -> None:
    site = _site()
    site["racks"][0] |= {"available_from": "2026-06"}
    site["racks"][1] |= {"available_until": "2026-06"}
    assert _faults(site, placements=_placed("p0")) == []


def test_a_delivery_needs_a_position_with_its_cooling() -> None:
    site = _site()
    site["positions"][1] |= {"cooling": "air"}
    assert _faults(site, placements=_placed("p1")) == ["position 'p1' has air cooling, but a a needs liquid"]


@pytest.mark.parametrize("table", ["power", "positions", "racks"])
def test_a_facility_without_one_of_its_tables_is_a_fault(table: str) -> None:
    site = facility(1) | {"racks": [DELIVERY | {"position": None}], "positions": [], table: []}
    found = [fault.message for fault in faults(scenario(site, workloads=[workload("own")]))]
    assert any(message.startswith("the facility has no ") for message in found)


def test_less_than_a_watt_is_a_slip() -> None:
    site = facility(1, rack_types=[rack_type("a", nameplate_kw=0.0004, expected_kw=0.0004, idle_kw=0)])
    found = [fault.message for fault in faults(scenario(site, workloads=[workload("own")]))]
    assert found == ["found 0.0004 kW, expected at least 0.001 kW; mind the unit"] * 2


def _frozen(until: str, *periods: str, start: str = "2026-05") -> list[str]:
    site, horizon = facility(2), {"start": start, "end": "2026-09"}
    today = incumbent(periods=list(periods))
    case = scenario(site, workloads=[workload("own")], incumbent=today, horizon=horizon, policy={"freeze_until": until})
    return [fault.message for fault in faults(case)]


def test_a_freeze_of_days_that_the_incumbent_does_not_cover_is_a_fault() -> None:
    """Racks would be kept idle for want of a word on them, and nothing would say why."""
    assert _frozen("2026-07", "2026-05", "2026-06") == []
    assert _frozen("2026-05", "2026-01") == []
    (said,) = _frozen("2026-08", "2026-05", "2026-06")
    assert said.startswith("keeps the incumbent's assignments from 2026-05 until 2026-08, but that plan covers 2026-05")
    assert "freeze until 2026-07 at most" in said
    (said,) = _frozen("2026-07", "2026-01", "2026-02")
    assert "covers 2026-01 until 2026-03: what it does not say cannot be kept" in said
    (said,) = _frozen("2026-07", "2026-06", "2026-07")
    assert "covers 2026-06 until 2026-08" in said


def test_a_plan_of_another_site_is_called_one() -> None:
    away = [{"rack": "late", "position": f"A-{n}", "from": "2026-04"} for n in range(3)]
    (said,) = _faults(_site(), placements=away)
    assert said.startswith("a plan of 'tiny', of another site as it seems: 3 of the 3 positions")
    gone = [{"rack": f"k{n}", "demand": "own", "from": "2026-04", "until": "2026-05"} for n in range(2)]
    (said,) = _faults(_site(), assignments=gone)
    assert "none of the 2 racks that it names is here" in said
