"""Partitions and dated reservations: who may use which nodes, and when.

Source: slurm.conf(5) and scontrol(1) of Slurm.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal

from capalloc.exports.slurm.hostlist import hostlist
from capalloc.exports.slurm.names import slurm_names
from capalloc.exports.slurm.nodes import SlurmRack, SlurmSite, listed
from capalloc.schema.demand import Contract, Demand
from capalloc.schema.plan import Assignment

Reserved = Literal["run", "step"]
"""What has a reservation: racks that serve a demand on the same days, or all of a demand's while they are the same."""
LONGEST = 100_000
"""Characters of one list of nodes; a command's argument may have 131,072 on Linux."""


@dataclass(frozen=True, slots=True)
class Tenants:
    """Names of demands and of their accounts, as Slurm has them."""

    partition: Mapping[str, str]
    """By demand."""
    owner: Mapping[str, str]
    """By demand: a contract's tenant, or the demand itself."""
    accounts: Mapping[str, str]
    """By owner."""

    def account(self, demand: str) -> str:
        """The account of a demand; contracts of one tenant share theirs."""
        return self.accounts[self.owner[demand]]


def tenants_of(demands: Iterable[Demand]) -> Tenants:
    """The names of all demands of a plan."""
    owner = {one.name: (one.tenant if isinstance(one, Contract) else None) or one.name for one in demands}
    return Tenants(slurm_names(owner), owner, slurm_names(owner.values(), lower=True))


def mark_of(site: str) -> str:
    """How the names of all reservations for a site begin, and no others: no two sites share it, or a part of it."""
    spelled = slurm_names([site])[site].replace("_", "-")
    apart = "" if spelled == site else f"-{hashlib.sha256(site.encode()).hexdigest()[:8]}"
    return f"capalloc-{spelled}{apart}_"


@dataclass(frozen=True, slots=True)
class Reservation:
    """Nodes that an account has from a day until another, both at midnight."""

    name: str
    account: str
    start: date
    until: date
    nodes: str


Span = tuple[date, date, str]
"""First day, the day after the last, and a demand."""


def reservations(
    assignments: Sequence[Assignment], site: SlurmSite, tenants: Tenants, reserved: Reserved = "run"
) -> list[Reservation]:
    """One for all racks of a span, in the order of days, then demands; two and more where the list is too long."""
    spans = _steps(assignments) if reserved == "step" else _runs(assignments)
    return [
        one
        for span in sorted(spans)
        for one in _reservations(span, site.named(spans[span]), tenants, mark_of(site.name))
    ]


def _runs(assignments: Iterable[Assignment]) -> dict[Span, list[str]]:
    spans: dict[Span, list[str]] = {}
    for one in assignments:
        spans.setdefault((one.start, one.until, one.demand), []).append(one.rack)
    return spans


def _steps(assignments: Iterable[Assignment]) -> dict[Span, list[str]]:
    runs = _runs(assignments)
    borders: dict[str, set[date]] = {}
    for start, until, demand in runs:
        borders.setdefault(demand, set()).update((start, until))
    spans: dict[Span, list[str]] = {}
    for (start, until, demand), racks in runs.items():
        inside = [day for day in sorted(borders[demand]) if start <= day <= until]
        for first, end in pairwise(inside):
            spans.setdefault((first, end, demand), []).extend(racks)
    return spans


def _reservations(span: Span, racks: Sequence[SlurmRack], tenants: Tenants, mark: str) -> Iterator[Reservation]:
    start, until, demand = span
    name, account = f"{mark}{tenants.partition[demand]}_{start}_{until}", tenants.account(demand)
    for number, nodes in enumerate(_short([node for one in racks for node in one.nodes]), 1):
        yield Reservation(name if number == 1 else f"{name}_{number}", account, start, until, nodes)


def _short(nodes: Sequence[str]) -> list[str]:
    """The nodes in lists that are not too long for a command."""
    text = hostlist(nodes)
    if len(text) <= LONGEST:
        return [text]
    middle = len(nodes) // 2
    return [*_short(nodes[:middle]), *_short(nodes[middle:])]


def partitions_conf(assignments: Iterable[Assignment], site: SlurmSite, tenants: Tenants) -> list[str]:
    """Sets of nodes of halls, rack types and demands; a partition for each demand, in which jobs name a reservation."""
    served: dict[str, set[str]] = {}
    for one in assignments:
        served.setdefault(one.demand, set()).add(one.rack)
    sets = {f"demand-{demand}": site.named(racks) for demand, racks in sorted(served.items())}
    for rack in site.racks:
        for name in (f"hall-{rack.position.hall}", f"type-{rack.type.name}"):
            sets.setdefault(name, []).append(rack)
    names = slurm_names(sets, taken=site.nodes)
    lines = [f"NodeSet={names[one]} Nodes={listed(racks)}" for one, racks in sets.items()]
    return [*lines, *(_partition(demand, names[f"demand-{demand}"], tenants) for demand in sorted(served))]


def _partition(demand: str, nodes: str, tenants: Tenants) -> str:
    access = f"AllowAccounts={tenants.account(demand)} ReqResv=YES"
    return f"PartitionName={tenants.partition[demand]} Nodes={nodes} {access} Default=NO State=UP"
