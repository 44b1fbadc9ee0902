"""Large two-stage programs, by cuts: what each sample is worth at most, as far as first stages that were tried tell.

The L-shaped method with a cut for each sample (R. M. Van Slyke and R. Wets, L-Shaped Linear Programs with Applications
to Optimal Control and Stochastic Programming, SIAM Journal on Applied Mathematics 17(4), 1969, doi:10.1137/0117061;
J. R. Birge and F. Louveaux, A multicut algorithm for two-stage stochastic linear programs, European Journal of
Operational Research 34(3), 1988, doi:10.1016/0377-2217(88)90159-2). Later periods are decided in parts of racks: what
a sample is worth is concave in its first stage. First stages are whole racks.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from capalloc.planner.lp.linear import NONE
from capalloc.planner.lp.program import Floats, Ints
from capalloc.planner.stochastic.extensive import Chosen, Extensive, Search
from capalloc.planner.stochastic.measure import Measure
from capalloc.planner.stochastic.parts import at_risk
from capalloc.reduction.counts import Counts


def best_first_stage(extensive: Extensive, measure: Measure, search: Search, forecast: Counts) -> Chosen:
    """The first stage that is best over the samples, in whole racks.

    A large one is found by cuts, the first of which are at ``forecast``, that of the scenario itself. Where those that
    follow leave too much open, the whole program is solved in parts of racks, and the next ones are at its first stage.
    """
    if extensive.columns <= search.most_whole_columns:
        return extensive.best(measure, search)
    master, near = _Master(extensive, measure), replace(search, gap=search.cuts_gap)
    master.improve(near, forecast)
    if not master.near(near.gap):
        relaxed = extensive.relaxed(measure, search)
        master.bound(relaxed.bound_usd)
        for cut in extensive.cuts_at(relaxed):
            master.cut(*cut)
        master.improve(near)
    return master.chosen


class _Master:
    """First stages that can be in every sample, what samples are worth at most after them, and the best one tried."""

    def __init__(self, extensive: Extensive, measure: Measure) -> None:
        self._all, self._near, self._measure = extensive, extensive.beginnings(), measure
        self._parts, self._scale = self._near.parts, extensive.scale
        count = len(extensive.samples)
        nothing = np.zeros(self._parts.columns)
        self._worth = self._parts.add_columns(count, lower=-np.inf)
        share = (1 - measure.weight) / count
        usd = [nothing, np.full(count, share * self._scale)]
        if measure.weight:
            each = [(int(column), np.array([self._scale]), 0.0) for column in self._worth]
            usd.append(at_risk(self._parts, each, measure, self._scale))
        self._usd, self._bound_usd = np.concatenate(usd), np.inf
        self._uncut = set(range(count))
        self._best: Counts | None = None
        self._most_usd = -np.inf

    @property
    def chosen(self) -> Chosen:
        """The best one tried, and what none passes."""
        return Chosen(self._best, self._bound_usd)

    def near(self, gap: float) -> bool:
        """Whether no first stage counts more than the best one tried, but for a share of ``gap``."""
        return self._best is not None and self._bound_usd - self._most_usd <= gap * abs(self._most_usd)

    def bound(self, usd: float) -> None:
        """No first stage counts more than this."""
        self._bound_usd = min(self._bound_usd, usd)

    def improve(self, search: Search, begin: Counts | None = None) -> None:
        """Rounds of cuts, the first at ``begin`` if that is given, until the best one tried is near enough."""
        for number in range(search.rounds):
            counts = self._next(search) if number or begin is None else begin
            if counts is None or not self._try(counts) or self.near(search.gap):
                return

    def cut(self, sample: int, usd: float, slopes: Floats, racks: Floats | Ints) -> None:
        """A sample is worth no more than ``usd`` plus what racks beside ``racks`` are worth there."""
        self._uncut.discard(sample)
        row = self._parts.add_rows(1, np.array([-np.inf]), np.array([(usd - slopes @ racks) / self._scale]))
        self._parts.put(row, self._worth[sample], 1.0)
        self._parts.put(np.full(len(slopes), row[0]), self._all.root_columns, -slopes / self._scale)

    def _next(self, search: Search) -> Counts | None:
        """The best first stage as far as the cuts tell; None where they tell nothing of some sample."""
        if self._uncut:
            return None
        whole = self._near.whole(self._parts.columns)
        answer = search.solved(self._parts.program(self._scale, self._usd, whole))
        if answer.values is None:
            return None
        self.bound(answer.bound)
        return self._near.counts(answer.values)

    def _try(self, counts: Counts) -> bool:
        """Cuts at a first stage; False where it cannot be in every sample."""
        found = self._all.recourse(counts)
        if found is None:
            return False
        racks = counts.serve[:, :, : self._all.root.first][self._all.root.serve != NONE]
        for sample, one in enumerate(found):
            self.cut(sample, one.usd, self._all.seen_by_root(sample, one.slopes), racks)
        usd = self._measure.value(np.array([one.usd for one in found]))[0]
        if usd > self._most_usd:
            self._best, self._most_usd = counts, usd
        return True
