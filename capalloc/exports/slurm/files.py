"""The files of an export to Slurm, from a plan that keeps every rule."""

from __future__ import annotations

from collections.abc import Sequence

import yaml

from capalloc.analysis.base import Base
from capalloc.exports.slurm.nodes import nodes_conf, slurm_site
from capalloc.exports.slurm.tenants import Reservation, partitions_conf, reservations, tenants_of
from capalloc.exports.slurm.topology import switches, topology_conf, topology_yaml

NAMES = ("nodes.conf", "partitions.conf", "reservations.sh", "topology.conf", "topology.yaml")


def slurm_files(base: Base) -> dict[str, str]:
    """Nodes, node sets and partitions, the tree of switches, and dated reservations."""
    site = slurm_site(base)
    tenants = tenants_of(base.scenario.planned(base.prospects))
    tree = switches(base.scenario.facility.name, site.racks)
    spans = base.plan.assignments
    return {
        "nodes.conf": _text(nodes_conf(site.racks)),
        "partitions.conf": _text(partitions_conf(spans, site, tenants)),
        "reservations.sh": _text(["#!/bin/sh", "set -e", *map(_create, reservations(spans, site, tenants))]),
        "topology.conf": _text(topology_conf(tree)),
        "topology.yaml": yaml.safe_dump(topology_yaml(tree), sort_keys=False, width=1_000_000),
    }


def _text(lines: Sequence[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _create(one: Reservation) -> str:
    days = f"StartTime={one.start}T00:00:00 EndTime={one.until}T00:00:00"
    return f"scontrol create reservation ReservationName={one.name} {days} Accounts={one.account} Nodes={one.nodes}"
