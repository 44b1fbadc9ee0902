"""Neutral records of an inventory."""

from __future__ import annotations

import pytest

from capalloc.imports.inventory.records import Feed, Inventory, Place


@pytest.mark.parametrize(
    ("supply", "phase", "kw"),
    [
        ("ac", "single-phase", 4.4),  # 220 V x 20 A
        ("ac", "three-phase", 7.621024),  # times 1.7320508
        ("dc", "three-phase", 4.4),  # direct current has no phases
    ],
)
def test_a_feed_carries_volts_times_amperes(supply: str, phase: str, kw: float) -> None:
    feed = Feed(
        key="1", name="f", where="", panel="p", supply=supply, phase=phase, voltage_v=-220.0, amperage_a=20.0
    )  # NetBox allows negative volts for direct current
    assert feed.kw == pytest.approx(kw)


def test_a_place_is_in_those_above_it_and_a_circle_ends() -> None:
    site = Place(key="s", name="S", where="", kind="site")
    room = Place(key="r", name="R", where="", kind="location", parent="s")
    odd = Place(key="o", name="O", where="", kind="location", parent="o")
    inventory = Inventory(system="netbox", places=(site, room, odd))
    assert [place.name for place in inventory.path("r")] == ["S", "R"]
    assert [place.name for place in inventory.path("o")] == ["O"]
    assert inventory.path("unknown") == inventory.path(None) == ()
