"""Lowers positions: the row, hall and fabric block of each, and when a rack there can run."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from capalloc.calendar import Period
from capalloc.instance.model import Bools, Ints, Positions
from capalloc.instance.pins import in_place
from capalloc.instance.power.cords import Cords
from capalloc.instance.power.forest import Forest
from capalloc.instance.power.limits import Loads
from capalloc.instance.timeline import outages
from capalloc.schema.facility import Facility
from capalloc.schema.hardware import cooling_fits
from capalloc.schema.rules import Rule
from capalloc.schema.scenario import Scenario


def lower_positions(scenario: Scenario, forest: Forest, cords: Cords, periods: Sequence[Period]) -> Positions:
    """Positions with their groups, and the periods in which a rack there can run."""
    places = scenario.facility.positions
    row_names, row = _numbered([place.row_key for place in places])
    hall_names, hall = _numbered([place.hall for place in places])
    block_names, block = _numbered([place.fabric_block for place in places])
    cause, causes = _darkness(scenario, forest, cords, periods)
    site = Loads(forest, cords, scenario.facility.pue).site()
    return Positions(
        names=tuple(place.name for place in places),
        ok=cause < 0,
        cause=cause,
        causes=causes,
        row=row,
        hall=hall,
        block=block,
        row_names=row_names,
        hall_names=hall_names,
        block_names=block_names,
        fits=_fits(scenario.facility),
        site_weight=np.array([site[way] for way in range(len(site))])[cords.way],
    )


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
    by_node = np.array([numbers.setdefault(_node_cause(forest, v), v) for v in range(len(forest.nodes))])
    by_way = np.full((len(cords.feeds), len(periods)), -1, dtype=np.int64)
    for way, feeds in enumerate(cords.feeds):
        for feed, share in feeds:
            dark_by = forest.dark_by[feed]
            if share > 0 and (dark_by >= 0).any():
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


def _node_cause(forest: Forest, v: int) -> tuple[Rule, str]:
    rule = Rule.SUPPLY if forest.supply_binds[v].any() else Rule.AVAILABILITY
    return rule, forest.nodes[v].name
