"""Literals of the exact model: the state of every single rack at every place it may stand, in every period.

Letters: r rack, p position, d demand, t period. A literal that some rule fixes to 0 does not exist.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ortools.sat.python import cp_model

from capalloc.errors import TooLargeError
from capalloc.instance.model import NOBODY, Instance
from capalloc.instance.pins import NO_PIN, pin_at

MOST_LITERALS = 200_000
"""Above this the exact model refuses: it is the reference for tiny scenarios."""

Literal = Any
"""A CP-SAT literal; its classes are compiled and carry no types that mypy can read."""


class Serve(NamedTuple):
    """The rack stands at the position and serves the demand in the period."""

    rack: int
    position: int
    demand: int
    period: int
    literal: Literal


@dataclass(frozen=True, slots=True)
class ExactModel:
    """A CP-SAT model with its literals. ``stand`` holds the constant 1 where a rack stands already."""

    instance: Instance
    model: Any
    stand: dict[tuple[int, int], Literal] = field(default_factory=dict)
    """(r, p)"""
    serve: list[Serve] = field(default_factory=list)
    by_rack: dict[tuple[int, int], list[Serve]] = field(default_factory=lambda: defaultdict(list))
    """(r, t)"""
    by_demand: dict[tuple[int, int], list[Serve]] = field(default_factory=lambda: defaultdict(list))
    """(d, t)"""
    by_position: dict[tuple[int, int], list[Serve]] = field(default_factory=lambda: defaultdict(list))
    """(p, t)"""
    idle: dict[tuple[int, int, int], Literal] = field(default_factory=dict)
    """(r, p, t) powered and serving nobody; only under ``idle: powered``."""
    off: dict[tuple[int, int, int], Literal] = field(default_factory=dict)
    """(r, p, t) switched off; only under ``idle: powered``."""
    hold: dict[tuple[int, int, int], Literal] = field(default_factory=dict)
    """(r, d, t) idle and held as the demand's buffer."""
    leave: dict[tuple[int, int, int], Literal] = field(default_factory=dict)
    """(r, d, t) stops serving the demand at the start of the period, while its term goes on."""

    @property
    def periods(self) -> range:
        """Indices of the periods."""
        return range(len(self.instance.periods))

    def usable(self, r: int, p: int, t: int) -> bool:
        """Whether the rack can run in the period if it stands at the position."""
        return bool(self.instance.racks.usable[r, t] and self.instance.positions.ok[p, t])

    def states(self) -> Iterator[tuple[int, int, int]]:
        """(r, p, t) of every period in which a rack can run where it may stand."""
        return ((r, p, t) for r, p in self.stand for t in self.periods if self.usable(r, p, t))

    def serving(self, r: int, d: int, t: int) -> Any:
        """0 or 1 as an expression: the rack serves the demand."""
        return sum(s.literal for s in self.by_rack.get((r, t), ()) if s.demand == d)

    def powered(self, r: int, t: int) -> Any:
        """0 or 1 as an expression: the rack is powered."""
        idle = (self.idle[r, p, t] for p in self.places(r) if (r, p, t) in self.idle)
        return sum(s.literal for s in self.by_rack.get((r, t), ())) + sum(idle)

    def spare(self, r: int, t: int) -> Any:
        """0 or 1 as an expression: the rack can run, serves nobody and is not switched off."""
        if self.instance.policy.idle_powered:
            return sum(self.idle[r, p, t] for p in self.places(r) if (r, p, t) in self.idle)
        stands = sum(self.stand[r, p] for p in self.places(r) if self.usable(r, p, t))
        return stands - sum(s.literal for s in self.by_rack.get((r, t), ()))

    def places(self, r: int) -> list[int]:
        """Positions at which the rack may stand."""
        p = int(self.instance.racks.position[r])
        return [p] if p >= 0 else [q for q in range(len(self.instance.positions.names)) if (r, q) in self.stand]


def literals_of(instance: Instance) -> ExactModel:
    """Create the literals. Raises TooLargeError when there are more than MOST_LITERALS."""
    exact = ExactModel(instance, cp_model.CpModel())
    _refuse_large(instance)
    _add_stands(exact)
    for r, p, t in exact.states():
        _add_states(exact, r, p, t)
    _add_holds(exact)
    _add_leaves(exact)
    return exact


