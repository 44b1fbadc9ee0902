"""Every power node stays within rated_kw x max_utilization in normal operation."""

from __future__ import annotations

from collections.abc import Iterator

from capalloc.schema.rules import Rule
from capalloc.schema.verdict import Violation
from capalloc.verify.case import Case, found
from capalloc.verify.exact import shown
from capalloc.verify.when import has


def check(case: Case) -> Iterator[Violation]:
    """Nodes above their own limit; a root above its supplies belongs to the supply rule."""
    for period in case.periods:
        for over in case.loads[period.index].flow.normal:
            if not over.limit.by_supply:
                node = case.site.nodes[over.node]
                dead = "" if has(case.site.live[over.node], period.index) else " (it is not energised)"
                message = f"{node.kind} {node.name} carries {shown(over.kw)} kW of {shown(over.limit.kw)} kW{dead}"
                yield found(Rule.POWER, node.name, period, over.kw, over.limit.kw, "kW", message)
