"""Values far from what is usual are warned about; nothing that ships or is generated is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from capalloc.formats import list_models, load_facility, load_scenario, warnings_of
from capalloc.schema.checks.usual import USUAL, unusual
from capalloc.schema.scenario import Scenario
from capalloc.synthetic.generate import generate

ROOT = Path(__file__).parents[3]


def scenario(changes: dict[str, Any]) -> Scenario:
    """A small site with a contract and a workload, changed at dotted paths."""
    values: dict[str, Any] = yaml.safe_load(_SITE)
    for path, value in changes.items():
        here: Any = values
        *steps, last = path.split(".")
        for step in steps:
            here = here[int(step)] if isinstance(here, list) else here[step]
        here[last] = value
    return Scenario.model_validate(values, by_alias=True, by_name=False)


_SITE = """
scenario: s
facility:
  facility: f
  pue: 1.2
  rack_types:
    - {name: hgx, gpu: H100, gpus: 64, nameplate_kw: 80.0, expected_kw: 68.0, idle_kw: 20.0, liquid_fraction: 0.75,
       cooling: liquid}
  power:
    - {name: grid, kind: utility, rated_kw: 200.0, load: facility}
    - {name: ups, kind: ups, parent: grid, rated_kw: 200.0}
  supplies: [{name: gas, node: grid, kw: 200.0}]
  positions:
    - {name: p1, hall: h, row: r, feed_a: ups, cooling_zone: z, cooling: liquid}
    - {name: p2, hall: h, row: r, feed_a: ups, cooling_zone: z, cooling: liquid}
  cooling: [{name: z, liquid_kw: 110.0, air_kw: 40.0}]
  racks: [{name: k1, rack_type: hgx, position: p1}, {name: k2, rack_type: hgx, position: p2}]
horizon: {start: "2027-01", end: "2027-07"}
workloads:
  - {name: w, rack_types: [hgx], demand: [{from: "2027-01", racks: 1}], value: [{usd_per_gpu_hour: 3.0}]}
contracts:
  - name: c
    tenant: T
    rack_types: [hgx]
    ramp: [{from: "2027-01", mw: 0.08}]
    until: "2027-07"
    fee: {usd_per_kw_month: 4000.0}
    shortfall: {penalty_usd_per_kw_month: 1000.0}
