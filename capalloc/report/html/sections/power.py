"""Power: an icicle from the utility to the row."""

from __future__ import annotations

from typing import Any

from capalloc.analysis.picture import Pictured
from capalloc.analysis.picture.icicle import icicle_of
from capalloc.analysis.picture.power import NodeRuns, node_runs
from capalloc.report.charts.use import STEPS
from capalloc.report.html.section import Section


def power(pictured: Pictured) -> Section:
    """The section of the power tree."""
    return Section("power", "Power", {}, _data(pictured))


def _data(pictured: Pictured) -> dict[str, Any]:
    forest, icicle = pictured.site.loads.forest, icicle_of(pictured)
    nodes = forest.nodes
    return {
        "names": [node.name for node in nodes],
        "kinds": [node.kind for node in nodes],
        "parent": [-1 if node.parent is None else forest.index[node.parent] for node in nodes],
        "rated": [node.rated_kw for node in nodes],
        "contingency": [v for v, node in enumerate(nodes) if node.contingency],
        "depth": list(icicle.depth),
        "x": list(icicle.x),
        "width": list(icicle.width),
        "steps": STEPS,
        "runs": [_flat(one) for one in node_runs(pictured)],
    }


def _flat(runs: NodeRuns) -> list[float]:
    """Period, load, limit, load after loss, failover limit, lost node, period ..."""
    rows = zip(runs.periods, runs.load_kw, runs.limit_kw, runs.after_kw, runs.failover_kw, runs.lost, strict=True)
    return [_short(value) for row in rows for value in row]


def _short(value: float) -> float:
    """A whole number without its point."""
    return int(value) if value == int(value) else value
