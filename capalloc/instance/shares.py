"""Shares of racks as the nearest shares that whole racks can have.

A solver keeps a row only to within its tolerance, so a share such as 0.3333333 would be mistaken for one third.
Between whole numbers of racks nothing changes when a share moves to the next fraction that they can have, and
there a row is either kept or missed by far more than the tolerance.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

from capalloc.instance.resolution import decimal


@lru_cache(maxsize=1024)
def share_needed(share: float, racks: int) -> Fraction:
    """The smallest m/n of whole m, with n up to ``racks``, that is at least ``share``."""
    exact = decimal(share)
    if exact.denominator <= racks:
        return exact
    return min((Fraction(-(-exact.numerator * n // exact.denominator), n) for n in range(1, racks + 1)), default=exact)


@lru_cache(maxsize=1024)
def share_allowed(share: float, racks: int, parts: int = 1) -> Fraction:
    """The largest m/(n parts) of whole m, with n up to ``racks``, that is at most ``share``."""
    exact = decimal(share) * parts
    if exact.denominator <= racks:
        return exact / parts
    most = max((Fraction(exact.numerator * n // exact.denominator, n) for n in range(1, racks + 1)), default=exact)
    return most / parts
