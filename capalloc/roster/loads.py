"""Loads of many packing rows at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from capalloc.instance.model import NO_LIMIT_W, Floats, Instance, Ints, PackingRow

_NOISE_W = 1e-6


class RowTable:
    """Positions and weights of many packing rows, one row after the other."""

    def __init__(self, rows: Sequence[PackingRow], periods: int) -> None:
        self.sizes = np.array([len(row.positions) for row in rows], dtype=np.int64)
        self.places = np.concatenate([*(row.positions for row in rows), np.zeros(0, dtype=np.int64)])
        self.weights = np.concatenate([*(row.weights for row in rows), np.zeros(0)])
        self.limits = np.array([row.limit_w for row in rows], dtype=np.int64).reshape(len(rows), periods)

    def loads_w(self, draw: Floats) -> Floats:
        """(rows,) W on each row when ``draw`` W are drawn at the place of each of its weights."""
        return self.collected(np.add, self.weights * draw)

    def collected(self, by: np.ufunc, values: Floats) -> Floats:
        """(rows,) one value for the weights of each row, 0 for a row that nothing loads."""
        found = np.zeros(len(self.sizes))
        loaded = self.sizes > 0
        if loaded.any():
            found[loaded] = by.reduceat(values, (np.cumsum(self.sizes) - self.sizes)[loaded])
        return found


class CellEntries:
    """What cells load: sets of positions that load every packing row alike."""

    def __init__(self, table: RowTable, cell: Ints) -> None:
        """``cell`` is (P,), the cell of each position, numbered from 0 without gaps."""
        first = np.unique(cell, return_index=True)[1]
        number = np.full(len(cell), -1)
        number[first] = np.arange(len(first))
        inside = np.flatnonzero(number[table.places] >= 0)
        of = number[table.places[inside]]
        order = np.argsort(of, kind="stable")
        self._row = np.repeat(np.arange(len(table.sizes)), table.sizes)[inside][order]
        self._weight = table.weights[inside][order]
        self._start = np.searchsorted(of[order], np.arange(len(first) + 1))

    def of(self, cells: Ints) -> tuple[Ints, Ints, Floats]:
        """(place in ``cells``, packing row, W on it per W drawn) of all that some cells load, cell after cell."""
        length = self._start[cells + 1] - self._start[cells]
        at = np.repeat(self._start[cells] - np.cumsum(length) + length, length) + np.arange(length.sum())
        return np.repeat(np.arange(len(cells)), length), self._row[at], self._weight[at]


class RowLoads(RowTable):
    """Loads of all packing rows of an instance at once."""

    def __init__(self, instance: Instance, position: Ints) -> None:
        """``position`` is (R,), -1 where a rack does not stand."""
        super().__init__(instance.rows, len(instance.periods))
        self.instance = instance
        self.position = position
        kinds = [row.share.tobytes() for row in instance.rows]
        shares = {kind: row.share for kind, row in zip(kinds, instance.rows, strict=True)}
        self.shares = np.array(list(shares.values())).reshape(-1, len(instance.type_names))
        number = {kind: i for i, kind in enumerate(shares)}
        self.share_of = np.array([number[kind] for kind in kinds], dtype=np.int64)
        most = self.shares.max(axis=1, initial=0.0)[self.share_of]
        self.heaviest = self.collected(np.maximum, self.weights) * most

    def left_w(self, drawn: Ints, t: int) -> Floats:
        """(rows,) W left in a period when racks draw ``drawn`` (R,); inf where a row does not apply."""
        stands = self.position >= 0
        at, kinds = self.position[stands], self.instance.racks.type[stands]
        heat = np.zeros((len(self.shares), len(self.instance.positions.names)))
        for i, share in enumerate(self.shares):
            np.add.at(heat[i], at, share[kinds] * drawn[stands])
        loads = self.loads_w(heat[np.repeat(self.share_of, self.sizes), self.places])
        limit = self.limits[:, t]
        return np.asarray(np.where(limit >= NO_LIMIT_W, np.inf, limit.astype(float)) - loads)

    def tightest(self, left: Floats, kind: int, added: int) -> Ints:
        """(P,) the row with least room for ``added`` more W of a rack type at each position; -1 where all have room.

        ``left`` is (rows,) W; of rows with equal room the first counts.
        """
        blamed = np.full(len(self.instance.positions.names), -1)
        tight = left + _NOISE_W < self.heaviest * max(added, 0)
        row = np.repeat(np.flatnonzero(tight), self.sizes[tight])
        loaded = np.repeat(tight, self.sizes)
        place, weight = self.places[loaded], self.weights[loaded] * self.shares[self.share_of[row], kind]
        short = (weight > 0) & (weight * added > left[row] + _NOISE_W)
        row, place, room = row[short], place[short], left[row[short]] / weight[short]
        least = np.full(len(blamed), np.inf)
        np.minimum.at(least, place, room)
        worst = room == least[place]
        blamed[place[worst][::-1]] = row[worst][::-1]
        return blamed
