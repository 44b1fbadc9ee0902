"""Partitions and dated reservations: who may use which nodes, and when.

Source: slurm.conf(5) and scontrol(1) of Slurm.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from capalloc.exports.slurm.names import slurm_names
from capalloc.exports.slurm.nodes import SlurmRack, SlurmSite, listed
from capalloc.schema.demand import Contract, Demand
from capalloc.schema.plan import Assignment


@dataclass(frozen=True, slots=True)
class Tenants:
    """Names of demands and of their accounts, as Slurm has them."""

    partition: Mapping[str, str]
    """By demand."""
    account: Mapping[str, str]
    """By demand: that of a contract's tenant, which its contracts share; of a workload its own."""


def tenants_of(demands: Iterable[Demand]) -> Tenants:
    """The names of all demands of a plan."""
    owners = {one.name: (one.tenant if isinstance(one, Contract) else None) or one.name for one in demands}
    accounts = slurm_names(owners.values(), lower=True)
    return Tenants(slurm_names(owners), {demand: accounts[owner] for demand, owner in owners.items()})


@dataclass(frozen=True, slots=True)
class Reservation:
    """Nodes that an account has from a day until another, both at midnight."""

    name: str
    account: str
    start: date
    until: date
    nodes: str


def reservations(assignments: Iterable[Assignment], site: SlurmSite, tenants: Tenants) -> list[Reservation]:
    """One for all racks that serve a demand on the same days, in the order of days, then names."""
    spans: dict[tuple[date, date, str], list[str]] = {}
    for one in assignments:
        spans.setdefault((one.start, one.until, one.demand), []).append(one.rack)
    return [_reservation(*span, site.nodes_of(spans[span]), tenants) for span in sorted(spans)]


def _reservation(start: date, until: date, demand: str, nodes: str, tenants: Tenants) -> Reservation:
    name = f"{tenants.partition[demand]}_{start}_{until}"
    return Reservation(name, tenants.account[demand], start, until, nodes)


def partitions_conf(assignments: Iterable[Assignment], site: SlurmSite, tenants: Tenants) -> list[str]:
    """Sets of nodes of halls, rack types and demands; a partition for each demand, in which jobs name a reservation."""
    served: dict[str, set[str]] = {}
    for one in assignments:
        served.setdefault(one.demand, set()).add(one.rack)
    sets: dict[str, list[SlurmRack]] = {}
    for rack in site.racks:
        demands = [f"demand-{demand}" for demand, racks in served.items() if rack.rack.name in racks]
        for name in (f"hall-{rack.position.hall}", f"type-{rack.type.name}", *demands):
            sets.setdefault(name, []).append(rack)
    names = slurm_names(sets, taken=(node for rack in site.racks for node in rack.nodes))
    lines = [f"NodeSet={names[one]} Nodes={listed(racks)}" for one, racks in sorted(sets.items())]
    return [*lines, *(_partition(demand, names[f"demand-{demand}"], tenants) for demand in sorted(served))]


def _partition(demand: str, nodes: str, tenants: Tenants) -> str:
    access = f"AllowAccounts={tenants.account[demand]} ReqResv=YES"
    return f"PartitionName={tenants.partition[demand]} Nodes={nodes} {access} Default=NO State=UP"
