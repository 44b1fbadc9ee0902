"""What first stages are worth over samples that they were not chosen on, with intervals.

Batches of samples are independent hypercubes, so their means are independent and equally distributed, and Student's t
gives intervals. The best first stage of each batch is worth more there than any other, so the mean of these bounds
what the best of all is worth (W.-K. Mak, D. P. Morton, R. K. Wood, Monte Carlo bounding techniques for determining
solution quality in stochastic programs, Operations Research Letters 24, 1999, doi:10.1016/S0167-6377(98)00054-6).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from capalloc.analysis.hedge.drawn import Prepared
from capalloc.planner.lp.parallel import side_by_side
from capalloc.planner.lp.program import Floats
from capalloc.planner.stochastic.block import Block, Stage
from capalloc.planner.stochastic.measure import Measure
from capalloc.schema.hedged import Estimate, Fresh

_T95 = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262)
"""Student's t that 97.5 % are below, for 1 to 9 degrees of freedom."""


def worth(blocks: Sequence[Block], stage: Stage) -> Floats:
    """(N,) USD that samples are worth after a first stage, NaN where it cannot be."""
    return np.array(side_by_side([partial(_worth, block, stage) for block in blocks]), dtype=float)


def _worth(block: Block, stage: Stage) -> float:
    found = block.recourse(block.counts(stage))
    return np.nan if found is None else found.usd


@dataclass(frozen=True, slots=True)
class Judge:
    """What first stages are compared by."""

    measure: Measure
    thresholds: tuple[float, float, float]
    """The value at risk of wait and see, of the hedge and of the forecast's first stage, over the hedge's samples."""
    hedged: Stage
    forecast: Stage
    bound_usd: Callable[[Sequence[Block]], float]
    """What no first stage counts more than over some samples."""

    def fresh(self, batches: Sequence[Sequence[Prepared]]) -> Fresh:
        """What is expected, by batches of fresh samples."""
        kept = [one for batch in batches if (one := self._kept(batch))]
        table = np.array([self._counted(usd) for usd, _ in kept], dtype=float).reshape(len(kept), 3)
        bounds = np.array(side_by_side([partial(self.bound_usd, blocks) for _, blocks in kept]))
        alone, hedged, forecast = table.T
        samples = sum(len(batch) for batch in batches)
        return Fresh(
            batches=len(kept),
            samples=samples,
            left_out=samples - sum(usd.shape[1] for usd, _ in kept),
            hedged=_estimate(hedged),
            wait_and_see=_estimate(alone),
            forecast=_estimate(forecast),
            evpi=_estimate(alone - hedged),
            vss=_estimate(hedged - forecast),
            bound=_estimate(bounds),
            gap=_estimate(bounds - hedged),
        )

    def _kept(self, batch: Sequence[Prepared]) -> tuple[Floats, list[Block]] | None:
        """(3, n) USD of wait and see, the hedge and the forecast's first stage, where all three have a plan; whose."""
        blocks = [one.block for one in batch]
        alone = np.array([np.nan if one.alone_usd is None else one.alone_usd for one in batch])
        usd = np.stack((alone, worth(blocks, self.hedged), worth(blocks, self.forecast)))
        there = np.flatnonzero(np.isfinite(usd).all(axis=0))
        return (usd[:, there], [blocks[n] for n in there]) if len(there) else None

    def _counted(self, usd: Floats) -> list[float]:
        """What the three count, on the mean."""
        return [float(self.measure.of(one, at).mean()) for one, at in zip(usd, self.thresholds, strict=True)]


def _estimate(means: Floats) -> Estimate | None:
    """The mean of the means of batches, and where it lies with 95 %; None of fewer than two."""
    if len(means) < 2:
        return None
    middle = float(np.mean(means))
    away = _T95[min(len(means) - 2, len(_T95) - 1)] * float(np.std(means, ddof=1)) / np.sqrt(len(means))
    return Estimate(usd=middle, low_usd=middle - away, high_usd=middle + away)
