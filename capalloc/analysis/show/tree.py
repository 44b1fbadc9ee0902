"""The whole site: the power forest from its roots to the rows, and the headroom of halls and contingency nodes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from capalloc.analysis.show.headroom import of_halls, of_nodes, used_shares
from capalloc.analysis.show.site import PlannedSite, kw
from capalloc.metrics.site import position_draw_w
from capalloc.schema.tree import SiteShown, TreeNode, TreeRow


def show_site(site: PlannedSite, periods: Sequence[int]) -> SiteShown:
    """The site, each node at the tightest of some periods."""
    return SiteShown(
        name=site.scenario.facility.name,
        nodes=tuple(_nodes(site, list(periods))),
        rows=tuple(_rows(site, list(periods))),
        headroom=(*of_halls(site, periods), *of_nodes(site, periods)),
    )


def _nodes(site: PlannedSite, periods: list[int]) -> Iterator[TreeNode]:
    """Each node at its tightest period: the first with the highest use in normal operation or after a loss."""
    forest, worst = site.loads.forest, site.loads.worst
    normal, after = (share[:, periods] for share in used_shares(site))
    tightest = np.maximum(normal, after).argmax(axis=1)
    rows = _rows_on(site)
    for v in _depth_first(site):
        at = int(tightest[v])
        lost = bool(after[v, at] > normal[v, at])
        t, node = periods[at], forest.nodes[v]
        load, limit = (worst.load_w, forest.failover_w) if lost else (site.loads.normal_w, forest.normal_w)
        yield TreeNode(
            name=node.name,
            node_kind=node.kind,
            parent=node.parent,
            rows=tuple(rows.get(v, ())),
            positions=len(site.positions_below(v)),
            period=site.plan.periods[t],
            load_kw=kw(load[v, t]),
            limit_kw=kw(limit[v, t]),
            lost=forest.nodes[worst.lost[v, t]].name if lost else None,
            used=round(float(max(after[v, at], normal[v, at])), 6),
            contingency=node.contingency,
        )


def _rows(site: PlannedSite, periods: list[int]) -> Iterator[TreeRow]:
    """Each row in the first of the periods in which it draws most."""
    spots = site.instance.positions
    drawn = np.zeros((len(spots.row_names), len(periods)))
    np.add.at(drawn, spots.row, position_draw_w(site.instance, site.roster)[:, periods])
    positions = np.bincount(spots.row, minlength=len(spots.row_names)).tolist()
    for row, name in enumerate(spots.row_names):
        at = int(drawn[row].argmax())
        label = site.plan.periods[periods[at]]
        yield TreeRow(name=name, positions=positions[row], period=label, draw_kw=kw(drawn[row, at]))


def _depth_first(site: PlannedSite) -> Iterator[int]:
    """Numbers of the nodes, each before those below it, siblings as they stand in the table."""
    forest = site.loads.forest
    children: dict[str, list[int]] = {}
    for v, node in enumerate(forest.nodes):
        if node.parent is not None:
            children.setdefault(node.parent, []).append(v)
    waiting = list(reversed(forest.roots))
    while waiting:
        v = waiting.pop()
        yield v
        waiting += reversed(children.get(forest.nodes[v].name, ()))


def _rows_on(site: PlannedSite) -> dict[int, dict[str, None]]:
    """Rows that each node feeds itself, in order."""
    found: dict[int, dict[str, None]] = {}
    names, row = site.instance.positions.row_names, site.instance.positions.row
    for way, places in enumerate(site.loads.cords.places):
        for feed, _ in site.loads.cords.feeds[way]:
            found.setdefault(feed, {}).update((names[n], None) for n in dict.fromkeys(row[places].tolist()))
    return found
