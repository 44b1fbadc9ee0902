"""Why racks are missing."""

from __future__ import annotations

from capalloc import solve
from capalloc.schema.plan import Reason, Unplaced
from capalloc.schema.rules import Rule
from tests.byhand import by_hand, contract, facility


def _first_missing(**changes: object) -> Unplaced:
    plan = solve(by_hand(workloads=[], **changes)).plan
    assert plan is not None
    return plan.unplaced[0]


def test_a_late_supply_is_named_where_it_enters() -> None:
    supplies = [{"name": "late", "node": "grid", "kw": 1000, "from": "2026-08-15"}]
    # until September nothing is energised; 160 kW are two racks of 80 kW, and all ten wait for the supply
    missing = _first_missing(facility=facility(supplies=supplies))
    assert (missing.period, missing.racks) == ("2026-05", 2)
    assert missing.reasons == (Reason(rule=Rule.SUPPLY, where="grid", racks=10),)


def test_a_full_node_is_named() -> None:
    # 800 kW are ten racks; six fit on a UPS pair of 2 x 250 kW, the four that idle lack 40 kW on u1
    missing = _first_missing(contracts=[contract(ramp=[{"from": "2026-05", "mw": 0.8}])])
    assert (missing.racks, missing.reasons) == (4, (Reason(rule=Rule.POWER, where="u1", racks=4),))


def test_a_site_without_more_racks_says_so() -> None:
    site = facility()
    site["racks"] = site["racks"][:1]
    missing = _first_missing(facility=site)
    assert [reason.where for reason in missing.reasons] == ["all accepted racks serve it"]


def test_an_outage_of_a_hall_is_named() -> None:
    outage = {"type": "outage", "hall": "h1", "from": "2026-05-03", "until": "2026-05-04"}
    missing = _first_missing(events=[outage])
    assert missing.reasons == (Reason(rule=Rule.AVAILABILITY, where="h1", racks=10),)
