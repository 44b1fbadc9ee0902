"""Demands, power nodes and periods that a plan's lists name. Reported under the ramp rule, as figures are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator

from capalloc.schema.plan import DemandPrice, NodePrice
from capalloc.schema.rules import Rule
from capalloc.schema.verdict import Violation
from capalloc.verify.case import Case, found

_ALL_ROOTS = "site"
"""What prices call all roots of the power forest together."""


def named(case: Case) -> Iterator[Violation]:
    """Names that the scenario does not have, entries that are there twice, and prices below 0."""
    plan, demands = case.plan, case.demands
    nodes = {_ALL_ROOTS, *(node.name for node in case.scenario.facility.power)}
    at_nodes = [(price.node, price.period) for price in plan.prices]
    of_demands = [(price.demand, price.period) for price in plan.demand_prices]
    yield from _priced(case, "prices", at_nodes, nodes)
    yield from _priced(case, "demand_prices", of_demands, demands)
    prices: tuple[NodePrice | DemandPrice, ...] = (*plan.prices, *plan.demand_prices)
    for price in prices:
        if price.usd_per_kw_month < 0:
            message = f"a price for {price.period} is {price.usd_per_kw_month:g} USD; none is below 0"
            yield found(Rule.RAMP, "prices", None, price.usd_per_kw_month, 0, "USD", message)
    changes = plan.precedence.changes if plan.precedence is not None else ()
    yield from _known("precedence", (change.demand for change in changes), demands)
    short = {delivery.demand.name for delivery in case.deliveries if delivery.short > 0}
    yield from _known("undecided", plan.undecided, short, "is short of nothing, or no demand of this plan")
    signed = [name for name in plan.prospects if name in demands and not case.scenario.is_prospect(demands[name])]
    yield from _known("prospects", signed, (), "is signed and no prospect")


def _priced(case: Case, where: str, entries: list[tuple[str, str]], names: Container[str]) -> Iterator[Violation]:
    labels = {period.label for period in case.periods}
    yield from _known(where, (name for name, _ in entries), names)
    yield from _known(where, (label for _, label in entries), labels, "is no period of the scenario")
    for (name, label), times in Counter(entries).items():
        if times > 1:
            message = f"{where}: {name} is there {times} times for {label}"
            yield found(Rule.RAMP, where, None, times, 1, "entries", message)


def _known(
    where: str, names: Iterable[str], known: Container[str], else_: str = "is not in the scenario"
) -> Iterator[Violation]:
    for name in dict.fromkeys(names):
        if name not in known:
            yield found(Rule.RAMP, where, None, 1, 0, "names", f"{where}: {name} {else_}")
