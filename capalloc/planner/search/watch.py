"""What a search tells whoever watches: its stage, its best objective and its bound, as they come."""

from __future__ import annotations

import numpy as np

from capalloc.planner.lp.deadline import Deadline
from capalloc.progress import OnProgress, Progress
from capalloc.roster.ending import relative_gap


class Watch:
    """The best objective and the lowest bound so far, in discounted USD of a plan; told on the thread that searches."""

    def __init__(self, hear: OnProgress, deadline: Deadline, base_usd: float) -> None:
        """``base_usd`` is what no plan changes, which models leave out."""
        self._hear, self._deadline, self._base = hear, deadline, base_usd
        self._stage, self._best, self._bound = "", -np.inf, np.inf

    def stage(self, stage: str) -> None:
        """Tell that a stage begins."""
        self._stage = stage
        self.pulse()

    def learn(self, best: float = -np.inf, bound: float = np.inf) -> None:
        """Tell of a model's objective or bound, without ``base_usd``, where it is better than what is known."""
        best, bound = max(self._best, best + self._base), min(self._bound, bound + self._base)
        if (best, bound) != (self._best, self._bound):
            self._best, self._bound = best, bound
            self.pulse()

    def gap(self) -> float:
        """(bound - best) over the bound's size; inf while one of them is missing."""
        return relative_gap(self._best, self._bound) if np.isfinite(self._best) and np.isfinite(self._bound) else np.inf

    def pulse(self) -> None:
        """Tell how the search stands."""
        best = self._best if np.isfinite(self._best) else None
        bound = self._bound if np.isfinite(self._bound) else None
        gap = relative_gap(best, bound) if best is not None and bound else None
        left = max(self._deadline.left(), 0.0)
        self._hear(Progress(self._stage, best, bound, gap, left if np.isfinite(left) else None))
