"""The campus after Abilene by hand: what stands in it and why it fits. The sums stand in the head of its file."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from capalloc.formats import load_facility
from capalloc.schema.facility import Facility
from tests.docs.pages import ROOT
from tests.models.by_hand import heat_kw, loads_kw, nodes_of, zones_over


@pytest.fixture(scope="module")
def site() -> Facility:
    return load_facility(ROOT / "models" / "facilities" / "abilene")


def test_racks_of_every_building(site: Facility) -> None:
    # 2 halls x 3 blocks x 7 rows x 16 = 672 racks, 48,384 GPUs: "up to 50,000" a building
    building = {position.name: position.labels["building"] for position in site.positions}
    assert Counter(building[rack.position] for rack in site.racks if rack.position is not None) == {
        f"b{n}": 672 for n in range(1, 9)
    }
    assert {rack.rack_type for rack in site.racks} == {"gb200-nvl72"}
    assert 672 * 72 == 48_384
    assert len(site.racks) * 72 == 387_072


def test_buildings_and_their_racks_come_one_after_the_other(site: Facility) -> None:
    energised = {node.labels["building"]: node.available_from for node in site.power if "building" in node.labels}
    days = [date(2025, 6, 30)] * 2 + [date(2026, 4, 1)] * 2
    days += [date(2026, 7, 1), date(2026, 9, 1), date(2026, 11, 1), date(2027, 1, 1)]
    assert energised == {f"b{n}": day for n, day in enumerate(days, 1)}
    coming = {(rack.name[:2], rack.available_from) for rack in site.racks if rack.status == "planned"}
    assert coming == {(f"b{n}", days[n - 1]) for n in range(5, 9)}


def test_a_building_at_expected_draw(site: Facility) -> None:
    load = loads_kw(site)
    # 672 x 120 x 1.25 + 6 x 1,500 of network and storage; a block 112 x 120 + 1,500
    assert [load[f"b{n}-msb"] for n in range(1, 9)] == pytest.approx([109_800] * 8)
    assert load["b3-u6"] == pytest.approx(14_940)
    assert load["campus"] == pytest.approx(878_400)


@pytest.mark.parametrize("field", ["expected_kw", "nameplate_kw"])
def test_power_fits_in_normal_operation(site: Facility, field: str) -> None:
    load = loads_kw(site, field=field)
    assert [node.name for node in site.power if load[node.name] > node.rated_kw * node.max_utilization] == []


def test_the_catcher_takes_any_block_at_nameplate(site: Facility) -> None:
    nodes = nodes_of(site)
    assert loads_kw(site)["b1-catcher"] == 0
    for lost in ("b1-u1", "b8-u6"):
        load = loads_kw(site, lost, "nameplate_kw")
        assert [name for name, kw in load.items() if kw > nodes[name].failover_limit_kw] == []
        # 112 x 132
        assert load[f"{lost[:2]}-catcher"] == pytest.approx(14_784)


def test_the_loss_of_the_catcher_moves_nothing(site: Facility) -> None:
    assert loads_kw(site, "b1-catcher")["b1-u1"] == pytest.approx(14_940)


def test_cooling_takes_the_expected_heat_and_not_the_nameplate_heat(site: Facility) -> None:
    # 336 x 120 x 0.87 and x 0.13
    assert heat_kw(site, "expected_kw")["b4-h2", "liquid"] == pytest.approx(35_078.4)
    assert heat_kw(site, "expected_kw")["b4-h2", "air"] == pytest.approx(5_241.6)
    assert zones_over(site, "expected_kw") == set()
    assert zones_over(site, "nameplate_kw") == {
        (zone.name, kind) for zone in site.cooling for kind in ("liquid", "air")
    }


def test_gas_carries_what_the_grid_does_not_yet(site: Facility) -> None:
    def supplied_kw(on: date) -> float:
        return sum(s.kw for s in site.supplies if (s.start or on) <= on < (s.until or date.max))

    assert {supply.node for supply in site.supplies} == {"campus"}
    assert [supplied_kw(date(*day)) for day in ((2026, 2, 1), (2026, 7, 1), (2026, 10, 1), (2027, 4, 1))] == [
        200_000,
        560_500,
        960_500,
        1_560_500,
    ]
    # the turbines are a reserve from then on, and the grid is at the 1.2 GW of the connection
    assert supplied_kw(date(2027, 7, 1)) == nodes_of(site)["campus"].rated_kw == 1_200_000
    # five buildings fit on grid and gas, the sixth does not before the second grid step
    assert 5 * 109_800 < 560_500 < 6 * 109_800
