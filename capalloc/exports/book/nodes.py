"""Headroom of every power node where it is tightest, in normal operation and after the loss that asks most of it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from capalloc.analysis.picture import Pictured
from capalloc.analysis.show.headroom import used_shares
from capalloc.analysis.show.loads import NO_LOSS
from capalloc.exports.book.table import Cell, Column, Formula, Table
from capalloc.instance.model import Floats, Ints
from capalloc.units import W_PER_KW

_LEAST = "The period in which the largest share of the limit is used; of equal ones the first."
_COLUMNS = (
    Column("Node"),
    Column("Kind"),
    Column("Fed by"),
    Column("Survived", note="yes: the plan survives the loss of this node."),
    Column("Rated kW", "kw"),
    Column("Tightest period", note=_LEAST),
    Column("Load kW", "kw"),
    Column("Limit kW", "kw"),
    Column("Headroom kW", "kw"),
    Column("Used", "share"),
    Column("Tightest after a loss", note=_LEAST),
    Column("Lost node", note="Whose loss asks most of this one."),
    Column("Load after loss kW", "kw"),
    Column("Limit after loss kW", "kw"),
    Column("Headroom after loss kW", "kw"),
    Column("Used after loss", "share"),
)


def nodes_table(pictured: Pictured) -> Table:
    """A row for each power node, the tightest first."""
    normal, after = (np.round(shares, 9) for shares in used_shares(pictured.site))
    tightest = np.argsort(-np.maximum(normal, after).max(axis=1, initial=0.0), kind="stable")
    return Table("Nodes", _COLUMNS, [tuple(_row(pictured, v, normal[v], after[v])) for v in tightest.tolist()])


def _row(pictured: Pictured, v: int, normal: Floats, after: Floats) -> Iterator[Cell]:
    loads = pictured.site.loads
    node, forest, worst = loads.forest.nodes[v], loads.forest, loads.worst
    yield from (node.name, node.kind, node.parent, "yes" if node.contingency else "no", node.rated_kw)
    t = int(normal.argmax())
    yield pictured.plan.periods[t]
    yield from _used(loads.normal_w, forest.normal_w, v, t, ("G", "H"))
    t = int(after.argmax())
    lost = int(worst.lost[v, t])
    if lost == NO_LOSS:
        yield from (None,) * 6
        return
    yield from (pictured.plan.periods[t], forest.nodes[lost].name)
    yield from _used(worst.load_w, forest.failover_w, v, t, ("M", "N"))


def _used(load_w: Floats, limit_w: Ints, v: int, t: int, columns: tuple[str, str]) -> Iterator[Cell]:
    """Load and limit in kW, what is left, and the share that is used."""
    load, limit = (round(float(watts[v, t]) / W_PER_KW, 6) for watts in (load_w, limit_w))
    of_load, of_limit = columns
    yield from (load, limit, Formula(f"={of_limit}{{row}}-{of_load}{{row}}", limit - load))
    share = f'=IF({of_limit}{{row}}=0,"",{of_load}{{row}}/{of_limit}{{row}})'
    yield Formula(share, load / limit if limit else None)
