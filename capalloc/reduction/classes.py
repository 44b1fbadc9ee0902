"""Rack classes: racks that no rule can tell apart are counted together.

Two racks are interchangeable when they have the same type, usable periods, pins and incumbent, may be used by the same
demands, and stand at positions with the same weights on every *binding-capable* row. A row is binding-capable when its
limit can be passed although every position draws its most; any other row can never be violated and drops out.
Exchanging the whole futures of two interchangeable racks then changes no row, no count and no money, so every plan by
single racks gives counts by class with the same value, and counts by class give such a plan (:mod:`capalloc.naming`).

This is aggregation over the orbits of a symmetry group, which also keeps branch and bound from visiting the same plan
under other names (Margot: Symmetry in integer linear programming, in 50 Years of Integer Programming, Springer 2010).
Meta's region-wide planner aggregates servers likewise (Newell et al.: RAS, SOSP 2021, doi 10.1145/3477132.3483578).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from capalloc.instance.model import NOBODY, Bools, Floats, Instance, Ints
from capalloc.instance.pins import pin_at
from capalloc.instance.read_only import ReadOnly
from capalloc.reduction.signature import signatures


@dataclass(frozen=True, slots=True)
class PositionClasses(ReadOnly):
    """Q classes of positions that no rule which matters can tell apart."""

    members: tuple[Ints, ...]
    """Positions of each class."""
    weights: Floats
    """(rows kept, Q) W on the row per W drawn at one of the positions."""
    row: Ints
    hall: Ints
    block: Ints
    """(Q,) each: the group, where a rule needs it; else -1."""
    class_at: Ints
    """(P,) class of each position."""


@dataclass(frozen=True, slots=True)
class RackClasses(ReadOnly):
    """C classes of racks, each at one class of positions; a delivery has one for each class that it may stand in."""

    racks: tuple[Ints, ...]
    """Racks of each class, sorted; for a delivery class the racks of its delivery class."""
    delivery: Ints
    """(C,) delivery class, or -1 where the racks stand already."""
    position_class: Ints
    """(C,)"""
    size: Ints
    """(C,) most racks."""
    type: Ints
    usable: Bools
    """(C, T)"""
    eligible: Bools
    """(C, D) the demand accepts the racks of the class, as spares at least."""
    allowed: Bools
    """(C, D) the demand may use racks that stand at the class's positions, as far as it accepts them at all."""
    suits: Bools
    """(C, D) eligible to serve: also in a fabric block, where the demand's lots are formed by block."""
    pin: Ints
    """(C, T)"""
    held: Ints
    last: Ints
    ready: Ints
    powered_before: Bools
    stay: Bools
    """(C, T) periods in which a rack of the class occupies its position."""


@dataclass(frozen=True, slots=True)
class Apart(ReadOnly):
    """Racks and positions that are told apart whatever the rules say: those with different numbers are."""

    racks: Ints
    """(R,)"""
    positions: Ints
    """(P,)"""


@dataclass(frozen=True, slots=True)
class Reduction(ReadOnly):
    """An instance seen by classes: what :func:`reduce_instance` makes of it."""

    instance: Instance
    rows: Ints
    """Rows of the instance that can bind."""
    position_classes: PositionClasses
    classes: RackClasses

    @property
    def sure_departures(self) -> Ints:
        """(D,) racks in no class that the incumbent holds for a demand: they depart whatever the plan."""
        held = self.instance.racks.held.copy()
        held[np.concatenate((*self.classes.racks, np.zeros(0, dtype=np.int64)))] = NOBODY
        return np.bincount(held[held != NOBODY], minlength=len(self.instance.demands))

    def columns(self, windows: int) -> int:
        """Columns of who serves whom over so many windows, at most."""
        return len(self.classes.size) * len(self.instance.demands) * windows


def reduce_instance(
    instance: Instance,
    *,
    per_rack: bool = False,
    packing: bool = True,
    by_row: bool = False,
    apart: Apart | None = None,
) -> Reduction:
    """Group the racks of an instance into classes.

    ``per_rack`` gives every rack a class of its own; with ``by_row`` no class spans two rows of a hall; what ``apart``
    tells apart is in no class together. Without
    ``packing``, rows of power and cooling tell no racks apart: these classes are the pools of
    :mod:`capalloc.reduction.pools`.
    """
    rows = binding_capable(instance) if packing else np.zeros(0, dtype=np.int64)
    places = _position_classes(instance, rows, packing, by_row, apart)
    number = apart.racks if apart else np.arange(len(instance.racks.names)) * per_rack
    return Reduction(instance, rows, places, _classes(instance, places, number))


