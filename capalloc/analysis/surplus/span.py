"""The periods for which something would be sold, and the integer program of what could be."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from capalloc.analysis.surplus.bring_up import ExtraRow, bring_up_rows
from capalloc.analysis.surplus.most import Entries, Packing
from capalloc.analysis.surplus.offer import FREE
from capalloc.analysis.surplus.site import SurplusSite
from capalloc.instance.model import Bools, Floats, Ints
from capalloc.roster.adjacency import Cause
from capalloc.schema.rules import Rule

BRING_UP: Cause = (Rule.BRING_UP, "site")
_NOISE_W = 1e-6
_UNLIMITED = np.iinfo(np.int64).max // 4


@dataclass(frozen=True, slots=True)
class Classes:
    """Racks that could be sold, those together that load every limit alike in one hall, or in one unit."""

    racks: Ints
    """(n,) sorted by class."""
    start: Ints
    """(C + 1,) where the racks of each class begin, and the end."""

    @property
    def first(self) -> Ints:
        """(C,) one rack of each."""
        return self.racks[self.start[:-1]]

    @property
    def size(self) -> Ints:
        """(C,) racks of each."""
        return np.diff(self.start)

    def chosen(self, counts: Ints) -> Ints:
        """The first so many racks of each class, sorted."""
        place = np.arange(len(self.racks)) - np.repeat(self.start[:-1], self.size)
        return np.sort(self.racks[place < np.repeat(counts, self.size)])


@dataclass(frozen=True)
class Span:
    """Periods [first, end) in which the same racks would be sold."""

    site: SurplusSite
    first: int
    end: int
    kept: Ints
    """(R,) what keeps each rack all the way, see :mod:`capalloc.analysis.surplus.offer`."""
    room_w: Floats
    """(M,) least W left on each packing row where all racks that may be off are off."""
    left_w: Floats
    """(M,) least W left by the plan as it is."""

    @property
    def key(self) -> bytes:
        """What an answer depends on: spans with equal keys have equal answers."""
        tables = (self.kept, self.room_w, self.left_w, self.root_left_w, self.bare_left_w, self.drawn_w, self.lit)
        when = (self.first, self.end) if self.site.keeps_idle else ()
        return b"".join(table.tobytes() for table in tables) + repr(when).encode()

    @cached_property
    def root_left_w(self) -> Floats:
        """(roots,) least W left on each root by the plan as it is."""
        return np.asarray(self.site.root_left_w[:, self.first : self.end].min(axis=1))

    @cached_property
    def bare_left_w(self) -> Floats:
        """The same of each root that no rack loads."""
        left = [watts[self.first : self.end].min() for _, watts in self.site.bare_roots]
        return np.array(left, dtype=np.float64)

    @cached_property
    def drawn_w(self) -> Ints:
        """(R,) least W that each rack draws in the plan."""
        return np.asarray(self.site.drawn_w[:, self.first : self.end].min(axis=1))

    @cached_property
    def lit(self) -> Bools:
        """(P,) positions at which a rack can run all the way."""
        return np.asarray(self.site.instance.positions.ok[:, self.first : self.end].all(axis=1))

    @cached_property
    def racks(self) -> Ints:
        """Racks that could be sold."""
        return np.flatnonzero(self.kept == FREE)

    @cached_property
    def extra(self) -> tuple[ExtraRow, ...]:
        """Limits of bring-up, over :attr:`racks`."""
        return bring_up_rows(self.site, self.racks, self.first, self.end)

    @property
    def stays_w(self) -> Ints:
        """(n,) W that each rack that could be sold draws where it is not; 0 where it may be off."""
        if not self.site.keeps_idle:
            return np.zeros(len(self.racks), dtype=np.int64)
        return self.drawn_w[self.racks]

    def tightest(self, counts: Ints) -> dict[int, Cause]:
        """For each class by hall of which some are not sold, the limit that has least room for one more."""
        packing, rows = self.packing(self.by_hall), self.site.instance.rows
        entries, short = packing.entries, np.flatnonzero(counts < packing.upper)
        left = packing.left - entries.loads(counts, len(packing.left))
        used = np.flatnonzero(entries.amount > 0)
        share, column = left[entries.limit[used]] / entries.amount[used], entries.column[used]
        order = used[np.lexsort((entries.limit[used], share, column))]
        first = order[np.searchsorted(entries.column[order], short)]
        found = zip(short.tolist(), entries.limit[first].tolist(), strict=True)
        return {c: (rows[m].rule, rows[m].where) if m < len(rows) else BRING_UP for c, m in found}

    @cached_property
    def by_hall(self) -> Classes:
        """Racks that could be sold, by hall."""
        return self._classes(self.site.instance.positions.hall)

    @cached_property
    def by_unit(self) -> Classes:
        """Racks that could be sold, by fabric block, or row where there is none."""
        return self._classes(self.site.instance.positions.unit)

    def _classes(self, group: Ints) -> Classes:
        at, places = self.site.roster.position[self.racks], self.site.instance.positions
        own = (group[at], places.hall[at], self.site.cell[at], self.site.instance.racks.type[self.racks], self.stays_w)
        table = np.column_stack((*own, *(row.amount for row in self.extra)))
        _, of = np.unique(table, axis=0, return_inverse=True)
        of = of.reshape(-1)
        size = np.bincount(of) if len(of) else np.zeros(0, dtype=np.int64)
        return Classes(self.racks[np.argsort(of, kind="stable")], np.concatenate(([0], np.cumsum(size))))

    def packing(self, classes: Classes) -> Packing:
        """Racks of each class to sell, for the most W of the basis."""
        worth = self.site.worth_w[self.site.instance.racks.type[classes.first]]
        return Packing(classes.size, worth, self._entries(classes), self._limits())

    def _limits(self) -> Ints:
        """(M + E,) whole units left on packing rows and limits of bring-up."""
        finite = np.isfinite(self.room_w)
        room = np.where(finite, np.floor(np.where(finite, self.room_w, 0.0) + _NOISE_W), _UNLIMITED)
        return np.concatenate((room.astype(np.int64), [row.left for row in self.extra])).astype(np.int64)

    def _entries(self, classes: Classes) -> Entries:
        at = self.site.roster.position[classes.first]
        kinds = self.site.instance.racks.type[classes.first]
        row, column, weight = self.site.entries(self.site.cell[at], kinds)
        stays = self.stays_w[np.searchsorted(self.racks, classes.first)]
        draw, idle = self.site.draw_w[kinds][column], stays[column]
        amount = np.ceil(weight * draw - _NOISE_W) - np.ceil(weight * idle - _NOISE_W)
        parts = [(row, column, amount.astype(np.int64))]
        for e, extra in enumerate(self.extra):
            mine = extra.amount[np.searchsorted(self.racks, classes.first)]
            loaded = np.flatnonzero(mine)
            parts.append((np.full(len(loaded), len(self.room_w) + e), loaded, mine[loaded]))
        limit, column, amount = (np.concatenate(part) for part in zip(*parts, strict=True))
        return Entries(limit, column, amount)
