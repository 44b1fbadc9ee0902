"""What a search tells whoever watches: its stage, its best objective and its bound, as they come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from capalloc.planner.lp.deadline import Deadline
from capalloc.planner.params import StoppingParams
from capalloc.progress import OnProgress, Progress
from capalloc.roster.ending import relative_gap


@dataclass(frozen=True, slots=True)
class Stopping:
    """When a search ends: one rule for every way of searching."""

    asked: float | None = None
    """The relative gap that was asked for."""
    params: StoppingParams = field(default_factory=StoppingParams)

    def near(self, gap: float, work: float) -> bool:
        """Whether a gap is enough after so much work."""
        if self.asked is not None:
            return gap <= self.asked * self.params.aim_share
        return gap <= self.params.gap and work >= self.params.least_work

    def slowed(self, course: Sequence[tuple[float, float]], gap: float, work: float) -> bool:
        """Whether the last share of the work brought too little; ``course`` has (work, gap) as it went.

        Never where the optimum itself is asked for, or the plan is poor.
        """
        before = [then for done, then in course if done <= work * (1 - self.params.last_share)]
        if (
            self.asked == 0
            or gap > self.params.poor_gap
            or work < self.params.least_work
            or not before
            or not np.isfinite(before[-1])
        ):
            return False
        return before[-1] - gap < before[-1] * self.params.gain_share


class Watch:
    """The best objective and the lowest bound so far, in discounted USD of a plan; told on the thread that searches."""

    def __init__(self, hear: OnProgress, deadline: Deadline, base_usd: float, stopping: Stopping | None = None) -> None:
        """``base_usd`` is what no plan changes, which models leave out."""
        self._hear, self._deadline, self._base = hear, deadline, base_usd
        self._stage, self._best, self._bound = "", -np.inf, np.inf
        self._stopping, self._course = stopping or Stopping(), list[tuple[float, float]]()

    def stage(self, stage: str) -> None:
        """Tell that a stage begins."""
        self._stage = stage
        self.pulse()

    def learn(self, best: float = -np.inf, bound: float = np.inf) -> None:
        """Tell of a model's objective or bound, without ``base_usd``, where it is better than what is known."""
        best, bound = max(self._best, best + self._base), min(self._bound, bound + self._base)
        if (best, bound) != (self._best, self._bound):
            self._best, self._bound = best, bound
            self._course.append((self._deadline.work, self.gap()))
            self.pulse()

    def gap(self) -> float:
        """(bound - best) over the bound's size; inf while one of them is missing."""
        return relative_gap(self._best, self._bound) if np.isfinite(self._best) and np.isfinite(self._bound) else np.inf

    def slowed(self) -> bool:
        """Whether the last part of the work has brought little."""
        return self._stopping.slowed(self._course, self.gap(), self._deadline.work)

    def enough(self) -> bool:
        """Whether the plan is near enough to the bound, or more work brings little."""
        return self._stopping.near(self.gap(), self._deadline.work) or self.slowed()

    def pulse(self) -> None:
        """Tell how the search stands."""
        best = self._best if np.isfinite(self._best) else None
        bound = self._bound if np.isfinite(self._bound) else None
        gap = relative_gap(best, bound) if best is not None and bound else None
        left = max(self._deadline.left(), 0.0)
        self._hear(Progress(self._stage, best, bound, gap, left if np.isfinite(left) else None))
