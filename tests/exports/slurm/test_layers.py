"""Layers of power: as the manual says, enough for the plan, and safe though all of them draw their count at once."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
import yaml

from capalloc.exports.slurm import SlurmParams, slurm_files
from capalloc.exports.slurm.hostlist import expanded
from capalloc.exports.slurm.nodes import slurm_site
from capalloc.schema.facility import Facility
from tests.byhand import facility
from tests.exports.slurm.manual import RESOURCES
from tests.exports.slurm.sites import files_of, planned, small

Layer = dict[str, Any]
Feeds = tuple[tuple[str, float], ...]


OLD, NEW = "resources.yaml", "resources-26.11.yaml"


def resource(files: dict[str, str], file: str = NEW) -> dict[str, Any]:
    found = yaml.load(files[file], yaml.CSafeLoader)
    jsonschema.validate(found, RESOURCES[file])
    assert next(iter(found[0])) == "resource"
    assert len(found) == 1
    return dict(found[0])


def leaves(found: dict[str, Any]) -> list[Layer]:
    """Layers with nodes and none below them, which without names are those that hold no other."""
    layers = [one for one in found["layers"] if "nodes" in one]
    if "layer_name" in layers[0]:
        return layers
    sets = [set(nodes(one)) for one in layers]
    return [one for one, has in zip(layers, sets, strict=True) if not any(other < has for other in sets)]


def nodes(layer: Layer) -> list[str]:
    return [node for text in layer["nodes"] for node in expanded(text)]


def idle_w(layer: Layer) -> int:
    return sum(one["value"] for one in layer.get("base", []))


SITES = ["tiny", "colossus1-anthropic", "colo-hall", "odd", "small"]


@pytest.mark.parametrize("name", SITES)
def test_layers_are_one_tree_of_one_depth_with_every_node_in_one_leaf(name: str) -> None:
    found = resource(files_of(name))
    layers = {one["layer_name"]: one for one in found["layers"]}
    assert len({name.lower() for name in layers}) == len(found["layers"])
    roots = [name for name, one in layers.items() if "parent_name" not in one]
    assert roots == ["site"]
    assert len({depth(one, layers) for one in leaves(found)}) == 1
    parents = {one.get("parent_name") for one in layers.values()}
    assert parents.isdisjoint(one["layer_name"] for one in leaves(found))
    assert sorted(node for one in leaves(found) for node in nodes(one)) == sorted(slurm_site(planned(name)).nodes)


@pytest.mark.parametrize("name", SITES)
def test_layers_without_names_are_one_tree_of_one_depth_in_which_no_two_are_alike(name: str) -> None:
    layers = [(set(nodes(one)), one) for one in resource(files_of(name), OLD)["layers"]]
    whole = set(slurm_site(planned(name)).nodes)
    assert layers[0][0] == whole
    above = [sorted((len(more), i) for i, (more, _) in enumerate(layers) if has < more) for has, _ in layers]
    assert all(a <= b or b <= a or not a & b for a, _ in layers for b, _ in layers)
    assert len({tuple(sorted(has)) for has, _ in layers}) == len(layers)
    leaf = [not any(other < has for other, _ in layers) for has, _ in layers]
    assert len({len(one) for one, last in zip(above, leaf, strict=True) if last}) == 1
    assert sum(len(has) for (has, _), last in zip(layers, leaf, strict=True) if last) == len(whole)
    for i, (_, one) in enumerate(layers):
        below = [layers[j][1]["count"] for j in range(len(layers)) if above[j] and above[j][0][1] == i]
        assert one["count"] == sum(below) or not below


def depth(layer: Layer, layers: dict[str, Layer]) -> int:
    return 1 + depth(layers[layer["parent_name"]], layers) if "parent_name" in layer else 0


@pytest.mark.parametrize("name", SITES)
def test_a_layer_may_draw_what_those_below_it_may(name: str) -> None:
    layers = resource(files_of(name))["layers"]
    for one in layers:
        below = [layer["count"] for layer in layers if layer.get("parent_name") == one["layer_name"]]
        assert one["count"] == sum(below) or not below


@pytest.mark.parametrize("file", [OLD, NEW])
@pytest.mark.parametrize("period", [0, -1])
@pytest.mark.parametrize("name", SITES)
def test_no_limit_is_passed_though_all_leaves_draw_their_count(name: str, period: int, file: str) -> None:
    base = planned(name)
    label = base.plan.periods[period]
    day = base.scenario.horizon.periods[period].start
    racks = {node: one for one in slurm_site(planned(name)).racks for node in one.nodes}
    drawn: dict[Feeds, int] = {}
    for leaf in leaves(resource(files_of(name, SlurmParams(label)), file)):
        (feeds,) = {racks[node].position.shares for node in nodes(leaf)}
        drawn[feeds] = drawn.get(feeds, 0) + leaf["count"]
    site = base.scenario.facility
    there = [one for one in site.power if not (one.available_from and one.available_from > day)]
    above = {one.name: chain(site, one.name) for one in site.power}
    for lost in (None, *(one.name for one in there if one.contingency)):
        loads = loads_w(site, above, lost, drawn)
        for node in there:
            if lost not in above[node.name]:
                limit_kw = node.rated_kw * node.max_utilization if lost is None else node.failover_limit_kw
                assert loads[node.name] <= limit_kw * 1000 + 1, (node.name, lost)


def chain(site: Facility, name: str) -> tuple[str, ...]:
    """A node and all nodes above it."""
    parents, found = {one.name: one.parent for one in site.power}, [name]
    while (parent := parents[found[-1]]) is not None:
        found.append(parent)
    return tuple(found)


def loads_w(
    site: Facility, above: dict[str, tuple[str, ...]], lost: str | None, drawn: dict[Feeds, int]
) -> dict[str, float]:
    """W on every node while one is out (or none), from first principles."""
    factor = {one.name: site.pue if one.load == "facility" else 1.0 for one in site.power}
    loads = dict.fromkeys(above, 0.0)
    for one in site.power:
        for node in above[one.name] if lost not in above[one.name] else ():
            loads[node] += one.static_load_kw * 1000
    for feeds, watts in drawn.items():
        left = [(feed, share) for feed, share in feeds if lost not in above[feed]]
        for feed, share in left:
            for node in above[feed]:
                loads[node] += watts * factor[node] * (share if len(left) == len(feeds) else 1.0)
    return loads


@pytest.mark.parametrize(
    ("name", "gpus_per_node"),
    [("tiny", ()), ("tiny", ("4",)), ("colossus1-anthropic", ()), ("odd", ("8",)), ("small", ("8",))],
)
def test_jobs_of_every_rack_that_the_plan_has_at_work_fit(name: str, gpus_per_node: tuple[str, ...]) -> None:
    base = planned(name)
    found = resource(files_of(name, SlurmParams(None, gpus_per_node)))
    values = {one["name"]: one["value"] for one in found["variables"]}
    first = base.scenario.horizon.periods[0]
    serving = {one.rack: one.demand for one in base.plan.assignments if one.start == first.start}
    racks = {node: one for one in slurm_site(base, gpus_per_node).racks for node in one.nodes}
    for leaf in leaves(found):
        jobs = sum(
            value_of(values, serving[racks[node].rack.name], racks[node].type.name)
            for node in nodes(leaf)
            if racks[node].rack.name in serving
        )
        assert jobs + idle_w(leaf) <= leaf["count"]


def value_of(values: dict[str, int], demand: str, kind: str) -> int:
    spelled = {"lease, all": "lease-all", "own [x]": "own-x"}.get(demand, demand)
    return values[f"{spelled}_{'hgx-8' if kind == 'hgx [8]' else kind}"]


def test_shares_of_a_pair_are_what_either_of_them_carries_alone() -> None:
    # Two UPS of 500 kW at 0.5, ten racks on both: 250 kW each in normal operation, so 500 kW together, and 500 kW
    # after a loss. The grid takes (1000 - 10) / 1.25 = 792 kW. Ten racks draw 800 kW at most: 500 kW are left of them.
    # Idle racks draw 8 kW each, and two are off: six at work leave 20 kW, two of the others idle.
    (leaf,) = leaves(resource(slurm_files(small()).files))
    assert leaf["count"] == 500_000
    assert leaf["base"] == [{"name": "idle", "value": 64_000}]


def test_the_tighter_of_two_pairs_leaves_the_other_its_own() -> None:
    # A second pair of UPS of 200 kW at 0.5 carries 200 kW: racks 8 and 9 on it draw 160 kW at most and have them all.
    # The eight racks of the first pair draw 640 kW at most; 500 kW are what it carries.
    site = facility()
    ups = {"kind": "ups", "parent": "grid", "rated_kw": 200, "max_utilization": 0.5, "contingency": True}
    power = [*site["power"], {"name": "u3", **ups}, {"name": "u4", **ups}]
    positions = [one | ({"feed_a": "u3", "feed_b": "u4"} if one["index"] > 7 else {}) for one in site["positions"]]
    found = resource(slurm_files(small(power=power, positions=positions)).files)
    assert [(one["layer_name"], one["count"]) for one in leaves(found)] == [("u1", 500_000), ("u3", 160_000)]


def test_racks_on_one_first_feed_and_two_second_ones_are_two_leaves() -> None:
    site = facility()
    power = [*site["power"], {"name": "u3", "kind": "ups", "parent": "grid", "rated_kw": 500, "contingency": True}]
    positions = [one | ({"feed_b": "u3"} if one["index"] > 5 else {}) for one in site["positions"]]
    found = resource(slurm_files(small(power=power, positions=positions)).files)
    assert [(one["layer_name"], one["parent_name"]) for one in leaves(found)] == [("u1-u2", "u1"), ("u1-u3", "u1")]


def test_where_racks_have_one_feed_layers_may_draw_what_their_nodes_carry() -> None:
    # The UPS carry 500 x 0.5 = 250 kW each, and five racks draw 400 kW at most. The grid takes
    # (1000 x 0.4 - 10) / 1.25 = 312 kW: less than both UPS together.
    site = facility()
    power = [site["power"][0] | {"max_utilization": 0.4}, *site["power"][1:]]
    positions = [
        {key: value for key, value in one.items() if key != "feed_b"} | {"feed_a": f"u{1 + one['index'] % 2}"}
        for one in site["positions"]
    ]
    base = small(power=power, positions=positions)
    files = slurm_files(base).files
    counts = {one["layer_name"]: one["count"] for one in resource(files)["layers"]}
    assert counts == {"site": 312_000, "grid": 312_000, "u1": 250_000, "u2": 250_000}
    # Without names the site and the grid are one layer.
    assert [one["count"] for one in resource(files, OLD)["layers"]] == [312_000, 250_000, 250_000]


def test_where_a_limit_would_go_with_its_depth_leaves_share_what_is_left() -> None:
    # Two racks hang on the grid by a busway of their own, eight on UPS 1 by four busways of two: UPS are at a depth at
    # which one has a single layer below it, and without UPS 1 nothing would keep its 250 kW.
    site = facility()
    ways = [{"name": f"w{i}", "kind": "busway", "parent": "u1" if i < 4 else "u2", "rated_kw": 400} for i in range(5)]
    positions = [
        {key: value for key, value in one.items() if key != "feed_b"} | {"feed_a": f"w{one['index'] // 2 % 5}"}
        for one in site["positions"]
    ]
    found = resource(slurm_files(small(power=[*site["power"], *ways], positions=positions)).files, OLD)
    counts = [one["count"] for one in found["layers"]]
    assert len(counts) == 6
    assert counts[0] == sum(counts[1:])
    assert sum(counts[1:5]) <= 250_000
