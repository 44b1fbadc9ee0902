"""Topologies for the Domain Power Service: their form, who feeds whom, and limits that hold after a loss."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from capalloc import PlannerParams, load_scenario, solve
from capalloc.analysis.base import Base
from capalloc.errors import ScenarioError
from capalloc.exports.dps import dps_files
from tests.html.sites import hostile

EXAMPLES = Path(__file__).parents[3] / "examples"
SCHEMA = json.loads((Path(__file__).parent / "topology.schema.json").read_text(encoding="utf-8"))
BUILT_IN = {"DGX_H100", "DGX_B200", "DGX_B300", "DGX_GB200", "DGX_GB300"}


@pytest.fixture(scope="module")
def tiny() -> Base:
    scenario = load_scenario(EXAMPLES / "tiny.yaml")
    plan = solve(scenario).plan
    assert plan is not None
    return Base(scenario, plan)


def exported(base: Base, period: int, **options: Any) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    files = dps_files(base, base.instance.periods[period], **options)
    topology = json.loads(files["dps-topology.json"])
    jsonschema.Draft202012Validator(SCHEMA).validate(topology)
    return topology, yaml.safe_load(files["dps-devices.yaml"])


@pytest.mark.parametrize("gpus_per_node", [(), ("8",), ("16",)])
def test_every_entity_is_fed_and_every_model_is_told_or_known(tiny: Base, gpus_per_node: tuple[str, ...]) -> None:
    topology, devices = exported(tiny, 0, gpus_per_node=gpus_per_node)
    entities = {one["Name"]: one for one in topology["Entities"]}
    assert len(entities) == len(topology["Entities"])
    assert [one["Name"] for one in topology["Topology"]["Entities"]] == list(entities)
    fed = Counter(name for one in topology["Topology"]["Entities"] for name in one.get("Children", ()))
    assert fed.keys() | {"feeder"} == entities.keys()
    # Each node of a rack hangs on both of the rack's cords; all else has one parent.
    assert {name: fed[name] for name in fed if fed[name] != 1} == {
        name: 2 for name, one in entities.items() if one["Type"] == "ComputerSystem"
    }
    told = {(one["type"], one["model"]) for one in devices}
    assert {(one["Type"], one["Model"]) for one in entities.values() if "Model" in one} - told <= {
        ("ComputerSystem", model) for model in BUILT_IN
    }


def test_racks_that_draw_nothing_are_left_out(tiny: Base) -> None:
    # May to July the feeder carries ten racks of 80 kW, and idle racks are off; from August on all twelve run.
    for period, racks in ((0, 10), (3, 12)):
        topology, _ = exported(tiny, period)
        systems = [one for one in topology["Entities"] if one["Type"] == "ComputerSystem"]
        assert len(systems) == racks
        assert {one["OperatingLimit"]["PowerValue"]["Value"] for one in systems} == {80_000}


def test_the_supply_in_force_limits_the_root_and_a_loss_its_neighbours(tiny: Base) -> None:
    limits = {
        one["Name"]: one["OperatingLimit"]["PowerValue"]["Value"]
        for one in exported(tiny, 3)[0]["Entities"]
        if one["Type"] != "ComputerSystem" and "OperatingLimit" in one
    }
    assert limits["feeder"] == 1_200_000  # 800 and 500 kW of supplies from August on, and a rating of 1,200 kW
    # A row of four racks of 80 kW puts 160 kW on each of two busways of 400 kW; the loss of a UPS brings the other 160.
    assert limits["r1-a"] == 240_000


def test_feed_tags_are_at_the_roots_or_where_one_asks(tiny: Base) -> None:
    def tags(tagged: str | None) -> set[str]:
        connections = exported(tiny, 0, tagged=tagged)[0]["Topology"]["Entities"]
        return {one["FeedTag"] for one in connections if "FeedTag" in one}

    assert tags(None) == {"feeder"}
    assert tags("ups") == {"ups1", "ups2", "ups3"}
    with pytest.raises(ScenarioError, match="--feed-tags: found 'rpp', expected a kind of the site: "):
        tags("rpp")


def test_names_of_all_kinds_are_told_apart() -> None:
    # Power nodes, racks and halls of the hostile site share names.
    plan = solve(hostile(), params=PlannerParams(gap=0.05, time_limit=30.0)).plan
    assert plan is not None
    topology, _ = exported(Base(hostile(), plan), 0)
    names = [one["Name"] for one in topology["Entities"]]
    assert len(set(names)) == len(names)
    fed = [name for one in topology["Topology"]["Entities"] for name in one.get("Children", ())]
    roots = {one["Name"] for one in topology["Entities"] if one["Type"] == "PowerDomain"}
    assert set(fed) | roots == set(names)


def test_the_same_plan_is_the_same_bytes(tiny: Base) -> None:
    period = tiny.instance.periods[0]
    assert dps_files(tiny, period) == dps_files(tiny, period)
