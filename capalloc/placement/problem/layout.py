"""Lowers a facility on one day to the arrays of the placement core: cells of positions and what limits them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from capalloc.instance.model import Bools, Ints
from capalloc.instance.power.cords import Cords, cords_of
from capalloc.instance.power.forest import Forest, build_forest
from capalloc.instance.power.limits import Loads
from capalloc.schema.facility import CoolingZone, Facility
from capalloc.schema.request import Standing
from capalloc.schema.scenario import Horizon, Scenario
from capalloc.units import capacity_w, load_w

MW_PER_W: int = 1000
"""Loads are whole milliwatts here, so that shares of whole watts lose nothing."""
NO_LIMIT = np.int64(1) << 60
ROUNDING: float = 5e-4
"""mW below which a fraction of what a person wrote in kW, to nine decimals, is binary noise."""
NOISE: float = 1e-6
"""mW below which a fraction of a load is binary noise: shares are multiples of FINE, or a little too large."""
FINE: float = 1e-5
_LARGER = 1e-9
NONE = -1
LEVELS = ("row", "fabric_block", "hall", "none")
"""What a request keeps together, from the smallest; the numbers of the levels are their places here."""

Floats = NDArray[np.float64]


class Layout(NamedTuple):
    """S cells, V power nodes, Q losses that load a node more, G ways of cording, Z zones, K containers. Power in mW.

    A cell is all free positions of one row that share cords, zone and block: nothing tells them apart. A container is
    what a request may have to stand in: rows first, then blocks, halls, and the site as the last.
    """

    way_ptr: Ints
    """(G + 1,) slices of the next two."""
    way_node: Ints
    """Nodes that a way of cording loads in normal operation."""
    way_weight: Floats
    """Load on the node per unit drawn."""
    loss_ptr: Ints
    """(G + 1,) slices of the next two."""
    way_loss: Ints
    """Losses whose load a way of cording changes."""
    loss_before: Floats
    """Load on the node of the loss per unit drawn, in normal operation."""
    loss_after: Floats
    """The same after the loss; less than before only where ``relieved``."""
    loss_node: Ints
    """(Q,) the node that is loaded more."""
    node_ptr: Ints
    """(V + 1,) slices of the next."""
    node_loss: Ints
    """Losses of each node."""
    relieved: Bools
    """(V,) a loss below the node may lower its load, which counts since its failover limit is the lower one."""
    floor: Ints
    """(V,) what the loss adds that changes nothing: 0, or -NO_LIMIT where there is no such loss."""
    normal: Ints
    """(V,) limit in normal operation; NO_LIMIT where it cannot bind."""
    failover: Ints
    """(V,) limit after a loss; NO_LIMIT where none can bind."""
    zone_limit: Ints
    """(Z,) heat that requests may add."""
    cell_way: Ints
    cell_zone: Ints
    """(S,) NONE where no zone limits the cell."""
    cell_container: Ints
    """(S, 4) row, block, hall, site; NONE where the cell is in no block."""
    cell_ptr: Ints
    """(K + 1,) slices of the next."""
    cells: Ints
    """Cells of each container in order."""
    level_ptr: Ints
    """(5,) slices of the containers of each level."""


class Occupancy(NamedTuple):
    """What stands, as loads and free positions; the mutable half of a problem."""

    load: Ints
    """(V,) in normal operation, static load included."""
    added: Ints
    """(Q,) what each loss adds to its node."""
    worst: Ints
    """(V,) the most that any loss adds."""
    heat: Ints
    """(Z,)"""
    free: Ints
    """(S,) free positions."""
    room: Ints
    """(K,) free positions of each container."""


@dataclass(frozen=True, slots=True)
class Floorplan:
    """The layout with the names that its numbers stand for."""

    layout: Layout
    empty: Occupancy
    """The occupancy before anything is placed: what stands, and static loads."""
    facility: Facility
    forest: Forest
    cells: tuple[Ints, ...]
    """Free positions of each cell, in order of the table."""
    cell_of: Ints
    """(P,) cell of each position; NONE where a rack of the facility stands or the position is dark."""
    container_names: tuple[str, ...]
    losses: tuple[tuple[int, int], ...]
    """(contingency, node) of each loss."""
    number: dict[tuple[int, str], int]
    """Containers by level and name."""

    def roomiest(self, level: Ints, home: Ints) -> Ints:
        """(N,) free positions of the container that groups have to stand in, or else of the largest of their level."""
        room, ptr = self.empty.room, self.layout.level_ptr
        largest = np.array([room[first:end].max(initial=0) for first, end in pairwise(ptr)], dtype=np.int64)
        most: Ints = np.where(home == NONE, largest[level], np.append(room, 0)[home])
        return most

    def container(self, level: int, name: str | None) -> int:
        """The container of a level by its name; NONE where no free position is in one of that name."""
        return NONE if name is None else self.number.get((level, name), NONE)


def lower_facility(
    facility: Facility, on: date, standing: Standing = "nameplate", requested: Sequence[StandingRack] = ()
) -> Floorplan:
    """Lower a facility, whose references have been checked, as it is on one day.

    ``requested`` are racks that stand beside those of the facility's own table.
    """
    scenario = Scenario(name=facility.name, facility=facility, horizon=_one_day(on))
    forest = build_forest(scenario, scenario.horizon.periods)
    cords = cords_of(forest, facility.positions)
    racks = (*_own_racks(facility, on, standing), *requested)
    cell_of, cells = _cells(facility, cords, _lit(forest, cords), {rack.position for rack in racks})
    losses = _Losses(forest, Loads(forest, cords, facility.pue))
    firsts = np.array([members[0] for members in cells], dtype=np.int64)
    containers, container_names, level_ptr = _containers(facility, firsts)
    cell_ptr, cell_list = _grouped(containers, len(container_names))
    zones = {zone.name: z for z, zone in enumerate(facility.cooling)}
    zone_of = np.array([zones.get(place.cooling_zone or "", NONE) for place in facility.positions], dtype=np.int64)
    limits = np.array([_zone_limit(zone, on) for zone in facility.cooling], dtype=np.int64)
    layout = Layout(
        **losses.normal_arrays(),
        **losses.loss_arrays(),
        zone_limit=limits,
        cell_way=cords.way[firsts],
        cell_zone=zone_of[firsts],
        cell_container=containers,
        cell_ptr=cell_ptr,
        cells=cell_list,
        level_ptr=level_ptr,
    )
    free = np.array([len(members) for members in cells], dtype=np.int64)
    room = np.add.reduceat(free[cell_list], cell_ptr[:-1]) if len(cell_list) else np.zeros(0, dtype=np.int64)
    empty = Occupancy(
        losses.static.copy(), losses.relief.copy(), layout.floor.copy(), np.zeros_like(limits), free, room
    )
    _stand(layout, empty, racks, cords.way, zone_of)
    level = np.searchsorted(level_ptr, np.arange(len(container_names)), side="right") - 1
    number = {(int(at), name): k for k, (at, name) in enumerate(zip(level, container_names, strict=True))}
    return Floorplan(layout, empty, facility, forest, cells, cell_of, container_names, losses.pairs, number)


def _one_day(on: date) -> Horizon:
    return Horizon(start=on, end=on + timedelta(days=1), period="day")


def _lit(forest: Forest, cords: Cords) -> Bools:
    """(G,) whether every feed that carries a share is energised."""
    on = forest.energised[:, 0]
    return np.array([all(on[feed] for feed, share in feeds if share > 0) for feeds in cords.feeds], dtype=bool)


def _cells(facility: Facility, cords: Cords, lit: Bools, standing: Collection[int]) -> tuple[Ints, tuple[Ints, ...]]:
    """The cell of each position, and the positions of each cell."""
    number: dict[tuple[object, ...], int] = {}
    cell_of = np.full(len(facility.positions), NONE, dtype=np.int64)
    for p, place in enumerate(facility.positions):
        way = int(cords.way[p])
        if lit[way] and p not in standing:
            key = (place.row_key, way, place.cooling_zone, place.fabric_block)
            cell_of[p] = number.setdefault(key, len(number))
    index = np.array([place.index for place in facility.positions], dtype=np.int64)
    order = np.lexsort((np.arange(len(cell_of)), index, cell_of))
    order = order[cell_of[order] >= 0]
    borders = np.cumsum(np.bincount(cell_of[order], minlength=len(number)))[:-1]
    return cell_of, tuple(np.split(order, borders)) if number else ()


def _containers(facility: Facility, firsts: Ints) -> tuple[Ints, tuple[str, ...], Ints]:
    """(S, 4) containers of each cell by level, their names, and where each level begins."""
    places = [facility.positions[p] for p in firsts.tolist()]
    keys = (
        [place.row_key for place in places],
        [place.fabric_block for place in places],
        [place.hall for place in places],
        ["site"] * len(places),
    )
    table = np.full((len(places), len(LEVELS)), NONE, dtype=np.int64)
    names: list[str] = []
    level_ptr = [0]
    for level, of_cell in enumerate(keys):
        number: dict[str, int] = {}
        for s, name in enumerate(of_cell):
            if name is not None:
                table[s, level] = number.setdefault(name, len(names) + len(number))
        names += number
        level_ptr.append(len(names))
    return table, tuple(names), np.array(level_ptr, dtype=np.int64)


def _grouped(containers: Ints, count: int) -> tuple[Ints, Ints]:
    """Cells of each container, as slices of one array."""
    cell, _ = np.nonzero(containers >= 0)
    of = containers[containers >= 0]
    order = np.argsort(of, kind="stable")
    return _ptr(of, count), cell[order]


def _ptr(of: Ints, count: int) -> Ints:
    return np.concatenate(([0], np.cumsum(np.bincount(of, minlength=count)))).astype(np.int64)


def _zone_limit(zone: CoolingZone, on: date) -> int:
    """Total limit of a zone, or that of its air, in mW."""
    there = (zone.available_from is None or zone.available_from <= on) and (
        zone.available_until is None or on < zone.available_until
    )
    kw = zone.total_kw if zone.total_kw is not None else zone.air_kw
    return capacity_w(kw or 0.0) * MW_PER_W if there else 0


class _Losses:
    """Limits and loads of the power forest, with the losses that can bind."""

    def __init__(self, forest: Forest, loads: Loads) -> None:
        self._forest, self._loads = forest, loads
        self.static: Ints = forest.static_below_w[:, 0] * MW_PER_W
        self._normal = forest.normal_w[:, 0] * MW_PER_W
        self._failover = forest.failover_w[:, 0] * MW_PER_W
        self._lower: Bools = np.asarray(self._failover < self._normal)
        self._at_risk = [c for c, node in enumerate(forest.nodes) if node.contingency and forest.energised[c, 0]]
        found = sorted(self._pairs(), key=lambda entry: entry[:2])
        self._changes = [change for _, _, change in found]
        self.pairs = tuple((c, v) for c, v, _ in found)
        self.relief: Ints = np.array([self._relief(c, v) for c, v in self.pairs], dtype=np.int64)

    def _relief(self, c: int, v: int) -> int:
        """Static load that leaves a node when one below it is lost, as what is added: at most 0."""
        return -int(self.static[c]) if c in self._forest.below[v] else 0

    def _pairs(self) -> Iterable[tuple[int, int, dict[int, tuple[float, float]]]]:
        """(contingency, node, (before, after) by way of cording) where more than the normal limit may bind."""
        forest, risk = self._forest, set(self._at_risk)
        for c in self._at_risk:
            moved, after = self._loads.after(c)
            before = self._loads.before(moved)
            above = [a for a in forest.paths[c][1:] if a in risk]
            lightened = {v for v in forest.paths[c][1:] if self._lower[v]}
            for v in sorted(({*before, *after} | lightened) - forest.below[c]):
                old, new = before.get(v, {}), after.get(v, {})
                pairs = {g: (old.get(g, 0.0), new.get(g, 0.0)) for g in {*old, *new}}
                change = {g: pair for g, pair in pairs.items() if pair[0] != pair[1]}
                over_c = c in forest.below[v]
                if over_c and not self._lower[v]:
                    continue
                if not over_c and any(v not in forest.below[a] and a not in forest.below[v] for a in above):
                    continue  # the loss of a node above c moves all of that and more
                if change or over_c:
                    yield c, v, change

    def normal_arrays(self) -> dict[str, Any]:
        """The fields of a layout from ``way_ptr`` to ``way_weight``."""
        weights = self._loads.before(range(len(self._loads.feeds)))
        entries = [(g, v, w) for v, of_way in weights.items() for g, w in of_way.items() if w > 0]
        way_ptr, way_node, way_weight = _rows(entries, len(self._loads.feeds))
        return {"way_ptr": way_ptr, "way_node": way_node, "way_weight": way_weight}

    def loss_arrays(self) -> dict[str, Any]:
        """The fields from ``loss_ptr`` to ``failover``."""
        ways, nodes = len(self._loads.feeds), len(self._forest.nodes)
        entries = [(g, q, *pair) for q, change in enumerate(self._changes) for g, pair in change.items()]
        loss_ptr, way_loss, before, after = _rows(entries, ways, 2)
        loss_node = np.array([v for _, v in self.pairs], dtype=np.int64)
        relieved = np.zeros(nodes, dtype=bool)
        relieved[[v for c, v in self.pairs if c in self._forest.below[v]]] = True
        floor, failover = self._floors(loss_node)
        return {
            "loss_ptr": loss_ptr,
            "way_loss": way_loss,
            "loss_before": before,
            "loss_after": after,
            "loss_node": loss_node,
            "node_ptr": _ptr(loss_node, nodes),
            "node_loss": np.argsort(loss_node, kind="stable"),
            "relieved": relieved,
            "floor": floor,
            "normal": self._normal,
            "failover": failover,
        }

    def _floors(self, loss_node: Ints) -> tuple[Ints, Ints]:
        """What is added at least after any loss, and the failover limit where a loss can make it bind."""
        forest = self._forest
        paired = np.bincount(loss_node, minlength=len(forest.nodes))
        above = np.array([sum(c in self._at_risk for c in path) for path in forest.paths])
        seen = np.bincount([v for c, v in self.pairs if c in forest.below[v]], minlength=len(forest.nodes))
        elsewhere = len(self._at_risk) - above - seen > 0
        floor = np.where(elsewhere, 0, -NO_LIMIT)
        binds = (paired > 0) | (self._lower & elsewhere)
        return floor.astype(np.int64), np.where(binds, self._failover, NO_LIMIT)


def _rows(entries: Sequence[tuple[float, ...]], count: int, weights: int = 1) -> tuple[Any, ...]:
    """(way, what, weights) entries as slices by way: pointers, what, and each weight."""
    table = np.array(sorted(entries), dtype=np.float64).reshape(-1, 2 + weights)
    way, what = table[:, 0].astype(np.int64), table[:, 1].astype(np.int64)
    return _ptr(way, count), what, *(_safe(table[:, 2 + w]) for w in range(weights))


def _safe(shares: Floats) -> Floats:
    """Shares of which loads are never rounded below what they are: those that are not so fine a little larger."""
    fine = np.rint(shares / FINE)
    safe: Floats = np.where(np.abs(shares / FINE - fine) < 1e-8, fine * FINE, shares * (1.0 + _LARGER))
    return np.ascontiguousarray(safe)


@dataclass(frozen=True, slots=True)
class StandingRack:
    """A rack that holds its position whatever is placed."""

    position: int
    power: int
    """mW."""
    heat: int
    """mW that count against the limit of its zone."""


def _own_racks(facility: Facility, on: date, standing: Standing) -> Iterator[StandingRack]:
    """Racks of the facility's own table that hold a position on the day or later."""
    index = {place.name: p for p, place in enumerate(facility.positions)}
    totals = {zone.name for zone in facility.cooling if zone.total_kw is not None}
    draws = {
        kind.name: load_w(kind.expected_kw if standing == "expected" else kind.nameplate_kw)
        for kind in facility.rack_types
    }
    air = {kind.name: 1.0 - kind.liquid_fraction for kind in facility.rack_types}
    for rack in facility.racks if standing != "none" else ():
        if rack.position is not None and rack.holds(on):
            p = index[rack.position]
            power = draws[rack.rack_type] * MW_PER_W
            share = 1.0 if facility.positions[p].cooling_zone in totals else air[rack.rack_type]
            yield StandingRack(p, power, math.ceil(power * share - ROUNDING))


def _stand(layout: Layout, empty: Occupancy, racks: Sequence[StandingRack], way: Ints, zone: Ints) -> None:
    """Add loads and heat of racks at positions corded as ``way`` (P,) in zones ``zone`` (P,)."""
    for (g, power), count in Counter((int(way[rack.position]), rack.power) for rack in racks).items():
        entries = slice(layout.way_ptr[g], layout.way_ptr[g + 1])
        np.add.at(empty.load, layout.way_node[entries], count * _loaded(layout.way_weight[entries], power))
        entries = slice(layout.loss_ptr[g], layout.loss_ptr[g + 1])
        change = _loaded(layout.loss_after[entries], power) - _loaded(layout.loss_before[entries], power)
        np.add.at(empty.added, layout.way_loss[entries], count * change)
    for rack in racks:
        if zone[rack.position] != NONE:
            empty.heat[zone[rack.position]] += rack.heat
    empty.worst[:] = layout.floor
    np.maximum.at(empty.worst, layout.loss_node, empty.added)


def _loaded(weights: Floats, power: int) -> Ints:
    """Load in whole mW, rounded up."""
    return np.ceil(weights * power - NOISE).astype(np.int64)
