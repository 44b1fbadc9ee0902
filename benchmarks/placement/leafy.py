"""The leafy family: many small limits, none like another, so that hardly two rows are one cell.

Rows hang on leaf nodes of their own, under panels of 4 to 400 positions whose limits are irregular, with no level above
them. What a seed draws: the panels, their limits, and kW of the racks that are no round figures.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from capalloc.schema.facility import Facility, Position, PowerNode
from capalloc.schema.request import Request

LEAST, MOST = 4, 400
"""Positions of a panel."""
ROW = 20
"""Positions of a row, at most; a panel ends with a shorter one."""
KW = (5.0, 140.0)
"""A rack draws so much, any figure as likely as another."""
TIGHT = (0.5, 1.2)
"""What a limit lets each position below it draw, as a share of the mean rack."""


def leafy(racks: int, seed: int = 0, row: int = ROW) -> tuple[Facility, tuple[Request, ...]]:
    """As many positions as racks, each rack a request of its own; ``row`` is what a row has at most."""
    dice = Random(seed)
    power: list[PowerNode] = []
    positions: list[Position] = []
    for panel, count in enumerate(_panels(racks, dice), 1):
        power.append(_node(f"panel{panel}", "pdu", None, count, dice))
        for first in range(0, count, row):
            leaf, places = f"panel{panel}-r{first // row + 1}", min(row, count - first)
            power.append(_node(leaf, "busway", f"panel{panel}", places, dice))
            positions += (
                Position(name=f"{leaf}-p{place}", hall=f"hall{1 + panel % 8}", row=leaf, index=place, feed_a=leaf)
                for place in range(1, places + 1)
            )
    facility = Facility(name=f"leafy-{racks}", rack_types=(), power=tuple(power), positions=tuple(positions), racks=())
    asked = (Request(name=f"q{n:06}", racks=1, power_kw=round(dice.uniform(*KW), 3)) for n in range(1, racks + 1))
    return facility, tuple(asked)


def _panels(racks: int, dice: Random) -> Iterator[int]:
    """Positions of each panel, together as many as racks."""
    while racks > 0:
        panel = min(racks, dice.randint(LEAST, MOST))
        yield panel
        racks -= panel


def _node(name: str, kind: str, parent: str | None, positions: int, dice: Random) -> PowerNode:
    rated_kw = round(dice.uniform(*TIGHT) * sum(KW) / 2 * positions, 1)
    return PowerNode.model_validate({"name": name, "kind": kind, "parent": parent, "rated_kw": rated_kw})
