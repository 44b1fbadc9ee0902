"""Supplies, ratings and a pue that do not go with each other are warned about, each kind in one line."""

from __future__ import annotations

from typing import Any

import pytest

from capalloc.schema.checks.usual import unusual
from tests.schema.checks.test_usual import scenario


def supplies(*rows: tuple[str, float, str | None, str | None]) -> dict[str, Any]:
    """Dated supplies into the root: name, kW, first day, day after the last."""
    listed = [{"name": name, "node": "grid", "kw": kw, "from": start, "until": end} for name, kw, start, end in rows]
    return {"facility.supplies": listed}


def told(changes: dict[str, Any]) -> list[str]:
    """The warnings of the small site with the changes."""
    return [fault.message for fault in unusual(scenario(changes))]


# Two racks of 68 kW draw 136 kW below the grid, which is rated 200 kW.
@pytest.mark.parametrize(
    ("changes", "says"),
    [
        (supplies(("gas", 0.2, None, "2027-04"), ("line", 200.0, "2027-04", None)), "found 0.2 kW where the racks"),
        (
            supplies(("gas", 10.0, None, "2027-04"), ("line", 200.0, "2027-04", None)),
            "from 2027-01 until 2027-04 where",
        ),
        (
            supplies(("gas", 200.0, None, "2027-03"), ("line", 200.0, "2027-05", None)),
            "nothing in force from 2027-03 u",
        ),
        (supplies(("gas", 200_000.0, None, None)), "found 200,000 kW into 'grid', which is rated 200 kW"),
        ({"facility.power.1.rated_kw": 200_000.0}, "found 200,000 kW below 'grid', which is rated 200 kW"),
        ({"facility.power.1.failover_kw": 2_000.0}, "found 2,000 kW on a rating of 200 kW"),
        ({"facility.power.1.failover_kw": 100.0}, "found 100 kW after a loss, less than 200 kW of normal operation"),
        ({"facility.power.0.load": "it"}, "found 1.2, but no power node has load: facility"),
    ],
)
def test_a_slip_is_told_in_one_line(changes: dict[str, Any], says: str) -> None:
    (only,) = told(changes)
    assert says in only


@pytest.mark.parametrize(
    "changes",
    [
        supplies(("gas", 200.0, "2027-03", None)),
        supplies(("gas", 200.0, None, "2027-03")),
        supplies(("old", 1.0, None, "2026-06"), ("gas", 200.0, "2026-06", None)),
        supplies(*((f"gas-{n}", 1.0, None, None) for n in range(160))),
        {"facility.power.1.failover_kw": 250.0},
        {"facility.power.0.load": "it", "contracts.0.basis": "facility"},
    ],
)
def test_a_site_that_may_be_so_is_not_warned_about(changes: dict[str, Any]) -> None:
    assert told(changes) == []


def test_a_missing_pue_is_told_where_nodes_count_it() -> None:
    small = scenario({})
    site = small.facility.model_validate(small.facility.model_dump(by_alias=True, exclude={"pue"}), by_alias=True)
    (only,) = unusual(small.replace(facility=site))
    assert (only.loc, only.message[:12]) == (("facility", "pue"), "is not given")


def test_many_alike_are_one_line_with_the_first_few_names() -> None:
    nodes = [
        {"name": f"u{n}", "kind": "ups", "parent": "grid", "rated_kw": 90.0, "failover_kw": 900.0} for n in range(5)
    ]
    power = [{"name": "grid", "kind": "utility", "rated_kw": 200.0, "load": "facility"}, *nodes]
    power.append({"name": "ups", "kind": "ups", "parent": "grid", "rated_kw": 200.0})
    (only,) = told({"facility.power": power})
    assert only.endswith("mind 'u0', 'u1', 'u2' and 2 more")
