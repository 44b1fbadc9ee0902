"""What the verifier says of a plan."""

from __future__ import annotations

from typing import Literal

from capalloc.schema.record import Number, Record
from capalloc.schema.rules import Rule


class Violation(Record):
    """One rule broken at one place in one period."""

    rule: Rule
    """One of the rules."""
    where: str
    """Node, zone, rack, demand, row or hall."""
    period: str
    """Label of the period; empty where no single period is meant."""
    amount: Number
    """What was found, in ``unit``."""
    limit: Number
    """What is allowed, in ``unit``."""
    unit: str
    """``kW``, ``racks``, …."""
    message: str
    """A sentence."""


class Unchecked(Record):
    """What a plan says and its assignments do not tell."""

    what: str
    """A key of the plan file."""
    why: str
    """What of it is not known."""


class Verdict(Record):
    """The result of ``capalloc check``."""

    verdict: Literal["ok", "violated"]
    """``ok`` or ``violated``."""
    violations: tuple[Violation, ...] = ()
    """Rules that are broken, in the order of the rules."""
    objective_usd: Number
    """The objective recomputed from the plan's assignments, in discounted USD."""
    not_checked: tuple[Unchecked, ...] = ()
    """What the plan says and only its search can know."""
