"""Repairs of the site, by what is required."""

from __future__ import annotations

from collections.abc import Iterator

from capalloc.analysis.explain.date_families import dates, from_maintenance, positions, rack_dates
from capalloc.analysis.explain.edits import (
    with_node,
    with_policy,
)
from capalloc.analysis.explain.family import Family
from capalloc.analysis.explain.limit_families import bridge, less, more_kw, node_of
from capalloc.analysis.explain.problem import Problem
from capalloc.analysis.explain.requirement import Kind, Requirement
from capalloc.analysis.explain.span import Span
from capalloc.units import KW_PER_MW


def site_families(problem: Problem, one: Requirement, span: Span) -> Iterator[Family]:
    """Repairs of a requirement of the site."""
    match one.kind:
        case Kind.POWER | Kind.FAILOVER | Kind.COOLING | Kind.SUPPLY:
            yield more_kw(problem, one, span)
        case Kind.STATIC_LOAD:
            node = node_of(problem.scenario, one.where)
            yield less(
                one, node.static_load_kw, lambda s, kw: with_node(s, node.name, static_load_kw=kw), "static load"
            )
        case Kind.RESERVE:
            reserve = problem.scenario.policy.reserve_mw * KW_PER_MW
            yield less(one, reserve, lambda s, kw: with_policy(s, reserve_mw=kw / KW_PER_MW), "reserve", None)
        case Kind.SUPPLY_DATES | Kind.NODE_DATES | Kind.ZONE_DATES:
            yield from dates(problem, one, span)
            yield from bridge(problem, one, span)
        case Kind.RACK_DATES:
            yield from rack_dates(problem, one, span)
        case Kind.MAINTENANCE:
            yield from_maintenance(one)
        case Kind.POSITIONS:
            yield positions(problem, one)
        case _:
            return
