"""What is out of service: nodes, places and supplies, and what is left of the power forest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from capalloc.analysis.edits import all_supplies, with_supply
from capalloc.analysis.names import Meant
from capalloc.instance.model import Bools, Instance, Ints
from capalloc.instance.power.forest import Forest, build_forest
from capalloc.schema.scenario import Scenario

_PLACES = ("row", "hall", "zone")


@dataclass(frozen=True, slots=True)
class Outage:
    """Several things out of service at once, over every period of a plan."""

    things: tuple[Meant, ...]
    before: Forest
    """The power forest by the scenario."""
    after: Forest
    """The same without the supplies that are out."""
    alive: Bools
    """(V, T) nodes that are energised while all of it is out."""
    stopped: Bools
    """(P,) positions whose row, hall or cooling zone is out: what stands there cannot run."""

    @property
    def limit_w(self) -> Ints:
        """(V, T) failover limits; where no node is out that would not be anyway, normal ones if they are more."""
        lost = (self.before.energised & ~self.alive).any(axis=0)
        least: Ints = np.where(lost, 0, self.after.normal_w)
        return np.maximum(self.after.failover_w, least)


def outage_of(instance: Instance, things: Sequence[Meant]) -> Outage:
    """The things out of service together."""
    before = build_forest(instance.scenario, instance.periods)
    without = _without_supplies(instance.scenario, things)
    after = before if without is instance.scenario else build_forest(without, instance.periods)
    gone = sorted({v for thing in things if thing.kind == "node" for v in before.below[thing.number]})
    alive = after.energised.copy()
    alive[gone] = False
    return Outage(tuple(things), before, after, alive, _stopped(instance, things))


def _without_supplies(scenario: Scenario, things: Sequence[Meant]) -> Scenario:
    """The scenario in which those of the things that are supplies give nothing."""
    supplies = all_supplies(scenario)
    for thing in things:
        if thing.kind == "supply":
            scenario = with_supply(scenario, supplies[thing.number].name, kw=0.0)
    return scenario


def _stopped(instance: Instance, things: Sequence[Meant]) -> Bools:
    stopped = np.zeros(len(instance.positions.names), dtype=bool)
    for thing in things:
        if thing.kind in _PLACES:
            stopped |= positions_of(instance, thing.kind, thing.number)
    return stopped


def positions_of(instance: Instance, kind: str, number: int) -> Bools:
    """(P,) positions of a row, hall or cooling zone."""
    if kind == "zone":
        site = instance.scenario.facility
        return np.array([place.cooling_zone == site.cooling[number].name for place in site.positions], dtype=bool)
    of = instance.positions.row if kind == "row" else instance.positions.hall
    return np.asarray(of == number)
