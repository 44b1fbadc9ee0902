"""How far draws at many places can rise alike until limits hold each: none can rise further on its own then.

Progressive filling (D. Bertsekas and R. Gallager, Data Networks, 2nd ed. 1992, section 6.5.2), by rounds in which every
column rises by its safe share of each limit that it loads.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from capalloc.instance.model import Bools, Floats, Ints

_ROUNDS = 50
_LEAST_W = 1e-3


@dataclass(frozen=True, slots=True)
class Rising:
    """C columns of ``size`` places each and what a W drawn there puts on rows, sorted by column."""

    size: Ints
    row: Ints
    column: Ints
    weight: Floats
    """Above 0."""

    def tightest(self, left: Floats, rows: Bools) -> Ints:
        """(C,) the row among some that leaves least room to each column; -1 where it loads none."""
        mine = np.flatnonzero(rows[self.row] & np.isfinite(left[self.row]))
        room = left[self.row[mine]] / self.weight[mine]
        order = mine[np.lexsort((self.row[mine], room, self.column[mine]))]
        found = np.full(len(self.size), -1)
        columns, first = np.unique(self.column[order], return_index=True)
        found[columns] = self.row[order[first]]
        return found

    def rise(self, left: Floats, rows: Bools, cap: Floats) -> tuple[Floats, Floats]:
        """(C,) W by which columns rise up to ``cap`` within what some rows have left; what all have left then."""
        counts = rows[self.row] & np.isfinite(left[self.row])
        row, column, weight = self.row[counts], self.column[counts], self.weight[counts]
        inner = Rising(self.size, row, column, weight)
        risen, room = np.zeros(len(self.size)), np.maximum(left, 0.0)
        bounded = np.isin(np.arange(len(cap)), column) | np.isfinite(cap)
        cap = np.where(bounded, cap, 0.0)
        for _ in range(_ROUNDS):
            step = inner.share(room, cap - risen)
            if step.max(initial=0.0) < _LEAST_W:
                break
            risen, room = risen + step, inner.taken(room, step)
        risen = inner.one_by_one(room, cap, risen)
        return risen, self.taken(left, risen)

    def taken(self, left: Floats, drawn: Floats) -> Floats:
        """(M,) what is left when columns draw so much more."""
        return left - np.bincount(self.row, weights=self.weight * drawn[self.column], minlength=len(left))

    def share(self, room: Floats, most: Floats) -> Floats:
        """(C,) W by which every column can rise at once."""
        size = np.where(most > _LEAST_W, self.size, 0).astype(float)
        load = np.bincount(self.row, weights=self.weight * size[self.column], minlength=len(room))
        each = np.where(load > 0, np.maximum(room, 0.0) / np.where(load > 0, load, 1.0), np.inf)
        least = np.full(len(size), np.inf)
        np.minimum.at(least, self.column, each[self.row])
        return np.where(size > 0, np.minimum(np.where(size > 0, least, 0.0) * size, most), 0.0)

    def one_by_one(self, room: Floats, cap: Floats, risen: Floats) -> Floats:
        """Columns that can still rise do so one after the other."""
        border = np.searchsorted(self.column, np.arange(len(self.size) + 1))
        for c in np.flatnonzero(self.share(room, cap - risen) > 0).tolist():
            mine = slice(border[c], border[c + 1])
            step = min(float((room[self.row[mine]] / self.weight[mine]).min(initial=np.inf)), cap[c] - risen[c])
            if step > 0:
                risen[c] += step
                np.subtract.at(room, self.row[mine], self.weight[mine] * step)
        return risen
