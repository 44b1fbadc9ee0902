"""What a demand earns and misses in any span of days, and how much of it is firm on any day."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from math import fsum

import numpy as np

from capalloc.calendar import Period, add_days, add_months, months_between
from capalloc.instance.demands import lower_demand
from capalloc.instance.model import DemandData, Floats, Instance, Ints
from capalloc.instance.stretches import Stretch
from capalloc.instance.timeline import ramp_of
from capalloc.roster.figures import delivered_racks, kw_per_rack, penalty_usd, revenue_usd
from capalloc.roster.roster import Roster
from capalloc.schema.demand import Contract
from capalloc.schema.scenario import Scenario


@dataclass(frozen=True, slots=True, eq=False)
class Earnings:
    """One planned demand: money of each of its N stretches, what it is delivered in each of T periods."""

    data: DemandData
    prospect: bool
    """Whether it is a contract that has not signed."""
    revenue: Floats
    """(N,) fee or value, USD, not discounted."""
    penalty: Floats
    """(N,)"""
    kw: Floats
    """(T,) kW of the contract's basis, or of the workload's draw."""
    gpus: Ints
    """(T,)"""
    racks: Ints
    """(T,)"""

    def revenue_usd(self, start: date, end: date) -> float:
        """Fee or value of the days [start, end)."""
        by_hours = not isinstance(self.data.demand, Contract) or self.data.demand.fee.usd_per_gpu_hour is not None
        return self._sum(self.revenue, _days if by_hours else months_between, start, end)

    def penalty_usd(self, start: date, end: date) -> float:
        """Penalty for what is short on the days [start, end)."""
        by_months = isinstance(self.data.demand, Contract)
        return self._sum(self.penalty, months_between if by_months else _days, start, end)

    def firm_usd(self, on: date, start: date, end: date) -> float:
        """What of the fee of the days [start, end) could not be lost by notice given on day ``on`` or later."""
        until = self.firm_until(on)
        return 0.0 if until is None else self.revenue_usd(start, min(until, end))

    def firm_until(self, on: date) -> date | None:
        """The day when a contract ends if whoever may give notice does so on day ``on``.

        None for a prospect and for a workload. Where nobody may give notice it is the end of the term.
        """
        contract = self.data.demand
        if self.prospect or not isinstance(contract, Contract):
            return None
        if contract.termination.by == "none":
            return self.data.term.end
        initial = add_months(self.data.term.start, contract.termination.initial_term_months)
        return min(self.data.term.end, add_days(max(on, initial), contract.termination.notice_days))

    @property
    def kw_months(self) -> float:
        """kW delivered times months, over the horizon."""
        return float(sum(self.kw[stretch.period] * stretch.months for stretch in self.data.accounts.stretches))

    @property
    def gpu_hours(self) -> float:
        """GPUs delivered times hours, over the horizon."""
        return float(sum(self.gpus[stretch.period] * stretch.hours for stretch in self.data.accounts.stretches))

    def _sum(self, usd: Floats, length: Callable[[date, date], float], start: date, end: date) -> float:
        """(N,) USD that build up evenly by ``length`` over each stretch, as far as they fall on [start, end)."""
        stretches = self.data.accounts.stretches
        first = bisect_right(stretches, start, key=_end)
        last = bisect_left(stretches, end, lo=first, key=_start)
        return fsum(float(usd[n]) * _share(stretches[n], length, start, end) for n in range(first, last))


def earnings_of(instance: Instance, roster: Roster) -> Iterator[Earnings]:
    """Every planned demand, in the scenario's order."""
    delivered = delivered_racks(instance, roster)
    for data, racks in zip(instance.demands, delivered, strict=True):
        yield Earnings(
            data=data,
            prospect=instance.scenario.is_prospect(data.demand),
            revenue=revenue_usd(data, racks),
            penalty=penalty_usd(data, racks),
            kw=kw_per_rack(instance, data) @ racks,
            gpus=instance.gpus @ racks,
            racks=racks.sum(axis=0),
        )


def full_fee_usd(scenario: Scenario, contract: Contract, start: date, end: date) -> float:
    """The fee of the days [start, end), in the horizon or beyond it, where all that is committed is delivered."""
    if end <= start:
        return 0.0
    ramps = {contract.name: ramp_of(scenario, contract)}
    data = lower_demand(scenario, contract, ramps, [Period(0, start, end, "")])
    per_unit = 1.0 if contract.fee.usd_per_gpu_hour is None else data.gpus_per_unit
    measured = data.accounts.committed.astype(np.float64) * np.float64(per_unit)
    return float(data.accounts.earned.gain_usd(measured).sum())


def _start(stretch: Stretch) -> date:
    return stretch.start


def _end(stretch: Stretch) -> date:
    return stretch.end


def _days(start: date, end: date) -> float:
    return (end - start).days


def _share(stretch: Stretch, length: Callable[[date, date], float], start: date, end: date) -> float:
    """Share of a stretch that falls on [start, end), which has some of its days."""
    first, last = max(stretch.start, start), min(stretch.end, end)
    if (first, last) == (stretch.start, stretch.end):
        return 1.0
    return length(first, last) / length(stretch.start, stretch.end)
