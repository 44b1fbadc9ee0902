"""How finely a demand counts: in whole parts of a W, a GPU or a rack, so that what fits exactly fits."""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction

MOST_PARTS = 10**6
"""Finest parts: millionths. Whatever is finer still is rounded against ourselves."""


def decimal(value: float) -> Fraction:
    """The number that the shortest text of ``value`` names: 81.6 is 816/10."""
    return Fraction(repr(value))


def parts_of(amounts: Iterable[Fraction]) -> int:
    """The smallest power of ten up to MOST_PARTS that makes every amount whole; MOST_PARTS where none does."""
    smallest = math.lcm(*(amount.denominator for amount in amounts))
    parts = 1
    while parts < MOST_PARTS and parts % smallest:
        parts *= 10
    return parts
