"""The power tree with its racks in one period, as entities and who feeds whom."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from capalloc.analysis.base import Base
from capalloc.analysis.show.loads import NodeLoads
from capalloc.exports.dps.limits import operating_limits_w
from capalloc.exports.dps.models import distribution_of, machine_of, rack_pdu_of
from capalloc.exports.slurm.nodes import SlurmRack, slurm_site
from capalloc.roster.draw import drawn_w
from capalloc.units import load_w

Entry = dict[str, Any]
_REAL_POWER = 1.0
"""Power factor: limits are kW, not kVA."""


class Topology:
    """A planned site in a period: what is energised, and the racks that draw."""

    def __init__(self, base: Base, period: int, tagged: str | None, gpus_per_node: Sequence[str]) -> None:
        """``tagged`` is the kind of power node that has feed tags; None: the roots have.

        Nodes of racks are named as for Slurm; ``gpus_per_node`` as in :func:`slurm_site`.
        """
        self._site = base.scenario.facility
        self._loads = NodeLoads(base.instance, base.roster)
        self._period, self._tagged = period, tagged
        self._limits = operating_limits_w(self._loads, self._site.pue, period)
        self._children: dict[str, list[str]] = {}
        self.entities: list[Entry] = []
        self.devices: dict[tuple[str, str], Entry] = {}
        drawn = dict(zip(base.instance.racks.names, drawn_w(base.instance, base.roster)[:, period], strict=True))
        racks = [one for one in slurm_site(base, gpus_per_node).racks if drawn[one.rack.name] > 0]
        self._names = {node for one in racks for node in one.nodes}
        self._called = {node.name: self._name(node.name) for node in self._site.power}
        for v in self._standing():
            self._add_node(v)
        for one in racks:
            self._add_rack(one, float(drawn[one.rack.name]))

    @property
    def connections(self) -> list[Entry]:
        """Every entity with those that it feeds, the roots first."""
        tags = self._feed_tags()
        return [
            {
                "Name": one["Name"],
                **({"FeedTag": tags[one["Name"]]} if one["Name"] in tags else {}),
                **({"Children": self._children[one["Name"]]} if one["Name"] in self._children else {}),
            }
            for one in self.entities
        ]

    def _standing(self) -> list[int]:
        """Nodes that are energised, each after its parent."""
        forest = self._loads.forest
        alive = np.flatnonzero(forest.energised[:, self._period]).tolist()
        return sorted(alive, key=lambda v: (len(forest.paths[v]), v))

    def _feed_tags(self) -> dict[str, str]:
        nodes = (self._loads.forest.nodes[v] for v in self._standing())
        if self._tagged is None:
            return {self._called[node.name]: node.name for node in nodes if node.parent is None}
        return {self._called[node.name]: node.name for node in nodes if node.kind == self._tagged}

    def _add_node(self, v: int) -> None:
        node = self._loads.forest.nodes[v]
        name = self._called[node.name]
        entity: Entry = {"Type": "PowerDomain", "Name": name}
        if node.parent is not None:
            model, device = distribution_of(node)
            self.devices[device["type"], model] = device
            entity = {"Type": "PowerDistribution", "Model": model, "Name": name}
            self._children.setdefault(self._called[node.parent], []).append(name)
        entity["OperatingLimit"] = _limit(int(self._limits[v]))
        if node.static_load_kw:
            entity["StaticLoad"] = _watts(load_w(node.static_load_kw))
        self.entities.append(entity)

    def _add_rack(self, one: SlurmRack, drawn_w: float) -> None:
        machine = machine_of(one.type, len(one.nodes))
        if machine.specification is not None:
            self.devices["ComputerSystem", machine.model] = machine.specification
        model, device = rack_pdu_of(one.type)
        self.devices[device["type"], model] = device
        for side, (feed, _) in zip("AB", one.position.shares, strict=False):
            pdu = self._name(f"{one.rack.name}-{side}")
            self.entities.append({"Type": "PowerDistribution", "Model": model, "Name": pdu})
            self._children.setdefault(self._called[feed], []).append(pdu)
            self._children[pdu] = list(one.nodes)
        limit = _limit(math.ceil(drawn_w / len(one.nodes)))
        for name in one.nodes:
            self.entities.append(
                {"Type": "ComputerSystem", "Model": machine.model, "Name": name, "OperatingLimit": limit}
            )

    def _name(self, wanted: str) -> str:
        """The name, or the first of NAME-2, NAME-3, … that nothing has yet."""
        name, number = wanted, 1
        while name in self._names:
            number += 1
            name = f"{wanted}-{number}"
        self._names.add(name)
        return name


def _limit(watts: int) -> Entry:
    return {"PowerValue": _watts(watts), "PowerFactor": _REAL_POWER}


def _watts(watts: int) -> Entry:
    return {"Value": watts, "Type": "W"}
