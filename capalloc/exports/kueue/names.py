"""Names of objects and values of labels: one to one, and the same in every period."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from capalloc.analysis.base import Base
from capalloc.exports.kueue.alphabet import DNS_LABEL, LABEL_VALUE, Alphabet, Key
from capalloc.exports.kueue.holdings import Holding
from capalloc.schema.demand import Contract, Demand

_INTERNAL = ("internal", "workloads")
"""Key of those who are no tenant."""


@dataclass(frozen=True, slots=True)
class Names:
    """What things are called in Kubernetes, by what they are called here."""

    topology: str
    demands: Mapping[Key, str]
    """Of cluster queues and local queues, and the value of the nodes' label."""
    tenants: Mapping[Key, str]
    """Of cohorts and namespaces."""
    flavors: Mapping[Key, str]
    types: Mapping[Key, str]
    racks: Mapping[Key, str]
    halls: Mapping[Key, str]
    rows: Mapping[Key, str]
    blocks: Mapping[Key, str]

    def demand(self, demand: Demand) -> str:
        """Its queues."""
        return self.demands[demand.name,]

    def tenant(self, demand: Demand) -> str:
        """The cohort and namespace of a demand."""
        return self.tenants[_tenant(demand)]

    def flavor(self, holding: Holding) -> str:
        """The flavour of the nodes of a demand's racks of one type."""
        return self.flavors[holding.demand.name, holding.rack_type.name]

    def table(self) -> list[tuple[str, str, str]]:
        """(kind, ours, theirs) of every name."""
        kinds = (
            ("demand", self.demands),
            ("tenant", self.tenants),
            ("flavor", self.flavors),
            ("rack_type", self.types),
            ("hall", self.halls),
            ("row", self.rows),
            ("fabric_block", self.blocks),
            ("rack", self.racks),
        )
        return [(kind, " ".join(key), name) for kind, names in kinds for key, name in sorted(names.items())]


def names_of(base: Base) -> Names:
    """The names of a plan's site, of its demands and of all that they could hold."""
    site, demands = base.scenario.facility, [data.demand for data in base.instance.demands]
    return Names(
        topology=_one(site.name),
        demands=_all((one.name for one in demands), DNS_LABEL),
        tenants=DNS_LABEL.names(_tenant(one) for one in demands),
        flavors=DNS_LABEL.names((one.name, kind) for one in demands for kind in one.rack_types),
        types=_all((kind.name for kind in site.rack_types), LABEL_VALUE),
        racks=_all((rack.name for rack in site.racks), LABEL_VALUE),
        halls=_all((place.hall for place in site.positions), LABEL_VALUE),
        rows=_all((place.row_key for place in site.positions), LABEL_VALUE),
        blocks=_all((place.fabric_block for place in site.positions if place.fabric_block), LABEL_VALUE),
    )


def _tenant(demand: Demand) -> Key:
    return (demand.tenant,) if isinstance(demand, Contract) else _INTERNAL


def _one(name: str) -> str:
    return _all([name], DNS_LABEL)[name,]


def _all(names: Iterable[str], alphabet: Alphabet) -> dict[Key, str]:
    return alphabet.names((name,) for name in names)
