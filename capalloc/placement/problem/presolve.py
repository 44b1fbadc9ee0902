"""Leaves out what cannot bind: nodes, losses and zones that hold whatever is asked for."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from capalloc.instance.model import Bools, Floats, Ints
from capalloc.placement.problem.layout import NO_LIMIT, NOISE, NONE, Layout, PlacementProblem
from capalloc.placement.problem.requests import Groups


def binding_problem(problem: PlacementProblem, groups: Groups) -> PlacementProblem:
    """The problem with cells that load only what may bind.

    A node cannot bind when the largest racks that are asked for, one for each free position below it, stay within its
    limits, normally and after every loss; a zone likewise. Loads of what is left out are not kept up.
    """
    if not len(groups.racks) or not problem.cells:
        return problem
    bounds = _Bounds(problem)
    nodes = bounds.nodes(_Largest.of(groups.power, groups.racks))
    layout = problem.layout
    loads, moves = nodes[layout.way_node], nodes[layout.loss_node[layout.way_loss]]
    zones = bounds.zones(groups)
    zone = layout.cell_zone
    layout = layout._replace(
        way_ptr=_kept(layout.way_ptr, loads),
        way_node=layout.way_node[loads],
        way_weight=layout.way_weight[loads],
        loss_ptr=_kept(layout.loss_ptr, moves),
        way_loss=layout.way_loss[moves],
        loss_before=layout.loss_before[moves],
        loss_after=layout.loss_after[moves],
        cell_zone=np.where((zone != NONE) & np.append(zones, False)[zone], zone, NONE),
    )
    return replace(problem, layout=layout)


def _kept(ptr: Ints, keep: Bools) -> Ints:
    """Slices after entries were left out."""
    kept: Ints = np.concatenate(([0], np.cumsum(keep)))[ptr]
    return kept


@dataclass(frozen=True, slots=True)
class _Largest:
    """The racks that are asked for, the largest first."""

    each: Ints
    """Distinct loads of a rack in milliwatts."""
    racks: Ints
    total: Floats
    """What so many racks take, in milliwatts."""

    @classmethod
    def of(cls, each: Ints, racks: Ints) -> _Largest:
        """Of groups of ``racks`` (N,) racks that take ``each`` (N,) milliwatts."""
        order = np.argsort(-each, kind="stable")
        total = np.cumsum((each.astype(np.float64) * racks)[order])
        return cls(np.unique(each), np.append(0, np.cumsum(racks[order])), np.append(0.0, total))

    def taken(self, positions: Floats, share: Floats) -> Floats:
        """Most that racks on so many positions take at a share, each rounded up to whole milliwatts."""
        shares, of = np.unique(share, return_inverse=True)
        loads = np.outer(shares, self.each)
        rounded = (np.abs(loads - np.rint(loads)) > NOISE).any(axis=1)[of.reshape(share.shape)]
        most: Floats = share * np.interp(positions, self.racks, self.total) + positions * rounded
        return most


class _Bounds:
    """Loads that cannot be passed."""

    def __init__(self, problem: PlacementProblem) -> None:
        self._layout, self._empty = problem.layout, problem.empty
        ways = len(self._layout.way_ptr) - 1
        self._free = np.bincount(self._layout.cell_way, weights=self._empty.free, minlength=ways)

    def nodes(self, largest: _Largest) -> Bools:
        """(V,) nodes that may bind."""
        layout, empty, count = self._layout, self._empty, len(self._layout.normal)
        way = _of(layout.way_ptr)
        positions = np.bincount(layout.way_node, self._free[way], count).astype(np.float64)
        share = np.zeros(count)
        np.maximum.at(share, layout.way_node, layout.way_weight)
        most = empty.load + largest.taken(positions, share)
        binds = (most > layout.normal) | (most + np.maximum(layout.least_added, 0) > layout.failover) | layout.relieved
        np.logical_or.at(binds, layout.loss_node, self._losses(largest, positions, share) > self._failover(layout))
        return np.asarray(binds)

    @staticmethod
    def _failover(layout: Layout) -> Ints:
        return layout.failover[layout.loss_node]

    def _losses(self, largest: _Largest, positions: Floats, share: Floats) -> Floats:
        """(Q,) the most that can be on the node of a loss after it."""
        layout, empty, count = self._layout, self._empty, len(self._layout.loss_node)
        way = _of(layout.loss_ptr)
        new = np.where(layout.loss_before > 0, 0.0, self._free[way])
        there = positions[layout.loss_node] + np.bincount(layout.way_loss, weights=new, minlength=count)
        after = share[layout.loss_node].copy()
        np.maximum.at(after, layout.way_loss, layout.loss_after)
        return empty.load[layout.loss_node] + empty.added + largest.taken(there, after)

    def zones(self, groups: Groups) -> Bools:
        """(Z,) zones that may bind, by any kind of heat."""
        layout, empty = self._layout, self._empty
        inside = layout.cell_zone != NONE
        zones = len(layout.zone_limit)
        positions = np.bincount(layout.cell_zone[inside], empty.free[inside], zones).astype(np.float64)
        binds = np.zeros(zones, dtype=bool)
        for kind in np.flatnonzero((layout.zone_limit < NO_LIMIT).any(axis=0)).tolist():
            added = _Largest.of(groups.heat[:, kind], groups.racks).taken(positions, np.ones(zones))
            binds |= empty.heat[:, kind] + added > layout.zone_limit[:, kind]
        return binds


def _of(ptr: Ints) -> Ints:
    """The slice that each entry is in."""
    return np.repeat(np.arange(len(ptr) - 1), np.diff(ptr))
