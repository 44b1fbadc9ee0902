"""First fit, best fit, balanced round-robin and random: requests one after the other, none taken up again.

A unit is what all racks of a request stand in; for a single rack, its row. Requests come in the order that suits the
objective, which serves these peers better than that of the file; random shuffles them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence

import numpy as np

from capalloc.schema.request import PlacementObjective, Request, Together

from .cells import Cells, Floats, Ints, Taken
from .fill import Fill


class Constructive(ABC):
    """A peer that fills units by a rank of its own."""

    def __init__(self, cells: Cells, seed: int) -> None:
        self.cells = cells
        self.fill = Fill(cells)
        self.members = {level: _members(units) for level, units in cells.units.items()}

    @abstractmethod
    def ranks(self, level: Together, fits: Ints) -> Ints | Floats:
        """(units,) ranks of the units of a level, none negative, the lowest tried first.

        ``fits``: (units,) racks of the request that each could take at most.
        """

    def order(self, requests: Sequence[Request], objective: PlacementObjective) -> list[int]:
        """Numbers of the requests in the order in which they are placed."""
        return sorted(range(len(requests)), key=lambda number: _worth_late(requests[number], objective))

    def place(self, requests: Sequence[Request], objective: PlacementObjective) -> list[Taken]:
        """Place what fits."""
        taken: list[Taken] = []
        for number in self.order(requests, objective):
            taken += ((number, cell, racks) for cell, racks in self._placed(requests[number]))
        return taken

    def _placed(self, request: Request) -> list[tuple[int, int]]:
        """(cell, racks) in the first unit that takes all racks, or in the roomiest where a part will do."""
        level: Together = "row" if request.racks == 1 else request.together
        fits = self.fill.fits(request)
        inside = self.cells.units[level] >= 0
        by_unit = np.bincount(self.cells.units[level][inside], weights=fits[inside]).astype(np.int64)
        for unit in self._tried(level, by_unit, request.racks):
            taken = self._into(request, self.members[level][unit], fits)
            if sum(racks for _, racks in taken) == request.racks:
                self.placed_in(level, unit)
                return taken
            self._undo(request, taken)
        if request.all_or_nothing or not by_unit.any():
            return []
        return self._into(request, self.members[level][int(by_unit.argmax())], fits)

    def _tried(self, level: Together, by_unit: Ints, racks: int) -> Iterator[int]:
        """Units that might take all racks, by rank; most often the first one does, so the others are sorted later."""
        units = np.flatnonzero(by_unit >= racks)
        if not len(units):
            return
        ranks = self.ranks(level, by_unit)[units]
        first = int(ranks.argmin())
        yield int(units[first])
        ranks[first] = -1  # below all: no rank is negative
        yield from units[ranks.argsort(kind="stable")][1:].tolist()

    def _into(self, request: Request, members: Ints, fits: Ints) -> list[tuple[int, int]]:
        """Fill the cells of a unit until all racks stand or none fits."""
        taken, left = [], request.racks
        for cell in self.cell_order(members, fits[members]).tolist():
            racks = min(left, self.fill.fit(request, cell))
            if racks > 0:
                self.fill.put(request, cell, racks)
                taken.append((cell, racks))
                left -= racks
            if not left:
                break
        return taken

    def _undo(self, request: Request, taken: list[tuple[int, int]]) -> None:
        for cell, racks in taken:
            self.fill.put(request, cell, -racks)

    def cell_order(self, members: Ints, fits: Ints) -> Ints:
        """Cells of a unit in the order in which they are filled; ``fits``: racks that each could take alone."""
        return members

    def placed_in(self, level: Together, unit: int) -> None:  # noqa: B027 - most need not hear it
        """Hear that a unit has taken a request."""


class FirstFit(Constructive):
    """The first unit that takes the request."""

    def ranks(self, level: Together, fits: Ints) -> Ints:
        """Units as they are numbered."""
        return np.arange(len(fits))


class BestFit(Constructive):
    """The unit, and in it the cells, that could take the fewest racks more."""

    def ranks(self, level: Together, fits: Ints) -> Ints:
        """Units by the racks that they could take."""
        return fits.copy()

    def cell_order(self, members: Ints, fits: Ints) -> Ints:
        """Cells by the racks that they could take."""
        return members[fits.argsort(kind="stable")]


class RoundRobin(Constructive):
    """Units in turn, in such an order that each hangs on another UPS pair than the one before.

    Balanced round-robin of Zhang et al., "Flex", ISCA 2021, doi:10.1109/ISCA52012.2021.00033.
    """

    def __init__(self, cells: Cells, seed: int) -> None:
        super().__init__(cells, seed)
        self.order_of = {level: _in_turn(members, cells.pair) for level, members in self.members.items()}
        self.turn = dict.fromkeys(self.order_of, 0)

    def ranks(self, level: Together, fits: Ints) -> Ints:
        """Units from the one whose turn it is."""
        return (self.order_of[level] - self.turn[level]) % len(fits)

    def placed_in(self, level: Together, unit: int) -> None:
        """The turn is the next one's."""
        self.turn[level] = int(self.order_of[level][unit]) + 1


class AtRandom(Constructive):
    """Requests in any order, each into any unit that takes it."""

    def __init__(self, cells: Cells, seed: int) -> None:
        super().__init__(cells, seed)
        self.draws = np.random.default_rng(seed)

    def order(self, requests: Sequence[Request], objective: PlacementObjective) -> list[int]:
        """Shuffled."""
        shuffled: list[int] = self.draws.permutation(len(requests)).tolist()
        return shuffled

    def ranks(self, level: Together, fits: Ints) -> Floats:
        """Shuffled."""
        return self.draws.random(len(fits))


CONSTRUCTIVE: dict[str, type[Constructive]] = {
    "first-fit": FirstFit,
    "best-fit": BestFit,
    "round-robin": RoundRobin,
    "random": AtRandom,
}


def _worth_late(request: Request, objective: PlacementObjective) -> tuple[float, ...]:
    """Sorts first what is worth most for what it takes: small draws, or large ones where draw itself is the worth."""
    kw = request.racks * request.draw_kw
    return {
        "racks": (request.draw_kw, -request.racks),
        "kw": (-request.draw_kw, -request.racks),
        "requests": (kw, request.racks),
        "value": (-request.value / request.draw_kw, -request.racks),
    }[objective]


def _members(units: Ints) -> list[Ints]:
    """Cells of each unit, those of unit -1 left out."""
    order = units.argsort(kind="stable")
    borders = np.searchsorted(units[order], np.arange(units.max() + 2))
    return [order[borders[unit] : borders[unit + 1]] for unit in range(units.max() + 1)]


def _in_turn(members: list[Ints], pair: Ints) -> Ints:
    """(units,) places in a round in which the pairs take turns; a unit counts for the pair of its first cell."""
    seen: dict[int, int] = {}
    keys = []
    for cells in members:
        first = int(pair[cells[0]])
        keys.append((seen.setdefault(first, 0), first))
        seen[first] += 1
    place = np.empty(len(keys), dtype=np.int64)
    place[sorted(range(len(keys)), key=keys.__getitem__)] = np.arange(len(keys))
    return place
