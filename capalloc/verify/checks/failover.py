"""After the loss of any one contingency node every node outside it stays within its failover_kw."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from capalloc.calendar import Period
from capalloc.schema.rules import Rule
from capalloc.schema.verdict import Violation
from capalloc.verify.case import Case, found
from capalloc.verify.exact import shown
from capalloc.verify.flow import Over


def check(case: Case) -> Iterator[Violation]:
    """Nodes overloaded by a loss: one violation a node and period, with the worst loss and the number of others."""
    for period in case.periods:
        losses = [over for over in case.loads[period.index].flow.losses if not over.limit.by_supply]
        for _, group in groupby(sorted(losses, key=lambda over: over.node), key=lambda over: over.node):
            yield worst_loss(case, Rule.FAILOVER, period, list(group))


def worst_loss(case: Case, rule: Rule, period: Period, losses: list[Over]) -> Violation:
    """The violation for one node that several losses overload."""
    worst = max(losses, key=lambda over: over.kw)
    node, lost = case.site.nodes[worst.node], case.site.nodes[worst.lost or 0]
    names = [case.site.nodes[over.lost or 0].name for over in losses]
    others = f"; {len(names)} losses overload it: {', '.join(names)}" if len(names) > 1 else ""
    what = "its supplies' " if worst.limit.by_supply else ""
    message = (
        f"{node.kind} {node.name} would carry {shown(worst.kw)} kW of {what}{shown(worst.limit.kw)} kW "
        f"after the loss of {lost.name}{others}"
    )
    return found(rule, node.name, period, worst.kw, worst.limit.kw, "kW", message)
