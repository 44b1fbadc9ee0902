"""One record unlike those beside it, or a name spelt otherwise, is warned about."""

from __future__ import annotations

from typing import Any

import pytest

from capalloc.schema.checks.usual import unusual
from tests.schema.checks.test_usual import scenario


def site(positions: dict[int, dict[str, Any]], racks: dict[int, dict[str, Any]]) -> dict[str, Any]:
    """Four positions in a row on two UPS, with four racks; some of them changed."""
    ups = [{"name": f"ups-{side}", "kind": "ups", "parent": "grid", "rated_kw": 400.0} for side in "ab"]
    feeds = {"feed_a": "ups-a", "feed_b": "ups-b", "cooling_zone": "z", "cooling": "liquid", "labels": {"cage": "c1"}}
    places = [{"name": f"p{n}", "hall": "h", "row": "r", **feeds} | positions.get(n, {}) for n in range(4)]
    stands = [{"name": f"k{n}", "rack_type": "hgx", "position": f"p{n}"} | racks.get(n, {}) for n in range(4)]
    return {
        "facility.power": [{"name": "grid", "kind": "utility", "rated_kw": 400.0, "load": "facility"}, *ups],
        "facility.positions": places,
        "facility.racks": stands,
        "workloads.0.where": {"label": {"cage": ["c1"]}},
    }


@pytest.mark.parametrize(
    ("positions", "racks", "key", "says"),
    [
        ({1: {"feed_b": None}}, {}, "feed_b", "nearly all other positions of the row have one: mind 'p1'"),
        ({1: {"cooling_zone": None}}, {}, "cooling_zone", "is empty"),
        ({}, {2: {"position": None}}, "position", "so that the plan places it as a delivery"),
        ({3: {"hall": "H"}}, {}, "hall", "found 'H' beside 'h': halls that differ by case or spacing alone"),
        ({3: {"row": "R"}}, {}, "row", "found 'h/R' beside 'h/r'"),
        ({3: {"labels": {"cage": "C1"}}}, {}, "cage", "found 'C1' beside 'c1': values of cage"),
        ({}, {0: {"tenant": "t"}}, "tenant", "found 't' beside 'T': tenants that differ"),
    ],
)
def test_it_is_told(positions: dict[int, Any], racks: dict[int, Any], key: str, says: str) -> None:
    told = [fault for fault in unusual(scenario(site(positions, racks))) if says in fault.message]
    assert [fault.loc[-1] for fault in told] == [key]


@pytest.mark.parametrize(
    ("positions", "racks"),
    [
        ({}, {}),
        ({0: {"feed_b": None}, 1: {"feed_b": None}}, {}),
        ({3: {"row": "r2"}}, {}),
        ({}, {2: {"position": None, "status": "planned", "available_from": "2027-02"}}),
        ({}, {0: {"tenant": "U"}}),
    ],
)
def test_what_may_be_so_is_not(positions: dict[int, Any], racks: dict[int, Any]) -> None:
    assert unusual(scenario(site(positions, racks))) == ()


@pytest.mark.parametrize(("tenant", "told"), [("Exampel AI", 1), ("Other Labs", 0), ("Example AI", 0)])
def test_a_tenant_of_racks_that_is_nearly_one_of_a_contract_is_told(tenant: str, told: int) -> None:
    changes = site({}, {0: {"tenant": tenant}}) | {"contracts.0.tenant": "Example AI"}
    found = [fault.loc for fault in unusual(scenario(changes)) if "which no contract has" in fault.message]
    assert found == [("facility", "racks", 0, "tenant")] * told
