"""Manifests for Kueue: valid by its own definitions, and quotas and nodes are those of the plan."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from capalloc import PlannerParams, generate, load_scenario, solve
from capalloc.analysis.base import Base
from capalloc.exports.kueue import kueue_files, kueue_notes
from capalloc.exports.kueue.labels import RACK
from capalloc.exports.kueue.names import names_of
from capalloc.exports.kueue.resources import resource_of
from capalloc.schema.hardware import RackType
from capalloc.schema.scenario import Scenario
from tests.byhand import by_hand, contract, facility, rack_type
from tests.exports.kueue.definitions import complaints, kueues_complaints, require_kueues_own
from tests.exports.kueue.mutants import mutants
from tests.html.sites import hostile, many_demands, over_time

EXAMPLES = Path(__file__).parents[3] / "examples"
Manifest = dict[str, Any]


def planned(scenario: Scenario) -> Base:
    plan = solve(scenario, params=PlannerParams(gap=0.05, time_limit=30.0)).plan
    assert plan is not None
    return Base(scenario, plan)


def without_gpus() -> Scenario:
    """Half of the racks have no GPUs, and a contract of its own takes them."""
    site = facility()
    storage = rack_type(name="storage", gpu="none", gpus=0)
    racks = [rack | {"rack_type": ("hgx", "storage")[number % 2]} for number, rack in enumerate(site["racks"])]
    store = contract(name="store", tenant="Store", rack_types=["storage"], ramp=[{"from": "2026-05", "mw": 0.16}])
    return by_hand(
        facility=site | {"rack_types": [*site["rack_types"], storage], "racks": racks}, contracts=[contract(), store]
    )


@pytest.fixture(scope="module")
def tiny() -> Base:
    return base_of("tiny")


def manifests(files: dict[str, str], name: str) -> list[Manifest]:
    return list(yaml.safe_load_all(files[name]))


def quotas(objects: list[Manifest]) -> Counter[str]:
    """GPUs by cluster queue."""
    found: Counter[str] = Counter()
    for one in objects:
        if one["kind"] == "ClusterQueue":
            for group in one["spec"]["resourceGroups"]:
                found[one["metadata"]["name"]] += sum(
                    resource["nominalQuota"] for flavor in group["flavors"] for resource in flavor["resources"]
                )
    return found


def test_quotas_are_the_gpus_of_the_plan(tiny: Base) -> None:
    files = kueue_files(tiny, tiny.instance.periods)
    planned = {(one.demand, one.period): one.gpus for one in tiny.plan.demands}
    for period in tiny.instance.periods:
        for demand, gpus in quotas(manifests(files, f"kueue-{period.label}.yaml")).items():
            assert gpus == planned[demand, period.label]


def labels_by_script(script: str, racks: dict[str, dict[str, str]], folder: Path) -> None:
    """Run a script with a kubectl of our own, and label nodes, one a rack, as it asks."""
    folder.mkdir(exist_ok=True)
    kubectl = folder / "kubectl"
    kubectl.write_text('#!/bin/sh\nfor word in "$@"; do printf "%s\\t" "$word"; done\nprintf "\\n"\n')
    kubectl.chmod(0o755)
    environment = {"PATH": f"{folder}:/usr/bin:/bin"}
    ran = subprocess.run(["/bin/sh", "-s"], input=script, env=environment, capture_output=True, text=True, check=True)
    for line in ran.stdout.splitlines():
        verb, what, overwrite, flag, selector, *labels = line.split("\t")[:-1]
        assert (verb, what, overwrite, flag) == ("label", "nodes", "--overwrite", "--selector")
        named = re.fullmatch(r"capalloc/rack in \(([\w.,-]+)\)", selector)
        assert named is not None
        for rack in named[1].split(","):
            for label in labels:
                key, _, value = label.partition("=")
                if label.endswith("-") and not value:
                    racks[rack].pop(key.removesuffix("-"), None)
                else:
                    assert re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?", value)
                    racks[rack][key] = value


def rules_beyond_schemas(objects: list[Manifest]) -> None:
    """What Kueue's webhooks and CEL rules ask, as far as it concerns what is written here."""
    flavors = {one["metadata"]["name"] for one in objects if one["kind"] == "ResourceFlavor"}
    cohorts = {one["metadata"]["name"] for one in objects if one["kind"] == "Cohort"}
    queues = {one["metadata"]["name"] for one in objects if one["kind"] == "ClusterQueue"}
    names = [(one["kind"], one["metadata"].get("namespace"), one["metadata"]["name"]) for one in objects]
    assert len(set(names)) == len(names)
    for one in objects:
        spec = one["spec"]
        if one["kind"] == "ResourceFlavor":
            assert 1 <= len(spec["nodeLabels"]) <= 8
        if one["kind"] == "LocalQueue":
            assert spec["clusterQueue"] in queues
        if one["kind"] == "ClusterQueue":
            assert spec["cohortName"] in cohorts
            used = [flavor["name"] for group in spec["resourceGroups"] for flavor in group["flavors"]]
            assert set(used) <= flavors
            assert len(set(used)) == len(used) <= 256
            covered = [name for group in spec["resourceGroups"] for name in group["coveredResources"]]
            assert len(set(covered)) == len(covered)
            for group in spec["resourceGroups"]:
                for flavor in group["flavors"]:
                    assert [resource["name"] for resource in flavor["resources"]] == group["coveredResources"]


