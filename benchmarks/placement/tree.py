"""The tree family: single-corded rows under switchboards that cannot carry all of their rows at once."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from capalloc.schema.facility import Facility, Position, PowerNode
from capalloc.schema.request import Request

POSITIONS, ROWS = 20, 16
"""Positions of a row, rows of a switchboard."""
POWERS_KW = (20.0, 44.0, 60.0, 132.0)
MEAN_KW = sum(POWERS_KW) / len(POWERS_KW)
"""What a row can carry for each of its positions."""
TIGHT = 0.92
"""Share of the ratings of its rows that a switchboard can carry."""
UTILITY = "utility"


def tree(racks: int, seed: int = 0) -> tuple[Facility, tuple[Request, ...]]:
    """As many positions as racks, each rack a request of its own, the four powers evenly mixed and shuffled."""
    rows = [range(first, min(first + POSITIONS, racks)) for first in range(0, racks, POSITIONS)]
    facility = Facility(
        name=f"tree-{racks}",
        rack_types=(),
        power=tuple(_power(rows)),
        positions=tuple(_position(row, place) for row in range(len(rows)) for place in range(len(rows[row]))),
        racks=(),
    )
    powers_kw = [POWERS_KW[rack % len(POWERS_KW)] for rack in range(racks)]
    Random(seed).shuffle(powers_kw)
    return facility, tuple(Request(name=f"q{rack:06}", racks=1, power_kw=kw) for rack, kw in enumerate(powers_kw, 1))


def _power(rows: list[range]) -> Iterator[PowerNode]:
    """A utility without a limit of its own, its switchboards, and a busway for each row."""
    yield PowerNode(name=UTILITY, kind="utility", rated_kw=2 * MEAN_KW * sum(map(len, rows)))
    for board in range(0, len(rows), ROWS):
        fed_kw = MEAN_KW * sum(map(len, rows[board : board + ROWS]))
        yield PowerNode(name=_board(board), kind="switchboard", parent=UTILITY, rated_kw=TIGHT * fed_kw)
    for row, places in enumerate(rows):
        yield PowerNode(name=_row(row), kind="busway", parent=_board(row), rated_kw=MEAN_KW * len(places))


def _board(row: int) -> str:
    """The switchboard of a row."""
    return f"msb{row // ROWS + 1:03}"


def _row(row: int) -> str:
    return f"r{row + 1:04}"


def _position(row: int, place: int) -> Position:
    name = _row(row)
    return Position(name=f"{name}-p{place + 1:02}", hall="hall1", row=name, index=place + 1, feed_a=name)
