"""Limits of power nodes, of roots by their supplies, and of cooling zones; repairs raise them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from capalloc.analysis.edits import all_supplies, node_of, with_node, with_zone
from capalloc.analysis.explain.family import EQUIPMENT, Family
from capalloc.analysis.explain.requirement import Kind, Requirement
from capalloc.analysis.explain.rows import SITE, RowKey, heat_of, row_keys, with_limits
from capalloc.analysis.explain.span import Span, touched
from capalloc.analysis.explain.words import power
from capalloc.instance.model import NO_LIMIT_W, Instance, PackingRow
from capalloc.reduction.classes import binding_capable, most_w
from capalloc.schema.event import NewSupply
from capalloc.schema.rules import Rule
from capalloc.schema.scenario import Scenario
from capalloc.units import W_PER_KW

_KINDS = {
    Rule.POWER: Kind.POWER,
    Rule.FAILOVER: Kind.FAILOVER,
    Rule.SUPPLY: Kind.SUPPLY,
    Rule.COOLING: Kind.COOLING,
}
_HEADROOM_KW = 1


def requirements(instance: Instance) -> Iterator[Requirement]:
    """Limits that can be passed: of nodes normally and after a loss, of roots by supply, of cooling zones."""
    keys = row_keys(instance)
    for i in binding_capable(instance).tolist():
        row = instance.rows[i]
        if row.where != SITE:
            says = _says(instance, row, keys[i])
            yield Requirement(_KINDS[row.rule], row.where, says, row.lost, row=keys[i], limited=instance)


def families(instance: Instance, one: Requirement, span: Span) -> Iterator[Family]:
    """A higher limit of a node, of a root's supply or of a cooling zone."""
    if one.limited is not None:
        yield _more_kw(instance, one, span)


def _says(instance: Instance, row: PackingRow, key: RowKey) -> str:
    if row.rule is Rule.FAILOVER:
        return f"limit after the loss of {row.lost}"
    if row.rule is Rule.COOLING:
        return f"limit on {heat_of(instance, key)} heat"
    return "limit by its supplies" if row.rule is Rule.SUPPLY else "limit in normal operation"


def _more_kw(instance: Instance, one: Requirement, span: Span) -> Family:
    last = _most_kw(instance, one)
    if one.kind is Kind.SUPPLY:
        return _supply(one, one.where, span, last)
    if one.kind is Kind.COOLING:
        return _cooling(instance, one, span, last)
    node = node_of(instance.scenario, one.where)
    if one.kind is Kind.FAILOVER:
        limit = node.failover_limit_kw
        raised = partial(_failover, name=node.name, limit=limit)
        says = _Raise(f"{node.name}: +{{}} after a loss", "failover_kw", limit)
        return _kw(one, last, raised, span, says)
    says = _Raise(f"{node.name}: +{{}}", "rated_kw", node.rated_kw, node.max_utilization)
    return _kw(one, last, lambda s, kw: with_node(s, node.name, rated_kw=says.value(kw)), span, says)


def _most_kw(base: Instance, one: Requirement) -> int:
    """kW that a limit would have to grow by for everything under it to draw its most."""
    for instance in (base, one.limited or base):
        for row, key in zip(instance.rows, row_keys(instance), strict=True):
            if key == one.row:
                heaviest = float((most_w(instance) * row.share).max(initial=0))
                least = float(row.limit_w[row.limit_w < NO_LIMIT_W].min(initial=0))
                most = int(np.ceil((row.weights.sum() * heaviest - least) / W_PER_KW))
                return most + len(row.positions) + _HEADROOM_KW
    return _HEADROOM_KW


@dataclass(frozen=True, slots=True)
class _Raise:
    """A limit that is raised, and how that is said."""

    what: str
    """With a place for the power."""
    key: str
    now: float
    share: float = 1.0
    """Share of the value that is a limit."""

    def value(self, kw: int) -> float:
        """The key's value after ``kw`` more of the limit."""
        return round(self.now + kw / self.share, 6)

    def dated(self, kw: int, when: str) -> str:
        """The change, with the days that need it."""
        return f"{self.what.format(power(kw))}{when} ({self.key} {self.now:,.10g} to {self.value(kw):,.10g})"


def _failover(scenario: Scenario, kw: int, name: str, limit: float) -> Scenario:
    """A limit after a loss of so much more; where it follows a rating that was raised, it is not lowered again."""
    return with_node(scenario, name, failover_kw=max(limit + kw, node_of(scenario, name).failover_limit_kw))


def _kw(one: Requirement, last: int, apply: Callable[[Scenario, int], Scenario], span: Span, says: _Raise) -> Family:
    """More kW at a limit; ratings have no dates in a scenario, so whether only the span needs it is tried first."""
    return Family(
        one.kind,
        one.where,
        last,
        apply,
        lambda kw: says.dated(kw, f" {span.says}"),
        EQUIPMENT,
        amount_kw=float,
        quick=_raised(one, span),
        always=lambda kw: says.dated(kw, ""),
        quantity=says.key,
    )


def _raised(one: Requirement, span: Span) -> Callable[[Instance, int], Instance]:
    """The same limit, and those after other losses at the node, with more kW in the periods of a span."""
    assert one.row is not None
    key = one.row

    def same(other: RowKey) -> bool:
        return other == key or (one.kind is Kind.FAILOVER and other[:2] == key[:2])

    def quick(instance: Instance, kw: int) -> Instance:
        then = touched(instance, span)
        return with_limits(
            instance,
            same,
            lambda row: np.where(then & (row.limit_w < NO_LIMIT_W), row.limit_w + kw * W_PER_KW, row.limit_w),
        )

    return quick


def _supply(one: Requirement, node: str, span: Span, last: int) -> Family:
    """A further supply into a root while the conflict lasts."""

    def apply(scenario: Scenario, kw: int) -> Scenario:
        until = span.end if span.end < span.horizon_end else None
        more = NewSupply(type="supply", name=_fresh(scenario), node=node, kw=float(kw), start=span.start, until=until)
        return scenario.replace(events=(*scenario.events, more))

    def says(kw: int) -> str:
        return f"{node}: +{power(kw)} of supply {span.says}"

    quick = None if one.row is None else _raised(one, span)
    return Family(
        Kind.SUPPLY, node, last, apply, says, EQUIPMENT, amount_kw=float, quick=quick, quantity=f"supply {span.says}"
    )


def bridge(instance: Instance, one: Requirement, span: Span) -> Iterator[Family]:
    """A further supply in place of one that is late or ends too early."""
    for supply in all_supplies(instance.scenario):
        if supply.name == one.where and one.kind in (Kind.SUPPLY_DATES, Kind.DELAY):
            yield _supply(one, supply.node, span, int(np.ceil(supply.kw)))


def _fresh(scenario: Scenario) -> str:
    known = {supply.name for supply in all_supplies(scenario)}
    return next(name for n in range(len(known) + 1) if (name := f"further supply {n + 1}") not in known)


def _cooling(instance: Instance, one: Requirement, span: Span, last: int) -> Family:
    assert one.row is not None
    heat = heat_of(instance, one.row)
    key = f"{heat}_kw"
    zone = next(zone for zone in instance.scenario.facility.cooling if zone.name == one.where)
    says = _Raise(f"{zone.name}: +{{}} of {heat} cooling", key, getattr(zone, key))
    return _kw(one, last, lambda s, kw: with_zone(s, zone.name, **{key: says.value(kw)}), span, says)
