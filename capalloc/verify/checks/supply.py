"""The load of a root stays within the supplies in force, and the site keeps its reserve."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from capalloc.calendar import Period
from capalloc.schema.rules import Rule
from capalloc.schema.verdict import Violation
from capalloc.verify.case import Case, found
from capalloc.verify.checks.failover import worst_loss
from capalloc.verify.exact import mw_as_kw, shown


def check(case: Case) -> Iterator[Violation]:
    """Roots above their supplies, in normal operation or because of a loss; a site without its reserve."""
    for period in case.periods:
        yield from _normal(case, period)
        yield from _losses(case, period)
        yield from _reserve(case, period)


def _normal(case: Case, period: Period) -> Iterator[Violation]:
    for over in case.loads[period.index].flow.normal:
        if over.limit.by_supply:
            node = case.site.nodes[over.node]
            message = f"{node.kind} {node.name} carries {shown(over.kw)} kW; its supplies are {shown(over.limit.kw)} kW"
            yield found(Rule.SUPPLY, node.name, period, over.kw, over.limit.kw, "kW", message)


def _losses(case: Case, period: Period) -> Iterator[Violation]:
    """Losses that ask more of the supplies than normal operation already does too much."""
    flow = case.loads[period.index].flow
    already = {over.node: over.kw for over in flow.normal if over.limit.by_supply}
    losses = [
        over
        for over in flow.losses
        if over.limit.by_supply and (over.node not in already or over.kw > already[over.node])
    ]
    for _, group in groupby(sorted(losses, key=lambda over: over.node), key=lambda over: over.node):
        yield worst_loss(case, Rule.SUPPLY, period, list(group))


def _reserve(case: Case, period: Period) -> Iterator[Violation]:
    reserve = mw_as_kw(case.scenario.policy.reserve_mw)
    flow = case.loads[period.index].flow
    if reserve and flow.live_kw + reserve > flow.capacity_kw:
        message = (
            f"the site carries {shown(flow.live_kw)} kW of {shown(flow.capacity_kw)} kW, "
            f"which leaves less than the reserve of {shown(reserve)} kW"
        )
        yield found(Rule.SUPPLY, "site", period, flow.live_kw, flow.capacity_kw - reserve, "kW", message)
