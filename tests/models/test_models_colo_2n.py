"""The 2N colocation hall by hand: what stands in it and what binds. The sums stand in the head of its file."""

from __future__ import annotations

from collections import Counter

import pytest

from capalloc.formats import load_facility
from capalloc.schema.facility import Facility
from tests.docs.pages import ROOT
from tests.models.by_hand import heat_kw, loads_kw, nodes_of


@pytest.fixture(scope="module")
def site() -> Facility:
    return load_facility(ROOT / "models" / "facilities" / "colo-2n")


def test_racks_by_type(site: Facility) -> None:
    # 16 HGX and 6 on order; 4 rows of 10; 2 rows of 12; 2 rows of 3
    assert Counter(rack.rack_type for rack in site.racks) == {
        "hgx-h100-air": 22,
        "cpu-12": 40,
        "storage-10": 24,
        "cpu-17": 6,
    }
    assert [rack.name for rack in site.racks if rack.position is None] == [f"hgx-new-{n}" for n in range(1, 7)]
    assert len(site.positions) == 12 * 12


def test_every_position_hangs_on_both_sides(site: Facility) -> None:
    nodes = nodes_of(site)

    def above(name: str, kind: str) -> str:
        return name if nodes[name].kind == kind else above(nodes[name].parent or "", kind)

    for position in site.positions:
        assert position.feed_b is not None
        assert [above(feed, "ups") for feed in (position.feed_a, position.feed_b)] == ["ups-a", "ups-b"]
        assert position.share_a == 0.5


def test_each_side_carries_half_and_alone_the_whole(site: Facility) -> None:
    # nameplate 16 x 44 + 40 x 12 + 24 x 10 + 6 x 17 = 1,526 kW
    assert loads_kw(site, field="nameplate_kw")["ups-a"] == pytest.approx(763)
    assert loads_kw(site, "ups-a", "nameplate_kw")["ups-b"] == pytest.approx(1_526)
    # x 1.4
    assert loads_kw(site, field="nameplate_kw")["utility"] == pytest.approx(2_136.4)


def test_nameplate_fits_in_normal_operation_and_after_every_loss(site: Facility) -> None:
    nodes = nodes_of(site)
    load = loads_kw(site, field="nameplate_kw")
    assert [name for name in nodes if load[name] > nodes[name].rated_kw * nodes[name].max_utilization] == []
    for lost in (node.name for node in site.power if node.contingency):
        load = loads_kw(site, lost, "nameplate_kw")
        assert [name for name, kw in load.items() if kw > nodes[name].failover_limit_kw] == []


def test_breakers_are_held_to_80_percent_in_both_cases(site: Facility) -> None:
    panels = [node for node in site.power if node.kind in ("pdu", "rpp")]
    assert len(panels) == 2 * 3 + 2 * 12
    assert {node.max_utilization for node in panels} == {0.8}
    assert [node.name for node in panels if node.failover_limit_kw != pytest.approx(node.rated_kw * 0.8)] == []


def test_a_seventeenth_gpu_rack_does_not_fit_on_the_pdu_of_the_north(site: Facility) -> None:
    alone = loads_kw(site, "ups-a", "nameplate_kw")["pdu-north-b"]
    assert alone == pytest.approx(704)
    assert alone <= nodes_of(site)["pdu-north-b"].failover_limit_kw < alone + 44


def test_a_row_takes_five_gpu_racks(site: Facility) -> None:
    # 400 A x 415 V x 3 ** 0.5 = 287.5 kW
    panel = nodes_of(site)["rpp-1-a"]
    assert panel.rated_kw == pytest.approx(400 * 415 * 3**0.5 / 1000, abs=0.1)
    assert 5 * 44 <= panel.failover_limit_kw < 6 * 44


def test_the_air_of_the_north_is_full_at_expected_draw(site: Facility) -> None:
    air_kw = {zone.name: zone.air_kw for zone in site.cooling}
    heat = heat_kw(site, "expected_kw")
    assert heat["north", "air"] == air_kw["north"] == 640
    # 24 x 8 + 6 x 13, and nine more HGX racks of 40
    assert heat["south", "air"] == pytest.approx(270)
    assert 270 + 9 * 40 <= 640 < 270 + 10 * 40
