"""What the racks on each pair of feeds may draw at once, such that every limit of the power forest holds.

That is what the plan draws there, and a share of the way to what they draw at most. Shares are raised together, and
stop one after the other as limits are met: max-min fairness (Bertsekas and Gallager, Data Networks, 1992, 6.5.2).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from capalloc.analysis.base import Base
from capalloc.exports.slurm.nodes import SlurmSite
from capalloc.instance.model import NO_LIMIT_W, Floats, Instance, Ints
from capalloc.roster.draw import drawn_w, idle_powered
from capalloc.schema.facility import Position
from capalloc.schema.rules import Rule
from capalloc.units import load_w

_POWER = {Rule.POWER, Rule.SUPPLY, Rule.FAILOVER}
_NOISE_W = 1e-6

Cord = tuple[str, str, float]
"""First feed, second feed (empty without one), share on the first."""


def cord_of(position: Position) -> Cord:
    """How a position hangs on its feeds."""
    return position.feed_a, position.feed_b or "", position.share_a


@dataclass(frozen=True, slots=True)
class Share:
    """What the racks of one cord may draw in a period, in W."""

    count_w: int
    idle_w: int
    """What of it is drawn though no job runs."""


def shares_of(base: Base, site: SlurmSite, t: int, exact: bool = True) -> dict[Cord, Share]:
    """The share of each cord that a rack of the site hangs on, in the site's order.

    ``exact``: where no rack has a second feed it is all that racks draw at most, as limits of nodes bound their sums.
    """
    draws = _draws(base, site, t)
    drawn = draws.most if exact and one_sided(draws.cords) else _shared_out(base.instance, draws, t)
    counts = np.floor(drawn + _NOISE_W).astype(np.int64)
    shares = map(Share, counts.tolist(), draws.idle.tolist())
    return dict(zip(draws.cords, shares, strict=True))


def one_sided(cords: Iterable[Cord]) -> bool:
    """Whether no rack has a second feed, so that a tree says all there is to say."""
    return not any(feed_b for _, feed_b, _ in cords)


def limits_w(instance: Instance, t: int) -> dict[str, int]:
    """W that the racks below each node may draw together in a period, where every rack below it loads it alike."""
    found: dict[str, int] = {}
    for row in instance.rows:
        if row.rule in _POWER and row.limit_w[t] < NO_LIMIT_W and len(row.weights):
            limit = math.floor(max(row.limit_w[t], 0) / row.weights.max() + _NOISE_W)
            found[row.where] = min(limit, found.get(row.where, limit))
    return found


@dataclass(frozen=True, slots=True)
class _Draws:
    """W by cord, in one period."""

    cords: tuple[Cord, ...]
    planned: Ints
    """(G,) what the plan draws."""
    idle: Ints
    """(G,) what of it racks that are on draw though no job runs."""
    most: Ints
    """(G,) what all usable racks draw by their nameplates, where that is more."""


def _draws(base: Base, site: SlurmSite, t: int) -> _Draws:
    instance, roster, now = base.instance, base.roster, slice(t, t + 1)
    number = {name: r for r, name in enumerate(instance.racks.names)}
    racks = np.array([number[one.rack.name] for one in site.racks], dtype=np.int64)
    usable = instance.racks.usable[racks, t] & instance.positions.ok[roster.position[racks], t]
    on = idle_powered(instance, roster, now)[racks, 0]
    nameplate = np.array([load_w(one.type.nameplate_kw) for one in site.racks], dtype=np.int64)
    drawn = drawn_w(instance, roster, now)[racks, 0]
    idle = np.where(on, np.minimum(drawn, instance.idle_w[instance.racks.type[racks]]), 0)
    by_rack = drawn, idle, np.where(usable, np.maximum(nameplate, drawn), 0)
    cords = [cord_of(one.position) for one in site.racks]
    index = {cord: g for g, cord in enumerate(dict.fromkeys(cords))}
    group = np.array([index[cord] for cord in cords], dtype=np.int64)
    return _Draws(tuple(index), *(np.bincount(group, weights=one).astype(np.int64) for one in by_rack))


def _shared_out(instance: Instance, draws: _Draws, t: int) -> Floats:
    """(G,) W that each cord may draw: the plan's, and an equal share of the way to the most, as limits allow."""
    row, group, weight, limits = _loads(instance, draws.cords, t)
    drawn = draws.planned.astype(float)
    room = np.maximum(draws.most - draws.planned, 0).astype(float)
    left = limits - np.bincount(row, weights=weight * drawn[group], minlength=len(limits))
    rising, share = room > 0, 0.0
    while rising.any() and share < 1.0:
        pace = np.bincount(row, weights=weight * (room * rising)[group], minlength=len(limits))
        until = np.divide(np.maximum(left, 0.0), pace, out=np.full(len(limits), np.inf), where=pace > 0)
        step = min(float(until.min(initial=np.inf)), 1.0 - share)
        drawn, left, share = drawn + step * room * rising, left - step * pace, share + step
        met = (pace > 0) & (until <= step)
        rising[group[met[row] & (weight > 0)]] = False
        if not met.any():
            break
    return drawn


def _loads(instance: Instance, cords: Sequence[Cord], t: int) -> tuple[Ints, Ints, Floats, Floats]:
    """(n,) row, cord and W on the row per W drawn; (rows,) limits in W. Rows are those in force in a period."""
    index = {cord: g for g, cord in enumerate(cords)}
    of = np.array([index.get(cord_of(one), -1) for one in instance.scenario.facility.positions], dtype=np.int64)
    rows = [row for row in instance.rows if row.rule in _POWER and row.limit_w[t] < NO_LIMIT_W]
    parts: list[tuple[Ints, Ints, Floats]] = [(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0))]
    for number, row in enumerate(rows):
        groups, first = np.unique(of[row.positions], return_index=True)
        kept = groups >= 0
        parts.append((np.full(int(kept.sum()), number), groups[kept], row.weights[first][kept]))
    numbers, groups, weights = (np.concatenate(column) for column in zip(*parts, strict=True))
    return numbers, groups, weights, np.array([row.limit_w[t] for row in rows], dtype=float)
