"""Which nodes of Slurm a rack is: those that its row of the table names, or made from the rack's name.

Source: slurm.conf(5) of Slurm.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from capalloc.analysis.base import Base
from capalloc.errors import Problem, ScenarioError
from capalloc.exports.slurm.hostlist import expanded, hostlist
from capalloc.exports.slurm.names import slurm_names
from capalloc.schema.facility import Position, Rack
from capalloc.schema.hardware import RackType

COLUMN = "slurm_nodes"
"""The column of ``racks.csv`` that names a rack's nodes, such as ``gpu[001-008]``."""
OPTION = "--gpus-per-node"


@dataclass(frozen=True, slots=True)
class SlurmRack:
    """A rack that stands, or will, and the nodes it is."""

    rack: Rack
    type: RackType
    position: Position
    nodes: tuple[str, ...]

    @property
    def gpus_per_node(self) -> int:
        """GPUs of each node."""
        return self.type.gpus // len(self.nodes)


@dataclass(frozen=True, slots=True)
class SlurmSite:
    """The racks of a site as Slurm has them, in the facility's order."""

    name: str
    racks: tuple[SlurmRack, ...]
    without_position: tuple[str, ...]
    """Racks that stand nowhere and that the plan places nowhere: they are no nodes."""

    @property
    def nodes(self) -> Iterator[str]:
        """Every node."""
        for one in self.racks:
            yield from one.nodes

    def named(self, names: Iterable[str]) -> list[SlurmRack]:
        """Some racks by name, in the site's order."""
        wanted = set(names)
        return [one for one in self.racks if one.rack.name in wanted]


def listed(racks: Iterable[SlurmRack]) -> str:
    """The nodes of racks, as a list of Slurm's."""
    return hostlist(node for one in racks for node in one.nodes)


def slurm_site(base: Base, gpus_per_node: Sequence[str] = ()) -> SlurmSite:
    """The racks of a planned site, retired ones left out.

    ``gpus_per_node``: ``8`` for every rack type, or ``TYPE=8`` for one; without it a rack is one node.
    Raises ScenarioError where nodes cannot be told from each other, or GPUs do not divide among them.
    """
    facility = base.scenario.facility
    types = {one.name: one for one in facility.rack_types}
    kept = [(rack, base.roster.position[r]) for r, rack in enumerate(facility.racks) if rack.status != "retired"]
    standing = [rack for rack, at in kept if at >= 0]
    nodes = _nodes(standing, types, _per_node(gpus_per_node, types))
    places = (facility.positions[at] for _, at in kept if at >= 0)
    racks = [
        SlurmRack(rack, types[rack.rack_type], at, nodes[rack.name]) for rack, at in zip(standing, places, strict=True)
    ]
    return SlurmSite(facility.name, tuple(racks), tuple(rack.name for rack, at in kept if at < 0))


def _per_node(asked: Sequence[str], types: Mapping[str, RackType]) -> dict[str, int]:
    """GPUs of a node by rack type, for the types that have been asked for."""
    found: dict[str, int] = {}
    problems = []
    for text in asked:
        name, given, number = text.rpartition("=")
        one = int(number) if number.isdecimal() and len(number) < 5 else 0
        if one < 1 or (given and name not in types):
            known = ", ".join(types)
            message = f"found {text!r}, expected a number of GPUs such as 8, or TYPE=8 with TYPE one of {known}"
            problems.append(Problem("", 0, OPTION, message))
            continue
        found |= {kind: one for kind in ([name] if given else types) if types[kind].gpus}
    problems += [_uneven(types[name], one) for name, one in found.items() if types[name].gpus % one]
    if problems:
        raise ScenarioError(problems)
    return found


def _uneven(kind: RackType, per_node: int) -> Problem:
    message = f"found {per_node}, expected a divisor of the {kind.gpus} GPUs of a {kind.name}"
    return Problem("", 0, OPTION, f"{message}; name it as {kind.name}=N")


def _nodes(
    racks: Sequence[Rack], types: Mapping[str, RackType], per_node: Mapping[str, int]
) -> dict[str, tuple[str, ...]]:
    """The nodes of each rack."""
    given = _given(racks, types)
    made = [rack for rack in racks if rack.name not in given]
    names = slurm_names((rack.name for rack in made), taken=(node for nodes in given.values() for node in nodes))
    counts = {rack.name: _count(types[rack.rack_type], per_node) for rack in made}
    mark = _mark([*names.values(), *(node for nodes in given.values() for node in nodes)])
    several = {
        name: tuple(f"{names[name]}{mark}{k}" for k in range(1, count + 1)) if count > 1 else (names[name],)
        for name, count in counts.items()
    }
    return given | several


def _count(kind: RackType, per_node: Mapping[str, int]) -> int:
    return kind.gpus // per_node[kind.name] if kind.name in per_node else 1


def _mark(names: Iterable[str]) -> str:
    """What parts a rack's name from a node's number, so that no two nodes are alike."""
    used, mark = list(names), "-n"
    while any(re.search(rf"{mark}\d+$", name, re.IGNORECASE) for name in used):
        mark += "n"
    return mark


def _given(racks: Sequence[Rack], types: Mapping[str, RackType]) -> dict[str, tuple[str, ...]]:
    """The nodes of racks whose row names them. Raises ScenarioError, all faults at once."""
    found: dict[str, tuple[str, ...]] = {}
    owner: dict[str, str] = {}
    problems: list[Problem] = []
    for rack in racks:
        text = rack.labels.get(COLUMN, "").strip()
        try:
            if text:
                found[rack.name] = _read(text, rack, types[rack.rack_type], owner)
        except ValueError as error:
            problems.append(Problem("racks.csv", 0, f"{rack.name}.{COLUMN}", str(error)))
    if problems:
        raise ScenarioError(problems)
    return found


def _read(text: str, rack: Rack, kind: RackType, owner: dict[str, str]) -> tuple[str, ...]:
    nodes = expanded(text)
    for node in nodes:
        other = owner.setdefault(node.lower(), rack.name)
        if other != rack.name or len(set(nodes)) < len(nodes):
            raise ValueError(f"found the node {node} of {other} again, expected each node in one rack, once")
    if kind.gpus % len(nodes):
        raise ValueError(f"found {len(nodes)} nodes, expected a number that divides the {kind.gpus} GPUs of the rack")
    return tuple(nodes)


def nodes_conf(site: SlurmSite) -> list[str]:
    """A line for the nodes of each rack type and hall that have as many GPUs."""
    alike: dict[tuple[str, str, int], list[SlurmRack]] = {}
    for one in site.racks:
        alike.setdefault((one.type.name, one.position.hall, one.gpus_per_node), []).append(one)
    features = slurm_names(name for kind, hall, _ in alike for name in (f"type-{kind}", f"hall-{hall}"))
    gpus = slurm_names((one.type.gpu for one in site.racks), lower=True)
    return [_line(group, features, gpus) for group in alike.values()]


def _line(group: Sequence[SlurmRack], features: Mapping[str, str], gpus: Mapping[str, str]) -> str:
    first = group[0]
    words = f"{features[f'type-{first.type.name}']},{features[f'hall-{first.position.hall}']}"
    gres = f" Gres=gpu:{gpus[first.type.gpu]}:{first.gpus_per_node}" if first.gpus_per_node else ""
    return f"NodeName={listed(group)}{gres} Feature={words}"
