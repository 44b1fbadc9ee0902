"""The tree of switches has every node once; its YAML is as Slurm's manual says."""

from __future__ import annotations

import jsonschema
import pytest
import yaml

from capalloc.exports.slurm import slurm_files
from capalloc.exports.slurm.hostlist import expanded
from capalloc.exports.slurm.nodes import slurm_site
from tests.byhand import facility
from tests.exports.slurm.manual import TOPOLOGY
from tests.exports.slurm.sites import files_of, planned, small

SITES = ["tiny", "colossus1-anthropic", "odd"]


def lines(files: dict[str, str]) -> list[dict[str, str]]:
    text = files["topology.conf"]
    return [dict(word.split("=", 1) for word in line.split()) for line in text.splitlines() if line[0] != "#"]


@pytest.mark.parametrize("name", SITES)
def test_every_node_has_one_leaf_and_every_switch_but_the_site_one_parent(name: str) -> None:
    found = lines(files_of(name))
    leaves = [node for line in found if "Nodes" in line for node in expanded(line["Nodes"])]
    assert sorted(leaves) == sorted(slurm_site(planned(name)).nodes)
    below = [name for line in found if "Switches" in line for name in expanded(line["Switches"])]
    assert sorted([*below, found[-1]["SwitchName"]]) == sorted(line["SwitchName"] for line in found)


def test_halls_have_rows_where_positions_have_no_block() -> None:
    assert [line["SwitchName"] for line in lines(slurm_files(small()).files)] == [
        "row-h1-r0",
        "row-h1-r1",
        "row-h1-r2",
        "hall-h1",
        "site-site",
    ]


def test_blocks_take_the_place_of_rows_and_one_that_halls_share_hangs_on_the_site() -> None:
    positions = facility()["positions"]
    for i, one in enumerate(positions):
        one |= {"hall": "h1" if i < 6 else "h2", "fabric_block": ("b1", "shared", "b2")[i // 4]}
    found = {line.pop("SwitchName"): line for line in lines(slurm_files(small(positions=positions)).files)}
    assert found == {
        "block-b1": {"Nodes": "k[00-03]"},
        "block-b2": {"Nodes": "k[08-09]"},
        "block-shared": {"Nodes": "k[04-07]"},
        "hall-h1": {"Switches": "block-b1"},
        "hall-h2": {"Switches": "block-b2"},
        "site-site": {"Switches": "block-shared,hall-h[1-2]"},
    }


@pytest.mark.parametrize("name", SITES)
def test_topology_yaml_is_as_the_manual_says(name: str) -> None:
    found = yaml.safe_load(files_of(name)["topology.yaml"])
    jsonschema.validate(found, TOPOLOGY)
    assert all(next(iter(one)) == "topology" for one in found)
    tree, blocks = found
    switches = [(one["switch"], one.get("nodes") or one["children"]) for one in tree["tree"]["switches"]]
    assert switches == [(line["SwitchName"], line.get("Nodes") or line["Switches"]) for line in lines(files_of(name))]
    sizes = [len(expanded(one["nodes"])) for one in blocks["block"]["blocks"]]
    assert blocks["block"]["block_sizes"] == [min(sizes)]
    assert sum(sizes) == len(list(slurm_site(planned(name)).nodes))
