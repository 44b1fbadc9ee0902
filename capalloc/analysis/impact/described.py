"""The things that are out of service, and what keeps them out anyway."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from capalloc.analysis.impact.outage import Outage, positions_of
from capalloc.instance.model import Instance
from capalloc.instance.timeline import supplies_in_force
from capalloc.schema.impact import OutOfService


def described(instance: Instance, outage: Outage, t: int) -> Iterator[OutOfService]:
    """Each thing that is out, with what would keep it out of service in a period anyway."""
    for thing in outage.things:
        if thing.kind == "node":
            yield _node(outage, thing.number, t)
        elif thing.kind == "supply":
            yield _supply(instance, thing.number, t)
        else:
            yield _place(instance, thing.kind, thing.number, t)


def _node(outage: Outage, v: int, t: int) -> OutOfService:
    node, by = outage.before.nodes[v], int(outage.before.dark_by[v, t])
    return OutOfService(
        kind="node",
        name=node.name,
        node_kind=node.kind,
        contingency=node.contingency,
        down_by=outage.before.nodes[by].name if by >= 0 else None,
    )


def _supply(instance: Instance, number: int, t: int) -> OutOfService:
    supply = list(supplies_in_force(instance.scenario))[number]
    flows = instance.periods[t].touches(supply.start, supply.until)
    return OutOfService(kind="supply", name=supply.name, down_by=None if flows else supply.name)


def _place(instance: Instance, kind: str, number: int, t: int) -> OutOfService:
    """A row, hall or zone; it is out where none of its positions can run a rack."""
    spots = instance.positions
    positions = np.flatnonzero(positions_of(instance, kind, number))
    causes = [spots.causes[cause][1] for cause in spots.cause[positions, t].tolist() if cause >= 0]
    down_by = causes[0] if causes and len(causes) == len(positions) else None
    match kind:
        case "row":
            return OutOfService(kind="row", name=spots.row_names[number], down_by=down_by)
        case "hall":
            return OutOfService(kind="hall", name=spots.hall_names[number], down_by=down_by)
        case _:
            return _zone(instance, number, t, down_by)


def _zone(instance: Instance, number: int, t: int, down_by: str | None) -> OutOfService:
    """A cooling zone has dates of its own."""
    zone = instance.scenario.facility.cooling[number]
    cools = instance.periods[t].touches(zone.available_from, zone.available_until)
    return OutOfService(kind="zone", name=zone.name, down_by=down_by if cools else zone.name)