SITES: Mapping[str, Callable[[], Scenario]] = {
    "tiny": lambda: load_scenario(EXAMPLES / "tiny.yaml"),
    "hostile": hostile,
    "many demands": lambda: many_demands(40),
    "days": lambda: over_time("day", date(2026, 5, 20), 20),
    "without GPUs": without_gpus,
    "blocks": lambda: generate(racks=80, halls=2, periods=3, seed=3),
}


@lru_cache
def base_of(site: str) -> Base:
    return planned(SITES[site]())


@pytest.mark.parametrize("site", SITES)
def test_the_manifests_of_every_site_select_the_racks_of_the_plan(site: str, tmp_path: Path) -> None:
    base = base_of(site)
    names, racks = names_of(base), base.scenario.facility.racks
    files = kueue_files(base, base.instance.periods)
    nodes = {names.racks[rack.name,]: {RACK: names.racks[rack.name,]} for rack in racks}
    assert len(nodes) == len(racks)
    labels_by_script(files["kueue-nodes.sh"], nodes, tmp_path)
    standing = [rack for rack, at in zip(racks, base.roster.position, strict=True) if at >= 0]
    (topology,) = manifests(files, "kueue-topology.yaml")
    levels = [one["nodeLabel"] for one in topology["spec"]["levels"]]
    assert levels[-1] == "kubernetes.io/hostname"
    assert all(set(levels[:-1]) <= nodes[names.racks[rack.name,]].keys() for rack in standing)
    planned_gpus = {(one.demand, one.period): one.gpus for one in base.plan.demands}
    for period in base.instance.periods:
        objects = manifests(files, f"kueue-{period.label}.yaml")
        rules_beyond_schemas(objects)
        labels_by_script(files[f"kueue-{period.label}-nodes.sh"], nodes, tmp_path)
        found = {}
        for one in objects:
            if one["kind"] == "ResourceFlavor":
                wanted = one["spec"]["nodeLabels"].items()
                found[one["metadata"]["name"]] = {name for name, labels in nodes.items() if wanted <= labels.items()}
        serving = {
            (one.demand, one.rack)
            for one in base.plan.assignments
            if one.start < period.end and one.until > period.start
        }
        types = {rack.name: rack.rack_type for rack in racks}
        expected: dict[str, set[str]] = {name: set() for name in found}
        for demand, rack in serving:
            expected[names.flavors[demand, types[rack]]].add(names.racks[rack,])
        assert found == expected
        for data in base.instance.demands:
            gpus = quotas(objects)[names.demands[data.name,]]
            assert gpus == planned_gpus.get((data.name, period.label), 0)


