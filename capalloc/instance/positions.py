"""Lowers positions: the row, hall and fabric block of each, and when a rack there can run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from capalloc.calendar import Period
from capalloc.instance.model import Bools, Ints, Positions
from capalloc.instance.pins import in_place
from capalloc.instance.power.cords import Cords
from capalloc.instance.power.forest import Forest
from capalloc.instance.power.limits import Loads
from capalloc.instance.timeline import outages
from capalloc.schema.checks.cached_check import cached_check
from capalloc.schema.facility import Facility
from capalloc.schema.hardware import cooling_fits
from capalloc.schema.rules import Rule
from capalloc.schema.scenario import Scenario


def lower_positions(scenario: Scenario, forest: Forest, cords: Cords, periods: Sequence[Period]) -> Positions:
    """Positions with their groups, and the periods in which a rack there can run."""
    cause, causes = _darkness(scenario, forest, cords, periods)
    site = Loads(forest, cords, scenario.facility.pue).site()
    return Positions(
        ok=cause < 0,
        cause=cause,
        causes=causes,
        site_weight=np.array([site[way] for way in range(len(site))])[cords.way],
        **_lasting(scenario.facility),
    )


@cached_check
def _lasting(site: Facility) -> dict[str, Any]:
    """Fields of :class:`Positions` that are the same for every scenario of a site."""
    row_names, row = _numbered([place.row_key for place in site.positions])
    hall_names, hall = _numbered([place.hall for place in site.positions])
    block_names, block = _numbered([place.fabric_block for place in site.positions])
    return {
        "names": tuple(place.name for place in site.positions),
        "row": row,
        "hall": hall,
        "block": block,
        "row_names": row_names,
        "hall_names": hall_names,
        "block_names": block_names,
        "fits": _fits(site),
    }


def _fits(site: Facility) -> Bools:
    """(P, K) whether the cooling of a position can hold a type."""
    by_cooling = {
        cooling: np.array([cooling_fits(cooling, kind.cooling) for kind in site.rack_types], dtype=bool)
        for cooling in {place.cooling for place in site.positions}
    }
    return np.array([by_cooling[place.cooling] for place in site.positions])


def _numbered(names: Sequence[str | None]) -> tuple[tuple[str, ...], Ints]:
    index: dict[str, int] = {}
    numbers = [-1 if name is None else index.setdefault(name, len(index)) for name in names]
    return tuple(index), np.array(numbers, dtype=np.int64)


def _darkness(
    scenario: Scenario, forest: Forest, cords: Cords, periods: Sequence[Period]
) -> tuple[Ints, tuple[tuple[Rule, str], ...]]:
    """Why each position is dark in each period: a node above it is down, or an outage of its row, hall or label."""
    places = scenario.facility.positions
    numbers: dict[tuple[Rule, str], int] = {}
    binds: list[bool] = np.asarray(forest.supply_binds.any(axis=1)).tolist()
    rules = (Rule.SUPPLY if bound else Rule.AVAILABILITY for bound in binds)
    causes = ((rule, node.name) for rule, node in zip(rules, forest.nodes, strict=True))
    by_node = np.array([numbers.setdefault(cause, v) for v, cause in enumerate(causes)])
    ever_dark: list[bool] = np.asarray((forest.dark_by >= 0).any(axis=1)).tolist()
    by_way = np.full((len(cords.feeds), len(periods)), -1, dtype=np.int64)
    for way, feeds in enumerate(cords.feeds):
        for feed, share in feeds:
            if share > 0 and ever_dark[feed]:
                dark_by = forest.dark_by[feed]
                by_way[way] = np.where(dark_by >= 0, by_node[dark_by], by_way[way])
    cause = by_way[cords.way]
    for outage in outages(scenario):
        if outage.node is None:
            name = outage.row or outage.hall or outage.place
            number = numbers.setdefault((Rule.AVAILABILITY, name), len(numbers))
            touched = np.array([period.touches(outage.start, outage.until) for period in periods])
            for p, place in enumerate(places):
                if in_place(place, outage.row, outage.hall) or outage.on_label(place.labels):
                    cause[p, touched] = number
    return cause, tuple(numbers)
