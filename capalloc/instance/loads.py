"""Loads of all packing rows of an instance at once."""

from __future__ import annotations

import numpy as np

from capalloc.instance.model import NO_LIMIT_W, Floats, Instance, Ints

_NOISE_W = 1e-6


class RowLoads:
    """Loads of all packing rows at once."""

    def __init__(self, instance: Instance, position: Ints) -> None:
        """``position`` is (R,), -1 where a rack does not stand."""
        self.instance = instance
        self.position = position
        self.sizes = np.array([len(row.positions) for row in instance.rows], dtype=np.int64)
        self.starts = np.concatenate(([0], np.cumsum(self.sizes)))
        self.places = np.concatenate([row.positions for row in instance.rows] or [np.zeros(0, dtype=np.int64)])
        self.weights = np.concatenate([row.weights for row in instance.rows] or [np.zeros(0)])
        kinds = [row.share.tobytes() for row in instance.rows]
        shares = {kind: row.share for kind, row in zip(kinds, instance.rows, strict=True)}
        self.shares = list(shares.values())
        number = {kind: i for i, kind in enumerate(shares)}
        self.share_of = np.array([number[kind] for kind in kinds], dtype=np.int64)
        self.heaviest = self._heaviest()
        self.limits = np.array([row.limit_w for row in instance.rows]).reshape(len(kinds), len(instance.periods))

    def _heaviest(self) -> Floats:
        """(rows,) most W that a W drawn anywhere puts on the row."""
        heaviest = np.zeros(len(self.sizes))
        loaded = self.sizes > 0
        heaviest[loaded] = np.maximum.reduceat(self.weights, self.starts[:-1][loaded])
        share = np.array([share.max(initial=0.0) for share in self.shares])
        return np.asarray(heaviest * share[self.share_of])

    def left_w(self, drawn: Ints, t: int) -> Floats:
        """(rows,) W left in a period when racks draw ``drawn`` (R,); inf where a row does not apply."""
        stands = self.position >= 0
        at, kinds = self.position[stands], self.instance.racks.type[stands]
        heat = np.zeros((len(self.shares), len(self.instance.positions.names)))
        for i, share in enumerate(self.shares):
            np.add.at(heat[i], at, share[kinds] * drawn[stands])
        share_of = np.repeat(self.share_of, self.sizes)
        loads = self.weights * heat[share_of, self.places] if len(self.shares) else self.weights
        before = np.concatenate(([0.0], np.cumsum(loads)))
        limit = np.where(self.limits[:, t] >= NO_LIMIT_W, np.inf, self.limits[:, t].astype(float))
        return np.asarray(limit - (before[self.starts[1:]] - before[self.starts[:-1]]))

    def tightest(self, left: Floats, kind: int, added: int) -> Ints:
        """(P,) the row with least room for ``added`` more W of a rack type at each position; -1 where all have room.

        ``left`` is (rows,) W; of rows with equal room the first counts.
        """
        blamed = np.full(len(self.instance.positions.names), -1)
        tight = left + _NOISE_W < self.heaviest * max(added, 0)
        row = np.repeat(np.flatnonzero(tight), self.sizes[tight])
        loaded = np.repeat(tight, self.sizes)
        share = np.array([share[kind] for share in self.shares])[self.share_of[row]]
        place, weight = self.places[loaded], self.weights[loaded] * share
        short = (weight > 0) & (weight * added > left[row] + _NOISE_W)
        row, place, room = row[short], place[short], left[row[short]] / weight[short]
        least = np.full(len(blamed), np.inf)
        np.minimum.at(least, place, room)
        worst = room == least[place]
        blamed[place[worst][::-1]] = row[worst][::-1]
        return blamed
