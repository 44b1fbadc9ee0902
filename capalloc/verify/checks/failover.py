"""After the loss of any one contingency node every node outside it stays within its failover_kw."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from capalloc.calendar import Period
from capalloc.schema.rules import Rule
from capalloc.schema.verdict import Violation
from capalloc.verify.case import Case, found
from capalloc.verify.exact import shown
from capalloc.verify.flow import Flow, Over
from capalloc.verify.site import Site


def check(case: Case) -> Iterator[Violation]:
    """Nodes overloaded by a loss in each period."""
    for period in case.periods:
        yield from overloads(case.site, period, case.loads[period.index].flow)


def overloads(site: Site, period: Period, flow: Flow) -> Iterator[Violation]:
    """Nodes overloaded by a loss: one violation a node, with the worst loss and the number of others."""
    losses = [over for over in flow.losses if not over.limit.by_supply]
    yield from worst_losses(site, Rule.FAILOVER, period, losses)


def worst_losses(site: Site, rule: Rule, period: Period, losses: list[Over]) -> Iterator[Violation]:
    """A violation for each node that losses overload."""
    for _, group in groupby(sorted(losses, key=lambda over: over.node), key=lambda over: over.node):
        yield _worst_loss(site, rule, period, list(group))


def _worst_loss(site: Site, rule: Rule, period: Period, losses: list[Over]) -> Violation:
    """The violation for one node that several losses overload."""
    worst = max(losses, key=lambda over: over.kw)
    node, lost = site.nodes[worst.node], site.nodes[worst.lost or 0]
    names = [site.nodes[over.lost or 0].name for over in losses]
    others = f"; {len(names)} losses overload it: {', '.join(names)}" if len(names) > 1 else ""
    what = "its supplies' " if worst.limit.by_supply else ""
    message = (
        f"{node.kind} {node.name} would carry {shown(worst.kw)} kW of {what}{worst.limit.text} "
        f"after the loss of {lost.name}{others}"
    )
    return found(rule, node.name, period, worst.kw, worst.limit.kw, "kW", message)
