"""What a request asks for period by period, and what of it samples deliver."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from capalloc.analysis.risk import Outcome
from capalloc.calendar import Period
from capalloc.instance.demands import lower_demand
from capalloc.instance.model import Floats
from capalloc.instance.timeline import ramp_of
from capalloc.schema.demand import Contract
from capalloc.schema.scenario import Scenario

_NOISE = 1e-6


class Term:
    """A request's commitment inside the horizon."""

    def __init__(self, scenario: Scenario, contract: Contract, periods: Sequence[Period]) -> None:
        data = lower_demand(scenario, contract, {contract.name: ramp_of(scenario, contract)}, periods)
        self._scenario, self.contract, self.periods = scenario, contract, tuple(periods)
        self.unit_kw = data.kw_per_unit
        self.committed_kw: Floats = data.committed.astype(np.float64) * data.kw_per_unit
        """(T,)"""

    def of(self, contract: Contract) -> Term:
        """That of another request beside the same scenario."""
        return Term(self._scenario, contract, self.periods)

    @property
    def asked_kw(self) -> float:
        """The largest step inside the horizon."""
        return float(self.committed_kw.max())

    @property
    def first(self) -> int:
        """The first period of the term."""
        day = self.contract.ramp[0].start
        return next(t for t, period in enumerate(self.periods) if period.end > day)

    def delivered(self, outcome: Outcome) -> list[float]:
        """kW that a sample delivers by period; 0 in all where it has no plan."""
        return [outcome.kw.get((self.contract.name, period.label), 0.0) for period in self.periods]

    def throughout(self, could_kw: Floats) -> Floats:
        """(N,) the largest step that samples deliver throughout, of (N, T) kW; at most what is asked for.

        Steps that are larger are cut to it; those that are delivered as they are do not count.
        """
        short = could_kw < self.committed_kw - _NOISE
        most: Floats = np.where(short, could_kw, self.asked_kw).min(axis=1)
        return most
