"""No failure domain of the named kind carries more than its share of a demand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

from capalloc.calendar import Period
from capalloc.schema.demand import Demand, Spread
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
    spots: Counter[tuple[str, str | None, float]] = Counter()
    for standing in case.served(demand, period):
        if standing.position is not None:
            place = standing.position
            spots[place.feed_a, place.feed_b, place.share_a] += 1
    carried: dict[int, Fraction] = {}
    for spot, count in spots.items():
        for node, share in _shares(case, spread, *spot):
            carried[node] = carried.get(node, NOTHING) + count * share
    racks = spots.total()
    most = exact(spread.max_share) * racks
    for node, amount in sorted(carried.items()):
        if amount > most:
            name = case.site.nodes[node].name
            message = (
                f"{spread.node_kind} {name} carries {shown(amount)} of the {racks} racks of {demand.name}, "
                f"{shown(most)} allowed"
            )
            yield found(Rule.SPREAD, name, period, amount, most, "racks", message)


def _shares(
    case: Case, spread: Spread, feed_a: str, feed_b: str | None, share_a: float
) -> Iterator[tuple[int, Fraction]]:
    """(node of the kind, share of a rack that it carries)."""
    part = exact(share_a)
    for feed, share in ((feed_a, part), (feed_b, 1 - part)):
        for node in case.site.path[case.site.index[feed]] if feed is not None else ():
            if case.site.nodes[node].kind == spread.node_kind:
                yield node, share