def most_w(instance: Instance) -> Ints:
    """(K,) most W that a rack of each type can draw in any period."""
    draws = [instance.idle_w, *(data.draw_w for data in instance.demands)]
    most: Ints = np.max(np.stack(draws), axis=0)
    return most


def binding_capable(instance: Instance) -> Ints:
    """Rows whose limit can be passed when every position draws its most."""
    most = most_w(instance)
    can_stand = np.zeros((len(instance.positions.names), len(most)), dtype=bool)
    stands = instance.racks.position >= 0
    can_stand[instance.racks.position[stands], instance.racks.type[stands]] = True
    for kind in np.unique(instance.racks.type[instance.deliveries]):
        of_kind = instance.racks.type[instance.deliveries] == kind
        can_stand[:, kind] |= instance.vacant[of_kind].any(axis=0)
    rows = instance.rows
    if not rows:
        return np.zeros(0, dtype=np.int64)
    shares, kind = np.unique(np.array([row.share for row in rows]), axis=0, return_inverse=True)
    heaviest = np.where(can_stand, (shares * most)[:, None, :], 0.0).max(axis=2, initial=0.0)
    number = np.repeat(np.arange(len(rows)), [len(row.positions) for row in rows])
    positions, weights = (np.concatenate(part) for part in zip(*((r.positions, r.weights) for r in rows), strict=True))
    loads = np.ceil(weights * heaviest[kind.reshape(-1)[number], positions])  # whole W: sums are exact
    least = np.array([row.limit_w for row in rows]).min(axis=1)
    return np.flatnonzero(np.bincount(number, loads, minlength=len(rows)) > least)


def _levels(instance: Instance) -> dict[str, bool]:
    """Which groupings of positions some rule looks at."""
    used: set[str] = {data.demand.isolation for data in instance.demands}
    used |= {data.demand.locality.level for data in instance.demands if data.demand.locality}
    return {level: level in used for level in ("row", "hall", "fabric_block")}


def _position_classes(
    instance: Instance, rows: Ints, packing: bool, by_row: bool, apart: Apart | None
) -> PositionClasses:
    """Classes sorted by their weights, then by what else tells them apart: equal sites give equal numbers."""
    count = len(instance.positions.names)
    groups = _groups(instance, by_row)
    tables = [groups, *_told_apart_by(instance, packing), *([apart.positions[:, None]] if apart else [])]
    loads = [(instance.rows[i].positions, instance.rows[i].weights) for i in rows]
    signature = signatures(count, tables, loads)
    first = np.unique(signature, return_index=True)[1]
    weights = _weights_at(first, count, loads)
    order = np.lexsort(np.hstack((weights, *(table[first] for table in tables))).T[::-1])
    rank = np.empty(len(first), dtype=np.int64)
    rank[order] = np.arange(len(first))
    class_at = rank[signature]
    by_class = np.argsort(class_at, kind="stable")
    members = tuple(np.split(by_class, np.cumsum(np.bincount(class_at))[:-1])) if count else ()
    row, hall, block = groups[first[order]].T
    return PositionClasses(members, weights[order].T, row, hall, block, class_at)


def _groups(instance: Instance, by_row: bool) -> Ints:
    """(P, 3) row, hall and block of each position, -1 where no rule looks at them; whether it has a block shows."""
    positions, levels = instance.positions, _levels(instance)
    nothing = np.full(len(positions.names), -1)
    row = positions.row if levels["row"] or by_row else nothing
    hall = positions.hall if levels["hall"] else nothing
    block = positions.block if levels["fabric_block"] else np.minimum(positions.block, 0)
    return np.column_stack((row, hall, block))


def _told_apart_by(instance: Instance, packing: bool) -> Iterator[NDArray[Any]]:
    """(P, n) tables of what rules look at, but for the rows on watts."""
    yield from (spread.share.T for spread in instance.spreads)
    if instance.policy.most_growth_milliwatts is not None and packing:
        yield instance.positions.site_weight[:, None]
    if len(instance.vacant):
        yield from (pin.positions[:, None] for pin in instance.place_pins)
        yield _distinct_rows(instance.vacant).T
        yield instance.positions.ok
        kin = np.unique(instance.racks.kin[instance.deliveries])
        yield instance.allowed[kin].reshape(-1, instance.allowed.shape[2]).T


