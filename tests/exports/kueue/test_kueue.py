"""Manifests for Kueue: valid by its own definitions, and quotas are those of the plan."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from capalloc import load_scenario, solve
from capalloc.analysis.base import Base
from capalloc.exports.kueue import kueue_files
from tests.exports.kueue.definitions import complaints, require_definitions

EXAMPLES = Path(__file__).parents[3] / "examples"
Manifest = dict[str, Any]


@pytest.fixture(scope="module")
def tiny() -> Base:
    scenario = load_scenario(EXAMPLES / "tiny.yaml")
    plan = solve(scenario).plan
    assert plan is not None
    return Base(scenario, plan)


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


def test_manifests_pass_kueues_own_definitions(tiny: Base) -> None:
    require_definitions()
    files = kueue_files(tiny, tiny.instance.periods)
    for name in files:
        if name.endswith(".yaml") and "namespaces" not in name:
            assert [text for one in manifests(files, name) for text in complaints(one)] == []


def test_quotas_are_the_gpus_of_the_plan(tiny: Base) -> None:
    files = kueue_files(tiny, tiny.instance.periods)
    planned = {(one.demand, one.period): one.gpus for one in tiny.plan.demands}
    for period in tiny.instance.periods:
        for demand, gpus in quotas(manifests(files, f"kueue-{period.label}.yaml")).items():
            assert gpus == planned[demand, period.label]
