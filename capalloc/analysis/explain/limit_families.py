"""Repairs of limits: more kW at a node, at a root or of cooling, less static load or reserve."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from capalloc.analysis.explain.edits import (
    all_supplies,
    with_node,
    with_zone,
)
from capalloc.analysis.explain.family import EQUIPMENT, Family
from capalloc.analysis.explain.problem import Problem
from capalloc.analysis.explain.requirement import Kind, Requirement, RowKey, power
from capalloc.analysis.explain.site_rules import heat_of, row_keys
from capalloc.analysis.explain.span import Span
from capalloc.instance.model import NO_LIMIT_W, Instance, PackingRow
from capalloc.reduction.classes import most_w
from capalloc.schema.event import NewSupply
from capalloc.schema.facility import PowerNode
from capalloc.schema.scenario import Scenario
from capalloc.units import W_PER_KW

_HEADROOM_KW = 1


def node_of(scenario: Scenario, name: str) -> PowerNode:
    """The power node of that name."""
    return next(node for node in scenario.facility.power if node.name == name)


def _most_kw(problem: Problem, one: Requirement) -> int:
    """kW that a limit would have to grow by for everything above it to draw its most."""
    for instance in (problem.base, *problem.variants()):
        for row, key in zip(instance.rows, row_keys(instance), strict=True):
            if key == one.row:
                heaviest = float((most_w(instance) * row.share).max(initial=0))
                least = float(row.limit_w[row.limit_w < NO_LIMIT_W].min(initial=0))
                return (
                    int(np.ceil((row.weights.sum() * heaviest - least) / W_PER_KW)) + len(row.positions) + _HEADROOM_KW
                )
    return _HEADROOM_KW


def more_kw(problem: Problem, one: Requirement, span: Span) -> Family:
    """A higher limit of a node, of a root's supply or of a cooling zone."""
    last = _most_kw(problem, one)
    if one.kind is Kind.SUPPLY:
        return _supply(one, one.where, span, last)
    if one.kind is Kind.COOLING:
        return _cooling(problem, one, span, last)
    node = node_of(problem.scenario, one.where)
    if one.kind is Kind.FAILOVER:
        limit = node.failover_limit_kw
        raised = partial(_failover, name=node.name, limit=limit)
        says = _Says(f"{node.name}: +{{}} after a loss", "failover_kw", limit)
        return _kw(one, last, raised, span, says)
    says = _Says(f"{node.name}: +{{}}", "rated_kw", node.rated_kw, node.max_utilization)
    return _kw(one, last, lambda s, kw: with_node(s, node.name, rated_kw=says.value(kw)), span, says)


@dataclass(frozen=True, slots=True)
class _Says:
    """The words for a limit that is raised."""

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


def _kw(one: Requirement, last: int, apply: Callable[[Scenario, int], Scenario], span: Span, says: _Says) -> Family:
    """More kW at a limit; ratings have no dates in a scenario, so whether only the span needs it is tried apart."""
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
    )


def _raised(one: Requirement, span: Span) -> Callable[[Instance, int], Instance]:
    """The same limit, and those after other losses at the node, with more kW in the periods of a span."""
    assert one.row is not None
    key = one.row

    def same(row: PackingRow, other: RowKey) -> bool:
        return other == key or (one.kind is Kind.FAILOVER and (row.rule.value, row.where) == key[:2])

    def quick(instance: Instance, kw: int) -> Instance:
        touched = np.array([period.touches(span.start, span.end) for period in instance.periods])
        rows = (
            replace(
                row, limit_w=np.where(touched & (row.limit_w < NO_LIMIT_W), row.limit_w + kw * W_PER_KW, row.limit_w)
            )
            if same(row, other)
            else row
            for row, other in zip(instance.rows, row_keys(instance), strict=True)
        )
        return replace(instance, rows=tuple(rows))

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
    return Family(Kind.SUPPLY, node, last, apply, says, EQUIPMENT, amount_kw=float, quick=quick)


def bridge(problem: Problem, one: Requirement, span: Span) -> Iterator[Family]:
    """A further supply in place of one that is late or ends too early."""
    for supply in all_supplies(problem.scenario):
        if supply.name == one.where and one.kind in (Kind.SUPPLY_DATES, Kind.DELAY):
            yield _supply(one, supply.node, span, int(np.ceil(supply.kw)))


def _fresh(scenario: Scenario) -> str:
    known = {supply.name for supply in all_supplies(scenario)}
    return next(name for n in range(len(known) + 1) if (name := f"further supply {n + 1}") not in known)


def _cooling(problem: Problem, one: Requirement, span: Span, last: int) -> Family:
    assert one.row is not None
    heat = heat_of(problem.base, one.row)
    key = f"{heat}_kw"
    zone = next(zone for zone in problem.scenario.facility.cooling if zone.name == one.where)
    says = _Says(f"{zone.name}: +{{}} of {heat} cooling", key, getattr(zone, key))
    return _kw(one, last, lambda s, kw: with_zone(s, zone.name, **{key: says.value(kw)}), span, says)


def less(
    one: Requirement,
    now_kw: float,
    edit: Callable[[Scenario, float], Scenario],
    word: str,
    unpriced: str | None = EQUIPMENT,
) -> Family:
    """Less of a load or of a reserve, by whole kW down to none."""

    def left(kw: int) -> float:
        return max(round(now_kw - kw, 6), 0.0)

    return Family(
        one.kind,
        one.where,
        int(np.ceil(now_kw)),
        lambda s, kw: edit(s, left(kw)),
        lambda kw: f"{one.where}: {word} {power(left(kw))} in place of {power(now_kw)}",
        unpriced,
    )
