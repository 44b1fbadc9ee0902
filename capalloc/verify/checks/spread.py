"""No failure domain of the named kind carries more than its share of a demand."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import lcm

from capalloc.schema.demand import Demand, Spread
from capalloc.schema.rules import Rule
from capalloc.schema.verdict import Violation
from capalloc.verify.case import Case, found
from capalloc.verify.exact import exact, shown
from capalloc.verify.site import Spot
from capalloc.verify.when import Amount, over_time

_ALL = -1
"""Key of all racks of the demand that stand anywhere, among the nodes."""


def check(case: Case) -> Iterator[Violation]:
    """Nodes that carry too much of one demand; a rack counts with the share that the node carries of it."""
    whole = lcm(*(exact(position.share_a).denominator for position in case.scenario.facility.positions))
    for demand in case.demands.values():
        if demand.spread is not None:
            yield from _nodes(case, demand, demand.spread, whole)


def _nodes(case: Case, demand: Demand, spread: Spread, whole: int) -> Iterator[Violation]:
    """Racks are counted in parts; ``whole`` parts make a rack."""
    most, amounts = exact(spread.max_share), _amounts(case, demand, spread, whole)
    for period, parts in zip(case.periods, over_time(amounts, len(case.periods)), strict=True):
        racks = parts.pop(_ALL, 0)
        most_parts = most * racks
        for node in [node for node, amount in parts.items() if amount > most_parts]:
            name, amount, limit = case.site.nodes[node].name, Fraction(parts[node], whole), most_parts / whole
            message = (
                f"{spread.node_kind} {name} carries {shown(amount)} of the {racks // whole} racks of {demand.name}, "
                f"{shown(limit)} allowed"
            )
            yield found(Rule.SPREAD, name, period, amount, limit, "racks", message)


def _amounts(case: Case, demand: Demand, spread: Spread, whole: int) -> Iterator[Amount[int]]:
    """Parts by node of the kind, and of all nodes."""
    known: dict[Spot, list[tuple[int, int]]] = {}
    for batch in case.roster.serving:
        spot = batch.bay.spot
        if batch.demand == demand.name and spot is not None:
            if spot not in known:
                known[spot] = list(_shares(case, spread, spot, whole))
            yield _ALL, batch.first, batch.end, batch.racks * whole
            for node, parts in known[spot]:
                yield node, batch.first, batch.end, batch.racks * parts


def _shares(case: Case, spread: Spread, spot: Spot, whole: int) -> Iterator[tuple[int, int]]:
    """(node of the kind, parts of a rack that it carries)."""
    feed_a, feed_b, share_a = spot
    part = int(exact(share_a) * whole)
    for feed, parts in ((feed_a, part), (feed_b, whole - part)):
        for node in case.site.path[case.site.index[feed]] if feed is not None else ():
            if case.site.nodes[node].kind == spread.node_kind:
                yield node, parts
