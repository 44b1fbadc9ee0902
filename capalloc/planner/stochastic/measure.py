"""What counts of equally likely outcomes: their mean, and the worst of them by their conditional value at risk.

R. T. Rockafellar and S. Uryasev, Optimization of Conditional Value-at-Risk, Journal of Risk 2(3), 2000,
doi:10.21314/JOR.2000.038.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from capalloc.planner.lp.program import Floats


@dataclass(frozen=True, slots=True)
class Measure:
    """What is maximised of outcomes: ``1 - weight`` times their mean and ``weight`` times the CVaR at ``alpha``.

    CVaR is the mean of the worst outcomes, a share of ``1 - alpha`` of all.
    """

    alpha: float
    weight: float

    def value(self, usd: Floats) -> tuple[float, float]:
        """The measure of equally likely (N,) outcomes, and their value at risk."""
        worst, tail = np.sort(usd), (1 - self.alpha) * len(usd)
        share = np.clip(tail - np.arange(len(usd)), 0.0, 1.0)
        at_risk = float(worst[int(np.flatnonzero(share)[-1])])
        return (1 - self.weight) * float(usd.mean()) + self.weight * float(worst @ share / tail), at_risk

    def of(self, usd: Floats, threshold_usd: float) -> Floats:
        """(N,) what each outcome counts, whose mean is the measure where the threshold is the value at risk."""
        tail = threshold_usd - np.maximum(threshold_usd - usd, 0.0) / (1 - self.alpha)
        return (1 - self.weight) * usd + self.weight * tail
