"""What the loss of a contingency adds to power nodes, for each way of cording a rack."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from capalloc.instance.model import Bools, Floats, Ints
from capalloc.instance.power.forest import Forest
from capalloc.instance.power.limits import Loads
from capalloc.placement.problem.cells import pointers
from capalloc.placement.problem.layout import NO_LIMIT, SHARE_STEP
from capalloc.units import MILLIWATTS_PER_W

_LARGER = 1e-9
"""Relative amount by which a share that is no multiple of SHARE_STEP is taken too large."""


class Losses:
    """Limits and loads of the power forest, with the losses that can bind."""

    def __init__(self, forest: Forest, loads: Loads) -> None:
        self._forest, self._loads = forest, loads
        self.static: Ints = forest.static_below_w[:, 0] * MILLIWATTS_PER_W
        self._normal = forest.normal_w[:, 0] * MILLIWATTS_PER_W
        self._failover = forest.failover_w[:, 0] * MILLIWATTS_PER_W
        self._lower: Bools = np.asarray(self._failover < self._normal)
        self._at_risk = [c for c, node in enumerate(forest.nodes) if node.contingency and forest.energised[c, 0]]
        found = sorted(self._pairs(), key=lambda entry: entry[:2])
        self._changes = [change for _, _, change in found]
        self.pairs = tuple((c, v) for c, v, _ in found)
        self.relief: Ints = np.array([self._relief(c, v) for c, v in self.pairs], dtype=np.int64)

    def _relief(self, c: int, v: int) -> int:
        """Static load that leaves a node when one below it is lost, as what is added: at most 0."""
        return -int(self.static[c]) if c in self._forest.below[v] else 0

    def _pairs(self) -> Iterable[tuple[int, int, dict[int, tuple[float, float]]]]:
        """(contingency, node, (before, after) by way of cording) where more than the normal limit may bind."""
        forest, risk = self._forest, set(self._at_risk)
        for c in self._at_risk:
            moved, after = self._loads.after(c)
            before = self._loads.before(moved)
            above = [a for a in forest.paths[c][1:] if a in risk]
            lightened = {v for v in forest.paths[c][1:] if self._lower[v]}
            for v in sorted(({*before, *after} | lightened) - forest.below[c]):
                old, new = before.get(v, {}), after.get(v, {})
                pairs = {g: (old.get(g, 0.0), new.get(g, 0.0)) for g in {*old, *new}}
                change = {g: pair for g, pair in pairs.items() if pair[0] != pair[1]}
                over_c = c in forest.below[v]
                if over_c and not self._lower[v]:
                    continue
                if not over_c and any(v not in forest.below[a] and a not in forest.below[v] for a in above):
                    continue  # the loss of a node above c moves all of that and more
                if change or over_c:
                    yield c, v, change

    def normal_arrays(self) -> dict[str, Any]:
        """The fields of a layout from ``way_ptr`` to ``way_weight``."""
        weights = self._loads.before(range(len(self._loads.feeds)))
        entries = [(g, v, w) for v, of_way in weights.items() for g, w in of_way.items() if w > 0]
        way_ptr, way_node, way_weight = _rows(entries, len(self._loads.feeds))
        return {"way_ptr": way_ptr, "way_node": way_node, "way_weight": way_weight}

    def loss_arrays(self) -> dict[str, Any]:
        """The fields from ``loss_ptr`` to ``failover``."""
        ways, nodes = len(self._loads.feeds), len(self._forest.nodes)
        entries = [(g, q, *pair) for q, change in enumerate(self._changes) for g, pair in change.items()]
        loss_ptr, way_loss, before, after = _rows(entries, ways, 2)
        loss_node = np.array([v for _, v in self.pairs], dtype=np.int64)
        relieved = np.zeros(nodes, dtype=bool)
        relieved[[v for c, v in self.pairs if c in self._forest.below[v]]] = True
        least_added, failover = self._bounds(loss_node)
        return {
            "loss_ptr": loss_ptr,
            "way_loss": way_loss,
            "loss_before": before,
            "loss_after": after,
            "loss_node": loss_node,
            "node_ptr": pointers(loss_node, nodes),
            "node_loss": np.argsort(loss_node, kind="stable"),
            "relieved": relieved,
            "least_added": least_added,
            "normal": self._normal,
            "failover": failover,
        }

    def _bounds(self, loss_node: Ints) -> tuple[Ints, Ints]:
        """What is added at least after any loss, and the failover limit where a loss can make it bind."""
        forest = self._forest
        paired = np.bincount(loss_node, minlength=len(forest.nodes))
        above = np.array([sum(c in self._at_risk for c in path) for path in forest.paths])
        seen = np.bincount([v for c, v in self.pairs if c in forest.below[v]], minlength=len(forest.nodes))
        elsewhere = len(self._at_risk) - above - seen > 0
        least_added = np.where(elsewhere, 0, -NO_LIMIT)
        binds = (paired > 0) | (self._lower & elsewhere)
        return least_added.astype(np.int64), np.where(binds, self._failover, NO_LIMIT)


def _rows(entries: Sequence[tuple[float, ...]], count: int, weights: int = 1) -> tuple[Any, ...]:
    """(way, what, weights) entries as slices by way: pointers, what, and each weight."""
    table = np.array(sorted(entries), dtype=np.float64).reshape(-1, 2 + weights)
    way, what = table[:, 0].astype(np.int64), table[:, 1].astype(np.int64)
    return pointers(way, count), what, *(_safe(table[:, 2 + w]) for w in range(weights))


def _safe(shares: Floats) -> Floats:
    """Shares of which loads are never rounded below what they are: those that are finer than a step a little larger."""
    steps = np.rint(shares / SHARE_STEP)
    safe: Floats = np.where(np.abs(shares / SHARE_STEP - steps) < 1e-8, steps * SHARE_STEP, shares * (1.0 + _LARGER))
    return np.ascontiguousarray(safe)
