"""Devices that the service knows by their model, and those that it has to be told of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from capalloc.schema.facility import PowerNode
from capalloc.schema.hardware import RackType
from capalloc.units import W_PER_KW, load_w

_KNOWN = {
    "H100": ("DGX_H100", 8),
    "B200": ("DGX_B200", 8),
    "B300": ("DGX_B300", 8),
    "GB200": ("DGX_GB200", 4),
    "GB300": ("DGX_GB300", 4),
}
"""By GPU: the service's model of a node, and its GPUs."""
_LOSSLESS = 1.0
"""What limits count has passed the device: what it loses is in its parent's load, as static load, or not known."""


@dataclass(frozen=True, slots=True)
class Machine:
    """What the nodes of a rack are."""

    model: str
    specification: dict[str, Any] | None
    """What the service has to be told; None where it knows the model."""


def machine_of(rack_type: RackType, nodes: int) -> Machine:
    """Each of a rack's nodes."""
    model, gpus = _KNOWN.get(rack_type.gpu, ("", 0))
    if model and rack_type.gpus == gpus * nodes:
        return Machine(model, None)
    model = f"{rack_type.name}-{nodes}" if nodes > 1 else rack_type.name
    of = f"One of {nodes} nodes of a rack" if nodes > 1 else "A rack"
    draws = {name: -(-watts // nodes) for name, watts in _draws_w(rack_type).items()}
    return Machine(model, _device("ComputerSystem", model, f"{of} of {rack_type.gpus} {rack_type.gpu}", draws))


def _draws_w(rack_type: RackType) -> dict[str, int]:
    return {"minLoadWatts": load_w(rack_type.idle_kw), "maxLoadWatts": load_w(rack_type.nameplate_kw)}


def distribution_of(node: PowerNode) -> tuple[str, dict[str, Any]]:
    """The model of a power node below a root, and what the service has to be told of it."""
    model = f"{node.kind}-{round(node.rated_kw * W_PER_KW)}W"
    limits = {"maxLoadWatts": load_w(node.rated_kw), "efficiencyFactor": _LOSSLESS}
    return model, _device("PowerDistribution", model, f"{node.kind} of {node.rated_kw:g} kW", limits)


def rack_pdu_of(rack_type: RackType) -> tuple[str, dict[str, Any]]:
    """The model of one of a rack's PDUs, which alone may have to carry the rack."""
    model = f"rack-pdu-{round(rack_type.nameplate_kw * W_PER_KW)}W"
    limits = {"maxLoadWatts": load_w(rack_type.nameplate_kw), "efficiencyFactor": _LOSSLESS}
    return model, _device("PowerDistribution", model, f"One cord of a rack of {rack_type.nameplate_kw:g} kW", limits)


def _device(kind: str, model: str, description: str, spec: dict[str, Any]) -> dict[str, Any]:
    return {"type": kind, "description": description, "model": model, "spec": spec}