"""


def test_a_usual_site_has_no_warning() -> None:
    assert unusual(scenario({})) == ()


# Two racks of 80 kW nameplate (68 expected, 51 by liquid) are 0.16 MW and 128 GPUs, draw 136 kW, and give 102 kW by
# liquid, 34 by air. 1.25e9 USD for 80 kW are 1.56e7 a kW-month.
@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        ("contracts.0.ramp.0.fee_factor", 50.0, "found 50; usual is 0 to 1"),
        ("contracts.0.fee", {"usd_per_gpu_hour": 260.0}, "found 260; usual is 1 to 12 USD a GPU-hour"),
        ("contracts.0.fee", {"usd_per_kw_month": 4.167}, "found 4.167; usual is 100 to 5,000 USD a kW-month"),
        ("contracts.0.fee", {"usd_per_kw_month": 4.2e6}, "found 4.2e+06; usual is 100 to 5,000"),
        ("contracts.0.fee", {"usd_per_month": 1.25e9}, "which is 1.56e+07 USD a kW-month for 0.08 MW; usual is 100 to"),
        ("contracts.0.shortfall.penalty_usd_per_kw_month", 1e6, "found 1e+06; usual is 0 to 5,000 USD a kW-month"),
        ("workloads.0.value.0.usd_per_gpu_hour", 300.0, "found 300; usual is 1 to 12"),
        ("workloads.0.penalty_usd_per_gpu_hour", 4000.0, "found 4000; usual is up to ten times the value"),
        ("workloads.0.utilization", 0.08, "found 0.08; usual is 0.5 to 1"),
        ("facility.pue", 12.0, "found 12; usual is 1.05 to 2"),
        ("facility.pue", 0.83, "found 0.83; usual is 1.05 to 2"),
        ("facility.rack_types.0.nameplate_kw", 80000.0, "found 80000; usual is 5 to 230 kW a rack"),
        ("facility.power.0.max_utilization", 0.008, "found 0.008; usual is 0.5 to 1"),
        ("contracts.0.termination", {"notice_days": 9_000, "by": "tenant"}, "found 9000; usual is 30 to 365 days"),
        ("policy", {"handover_days": 7_000}, "found 7000; usual is 0 to 30 days (drain, wipe and re-cable)"),
        (
            "workloads.0.demand",
            [{"from": "2027-01", "mw": 8000.0}],
            "found 8,000 MW; all racks that it accepts come to 0.16 MW; mind the unit",
        ),
        ("workloads.0.demand", [{"from": "2027-01", "racks": 21}], "found 21 racks; all racks that it accepts are 2"),
        (
            "workloads.0.demand",
            [{"from": "2027-01", "gpus": 300, "min": 200.0}],
            "found 200 GPUs; all racks that it accepts have 128",
        ),
        (
            "contracts.0.ramp",
            [{"from": "2027-01", "gpus": 2}],
            "found 2 GPUs, where a rack has 64; usual is whole",
        ),
        ("workloads.0.demand", [{"from": "2027-01", "gpus": 4, "min": 1.0}], "found 4 GPUs, where a rack has 64"),
        ("workloads.0.value", [{"up_to_gpus": 2, "usd_per_gpu_hour": 3.0}], "found 2 GPUs, where a rack has 64"),
        ("policy", {"discount_rate": 8.0}, "found 8; usual is 0 to 0.2 a year (8 % is written 0.08)"),
        ("contracts.0.ramp.0.mw", 8000.0, "found 8,000 MW; all racks that it accepts come to 0.16 MW; mind the unit"),
        (
            "contracts.0.ramp",
            [{"from": "2027-01", "gpus": 5280}],
            "found 5,280 GPUs; all racks that it accepts have 128",
        ),
        (
            "facility.cooling.0.liquid_kw",
            0.1,
            "found 0.1 kW where the racks that stand there give 102 kW of heat by liquid",
        ),
        ("facility.cooling.0.air_kw", 0.0, "found 0 kW where the racks that stand there give 34 kW of heat by air"),
        (
            "facility.cooling",
            [{"name": "z", "total_kw": 1.0}],
            "found 1 kW where the racks that stand there give 136 kW of",
        ),
        ("facility.power.1.rated_kw", 0.2, "found 0.2 kW where the racks that stand there draw 136 kW"),
        (
            "facility.supplies.0.kw",
            0.2,
            "found 0.2 kW where the racks that stand below 'grid' draw 136 kW; usual is a good part of that",
        ),
    ],
)
def test_a_slip_is_warned_about_with_what_is_usual(path: str, value: Any, says: str) -> None:
    told = [fault.message for fault in unusual(scenario({path: value}))]
    assert any(says in message for message in told), told


def test_a_commitment_far_above_the_supplies_is_warned_about() -> None:
    # The racks have 0.16 MW nameplate; a supply of 50 kW carries less than a third of what is committed.
    told = unusual(scenario({"facility.supplies.0.kw": 50.0, "contracts.0.ramp.0.mw": 0.16}))
    assert [fault.message for fault in told] == [
        "found 0.16 MW; the site's roots and supplies carry 0.05 MW; mind the unit"
    ]


def test_a_workload_may_wish_for_more_than_there_is() -> None:
    assert unusual(scenario({"workloads.0.demand": [{"from": "2027-01", "racks": 20}]})) == ()
    assert unusual(scenario({"workloads.0.demand": [{"from": "2027-01", "mw": 1.6}]})) == ()


def test_what_is_free_or_nothing_is_not_warned_about() -> None:
    free = {"contracts.0.fee": {"usd_per_month": 0.0}, "workloads.0.value.0.usd_per_gpu_hour": 0.0}
    assert unusual(scenario(free)) == ()


@pytest.mark.parametrize("path", sorted((ROOT / "examples").glob("*.yaml")), ids=lambda path: path.stem)
def test_no_example_is_warned_about(path: Path) -> None:
    assert warnings_of(load_scenario(path)) == ()


@pytest.mark.parametrize("name", [model.name for model in list_models() if model.kind == "facility"])
def test_no_shipped_facility_is_warned_about(name: str) -> None:
    assert warnings_of(load_facility(name)) == ()


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("racks", [1, 20, 60, 500, 3500])
def test_no_generated_site_is_warned_about(racks: int, seed: int) -> None:
    assert warnings_of(generate(racks, seed=seed)) == ()


def test_the_reference_of_files_has_each_range() -> None:
    page = (ROOT / "models" / "README.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| `(\w+)` \| ([^|]+) \|$", page, re.MULTILINE))
    assert {key: listed.get(key) for key in USUAL} == {key: usual.range for key, usual in USUAL.items()}


@pytest.mark.parametrize(
    ("periods", "says"),
    [
        (("2026-12",), None),
        (("2027-01",), None),
        (("2026-11",), "covers 2026-11 until 2026-12, so it says nothing of 2026-12-31, the day before the horizon"),
        (("2027-02", "2027-03"), "covers 2027-02 until 2027-04, so it says nothing of 2026-12-31"),
        ((), None),
    ],
)
def test_an_incumbent_of_other_days_counts_for_nothing_and_says_so(periods: tuple[str, ...], says: str | None) -> None:
    values = dict(_PLAN, periods=list(periods))
    told = [fault.message for fault in unusual(scenario({"incumbent": values})) if fault.loc == ("incumbent",)]
    assert (says is None) == (told == [])
    assert says is None or says in told[0]


_PLAN = {
    "format": "capalloc.plan/1",
    "capalloc": "0",
    "scenario": "s",
    "scenario_sha256": "",
    "status": "optimal",
    "termination": {"reason": "optimal"},
    "objective_usd": 0.0,
    "bound_usd": 0.0,
    "gap": 0.0,
}
