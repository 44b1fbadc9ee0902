"""Layers of power as resources.yaml has them, in W: by the nodes below each, or by name, as Slurm has them since 26.11.

Source: resources.yaml(5) of Slurm 26.05 and of 26.11; what 26.05 makes of it: src/slurmctld/licenses.c, hres_init.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from capalloc.analysis.base import Base
from capalloc.exports.slurm.layers import Layer, branching, power_layers
from capalloc.exports.slurm.names import slurm_names
from capalloc.exports.slurm.nodes import SlurmSite, listed
from capalloc.exports.slurm.tenants import Tenants

RESOURCE = "power"
Resources = list[dict[str, Any]]
_INFINITE, _MOST_COUNT = -1, 2**32 - 2
"""How Slurm counts more than it can; what is below such a layer still has its counts."""


def resources_by_nodes(base: Base, site: SlurmSite, tenants: Tenants, t: int) -> Resources:
    """The resource as Slurm 25.11 and 26.05 read it: no two layers have the same nodes."""
    root = branching(power_layers(base, site, t)) or branching(power_layers(base, site, t, exact=False))
    assert root is not None, "shares of leaves need no limit above them"
    layers = [{"nodes": [listed(layer.racks_below)], **_counts(layer)} for layer in root.all()]
    return _resource(_variables(base, site, tenants), layers)


def resources_by_name(base: Base, site: SlurmSite, tenants: Tenants, t: int) -> Resources:
    """The resource as Slurm reads it since 26.11: layers have names, those of power nodes, and leaves alone nodes."""
    root = power_layers(base, site, t)
    names = slurm_names(layer.name for layer in root.all())
    layers = [_named(layer, parent, names) for layer, parent in _with_parents(root)]
    return _resource(_variables(base, site, tenants), layers)


def _resource(variables: list[dict[str, Any]], layers: list[dict[str, Any]]) -> Resources:
    return [{"resource": RESOURCE, "mode": "MODE_3", "variables": variables, "layers": layers}]


def _with_parents(layer: Layer, parent: str | None = None) -> Iterator[tuple[Layer, str | None]]:
    yield layer, parent
    for child in layer.children.values():
        yield from _with_parents(child, layer.name)


def _named(layer: Layer, parent: str | None, names: Mapping[str, str]) -> dict[str, Any]:
    entry: dict[str, Any] = {"layer_name": names[layer.name]}
    if parent is not None:
        entry["parent_name"] = names[parent]
    if layer.racks:
        entry["nodes"] = [listed(layer.racks)]
    return entry | _counts(layer)


def _counts(layer: Layer) -> dict[str, Any]:
    counts: dict[str, Any] = {"count": layer.count_w if layer.count_w <= _MOST_COUNT else _INFINITE}
    return counts | ({"base": [{"name": "idle", "value": layer.idle_w}]} if layer.idle_w else {})


def _variables(base: Base, site: SlurmSite, tenants: Tenants) -> list[dict[str, Any]]:
    """W of a node by demand and rack type, as the plan counts them, above what it draws idle."""
    instance, fewest = base.instance, _fewest_nodes(site)
    pairs = [(d, k) for d in range(len(instance.demands)) for k in np.flatnonzero(instance.draw_w[d]).tolist()]
    kinds = instance.type_names
    texts = {
        (d, k): f"{tenants.partition[instance.demand_names[d]]}_{kinds[k]}" for d, k in pairs if kinds[k] in fewest
    }
    names = slurm_names(texts.values())
    idle = instance.idle_w if instance.policy.idle_powered else np.zeros_like(instance.idle_w)
    return [
        {"name": names[text], "value": max(int(instance.draw_w[d, k] - idle[k]), 0) // fewest[kinds[k]]}
        for (d, k), text in texts.items()
    ]


def _fewest_nodes(site: SlurmSite) -> dict[str, int]:
    """By rack type, the fewest nodes that one of its racks is."""
    found: dict[str, int] = {}
    for one in site.racks:
        found[one.type.name] = min(len(one.nodes), found.get(one.type.name, len(one.nodes)))
    return found
