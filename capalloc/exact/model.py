"""The exact model: literals for the state of every single rack at every place it may stand, in every period.

Letters: r rack, p position, d demand, t period.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from capalloc.instance.model import Instance

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

    def racks(self, d: int, t: int) -> list[Serve]:
        """Literals of the racks that may serve the demand in the period."""
        return self.by_demand.get((d, t), [])

    def groups(self, level: str) -> list[int]:
        """The ``row``, ``hall`` or ``fabric_block`` of each position."""
        positions = self.instance.positions
        groups = {"row": positions.row, "hall": positions.hall, "fabric_block": positions.block}[level]
        return [int(group) for group in groups]

    def binaries(self, name: str, keys: set[Any]) -> dict[Any, Literal]:
        """A new literal for each of the keys."""
        return {key: self.model.new_bool_var(f"{name} {key}") for key in sorted(keys)}

    def places(self, r: int) -> list[int]:
        """Positions at which the rack may stand."""
        p = int(self.instance.racks.position[r])
        return [p] if p >= 0 else [q for q in range(len(self.instance.positions.names)) if (r, q) in self.stand]
