"""What plans earn less than perfect information, and than each other, in the same samples."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from capalloc.analysis.risk.followed import Followed
from capalloc.analysis.risk.spread import error_of, met_in
from capalloc.instance.model import Floats
from capalloc.schema.risk import Regret

PERFECT = "perfect information"


def regrets_of(number: int, names: Sequence[str], samples: Sequence[Followed], gap: float) -> Iterator[Regret]:
    """Regrets of the plan of that number; where planning stops at a ``gap``, less than it is no difference."""
    own = _worth(samples, number)
    perfect = np.array([np.nan if one.perfect_usd is None else one.perfect_usd for one in samples])
    others = [(PERFECT, perfect)]
    others += [(name, _worth(samples, other)) for other, name in enumerate(names) if other != number]
    for name, usd in others:
        both = ~np.isnan(own) & ~np.isnan(usd)
        if both.any():
            yield _regret(name, usd[both] - own[both], gap * np.abs(usd[both]))


def _worth(samples: Sequence[Followed], number: int) -> Floats:
    """(N,) objective of a plan in each sample; NaN where it could not be followed."""
    outcomes = [one.outcomes[number] for one in samples]
    return np.array([one.objective_usd if one.status == "followed" else np.nan for one in outcomes])


def _regret(against: str, lost: Floats, noise: Floats) -> Regret:
    return Regret(
        against=against,
        mean=float(lost.mean()),
        error=error_of(lost),
        p95=-met_in(-lost, 0.95),
        most=float(lost.max()),
        chance=float((lost > noise).mean()),
    )
