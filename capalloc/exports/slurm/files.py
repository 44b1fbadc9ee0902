"""The files of an export to Slurm, from a plan that keeps every rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from capalloc.analysis.base import Base, period_asked
from capalloc.errors import NoAnswerError
from capalloc.exports.slurm.nodes import COLUMN, SlurmSite, listed, nodes_conf, slurm_site
from capalloc.exports.slurm.resources import resources_by_name, resources_by_nodes
from capalloc.exports.slurm.script import commented, reservations_sh, text_of
from capalloc.exports.slurm.tenants import (
    Reservation,
    Reserved,
    Tenants,
    mark_of,
    partitions_conf,
    reservations,
    tenants_of,
)
from capalloc.exports.slurm.topology import switches, topology_conf, topology_yaml
from capalloc.exports.terms import within_terms
from capalloc.formats.sheets import dump_sheet
from capalloc.schema.plan import Assignment

NAMES = (
    "names.csv",
    "nodes.conf",
    "partitions.conf",
    "reservations.sh",
    "resources-26.11.yaml",
    "resources.yaml",
    "topology.conf",
    "topology.yaml",
)
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class SlurmParams:
    """What may be asked of an export."""

    period: str | None = None
    """Its label, or a day or month in it: what is in force then; None: all periods, and the power of the first."""
    gpus_per_node: tuple[str, ...] = ()
    """``8`` for every rack type, or ``TYPE=8`` for one; racks that name their nodes keep them."""
    reserved: Reserved = "run"


@dataclass(frozen=True, slots=True)
class SlurmFiles:
    """The files, and what Slurm cannot be told as it is."""

    files: dict[str, str]
    notes: tuple[str, ...]


def slurm_files(base: Base, params: SlurmParams = SlurmParams()) -> SlurmFiles:
    """Nodes, node sets and partitions, switches, layers of power, dated reservations, and a table of names.

    Raises ScenarioError for a period that is none, or nodes that cannot be; NoAnswerError where no rack stands.
    """
    periods = base.scenario.horizon.periods
    t = None if params.period is None else period_asked(periods, params.period)
    site = slurm_site(base, params.gpus_per_node)
    if not site.racks:
        raise NoAnswerError(
            f"the scenario '{base.scenario.name}' has no rack on a position: there is no node for Slurm"
        )
    served = within_terms(base, base.plan.assignments)
    spans = [one for one in served if t is None or periods[t].touches(one.start, one.until)]
    tenants = tenants_of(base.scenario.planned(base.prospects))
    return SlurmFiles(
        {
            "names.csv": dump_sheet(("kind", "name", "slurm"), _named(site, tenants)),
            **_partitions(base, site, tenants, spans),
            **_reservations(
                base,
                tenants,
                reservations(spans, site, tenants, params.reserved),
                None if t is None else periods[t].label,
            ),
            **_power(base, site, tenants, t or 0),
            **_topology(base, site),
        },
        tuple(_notes(site, tenants)),
    )


def _partitions(base: Base, site: SlurmSite, tenants: Tenants, spans: Sequence[Assignment]) -> dict[str, str]:
    nodes = (
        f"Nodes of {_plan(base)}: include this file in slurm.conf, where they are not named there already.",
        "CPUs and RealMemory are not known here: add what `slurmd -C` prints.",
        "slurm.conf needs GresTypes=gpu, and gres.conf the devices: AutoDetect=nvml, or a File for each GPU.",
    )
    partitions = (
        f"Node sets and partitions of {_plan(base)}: include this file in slurm.conf, behind the nodes.",
        "Jobs name a reservation. Racks that are to stay idle have none: the plan counts on what they do not draw.",
    )
    return {
        "nodes.conf": text_of([*commented(nodes), *nodes_conf(site)]),
        "partitions.conf": text_of([*commented(partitions), *partitions_conf(spans, site, tenants)]),
    }


def _reservations(base: Base, tenants: Tenants, found: Sequence[Reservation], period: str | None) -> dict[str, str]:
    head = (
        f"Dated reservations of {_plan(base)}{'' if period is None else f', those of {period} alone'}.",
        f"Where accounting is kept, it has to know them: sacctmgr -i add account {' '.join(_accounts(tenants))}",
    )
    mark = mark_of(base.scenario.facility.name)
    return {"reservations.sh": reservations_sh(head, found, mark, period)}


def _accounts(tenants: Tenants) -> list[str]:
    return list(dict.fromkeys(tenants.account(demand) for demand in tenants.partition))


def _power(base: Base, site: SlurmSite, tenants: Tenants, t: int) -> dict[str, str]:
    head = (
        f"Power of {_plan(base)} in {base.plan.periods[t]}: W that racks draw, as a hierarchical resource (mode 3).",
        "Layers follow each rack's feed_a and count the whole draw of the racks below; heat is not counted.",
        "One tree with one side cannot say what two feeds carry after a loss, so counts are derated for N-1:",
        "a leaf may draw what the plan draws there and a share of what is left, such that every limit holds in normal",
        "operation and after the loss of any one contingency node, though all leaves draw their count at once.",
        "Where no rack has a second feed, each layer may draw what its node may carry.",
        "A variable is what a node draws above its idle draw, as the plan counts it: sbatch --licenses=power:NAME.",
    )
    old = "Hierarchical resources are beta: for Slurm 25.11 and 26.05, which tell layers by their nodes."
    new = (
        "Hierarchical resources are beta: for Slurm 26.11 and later, as resources.yaml; layers are power nodes by name."
    )
    return {
        "resources.yaml": text_of(commented((old, *head))) + _yaml(resources_by_nodes(base, site, tenants, t)),
        "resources-26.11.yaml": text_of(commented((new, *head))) + _yaml(resources_by_name(base, site, tenants, t)),
    }


def _topology(base: Base, site: SlurmSite) -> dict[str, str]:
    tree = switches(base.scenario.facility.name, site.racks)
    conf = ("The site as a tree of switches, for TopologyPlugin=topology/tree.",)
    new = (
        "The site as a tree of switches and as blocks, since Slurm 25.05; topology.conf is not read beside this file.",
    )
    return {
        "topology.conf": text_of([*commented(conf), *topology_conf(tree)]),
        "topology.yaml": text_of(commented(new)) + _yaml(topology_yaml(tree)),
    }


def _named(site: SlurmSite, tenants: Tenants) -> Iterator[tuple[str, str, str]]:
    for one in site.racks:
        yield "rack", one.rack.name, listed([one])
    for demand, name in tenants.partition.items():
        yield "demand", demand, name
    for owner, account in tenants.accounts.items():
        yield "account", owner, account


def _notes(site: SlurmSite, tenants: Tenants) -> Iterator[str]:
    made = [one for one in site.racks if not one.rack.labels.get(COLUMN)]
    racks = [one.rack.name for one in made if not one.nodes[0].startswith(one.rack.name)]
    changed = [
        name for name, spelled in {**tenants.partition, **tenants.accounts}.items() if spelled.lower() != name.lower()
    ]
    if racks or changed:
        count = _counted(len(racks) + len(changed), "name is another", "names are others")
        yield f"{count} in Slurm: {_first([*changed, *racks])}; names.csv has them all"
    if site.without_position:
        count = _counted(len(site.without_position), "rack without a position is", "racks without a position are")
        yield f"{count} left out: {_first(site.without_position)}"


def _counted(number: int, one: str, more: str) -> str:
    return f"{number:,} {one if number == 1 else more}"


def _first(names: Sequence[str]) -> str:
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _plan(base: Base) -> str:
    return f"the plan of {base.plan.scenario!r} from {base.plan.periods[0]}"


def _yaml(value: list[dict[str, Any]]) -> str:
    return yaml.safe_dump(value, sort_keys=False, width=1_000_000)
