"""Which nodes of Slurm a rack is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from capalloc.analysis.base import Base
from capalloc.exports.slurm.hostlist import hostlist
from capalloc.exports.slurm.names import slurm_names
from capalloc.schema.facility import Position, Rack
from capalloc.schema.hardware import RackType


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

    racks: tuple[SlurmRack, ...]
    without_position: tuple[str, ...]
    """Racks that stand nowhere and that the plan places nowhere: they are no nodes."""

    def nodes_of(self, names: Iterable[str]) -> str:
        """The nodes of some racks, as a list of Slurm's."""
        wanted = set(names)
        return listed(one for one in self.racks if one.rack.name in wanted)


def listed(racks: Iterable[SlurmRack]) -> str:
    """The nodes of racks, as a list of Slurm's."""
    return hostlist(node for one in racks for node in one.nodes)


def slurm_site(base: Base) -> SlurmSite:
    """The racks of a planned site, retired ones left out."""
    facility = base.scenario.facility
    types = {one.name: one for one in facility.rack_types}
    kept = [(r, rack) for r, rack in enumerate(facility.racks) if rack.status != "retired"]
    places = base.roster.position
    standing = [(rack, facility.positions[places[r]]) for r, rack in kept if places[r] >= 0]
    names = slurm_names(rack.name for rack, _ in standing)
    racks = [SlurmRack(rack, types[rack.rack_type], at, (names[rack.name],)) for rack, at in standing]
    return SlurmSite(tuple(racks), tuple(rack.name for r, rack in kept if places[r] < 0))


def nodes_conf(racks: Sequence[SlurmRack]) -> list[str]:
    """A line for the nodes of each rack type and row."""
    alike: dict[tuple[str, str], list[SlurmRack]] = {}
    for one in racks:
        alike.setdefault((one.type.name, one.position.row_key), []).append(one)
    features = slurm_names(name for one in racks for name in (one.type.name, f"hall-{one.position.hall}"))
    return [_line(group, features) for group in alike.values()]


def _line(group: Sequence[SlurmRack], features: dict[str, str]) -> str:
    first = group[0]
    words = f"{features[first.type.name]},{features[f'hall-{first.position.hall}']}"
    gpu = slurm_names([first.type.gpu], lower=True)[first.type.gpu]
    gres = f" Gres=gpu:{gpu}:{first.gpus_per_node}" if first.type.gpus else ""
    return f"NodeName={listed(group)}{gres} Feature={words}"
