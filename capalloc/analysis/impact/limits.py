"""Power nodes against their failover limits, at once and after one more loss."""

from __future__ import annotations

import numpy as np

from capalloc.analysis.impact.state import Loss, State
from capalloc.instance.model import Bools, Floats
from capalloc.schema.impact import NextLoss, NodeLoad
from capalloc.units import W_PER_KW


def limits_of(state: State, t: int) -> tuple[NodeLoad, ...]:
    """Every node that is energised in a period, those that use most of their limit first."""
    load, alive = state.flow.load_w[:, t], state.outage.alive[:, t]
    used = _used(state, load, t)
    order = np.argsort(-used, kind="stable")
    return tuple(_node_load(state, v, load, used, t) for v in order[alive[order]].tolist())


def next_losses(state: State, t: int) -> tuple[NextLoss, ...]:
    """The loss of each contingency node that is left, first those that overload most further nodes or darken most."""
    found = [_next_loss(state, loss, t) for loss in state.losses(t)]
    return tuple(sorted(found, key=_gravity))


def _gravity(loss: NextLoss) -> tuple[int, float, float]:
    used = 0.0 if loss.tightest is None else loss.tightest.used
    return -len(loss.over_more), -loss.kw_lost_more, -(np.inf if used is None else used)


def _next_loss(state: State, loss: Loss, t: int) -> NextLoss:
    nodes = state.outage.after.nodes
    lost_kw, before_kw = round(loss.kw_lost, 6), round(float(state.kw_lost[t]), 6)
    return NextLoss(
        contingency=nodes[loss.lost].name,
        over=names_of(state, loss.over),
        over_more=names_of(state, loss.over & ~state.over[:, t]),
        kw_lost=lost_kw,
        kw_lost_more=max(round(lost_kw - before_kw, 6), 0.0),
        tightest=tightest(state, loss.load_w, loss.more, t),
    )


def tightest(state: State, load: Floats, nodes: Bools, t: int) -> NodeLoad | None:
    """Of some nodes, (V,), the one that uses most of its failover limit when they carry (V,) W; None of no node."""
    used = np.where(nodes, _used(state, load, t), 0.0)
    v = int(used.argmax())
    return _node_load(state, v, load, used, t) if used[v] > 0 else None


def names_of(state: State, nodes: Bools) -> tuple[str, ...]:
    """Names of some nodes, (V,)."""
    return tuple(state.outage.after.nodes[v].name for v in np.flatnonzero(nodes).tolist())


def _used(state: State, load: Floats, t: int) -> Floats:
    """(V,) share of its failover limit that each node carries; inf where nothing may flow and something does."""
    limit = state.outage.after.failover_w[:, t]
    return np.where(limit > 0, load / np.maximum(limit, 1), np.where(load > 0, np.inf, 0.0))


def _node_load(state: State, v: int, load: Floats, used: Floats, t: int) -> NodeLoad:
    return NodeLoad(
        node=state.outage.after.nodes[v].name,
        load_kw=_kw(load[v]),
        failover_kw=_kw(state.outage.after.failover_w[v, t]),
        used=None if np.isinf(used[v]) else round(float(used[v]), 6),
        normal_kw=_kw(state.normal_w[v, t]),
    )


def _kw(watts: float) -> float:
    """W in kW, without the last digits of sums."""
    return max(round(float(watts) / W_PER_KW, 6), 0.0)
