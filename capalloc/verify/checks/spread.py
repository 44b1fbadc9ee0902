"""No failure domain of the named kind carries more than its share of a demand."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from capalloc.calendar import Period
from capalloc.schema.demand import Demand, Spread
from capalloc.schema.facility import Position
from capalloc.schema.rules import Rule
from capalloc.schema.verdict import Violation
from capalloc.verify.case import Case, found
from capalloc.verify.exact import NOTHING, exact, shown


def check(case: Case) -> Iterator[Violation]:
    """Nodes that carry too much of one demand; a rack counts with the share that the node carries of it."""
    for demand in case.demands.values():
        if demand.spread is not None:
            for period in case.periods:
                yield from _nodes(case, demand, demand.spread, period)


def _nodes(case: Case, demand: Demand, spread: Spread, period: Period) -> Iterator[Violation]:
    carried: dict[int, Fraction] = {}
    racks = 0
    for standing, served in case.serving(period):
        if served is demand:
            racks += 1
            for node, share in _shares(case, spread, standing.position):
                carried[node] = carried.get(node, NOTHING) + share
    most = exact(spread.max_share) * racks
    for node, amount in sorted(carried.items()):
        if amount > most:
            name = case.site.nodes[node].name
            message = (
                f"{spread.node_kind} {name} carries {shown(amount)} of the {racks} racks of {demand.name}, "
                f"{shown(most)} allowed"
            )
            yield found(Rule.SPREAD, name, period, amount, most, "racks", message)


def _shares(case: Case, spread: Spread, position: Position | None) -> Iterator[tuple[int, Fraction]]:
    if position is None:
        return
    part = exact(position.share_a)
    for feed, share in ((position.feed_a, part), (position.feed_b, 1 - part)):
        for node in case.site.path[case.site.index[feed]] if feed is not None else ():
            if case.site.nodes[node].kind == spread.node_kind:
                yield node, share
