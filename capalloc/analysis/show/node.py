"""A power node: what it is, what hangs on it, its load and limits."""

from __future__ import annotations

from collections.abc import Sequence

from capalloc.analysis.show.loads import NO_LOSS
from capalloc.analysis.show.site import PlannedSite, kw
from capalloc.instance.timeline import node_starts, outages, supplies_in_force
from capalloc.schema.headroom import Load, Outage
from capalloc.schema.shown import NodePeriod, NodeShown, SupplyShown
from capalloc.units import KW_PER_MW


def show_node(site: PlannedSite, v: int, periods: Sequence[int]) -> NodeShown:
    """The node with a number in some periods."""
    forest, scenario = site.loads.forest, site.scenario
    node = forest.nodes[v]
    positions = site.positions_below(v)
    place = site.room.at(positions, node.name)
    return NodeShown(
        name=node.name,
        node_kind=node.kind,
        path=tuple(forest.nodes[above].name for above in reversed(forest.paths[v][1:])),
        children=tuple(one.name for one in forest.nodes if one.parent == node.name),
        rows=site.rows_of(positions),
        rated_kw=node.rated_kw,
        max_utilization=node.max_utilization,
        failover_kw=node.failover_limit_kw,
        contingency=node.contingency,
        load=node.load,
        static_load_kw=node.static_load_kw,
        reserve_kw=scenario.policy.reserve_mw * KW_PER_MW if node.parent is None else 0.0,
        available_from=node_starts(scenario).get(node.name, node.available_from),
        available_until=node.available_until,
        supplies=tuple(
            SupplyShown(name=one.name, kw=one.kw, start=one.start, until=one.until, firm=one.firm)
            for one in supplies_in_force(scenario)
            if one.node == node.name
        ),
        outages=tuple(
            Outage(what=f"node {node.name}", start=one.start, until=one.until)
            for one in outages(scenario)
            if one.node == node.name
        ),
        labels=node.labels,
        periods=tuple(
            NodePeriod(
                period=site.plan.periods[t],
                dark_by=forest.nodes[forest.dark_by[v, t]].name if forest.dark_by[v, t] >= 0 else None,
                load_kw=kw(site.loads.normal_w[v, t]),
                limit_kw=kw(forest.normal_w[v, t]),
                headroom_kw=kw(forest.normal_w[v, t] - site.loads.normal_w[v, t]),
                worst=_worst(site, v, t),
                room=site.room_record(place, t),
                held=site.held(positions, t),
            )
            for t in periods
        ),
    )


def _worst(site: PlannedSite, v: int, t: int) -> Load | None:
    """The loss that asks most of the node."""
    worst, forest = site.loads.worst, site.loads.forest
    lost = int(worst.lost[v, t])
    if lost == NO_LOSS:
        return None
    load, limit = float(worst.load_w[v, t]), float(forest.failover_w[v, t])
    return Load(
        lost=forest.nodes[lost].name,
        load_kw=max(kw(load), 0.0),
        limit_kw=kw(limit),
        headroom_kw=kw(limit - load),
    )
