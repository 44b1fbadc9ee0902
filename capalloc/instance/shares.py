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
    return _least_from(exact, racks)


@lru_cache(maxsize=1024)
def share_allowed(share: float, racks: int, parts: int = 1) -> Fraction:
    """The largest m/(n parts) of whole m, with n up to ``racks``, that is at most ``share``."""
    exact = decimal(share) * parts
    if exact.denominator <= racks:
        return exact / parts
    return -_least_from(-exact, racks) / parts


def _least_from(exact: Fraction, racks: int) -> Fraction:
    """The smallest m/n of whole m, with n up to ``racks``, that is at least ``exact``; without racks ``exact``."""
    if racks < 1:
        return exact
    numerator, denominator = exact.numerator, exact.denominator
    best, among = -(-numerator // denominator), 1
    for n in range(2, racks + 1):
        m = -(-numerator * n // denominator)
        if m * among < best * n:
            best, among = m, n
    return Fraction(best, among)