def _refuse_large(instance: Instance) -> None:
    standing = int((instance.racks.position >= 0).sum()) + int(instance.vacant.sum())
    count = standing * len(instance.periods) * (len(instance.demands) + 2)
    if count > MOST_LITERALS:
        raise TooLargeError(
            f"the exact model would need up to {count:,} yes/no decisions ({standing:,} racks by position, "
            f"{len(instance.periods)} periods, {len(instance.demands)} demands); it takes {MOST_LITERALS:,} at most; "
            f"plan without it"
        )


def _add_stands(exact: ExactModel) -> None:
    instance = exact.instance
    for r, p in enumerate(instance.racks.position.tolist()):
        if p >= 0:
            exact.stand[r, p] = 1
    for i, r in enumerate(instance.deliveries.tolist()):
        for p in instance.vacant[i].nonzero()[0].tolist():
            exact.stand[r, p] = _literal(exact, "stand", instance.racks.names[r], instance.positions.names[p])


def _literal(exact: ExactModel, kind: str, *names: str) -> Literal:
    return exact.model.new_bool_var(" ".join((kind, *names)))


def _add_states(exact: ExactModel, r: int, p: int, t: int) -> None:
    """Literals of one rack at one position in one period, and that they exclude each other."""
    instance = exact.instance
    names = (instance.racks.names[r], instance.positions.names[p], instance.periods[t].label)
    for d, name in enumerate(instance.demand_names):
        if _may_serve(instance, r, p, d, t):
            served = Serve(r, p, d, t, _literal(exact, "serve", *names, name))
            exact.serve.append(served)
            for index, key in ((exact.by_rack, (r, t)), (exact.by_demand, (d, t)), (exact.by_position, (p, t))):
                index[key].append(served)
    states = [s.literal for s in exact.by_rack.get((r, t), ()) if s.position == p]
    if not instance.policy.idle_powered:
        exact.model.add(sum(states) <= exact.stand[r, p])
        return
    exact.idle[r, p, t] = _literal(exact, "idle", *names)
    exact.off[r, p, t] = _literal(exact, "off", *names)
    exact.model.add(sum(states) + exact.idle[r, p, t] + exact.off[r, p, t] == exact.stand[r, p])


def _may_serve(instance: Instance, r: int, p: int, d: int, t: int) -> bool:
    """Eligibility, term, pins, the incumbent's hand-over, and a fabric block where lots are asked for by block."""
    racks, data = instance.racks, instance.demands[d]
    locality = data.demand.locality
    if locality and locality.level == "fabric_block" and instance.positions.block[p] < 0:
        return False
    waits = t < racks.ready[r] and racks.last[r] != d
    pinned_elsewhere = pin_of(instance, r, p, t) not in (NO_PIN, d)
    return bool(racks.eligible[r, d] and data.in_term[t] and not pinned_elsewhere and not waits)


def pin_of(instance: Instance, r: int, p: int, t: int) -> int:
    """What pins want of the rack at the position in the period."""
    racks = instance.racks
    if racks.position[r] >= 0:
        return int(racks.pin[r, t])
    return int(pin_at(racks.pin[r], instance.place_pins, p, racks.eligible[r])[t])


def _add_holds(exact: ExactModel) -> None:
    instance = exact.instance
    for d, data in enumerate(instance.demands):
        if data.demand.buffer_share == 0:
            continue
        for r, t in sorted({(r, t) for r, _, t in exact.states()}):
            if data.in_term[t] and instance.racks.eligible[r, d]:
                names = (instance.racks.names[r], instance.periods[t].label, data.name)
                exact.hold[r, d, t] = _literal(exact, "hold", *names)


def _add_leaves(exact: ExactModel) -> None:
    instance = exact.instance
    before = {(s.rack, s.demand, s.period + 1) for s in exact.serve}
    before |= {(r, d, 0) for r, d in enumerate(instance.racks.held.tolist()) if d != NOBODY}
    for r, d, t in sorted(before):
        if t < len(instance.periods) and instance.demands[d].in_term[t]:
            names = (instance.racks.names[r], instance.periods[t].label, instance.demand_names[d])
            exact.leave[r, d, t] = _literal(exact, "leave", *names)
