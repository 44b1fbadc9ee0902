"""What colours a position on the map of the floor: its demand, rack type, the use of its feeds, or its fabric block."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from capalloc.analysis.picture import Pictured
from capalloc.analysis.picture.floor import Floor, State, feed_use, serves
from capalloc.instance.model import NOBODY, Ints
from capalloc.report.charts.shades import COLOURS, REST
from capalloc.report.charts.use import STEPS


class Colouring(StrEnum):
    """What the map shows."""

    DEMAND = "demand"
    TYPE = "type"
    HEADROOM = "headroom"
    BLOCK = "block"


TITLES: Mapping[Colouring, str] = {
    Colouring.DEMAND: "Demand",
    Colouring.TYPE: "Rack type",
    Colouring.HEADROOM: "Headroom of feeds",
    Colouring.BLOCK: "Fabric block",
}

STATES: Mapping[State, tuple[str, str]] = {
    State.EMPTY: ("Empty", "empty"),
    State.AWAITED: ("Rack to come", "awaited"),
    State.IDLE: ("Idle", "idle"),
    State.OFF: ("Switched off", "off"),
    State.MAINTENANCE: ("In maintenance", "unusable"),
    State.PARTLY: ("Arrives or leaves in the period", "partly"),
    State.DARK: ("No power or in an outage", "dark"),
}
"""Label and colour of what serves no demand."""
SPARE = ("Spare, held for a demand", "spare")
OTHERS = ("Other demands", REST)
"""Of all demands beyond those that have a colour of their own."""

NO_TYPE = ("No rack", "empty")
NO_BLOCK = ("No fabric block", REST)
SERVES_NOBODY = ("Serves nobody", "empty")
BLOCK_SHADES = COLOURS[:6]
"""In turn, so that neighbouring blocks differ."""
BLOCKS_NAMED = 12
"""Blocks that the legend names; more are one entry."""
BLOCKS = "Fabric blocks, neighbours in other colours"


@dataclass(frozen=True, slots=True)
class Coloured:
    """Positions of one colour and meaning in a period."""

    label: str
    shade: str
    positions: Ints


class Colours:
    """The colours of P positions in a period."""

    def __init__(self, pictured: Pictured, floor: Floor, shades: Mapping[str, str], t: int) -> None:
        self.pictured, self.shades, self.t = pictured, shades, t
        self.spots = pictured.site.instance.positions
        self.state, self.rack = floor.state[:, t], floor.rack[:, t]

    def by(self, colouring: Colouring) -> list[Coloured]:
        """What occurs, in the order of the legend; every position once."""
        kinds, told = {
            Colouring.DEMAND: self._demands,
            Colouring.TYPE: self._types,
            Colouring.HEADROOM: self._use,
            Colouring.BLOCK: self._blocks,
        }[colouring]()
        found = ((label, shade, np.flatnonzero(kinds == kind)) for kind, (label, shade) in enumerate(told))
        return [Coloured(label, shade, positions) for label, shade, positions in found if len(positions)]

    def _demands(self) -> tuple[Ints, Sequence[tuple[str, str]]]:
        """Demands with a colour of their own, all others, spares, then states."""
        names = self.pictured.site.instance.demand_names
        own = [name for name in names if self.shades[name] != REST]
        told = [*((name, self.shades[name]) for name in own), OTHERS, SPARE, *STATES.values()]
        kinds = np.full(len(self.state), told.index(OTHERS))
        for d, name in enumerate(names):
            if self.shades[name] != REST:
                kinds[self.state == serves(d)] = own.index(name)
        kinds[(self.state >= State.SERVES) & ((self.state - State.SERVES) % 2 == 1)] = told.index(SPARE)
        low = self.state < State.SERVES
        kinds[low] = told.index(SPARE) + 1 + self.state[low]
        return kinds, told

    def _types(self) -> tuple[Ints, Sequence[tuple[str, str]]]:
        instance = self.pictured.site.instance
        told = [(name, COLOURS[k % len(COLOURS)]) for k, name in enumerate(instance.type_names)]
        kinds = np.where(self.rack == NOBODY, len(told), instance.racks.type[self.rack])
        return kinds, [*told, NO_TYPE]

    def _use(self) -> tuple[Ints, Sequence[tuple[str, str]]]:
        steps = np.array([share for share, _, _ in STEPS[1:]])
        use = feed_use(self.pictured)[:, self.t]
        told = [(f"Use of feeds {label}", shade) for _, shade, label in STEPS]
        kinds = np.where(self.state == State.DARK, len(told), np.searchsorted(steps, use, side="right"))
        return kinds, [*told, STATES[State.DARK]]

    def _blocks(self) -> tuple[Ints, Sequence[tuple[str, str]]]:
        names = self.spots.block_names
        few = len(names) <= BLOCKS_NAMED
        shades = [BLOCK_SHADES[b % len(BLOCK_SHADES)] for b in range(len(names) if few else len(BLOCK_SHADES))]
        told = [*((names[b] if few else BLOCKS, shade) for b, shade in enumerate(shades)), NO_BLOCK]
        block = self.spots.block % max(len(shades), 1)
        kinds = np.where(self.spots.block == NOBODY, len(shades), block)
        return np.where(self.state < State.SERVES, len(told), kinds), [*told, SERVES_NOBODY]
