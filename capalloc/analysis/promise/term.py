"""What a request asks for period by period, what of it samples deliver, and what of that a fee pays for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from capalloc.analysis.promise.request import at_fee
from capalloc.analysis.risk import Outcome
from capalloc.calendar import Period
from capalloc.instance.demands import lower_demand
from capalloc.instance.model import DemandData, Floats
from capalloc.instance.timeline import ramp_of
from capalloc.schema.demand import Contract
from capalloc.schema.plan import DemandPeriod
from capalloc.schema.scenario import Scenario

KW_DIGITS = 6
"""Digits of kW: the same for what is asked for and what is promised."""
KW_NOISE = 1.5e-6


class Term:
    """A request's commitment inside the horizon."""

    def __init__(self, scenario: Scenario, contract: Contract, periods: Sequence[Period]) -> None:
        priced = at_fee(contract, 1.0)
        self.data: DemandData = lower_demand(scenario, priced, {contract.name: ramp_of(scenario, contract)}, periods)
        self._scenario, self.contract, self.periods = scenario, contract, tuple(periods)
        self.unit_kw = self.data.kw_per_unit
        self.committed_kw: Floats = np.round(self.data.committed.astype(np.float64) * self.unit_kw, KW_DIGITS)
        """(T,)"""

    def of(self, contract: Contract) -> Term:
        """That of another request beside the same scenario."""
        return Term(self._scenario, contract, self.periods)

    @property
    def asked_kw(self) -> float:
        """The largest step inside the horizon."""
        return float(self.committed_kw.max())

    @property
    def days(self) -> int:
        """Days of the term inside the horizon."""
        return sum((one.end - one.start).days for one in self.data.accounts.stretches)

    @property
    def months(self) -> Floats:
        """(T,) months of the term in each period."""
        accounts = self.data.accounts
        months = np.zeros(len(self.periods))
        np.add.at(months, accounts.period, [one.months for one in accounts.stretches])
        return months

    def short_kw_months(self, kw: Floats) -> Floats:
        """(N,) what is short of the commitment over the term, of (N, T) kW."""
        short: Floats = np.maximum(self.committed_kw - kw, 0.0) @ self.months
        return short

    def delivered(self, outcome: Outcome) -> list[float]:
        """kW that a sample delivers by period; 0 in all where it has no plan."""
        return [outcome.kw.get((self.contract.name, period.label), 0.0) for period in self.periods]

    def throughout(self, could_kw: Floats) -> Floats:
        """(N,) the largest step that samples deliver throughout, of (N, T) kW; at most what is asked for.

        Steps that are larger are cut to it; those that are delivered as they are do not count.
        """
        short = could_kw < self.committed_kw - KW_NOISE
        most: Floats = np.where(short, could_kw, self.asked_kw).min(axis=1)
        return most

    def paid(self, discount: Floats) -> Paid:
        """What a fee pays for, at a (T,) discount."""
        return Paid(self.data, tuple(period.label for period in self.periods), discount)


@dataclass(frozen=True, slots=True)
class Paid:
    """kW-months that a fee for what is committed pays for, day by day."""

    data: DemandData
    """With a fee of 1 USD per kW-month."""
    labels: tuple[str, ...]
    discount: Floats

    def kw_months(self, rows: Iterable[DemandPeriod]) -> float:
        """Discounted, of what the rows of a plan deliver."""
        number = {label: t for t, label in enumerate(self.labels)}
        units = np.zeros(len(self.labels))
        for row in rows:
            units[number[row.period]] = self._units(row)
        period = self.data.accounts.period
        return float(self.discount[period] @ self.data.accounts.earned.gain_usd(units[period]))

    def _units(self, row: DemandPeriod) -> float:
        contract = self.data.demand
        in_gpus = isinstance(contract, Contract) and contract.ramp[0].unit == "gpus"
        return float(row.gpus * self.data.parts) if in_gpus else row.delivered_kw / self.data.kw_per_unit
