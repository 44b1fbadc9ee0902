"""Delivery meets the committed step and overshoots it by less than a rack; figures and money are what they are."""

from __future__ import annotations

from collections.abc import Iterator

from capalloc.schema.demand import Demand
from capalloc.schema.policy import Policy
from capalloc.schema.rules import Rule
from capalloc.schema.verdict import Violation
from capalloc.verify.case import Case, found
from capalloc.verify.claims import claims
from capalloc.verify.delivery import Delivery
from capalloc.verify.exact import shown
from capalloc.verify.figures import figures
from capalloc.verify.missing import missing
from capalloc.verify.named import named


def check(case: Case) -> Iterator[Violation]:
    """Too much, too little where that is forbidden, and figures and claims that nothing bears out."""
    for delivery in case.deliveries:
        yield from _overshoot(delivery)
        key = _forbidden_by(delivery.demand, case.scenario.policy)
        if key is not None:
            yield from _short(delivery, key)
    yield from figures(case)
    yield from missing(case)
    yield from named(case)
    yield from claims(case)


def _forbidden_by(demand: Demand, policy: Policy) -> str | None:
    """The key that says that nothing may be missing of the commitment; None where it may."""
    if demand.commitment == "hard":
        return "its commitment: hard forbids it"
    return "policy.shortfall forbids it" if demand.commitment is None and policy.shortfall == "forbid" else None


def _overshoot(delivery: Delivery) -> Iterator[Violation]:
    measure, excess = delivery.measure, delivery.delivered - delivery.wanted
    a_rack = measure.largest if delivery.wanted else 0
    if excess > measure.flex and excess >= a_rack:
        allowed = [f"less than {shown(a_rack)}"] if a_rack else []
        allowed += [f"at most {shown(measure.flex)} flexible"] if measure.flex or not a_rack else []
        message = (
            f"{delivery.demand.name} gets {shown(delivery.delivered)} {measure.unit}, {shown(excess)} above its "
            f"{shown(delivery.wanted)}; {' or '.join(allowed)} is allowed"
        )
        limit = delivery.wanted + max(a_rack, measure.flex)
        yield found(Rule.RAMP, delivery.demand.name, delivery.period, delivery.delivered, limit, measure.unit, message)


def _short(delivery: Delivery, forbidden_by: str) -> Iterator[Violation]:
    if delivery.short > 0:
        name, unit = delivery.demand.name, delivery.measure.unit
        message = (
            f"{name} gets {shown(delivery.delivered)} {unit} of the committed {shown(delivery.committed)} {unit}; "
            f"{forbidden_by}"
        )
        yield found(Rule.RAMP, name, delivery.period, delivery.delivered, delivery.committed, unit, message)
