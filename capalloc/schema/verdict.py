"""What the verifier says of a plan."""

from __future__ import annotations

from typing import Literal

from capalloc.schema.record import Number, Record
from capalloc.schema.rules import Rule


class Violation(Record):
    """One rule broken at one place in one period."""

    rule: Rule
    where: str
    """Node, zone, rack, demand, row or hall."""
    period: str
    """Label of the period; empty where no single period is meant."""
    amount: Number
    """What was found, in ``unit``."""
    limit: Number
    """What is allowed, in ``unit``."""
    unit: str
    message: str


class Verdict(Record):
    """The result of ``capalloc check``."""

    verdict: Literal["ok", "violated"]
    violations: tuple[Violation, ...] = ()
    objective_usd: Number
    """The objective recomputed from the plan's assignments, in discounted USD."""
