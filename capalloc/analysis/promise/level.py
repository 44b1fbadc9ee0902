"""How much may be promised of what samples deliver, so that the promise holds beyond these samples.

The share of samples that break a promise is no more than an estimate of the chance that it is broken. Where ``b`` of N
independent samples come to less than an order statistic, the chance is below 1 - confidence with the assurance that a
binomial has more than ``b`` of N: a tolerance limit, whatever the distribution. S. S. Wilks, "Determination of sample
sizes for setting tolerance limits", The Annals of Mathematical Statistics 12(1), 1941, doi:10.1214/aoms/1177731788.
A Latin hypercube's samples vary less than independent ones do, where what they come to is monotone in what is drawn.
"""

from __future__ import annotations

import math

import numpy as np

from capalloc.instance.model import Floats

ASSURANCE = 0.95
"""How sure a promise is to hold with its confidence."""
LEAST_CONFIDENCE, MOST_CONFIDENCE = 0.01, 0.9999
_NOISE = 1e-12


def most_broken(samples: int, confidence: float) -> int | None:
    """The most samples that may break a promise; None where there are too few to make any."""
    chance, reached, most = 1.0 - confidence, 0.0, None
    for broken in range(samples + 1):
        reached += math.exp(_log_chance(samples, broken, chance))
        if reached > 1.0 - ASSURANCE + _NOISE:
            return most
        most = broken
    return most


def fewest_samples(confidence: float) -> int:
    """Samples of which none may break a promise: with fewer there is none to make."""
    return math.ceil(math.log(1.0 - ASSURANCE) / math.log(confidence) - _NOISE)


def _log_chance(samples: int, broken: int, chance: float) -> float:
    """Of exactly so many of them, each broken with the same chance between 0 and 1."""
    ways = math.lgamma(samples + 1) - math.lgamma(broken + 1) - math.lgamma(samples - broken + 1)
    return ways + broken * math.log(chance) + (samples - broken) * math.log1p(-chance)


def level_of(values: Floats, broken: int) -> float:
    """The most that all but ``broken`` of the values come to."""
    return float(np.sort(values)[broken])
