"""What `where` may name, and pins that contradict it."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from capalloc.schema.checks.references import faults
from capalloc.schema.scenario import Scenario
from capalloc.schema.where import Where
from tests.strategies import facility, scenario, workload


def _site() -> dict[str, Any]:
    """Four racks in rows w0 and w1 of hall h1; two positions in zone z with a label, one rack with another."""
    site = facility(4, cooling=[{"name": "z", "total_kw": 100}])
    for place in site["positions"][:2]:
        place |= {"cooling_zone": "z", "labels": {"building": "B"}}
    site["racks"][3]["labels"] = {"serial": "A-7"}
    return site


def _found(where: dict[str, Any], **changes: Any) -> list[tuple[str, str]]:
    built = scenario(_site(), workloads=[workload("own", where=where)], **changes)
    return [(".".join(map(str, fault.loc)), fault.message) for fault in faults(built)]


@pytest.mark.parametrize(
    "where",
    [
        {"hall": "h1"},
        {"row": ["w0", "h1/w1"]},
        {"zone": "z", "node": ["u1", "grid"]},
        {"label": {"building": "B"}, "not": {"label": {"serial": ["A-7"]}}},
    ],
)
def test_names_of_the_site_are_no_fault(where: dict[str, Any]) -> None:
    assert _found(where) == []


@pytest.mark.parametrize(
    ("where", "key", "says"),
    [
        ({"hall": "h2"}, "where.hall.0", "unknown hall 'h2'; such as 'h1' is known"),
        ({"row": ["w0", "h1/w9"]}, "where.row.1", "unknown row 'h1/w9'; did you mean 'h1/w1'?"),
        ({"zone": "y"}, "where.zone.0", "unknown cooling zone 'y'; such as 'z' is known"),
        ({"node": "gird"}, "where.node.0", "unknown power node 'gird'; did you mean 'grid'?"),
        ({"label": {"bulding": "B"}}, "where.label.bulding", "did you mean 'building'?"),
        ({"label": {"Building": "B"}}, "where.label.Building", "did you mean 'building'?"),
        ({"label": {"building": "b"}}, "where.label.building.0", "unknown building 'b'; did you mean 'B'?"),
        ({"label": {"hall": "h1"}}, "where.label.hall", "'hall' is no label here: write `hall` beside `label`"),
        ({"hall": "H1"}, "where.hall.0", "unknown hall 'H1'; did you mean 'h1'?"),
        ({"label": {"building": "C"}}, "where.label.building.0", "unknown building 'C'; such as 'B' is known"),
        ({"hall": "h1", "not": {"hall": "h3"}}, "where.not.hall.0", "unknown hall 'h3'; such as 'h1' is known"),
    ],
)
def test_a_name_that_is_none_of_the_site_is_a_fault(where: dict[str, Any], key: str, says: str) -> None:
    ((loc, message),) = _found(where)
    assert loc == f"workloads.0.{key}"
    assert says in message


def test_a_value_under_a_label_of_nearly_the_same_name_is_pointed_to() -> None:
    site = _site()
    site["positions"][2]["labels"] = {"bulding": "C"}
    built = scenario(site, workloads=[workload("own", where={"label": {"building": "C"}})])
    says = "unknown building 'C'; the label 'bulding' has it, where 'building' may be meant"
    assert [fault.message for fault in faults(built)] == [says]


@pytest.mark.parametrize("where", [{}, {"not": {}}, {"hall": []}, {"label": {}}, {"not": {"not": {"hall": "h1"}}}])
def test_a_where_that_says_nothing_is_refused(where: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Where.model_validate(where)


@pytest.mark.parametrize(
    ("where", "rack", "outside"),
    [
        ({"row": "w0"}, "r1", False),
        ({"row": "w0"}, "r2", True),
        ({"node": "u2"}, "r2", False),
        ({"not": {"node": "u2"}}, "r2", True),
        ({"label": {"serial": "A-7"}}, "r3", False),
        ({"label": {"serial": "A-7"}}, "r2", True),
    ],
)
def test_a_pin_of_a_rack_that_stands_outside_is_a_fault(where: dict[str, Any], rack: str, outside: bool) -> None:
    found = _found(where, pins=[{"rack": rack, "demand": "own"}])
    says = f"rack '{rack}' stands on 'p{rack[1:]}', which the where of 'own' leaves out"
    assert found == ([("pins.0.rack", says)] if outside else [])


def test_values_of_labels_may_be_whole_numbers_as_tables_write_them() -> None:
    where = Where.model_validate({"label": {"floor": 3, "cage": ["a", 4]}})
    assert where.label == {"floor": ("3",), "cage": ("a", "4")}


def test_a_scenario_with_where_is_written_and_read_the_same() -> None:
    built = scenario(_site(), workloads=[workload("own", where={"hall": "h1", "not": {"label": {"building": "B"}}})])
    assert Scenario.model_validate(built.model_dump(mode="json", by_alias=True, exclude_defaults=True)) == built
