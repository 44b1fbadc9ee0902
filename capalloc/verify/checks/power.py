"""Every power node stays within rated_kw x max_utilization in normal operation."""

from __future__ import annotations

from collections.abc import Iterator

from capalloc.calendar import Period
from capalloc.schema.rules import Rule
from capalloc.schema.verdict import Violation
from capalloc.verify.case import Case, found
from capalloc.verify.exact import shown
from capalloc.verify.flow import Flow
from capalloc.verify.site import Site
from capalloc.verify.when import has


def check(case: Case) -> Iterator[Violation]:
    """Nodes above their own limit in each period."""
    for period in case.periods:
        yield from overloads(case.site, period, case.loads[period.index].flow)


def overloads(site: Site, period: Period, flow: Flow) -> Iterator[Violation]:
    """Nodes above their own limit; a root above its supplies belongs to the supply rule."""
    for over in flow.normal:
        if not over.limit.by_supply:
            node = site.nodes[over.node]
            dead = "" if has(site.live[over.node], period.index) else " (it is not energised)"
            message = f"{node.kind} {node.name} carries {shown(over.kw)} kW of {over.limit.text}{dead}"
            yield found(Rule.POWER, node.name, period, over.kw, over.limit.kw, "kW", message)
