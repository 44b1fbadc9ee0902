"""The objects of one period, as plain records in the order of Kueue's own fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from capalloc.errors import NoAnswerError
from capalloc.exports.kueue.holdings import Holding
from capalloc.exports.kueue.labels import DEMAND, RACK_TYPE
from capalloc.exports.kueue.names import Names
from capalloc.exports.kueue.resources import resource_of
from capalloc.schema.demand import Demand

Manifest = dict[str, Any]
_API = "kueue.x-k8s.io/v1beta2"
_MOST_FLAVORS = 64
_NAMESPACE_LABEL = "kubernetes.io/metadata.name"


def topology(names: Names, levels: Sequence[str]) -> Manifest:
    """The levels of the site, from the top down."""
    return _object("Topology", names.topology, {"levels": [{"nodeLabel": level} for level in levels]})


def namespaces(names: Names) -> Iterator[Manifest]:
    """A namespace for each tenant, in which its queues are."""
    for name in sorted(names.tenants.values()):
        yield {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}


def of_period(holdings: Iterable[Holding], names: Names) -> list[Manifest]:
    """Flavours, cohorts, cluster queues and local queues, as they are to be in a period.

    ``holdings`` are those of the period and, without racks, those of periods before it.
    """
    held = list(holdings)
    demands = list({one.demand.name: one.demand for one in held}.values())
    by_demand = {demand.name: [one for one in held if one.demand is demand] for demand in demands}
    return [
        *(_flavor(one, names) for one in held),
        *(_object("Cohort", name, {}) for name in sorted({names.tenant(demand) for demand in demands})),
        *(_cluster_queue(demand, by_demand[demand.name], names) for demand in demands),
        *(_local_queue(demand, names) for demand in demands),
    ]


def _flavor(holding: Holding, names: Names) -> Manifest:
    labels = {DEMAND: names.demand(holding.demand), RACK_TYPE: names.types[holding.rack_type.name,]}
    return _object("ResourceFlavor", names.flavor(holding), {"nodeLabels": labels, "topologyName": names.topology})


def _cluster_queue(demand: Demand, held: Sequence[Holding], names: Names) -> Manifest:
    drained = not any(one.racks for one in held)
    return _object(
        "ClusterQueue",
        names.demand(demand),
        {
            "cohortName": names.tenant(demand),
            "namespaceSelector": {"matchLabels": {_NAMESPACE_LABEL: names.tenant(demand)}},
            "resourceGroups": list(_groups(demand, held, names)),
            "stopPolicy": "HoldAndDrain" if drained else "None",
        },
    )


def _groups(demand: Demand, held: Sequence[Holding], names: Names) -> Iterator[Manifest]:
    """A group for each resource; its flavours in the order in which the demand prefers the types.

    Raises NoAnswerError where these are too many.
    """
    counted = [(resource_of(one.rack_type), one) for one in held if one.gpus_each]
    order = {kind: number for number, kind in enumerate(demand.rack_types)}
    counted.sort(key=lambda pair: (pair[0], order[pair[1].rack_type.name]))
    if len(counted) > _MOST_FLAVORS:
        raise NoAnswerError(
            f"the demand '{demand.name}' holds racks of {len(counted)} types with GPUs; a ClusterQueue of Kueue has at "
            f"most {_MOST_FLAVORS} flavours"
        )
    for resource, pairs in groupby(counted, key=lambda pair: pair[0]):
        flavors = [
            {"name": names.flavor(one), "resources": [{"name": resource, "nominalQuota": one.gpus}]} for _, one in pairs
        ]
        yield {"coveredResources": [resource], "flavors": flavors}


def _local_queue(demand: Demand, names: Names) -> Manifest:
    made = _object("LocalQueue", names.demand(demand), {"clusterQueue": names.demand(demand)})
    made["metadata"]["namespace"] = names.tenant(demand)
    return made


def _object(kind: str, name: str, spec: Manifest) -> Manifest:
    return {"apiVersion": _API, "kind": kind, "metadata": {"name": name}, "spec": spec}