def written(base: Base) -> list[Manifest]:
    """All objects of Kueue that are written of a plan."""
    files = kueue_files(base, base.instance.periods)
    names = [name for name in files if name.endswith(".yaml") and "namespaces" not in name]
    return [one for name in names for one in manifests(files, name)]


@pytest.mark.parametrize("site", SITES)
def test_the_manifests_of_every_site_have_the_fields_of_kueues_reference(site: str) -> None:
    assert [text for one in written(base_of(site)) for text in complaints(one)] == []


@pytest.mark.parametrize("site", SITES)
def test_every_site_passes_kueues_own_definitions(site: str) -> None:
    require_kueues_own()
    assert [text for one in written(base_of(site)) for text in kueues_complaints(one)] == []


def one_of_each_kind(base: Base) -> list[Manifest]:
    objects = [one for one in written(base) if one["kind"] != "ClusterQueue" or one["spec"]["resourceGroups"]]
    return list({one["kind"]: one for one in objects}.values())


def test_the_schema_refuses_keys_that_are_unknown_missing_or_of_another_kind(tiny: Base) -> None:
    for whole in one_of_each_kind(tiny):
        for path, what, manifest in mutants(whole):
            named = isinstance(path[-1], str) and not {"nodeLabels", "matchLabels"} & set(path[:-1]) if path else False
            if what == "a key too many" or (what == "left out" and named):
                assert list(complaints(manifest)), (path, what)


def test_the_schema_refuses_what_kueues_own_definitions_refuse(tiny: Base) -> None:
    require_kueues_own()
    both = 0
    for whole in one_of_each_kind(tiny):
        for path, what, manifest in mutants(whole):
            if list(kueues_complaints(manifest)):
                both += 1
                assert list(complaints(manifest)), (path, what)
    assert both > 300


def test_a_demand_whose_term_is_over_is_drained_and_keeps_its_quota_at_none() -> None:
    base = planned(over_time("month", date(2026, 5, 1), 200))  # the lease ends with 180 of 200 days: 28 October
    files = kueue_files(base, base.instance.periods)

    def policy(label: str) -> dict[str, str]:
        objects = manifests(files, f"kueue-{label}.yaml")
        return {one["metadata"]["name"]: one["spec"]["stopPolicy"] for one in objects if one["kind"] == "ClusterQueue"}

    assert policy("2026-10")["lease"] == "None"
    assert policy("2026-11") == {"lease": "HoldAndDrain", "own": "None"}
    assert quotas(manifests(files, "kueue-2026-11.yaml"))["lease"] == 0


def test_namespaces_are_a_file_of_their_own(tiny: Base) -> None:
    found = manifests(kueue_files(tiny, ()), "kueue-namespaces.yaml")
    assert [(one["kind"], one["metadata"]["name"]) for one in found] == [
        ("Namespace", "example-ai"),
        ("Namespace", "internal-workloads"),
    ]


def test_what_manifests_do_not_say_is_told() -> None:
    assert list(kueue_notes(base_of("tiny"))) == [
        "5 names written otherwise, such as example-ai for 'Example AI': see kueue-names.csv"
    ]
    without = list(kueue_notes(base_of("without GPUs")))
    assert "no GPUs in racks of storage: flavours without a quota, which admit nothing" in without


@pytest.mark.parametrize(
    ("gpu", "resource"),
    [
        ("H100", "nvidia.com/gpu"),
        ("GB300", "nvidia.com/gpu"),
        ("MI355X", "amd.com/gpu"),
        ("Instinct MI300X", "amd.com/gpu"),
        ("Gaudi 3", "habana.ai/gaudi"),
        ("TPU v7", "google.com/tpu"),
        ("Trainium2", "aws.amazon.com/neuron"),
        ("Mistral One", "nvidia.com/gpu"),
    ],
)
def test_accelerators_are_asked_for_by_their_makers_resource(gpu: str, resource: str) -> None:
    assert resource_of(RackType(**(rack_type(gpu=gpu)))) == resource
