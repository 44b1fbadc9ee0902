"""Colossus 1 by hand: what stands in it and why its limits fit. The sums stand in the head of its file."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from capalloc.formats import load_scenario
from capalloc.schema.facility import Facility, PowerNode
from tests.models.by_hand import draw_kw, loads_kw, nodes_of, zones_over

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="module")
def site() -> Facility:
    return load_scenario(EXAMPLES / "colossus1-anthropic.yaml").facility


@pytest.fixture(scope="module")
def nodes(site: Facility) -> dict[str, PowerNode]:
    return nodes_of(site)


def test_racks_and_gpus_by_type(site: Facility) -> None:
    # three halls of 2 x 6 x 8 x 8 = 768 H100, one of 768 H200, 4 x 13 rows of 8 NVL72 and one rack more
    assert Counter(rack.rack_type for rack in site.racks) == {"hgx-h100": 2304, "hgx-h200": 768, "gb200-nvl72": 417}
    gpus = {kind.name: kind.gpus for kind in site.rack_types}
    # 3,072 x 64 + 417 x 72 = 196,608 + 30,024: "more than 220,000"
    assert sum(gpus[rack.rack_type] for rack in site.racks) == 226_632


def test_nameplate_and_expected_load(site: Facility) -> None:
    # 3,072 x 81.6 + 417 x 132 = 250,675.2 + 55,044; 3,072 x 68 + 417 x 120 = 208,896 + 50,040
    assert sum(draw_kw(site, "nameplate_kw").values()) == pytest.approx(305_719.2)
    assert sum(draw_kw(site, "expected_kw").values()) == pytest.approx(258_936)


def test_four_halls_arrays_of_eight_and_blocks_of_sixty_four(site: Facility) -> None:
    assert {position.hall for position in site.positions} == {"h1", "h2", "h3", "h4"}
    assert set(Counter(position.row_key for position in site.positions).values()) == {8}
    blocks = Counter(position.fabric_block for position in site.positions)
    hgx = {block: racks for block, racks in blocks.items() if "nvl" not in str(block)}
    assert (len(hgx), set(hgx.values())) == (48, {64})


def test_each_group_spreads_its_hgx_blocks_over_the_six_pairs_of_its_ups(
    site: Facility, nodes: dict[str, PowerNode]
) -> None:
    pairs: Counter[tuple[str | None, str | None]] = Counter()
    for position in site.positions:
        if "nvl" not in position.row:
            assert position.feed_b is not None
            pairs[nodes[position.feed_a].parent, nodes[position.feed_b].parent] += 1
    # 8 groups x 6 pairs, a block of 64 positions on each
    assert (len(pairs), set(pairs.values())) == (48, {64})


def test_every_ups_is_a_contingency_and_nothing_else(site: Facility) -> None:
    assert {node.kind for node in site.power if node.contingency} == {"ups"}
    assert sum(node.contingency for node in site.power) == sum(node.kind == "ups" for node in site.power) == 32


def test_three_roots_carry_what_the_head_of_the_file_says(site: Facility, nodes: dict[str, PowerNode]) -> None:
    load = loads_kw(site)
    assert {name: round(load[name], 1) for name in nodes if nodes[name].parent is None} == {
        "grid-1": 116_491.2,
        "grid-2": 117_643.2,
        "turbines": 78_188.8,
    }


def test_the_expected_load_fits_in_normal_operation_below_the_roots(
    site: Facility, nodes: dict[str, PowerNode]
) -> None:
    load = loads_kw(site)
    over = [name for name, kw in load.items() if kw > nodes[name].rated_kw * nodes[name].max_utilization]
    assert over == []
    # group b: 3 pairs x (64 x 68 + 8 x 120) / 2, and half of another row of 8 x 120 on the first pair
    assert load["h4b-ups1"] == pytest.approx(8_448)


@pytest.mark.parametrize("lost", [1, 2, 3, 4])
def test_the_expected_load_fits_after_the_loss_of_any_ups_of_a_group(
    site: Facility, nodes: dict[str, PowerNode], lost: int
) -> None:
    for group in ("h1a", "h4a", "h4b"):
        load = loads_kw(site, f"{group}-ups{lost}")
        assert [name for name, kw in load.items() if kw > nodes[name].failover_limit_kw] == []
    if lost == 2:
        # 8,448 and the other half of pair 1-2: (64 x 68 + 16 x 120) / 2 = 3,136
        assert load["h4b-ups1"] == pytest.approx(11_584)


def test_cooling_takes_the_expected_heat_and_not_the_nameplate_heat(site: Facility) -> None:
    assert zones_over(site, "expected_kw") == set()
    assert zones_over(site, "nameplate_kw") == {
        (zone.name, kind) for zone in site.cooling for kind in ("liquid", "air")
    }


def test_what_the_turbines_leave_in_2027_still_carries_300_mw_of_nameplate(site: Facility) -> None:
    supplies = {supply.name: supply for supply in site.supplies}
    permit, after = supplies["turbines-permit"], supplies["turbines-after-permit"]
    assert permit.until == after.start
    assert permit.until is not None
    assert (permit.until.year, permit.until.month) == (2027, 1)
    # 78,188.8 - 77,500 = 688.8 kW short, 574 kW IT, at 68 kW nine racks: 305,719.2 - 9 x 81.6 is still above 300 MW
    short_racks = -(-(78_188.8 - after.kw) / site.pue // 68)
    assert short_racks == 9
    assert 305_719.2 - 9 * 81.6 > 300_000
