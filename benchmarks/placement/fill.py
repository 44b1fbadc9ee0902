"""Racks put into cells one group after the other, with what every limit has left kept as they come."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np

from capalloc.schema.request import Request

from .cells import Cells, Floats, Ints

_SLACK_KW = 1e-6
"""Sums of kW may be that wrong."""


@dataclass(slots=True)
class _Kind:
    """Racks of one power and heat: how many fit into each cell, and the cells where that is out of date."""

    fits: Ints
    stale: set[int]


@dataclass(slots=True)
class Fill:
    """What is left of cells."""

    cells: Cells
    free: Ints = field(init=False)
    """(C,) positions."""
    left_kw: Floats = field(init=False)
    """(L + 1,)"""
    _kinds: dict[tuple[float, float], _Kind] = field(init=False, default_factory=dict)
    _under: dict[int, set[int]] = field(init=False)
    """Cells under each limit."""
    _near: dict[int, frozenset[int]] = field(init=False, default_factory=dict)
    """Cells that share a limit with a cell."""

    def __post_init__(self) -> None:
        self.free = self.cells.free.copy()
        self.left_kw = self.cells.limit_kw + _SLACK_KW
        self._under = defaultdict(set)
        for cell, limits in enumerate(self.cells.limits.tolist()):
            for limit in limits:
                self._under[limit].add(cell)
        self._under[len(self.left_kw) - 1] = set()

    def fits(self, request: Request) -> Ints:
        """(C,) racks of the request that each cell could take if the others took none."""
        key = request.draw_kw, request.heat_kw
        if key not in self._kinds:
            self._kinds[key] = _Kind(np.zeros_like(self.free), set(range(len(self.free))))
        kind = self._kinds[key]
        if kind.stale:
            stale = np.fromiter(kind.stale, dtype=np.int64, count=len(kind.stale))
            kind.fits[stale] = self._fit(request, stale)
            kind.stale.clear()
        return kind.fits

    def fit(self, request: Request, cell: int) -> int:
        """Racks of the request that one cell can take."""
        return int(self._fit(request, np.array([cell]))[0])

    def put(self, request: Request, cell: int, racks: int) -> None:
        """Let racks of the request stand in the cell; a negative number takes them away."""
        only = np.array([cell])
        self.free[cell] -= racks
        np.subtract.at(self.left_kw, self.cells.limits[only], racks * self.cells.loads(request, only))
        for kind in self._kinds.values():
            kind.stale |= self._neighbours(cell)

    def _neighbours(self, cell: int) -> frozenset[int]:
        if cell not in self._near:
            under = (self._under[limit] for limit in self.cells.limits[cell].tolist())
            self._near[cell] = frozenset({cell}.union(*under))
        return self._near[cell]

    def _fit(self, request: Request, cells: Ints) -> Ints:
        loads = self.cells.loads(request, cells)
        racks = np.full_like(loads, np.inf)
        np.divide(self.left_kw[self.cells.limits[cells]], loads, out=racks, where=loads > 0)
        fits: Ints = np.minimum(self.free[cells], np.floor(racks.min(axis=1))).astype(np.int64)
        return fits
