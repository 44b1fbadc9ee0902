"""What halls and contingency nodes have left, each in its tightest period."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np

from capalloc.analysis.show.loads import NO_LOSS
from capalloc.analysis.show.room import PlaceRoom
from capalloc.analysis.show.site import PlannedSite
from capalloc.instance.model import Floats, Instance, Ints
from capalloc.schema.headroom import Headroom
from capalloc.schema.plan import Plan
from capalloc.schema.scenario import Scenario

MOST_LOOKED_AT = 32
"""Halls, and contingency nodes, that a page looks at; of more, those that are nearest to a limit."""


def headroom(scenario: Scenario, plan: Plan, instance: Instance | None = None) -> tuple[Headroom, ...]:
    """kW left and racks that would still fit in the halls and at the contingency nodes, over all periods.

    ``instance`` is the scenario compiled with the plan's prospects, where that has been done. On a site with many halls
    or contingency nodes only the tightest are looked at.
    """
    site = PlannedSite(scenario, plan, instance)
    return (
        *of_halls(site, range(len(plan.periods)), MOST_LOOKED_AT),
        *of_nodes(site, range(len(plan.periods)), MOST_LOOKED_AT),
    )


def of_halls(site: PlannedSite, periods: Sequence[int], most: int | None = None) -> Iterator[Headroom]:
    """The room in each hall, in the one of some periods that leaves least of those in which something can run."""
    names = site.instance.positions.hall_names
    rooms = [site.room.at(site.positions_of_hall(hall), name) for hall, name in enumerate(names)]
    if most is not None and len(rooms) > most:
        least = [min(room.at_most_kw(t) for t in periods) for room in rooms]
        rooms = [rooms[hall] for hall in sorted(np.argsort(least, kind="stable")[:most].tolist())]
    for room in rooms:
        yield from _headroom(site, "hall", room, periods)


def of_nodes(site: PlannedSite, periods: Sequence[int], most: int | None = None) -> Iterator[Headroom]:
    """The same at the positions on each contingency node."""
    nodes = site.loads.contingencies
    if most is not None and len(nodes) > most:
        used = used_share(site)[nodes][:, list(periods)].max(axis=1)
        nodes = [nodes[n] for n in sorted(np.argsort(-used, kind="stable")[:most].tolist())]
    for v in nodes:
        yield from _headroom(
            site, "node", site.room.at(site.positions_below(v), site.loads.forest.nodes[v].name), periods
        )


def _headroom(
    site: PlannedSite, kind: Literal["hall", "node"], room: PlaceRoom, periods: Sequence[int]
) -> Iterator[Headroom]:
    t = room.tightest(periods)
    if t is not None:
        yield Headroom(kind=kind, name=room.name, period=site.plan.periods[t], room=site.room_record(room, t))


def used_share(site: PlannedSite) -> Floats:
    """(V, T) share of its limit that each node carries, in normal operation or after the worst loss."""
    return np.maximum(*used_shares(site))


def used_shares(site: PlannedSite) -> tuple[Floats, Floats]:
    """(V, T) each: the share in normal operation, and after the loss that asks most (0 where there is none)."""
    worst, forest = site.loads.worst, site.loads.forest
    after = np.where(worst.lost == NO_LOSS, 0.0, _used(worst.load_w, forest.failover_w))
    return _used(site.loads.normal_w, forest.normal_w), after


def _used(load: Floats, limit: Ints) -> Floats:
    return np.where(limit > 0, load / np.maximum(limit, 1), 0.0)
