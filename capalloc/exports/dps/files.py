"""The files that the service imports: devices first, then the topology."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import get_args

import yaml

from capalloc.analysis.base import Base
from capalloc.calendar import Period
from capalloc.errors import Problem, ScenarioError
from capalloc.exports.dps.topology import Topology
from capalloc.schema.facility import NodeKind


def dps_files(
    base: Base, period: Period, tagged: str | None = None, gpus_per_node: Sequence[str] = ()
) -> dict[str, str]:
    """``dps-devices.yaml`` and ``dps-topology.json`` of a period.

    The topology is named for the site and period: the service refuses a name that it has. Raises ScenarioError where
    the site has no power node of the kind ``tagged``, or as :func:`slurm_site`.
    """
    _require_kind(base, tagged)
    found = Topology(base, period.index, tagged, gpus_per_node)
    name = f"{base.scenario.facility.name}-{period.label}"
    topology = {"Entities": found.entities, "Topology": {"Name": name, "Entities": found.connections}}
    devices = [found.devices[key] for key in sorted(found.devices)]
    return {
        "dps-devices.yaml": yaml.safe_dump(devices, sort_keys=False, allow_unicode=True),
        "dps-topology.json": json.dumps(topology, indent=1, ensure_ascii=False) + "\n",
    }


def _require_kind(base: Base, kind: str | None) -> None:
    there = {node.kind for node in base.scenario.facility.power}
    if kind is not None and kind not in there:
        known = ", ".join(one for one in get_args(NodeKind) if one in there)
        raise ScenarioError([Problem("", 0, "--feed-tags", f"found {kind!r}, expected a kind of the site: {known}")])
