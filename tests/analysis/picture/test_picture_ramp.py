"""What is stacked over time, and what limits it, by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from capalloc import Scenario, load_scenario, solve
from capalloc.analysis.picture import Pictured
from capalloc.analysis.picture.ramp import MEASURES, DemandRamp, Ramp
from tests.byhand import by_hand, facility

TINY = Path(__file__).parents[3] / "examples" / "tiny.yaml"


def pictured(scenario: Scenario) -> Pictured:
    result = solve(scenario)
    assert result.plan is not None
    return Pictured(scenario, result.plan, result.instance, result.verdict)


@pytest.fixture(scope="module")
def tiny() -> Ramp:
    return Ramp(pictured(load_scenario(TINY)))


def of(ramp: Ramp, name: str) -> DemandRamp:
    return next(one for one in ramp.demands if one.name == name)


def test_contracts_come_first(tiny: Ramp) -> None:
    assert [(one.name, one.contract) for one in tiny.demands] == [("lease", True), ("inference", False)]


def test_a_demand_is_counted_at_the_roots_as_sold_in_gpus_and_in_racks(tiny: Ramp) -> None:
    # The lease holds 3, 6, then 9 racks of 64 GPUs. Each is sold as 100 kW, draws 80 kW, and with PUE 1.25 100 kW at
    # the feeder. Inference gets what is left of 10 racks, from August on all it asks for: 3 of 12.
    lease, inference = of(tiny, "lease"), of(tiny, "inference")
    assert lease.got["racks"].tolist() == [3, 6, 9, 9, 9, 9]
    assert lease.got["gpus"].tolist() == [192, 384, 576, 576, 576, 576]
    assert lease.got["sold_kw"].tolist() == [300, 600, 900, 900, 900, 900]
    assert lease.got["site_kw"] == pytest.approx([300, 600, 900, 900, 900, 900])
    assert inference.got["racks"].tolist() == [7, 4, 1, 3, 3, 3]
    assert inference.got["sold_kw"].tolist() == [560, 320, 80, 240, 240, 240]
    assert inference.got["site_kw"] == pytest.approx([700, 400, 100, 300, 300, 300])


def test_commitments_are_counted_in_the_racks_that_meet_them(tiny: Ramp) -> None:
    lease = of(tiny, "lease")
    assert [lease.committed[one].tolist() for one in MEASURES] == [lease.got[one].tolist() for one in MEASURES]
    # Inference has at least one rack.
    assert of(tiny, "inference").committed["gpus"].tolist() == [64] * 6
    assert not any(one.short[measure].any() for one in tiny.demands for measure in MEASURES)


def test_supply_and_what_survives_a_loss(tiny: Ramp) -> None:
    # 1,000 kW until the second supply comes in August, then 1,500; until then the feeder is full.
    # From August on all 12 racks draw 960 kW. In normal operation each of the three UPS has 10 of 330 kW left, and a kW
    # more in any row takes half of it from two of them: 30 kW in all. After the loss of one, the others carry 480 of
    # 500 kW, and 10 kW more in each row would make 495. So 30 kW more, 37.5 at the feeder, beside 1,200.
    assert tiny.supply_kw.tolist() == [1000, 1000, 1000, 1500, 1500, 1500]
    assert tiny.through_a_loss_kw == pytest.approx([1000, 1000, 1000, 1237.5, 1237.5, 1237.5])
    assert tiny.installed["racks"].tolist() == [12] * 6
    assert tiny.installed["gpus"].tolist() == [768] * 6


@pytest.fixture(scope="module")
def unpowered() -> Ramp:
    supplies = [{"name": "grid-1", "node": "grid", "kw": 900, "from": "2026-08"}]
    return Ramp(pictured(by_hand(facility=facility(supplies=supplies))))


def test_what_is_missing(unpowered: Ramp) -> None:
    # The lease is sold 2, then from July on 5 racks of 80 kW, 100 at the roots; own work has at least 2. Nothing has
    # power until August, when a UPS carries 6 of 80 kW after the loss of the other: 5 for the lease, 1 for own work.
    lease, own = of(unpowered, "lease"), of(unpowered, "own")
    assert lease.short["sold_kw"].tolist() == [160, 160, 400, 0, 0, 0]
    assert lease.short["site_kw"] == pytest.approx([200, 200, 500, 0, 0, 0])
    assert lease.short["racks"].tolist() == [2, 2, 5, 0, 0, 0]
    assert lease.committed["gpus"].tolist() == [128, 128, 320, 320, 320, 320]
    assert own.short["racks"].tolist() == [2, 2, 2, 1, 1, 1]


def test_idle_racks_and_what_is_always_on_are_layers_of_their_own(unpowered: Ramp) -> None:
    # Ten racks stand, six serve from August on: a UPS carries 240 of 250 kW, and half of 8 kW of two idle racks, 10 kW
    # at the roots each; the other two are switched off. 10 kW is always on.
    assert unpowered.idle["racks"].tolist() == [0, 0, 0, 2, 2, 2]
    assert unpowered.idle["site_kw"] == pytest.approx([0, 0, 0, 20, 20, 20])
    assert unpowered.static_kw.tolist() == [0, 0, 0, 10, 10, 10]


def test_the_stack_ends_at_the_load_of_the_site(tiny: Ramp, unpowered: Ramp) -> None:
    for ramp in (tiny, unpowered):
        stack = np.sum([one.got["site_kw"] for one in ramp.demands], axis=0) + ramp.idle["site_kw"] + ramp.static_kw
        assert stack == pytest.approx(ramp.load_kw)


def test_without_a_contingency_no_loss_limits() -> None:
    nodes = [{**node, "contingency": False} for node in facility()["power"]]
    assert Ramp(pictured(by_hand(facility=facility(power=nodes)))).through_a_loss_kw is None


def test_a_minimum_in_gpus_is_met_by_racks_of_any_type() -> None:
    # Two types of 64 GPUs that draw 80 and 40 kW. One rack of each is 128 GPUs, all of the minimum, though it draws
    # less than two of the type that is named first.
    hgx = facility()["rack_types"][0]
    site = facility(rack_types=[hgx, hgx | {"name": "air", "nameplate_kw": 40, "expected_kw": 32}])
    site["racks"] = [{**rack, "rack_type": "hgx" if at == 0 else "air"} for at, rack in enumerate(site["racks"][:2])]
    own = {
        "name": "own",
        "rack_types": ["hgx", "air"],
        "demand": [{"from": "2026-05", "gpus": 128, "min": 128}],
        "value": [{"usd_per_gpu_hour": 1.5}],
    }
    got = of(Ramp(pictured(by_hand(facility=site, contracts=[], workloads=[own]))), "own")
    assert got.got["sold_kw"].tolist() == [120] * 6
    assert not got.short["sold_kw"].any()
    assert got.committed["gpus"].tolist() == [128] * 6
