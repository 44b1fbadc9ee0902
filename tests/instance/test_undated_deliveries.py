"""Planned racks without a date are one warning, however many they are."""

from __future__ import annotations

import pytest

from capalloc.instance.compile import compile_scenario
from tests.strategies import facility, scenario


@pytest.mark.parametrize(
    ("undated", "says"),
    [
        ([0], "rack r0 is planned without available_from: never counted on"),
        ([0, 2], "2 racks (r0, r2) are planned without available_from: never counted on"),
        ([0, 1, 2, 3], "4 racks (r0, r1, r2, ...) are planned without available_from: never counted on"),
    ],
)
def test_undated_planned_racks_are_counted_and_the_first_named(undated: list[int], says: str) -> None:
    site = facility(4)
    for index in undated:
        site["racks"][index] |= {"status": "planned"}
    assert compile_scenario(scenario(site)).warnings == (says,)
