"""The tree of switches: the site, its halls, and fabric blocks, or rows where positions have none.

Source: topology.conf(5) and topology.yaml(5) of Slurm.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from capalloc.exports.slurm.hostlist import hostlist
from capalloc.exports.slurm.names import slurm_names
from capalloc.exports.slurm.nodes import SlurmRack, listed


@dataclass(slots=True)
class Switch:
    """A switch, with switches or with racks below it."""

    name: str
    children: list[Switch] = field(default_factory=list)
    racks: list[SlurmRack] = field(default_factory=list)

    def all(self) -> Iterable[Switch]:
        """The switches below it, then itself."""
        for child in self.children:
            yield from child.all()
        yield self


def switches(site: str, racks: Iterable[SlurmRack]) -> Switch:
    """The tree; a fabric block that several halls share hangs on the site."""
    leaves: dict[str, list[SlurmRack]] = {}
    for one in racks:
        leaves.setdefault(_leaf(one), []).append(one)
    halls: dict[str, list[str]] = {}
    for leaf, members in leaves.items():
        within = {one.position.hall for one in members}
        halls.setdefault(f"hall-{within.pop()}" if len(within) == 1 else "", []).append(leaf)
    names = slurm_names([f"site-{site}", *filter(None, halls), *leaves])
    below = {hall: [Switch(names[leaf], racks=leaves[leaf]) for leaf in members] for hall, members in halls.items()}
    shared = below.pop("", [])
    return Switch(names[f"site-{site}"], [*(Switch(names[hall], found) for hall, found in below.items()), *shared])


def _leaf(one: SlurmRack) -> str:
    block = one.position.fabric_block
    return f"row-{one.position.row_key}" if block is None else f"block-{block}"


def topology_conf(tree: Switch) -> list[str]:
    """A line for each switch, from the leaves up."""
    return [_line(one) for one in tree.all()]


def _line(one: Switch) -> str:
    if one.racks:
        return f"SwitchName={one.name} Nodes={listed(one.racks)}"
    return f"SwitchName={one.name} Switches={_children(one)}"


def _children(one: Switch) -> str:
    return hostlist(child.name for child in one.children)


def topology_yaml(tree: Switch) -> list[dict[str, Any]]:
    """The same tree as topology.yaml has it, since Slurm 25.05, and its leaves as blocks.

    Slurm plans blocks by the size of the smallest.
    """
    leaves = [one for one in tree.all() if one.racks]
    blocks = [{"block": one.name, "nodes": listed(one.racks)} for one in leaves]
    smallest = min(sum(len(rack.nodes) for rack in one.racks) for one in leaves)
    return [
        {"topology": "tree", "cluster_default": True, "tree": {"switches": [_entry(one) for one in tree.all()]}},
        {"topology": "blocks", "cluster_default": False, "block": {"block_sizes": [smallest], "blocks": blocks}},
    ]


def _entry(one: Switch) -> dict[str, str]:
    if one.racks:
        return {"switch": one.name, "nodes": listed(one.racks)}
    return {"switch": one.name, "children": _children(one)}
