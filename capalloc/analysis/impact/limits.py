"""Power nodes against their limits, at once and after one more loss."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from capalloc.analysis.impact.state import Loss, State
from capalloc.instance.model import Bools, Floats, Ints
from capalloc.schema.impact import NextLoss, NodeLoad
from capalloc.units import W_PER_KW

_NOISE_KW = 1e-5


@dataclass(frozen=True)
class Gauges:
    """V nodes in one state of a period."""

    names: tuple[str, ...]
    load_w: Floats
    limit_w: Ints
    normal_w: Floats
    """By the plan, nothing being out."""

    @cached_property
    def used(self) -> Floats:
        """(V,) share of its limit that each node carries; inf where nothing may flow and something does."""
        over_nothing = np.where(self.load_w > 0, np.inf, 0.0)
        return np.where(self.limit_w > 0, self.load_w / np.maximum(self.limit_w, 1), over_nothing)

    def node(self, v: int) -> NodeLoad:
        """One node."""
        used = float(self.used[v])
        return NodeLoad(
            node=self.names[v],
            load_kw=_kw(self.load_w[v]),
            failover_kw=_kw(self.limit_w[v]),
            used=None if np.isinf(used) else round(used, 6),
            normal_kw=_kw(self.normal_w[v]),
        )

    def tightest(self, nodes: Bools) -> NodeLoad | None:
        """Of some nodes, (V,), the one that uses most of its limit; None of no node."""
        used = np.where(nodes, self.used, 0.0)
        v = int(used.argmax())
        return self.node(v) if used[v] > 0 else None


def gauges_of(state: State, t: int) -> Gauges:
    """The nodes in a period."""
    return Gauges(state.node_names, state.flow.load_w[:, t], state.limit_w[:, t], state.normal_w[:, t])


def limits_of(state: State, t: int) -> tuple[NodeLoad, ...]:
    """Every node that is energised in a period, those that use most of their limit first."""
    gauges, alive = gauges_of(state, t), state.outage.alive[:, t]
    order = np.argsort(-gauges.used, kind="stable")
    return tuple(map(gauges.node, order[alive[order]].tolist()))


def next_losses(state: State, t: int) -> tuple[NextLoss, ...]:
    """The loss of each contingency node that is left, first those that overload most further nodes or darken most."""
    found = [_next_loss(state, loss, t) for loss in state.losses(t)]
    return tuple(sorted(found, key=_gravity))


def _gravity(loss: NextLoss) -> tuple[int, float, float]:
    used = 0.0 if loss.tightest is None else loss.tightest.used
    return -len(loss.over_more), -loss.kw_lost_more, -(np.inf if used is None else used)


def _next_loss(state: State, loss: Loss, t: int) -> NextLoss:
    names, limit = state.node_names, state.outage.after.failover_w[:, t]
    more_kw = loss.kw_lost - float(state.kw_lost[t])
    return NextLoss(
        contingency=names[loss.lost],
        over=chosen(names, loss.over),
        over_more=chosen(names, loss.over & ~state.over[:, t]),
        kw_lost=round(loss.kw_lost, 6),
        kw_lost_more=round(more_kw, 6) if more_kw > _NOISE_KW else 0.0,
        tightest=Gauges(names, loss.load_w, limit, state.normal_w[:, t]).tightest(loss.more),
    )


def over_in(state: State, t: int) -> tuple[str, ...]:
    """Nodes that are beyond their limit in a period."""
    return chosen(state.node_names, state.over[:, t])


def chosen(names: tuple[str, ...], which: Bools) -> tuple[str, ...]:
    """Some of the names."""
    return tuple(names[n] for n in np.flatnonzero(which).tolist())


def _kw(watts: float) -> float:
    """W in kW, without the last digits of sums."""
    return max(round(float(watts) / W_PER_KW, 6), 0.0)
