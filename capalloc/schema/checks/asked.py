"""What a caller gives a search: numbers, where text and truth values are none; sets of names; records."""

from __future__ import annotations

import math
from collections.abc import Iterator
from numbers import Integral, Real

from capalloc.schema.checks.fault import Fault
from capalloc.schema.record import MOST_SEED
from capalloc.schema.uncertainty import MOST_SAMPLES


def seed_faults(seed: object) -> Iterator[Fault]:
    """A seed is a whole number from 0."""
    if not isinstance(seed, Integral) or isinstance(seed, bool) or not 0 <= int(seed) <= MOST_SEED:
        yield Fault(("seed",), f"found {seed!r}, expected a number from 0 to {MOST_SEED:,}, a whole one")


def samples_faults(samples: object) -> Iterator[Fault]:
    """A number of samples is a whole number from 1."""
    if not isinstance(samples, Integral) or isinstance(samples, bool) or not 1 <= int(samples) <= MOST_SAMPLES:
        yield Fault(("samples",), f"found {samples!r}, expected a number from 1 to {MOST_SAMPLES:,}, a whole one")


def number_faults(key: str, found: object, *, finite: bool = True) -> Iterator[Fault]:
    """A number from 0, infinite only where it need not be ``finite``; NaN is none."""
    number = float(found) if isinstance(found, Real) and not isinstance(found, bool) else math.nan
    if not number >= 0 or (finite and math.isinf(number)):
        yield Fault((key,), f"found {found!r}, expected a number from 0")


def names_faults(key: str, found: object) -> Iterator[Fault]:
    """A set of names; a list may hold a name twice, and a text is one name or many letters."""
    if not isinstance(found, frozenset | set) or not all(isinstance(name, str) for name in found):
        yield Fault((key,), f"found {found!r}, expected a set of names, as {{'lease'}}")


def kind_faults(key: str, found: object, *kinds: type) -> Iterator[Fault]:
    """A value of one of the kinds."""
    if not isinstance(found, kinds):
        expected = " or ".join(kind.__name__ for kind in kinds)
        yield Fault((key,), f"found {found!r}, expected a {expected}")