def _weights_at(positions: Ints, count: int, loads: Sequence[tuple[Ints, Floats]]) -> Floats:
    """(positions, rows) weight of some of the ``count`` positions on each row."""
    weights = np.zeros((len(positions), len(loads)))
    at = np.full(count, -1)
    at[positions] = np.arange(len(positions))
    for j, (places, load) in enumerate(loads):
        here = at[places]
        weights[here[here >= 0], j] = load[here >= 0]
    return weights


def _distinct_rows(table: Bools) -> Bools:
    """Each row once, sorted."""
    rows = sorted({row.tobytes() for row in table})
    return np.frombuffer(b"".join(rows), dtype=bool).reshape(len(rows), table.shape[1])


def _classes(instance: Instance, places: PositionClasses, number: Ints) -> RackClasses:
    """Racks with different (R,) numbers are in no class together."""
    racks = instance.racks
    place = np.where(racks.position >= 0, places.class_at[racks.position], -1)
    state = np.column_stack((racks.type, place, racks.held, racks.last, racks.ready, racks.powered_before))
    allowed = racks.inside | ~racks.eligible
    kind = signatures(len(number), [number[:, None], state, racks.usable, racks.eligible, allowed, racks.pin])
    counts = racks.usable.any(axis=1) | (racks.held != NOBODY)  # a held rack departs even where it can never run
    standing = np.flatnonzero((racks.position >= 0) & counts)
    classes = [
        (members, -1, int(places.class_at[racks.position[members[0]]]))
        for members in _grouped(kind[standing], standing)
    ]
    alike = np.column_stack((kind, racks.kin))[instance.deliveries]
    delivered = signatures(len(instance.deliveries), [alike, instance.stay, instance.vacant])
    for g, members in enumerate(_grouped(delivered, instance.deliveries)):
        i = int(np.flatnonzero(instance.deliveries == members[0])[0])
        free = np.unique(places.class_at[instance.vacant[i]])
        classes += [(members, g, int(q)) for q in free]
    return _assemble(instance, places, classes)


def _grouped(kind: Ints, racks: Ints) -> list[Ints]:
    """Racks of each kind, the kinds in order of appearance."""
    if not len(racks):
        return []
    _, first, group = np.unique(kind, return_index=True, return_inverse=True)
    sorted_by_kind = racks[np.argsort(group, kind="stable")]
    members = np.split(sorted_by_kind, np.cumsum(np.bincount(group))[:-1])
    return [members[g] for g in np.argsort(first)]


def _assemble(instance: Instance, places: PositionClasses, classes: Sequence[tuple[Ints, int, int]]) -> RackClasses:
    racks = instance.racks
    first = np.array([members[0] for members, _, _ in classes], dtype=np.int64)
    delivery = np.array([g for _, g, _ in classes], dtype=np.int64)
    place = np.array([q for _, _, q in classes], dtype=np.int64)
    size = [len(m) if g < 0 else min(len(m), len(places.members[q])) for m, g, q in classes]
    usable, pin = racks.usable[first].copy(), racks.pin[first].copy()
    allowed = racks.inside[first] | ~racks.eligible[first]
    stay = np.ones((len(classes), len(instance.periods)), dtype=bool)
    for c in np.flatnonzero(delivery >= 0):
        stay[c] = instance.stay[np.flatnonzero(instance.deliveries == first[c])[0]]
        p, r = int(places.members[place[c]][0]), int(first[c])
        usable[c] &= instance.positions.ok[p]
        allowed[c] = instance.allowed[racks.kin[r], :, p]
        pin[c] = pin_at(pin[c], instance.place_pins, p, instance.takes(r, p))
    return RackClasses(
        racks=tuple(members for members, _, _ in classes),
        delivery=delivery,
        position_class=place,
        size=np.array(size, dtype=np.int64),
        type=racks.type[first],
        usable=usable,
        eligible=racks.eligible[first],
        allowed=allowed,
        suits=racks.eligible[first] & _has_block(instance, places, place),
        pin=pin,
        held=racks.held[first],
        last=racks.last[first],
        ready=racks.ready[first],
        powered_before=racks.powered_before[first],
        stay=stay,
    )


def _has_block(instance: Instance, places: PositionClasses, place: Ints) -> Bools:
    """(C, D) a demand with lots of fabric blocks takes only positions that have a block."""
    needs = [bool(data.demand.locality and data.demand.locality.level == "fabric_block") for data in instance.demands]
    return ~np.array(needs, dtype=bool)[None, :] | (places.block[place] >= 0)[:, None]
