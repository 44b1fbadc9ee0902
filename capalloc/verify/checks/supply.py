"""The load of a root stays within the supplies in force, and the site keeps its reserve."""

from __future__ import annotations

from collections.abc import Iterator

from capalloc.calendar import Period
from capalloc.schema.rules import Rule
from capalloc.schema.verdict import Violation
from capalloc.verify.case import Case, found
from capalloc.verify.checks.failover import worst_losses
from capalloc.verify.exact import mw_as_kw, shown
from capalloc.verify.flow import Flow, Over
from capalloc.verify.site import Site


def check(case: Case) -> Iterator[Violation]:
    """Roots above their supplies, in normal operation or because of a loss; a site without its reserve."""
    for period in case.periods:
        yield from overloads(case.site, period, case.loads[period.index].flow)
        yield from _reserve(case, period)


def overloads(site: Site, period: Period, flow: Flow) -> Iterator[Violation]:
    """Roots above their supplies, in normal operation or because of a loss."""
    for over in flow.normal:
        if over.limit.by_supply:
            node = site.nodes[over.node]
            message = f"{node.kind} {node.name} carries {shown(over.kw)} kW; its supplies are {over.limit.text}"
            yield found(Rule.SUPPLY, node.name, period, over.kw, over.limit.kw, "kW", message)
    yield from worst_losses(site, Rule.SUPPLY, period, _losses(flow))


def _losses(flow: Flow) -> list[Over]:
    """Losses that ask more of the supplies than normal operation already does too much."""
    already = {over.node: over.kw for over in flow.normal if over.limit.by_supply}
    return [
        over
        for over in flow.losses
        if over.limit.by_supply and (over.node not in already or over.kw > already[over.node])
    ]


def _reserve(case: Case, period: Period) -> Iterator[Violation]:
    reserve = mw_as_kw(case.scenario.policy.reserve_mw)
    flow = case.loads[period.index].flow
    if reserve and flow.live_kw + reserve > flow.capacity_kw:
        message = (
            f"the site carries {shown(flow.live_kw)} kW of {shown(flow.capacity_kw)} kW, "
            f"which leaves less than the reserve of {shown(reserve)} kW"
        )
        yield found(Rule.SUPPLY, "site", period, flow.live_kw, flow.capacity_kw - reserve, "kW", message)
