"""What contracts are charged, month by month, and what capacity they have bought."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from math import fsum
from typing import Literal

from capalloc.analysis.picture import Pictured
from capalloc.calendar import months_between, next_month
from capalloc.instance.stretches import Stretch
from capalloc.instance.timeline import ramp_of
from capalloc.metrics.earnings import Earnings, earnings_of, full_fee_usd
from capalloc.schema.demand import Contract, RampStep
from capalloc.units import HOURS_PER_DAY, KW_PER_MW

Unit = Literal["Months", "kW-Months", "GPU-Hours"]


@dataclass(frozen=True, slots=True)
class Commitment:
    """A step of a contract's ramp: the days [start, end) on which so much is committed."""

    contract: Contract
    start: date
    end: date
    step: RampStep
    term: tuple[date, date]
    """Of the contract."""
    quantity: float
    unit: Unit
    fee_usd: float
    """Where all of it is delivered."""

    @property
    def key(self) -> str:
        """What charges name it by."""
        return f"{self.contract.name}/{self.start.isoformat()}"


@dataclass(frozen=True, slots=True)
class Charge:
    """A fee for, or a credit because of, the days [start, end) of one month, under one step."""

    commitment: Commitment
    start: date
    end: date
    usd: float
    """Below 0 for a credit."""
    firm_usd: float
    consumed: float
    """Delivered, in the unit of the commitment."""

    @property
    def is_credit(self) -> bool:
        """Whether it is a penalty that the tenant is owed."""
        return self.usd < 0

    @property
    def unit(self) -> Unit:
        """That the fee is priced by."""
        fee = self.commitment.contract.fee
        if fee.usd_per_month is not None:
            return "Months"
        return "kW-Months" if fee.usd_per_kw_month is not None else "GPU-Hours"

    @property
    def unit_price_usd(self) -> float:
        """The fee of a unit, by the step's factor."""
        fee = self.commitment.contract.fee
        each = (fee.usd_per_month, fee.usd_per_kw_month, fee.usd_per_gpu_hour)
        return next(usd for usd in each if usd is not None) * self.commitment.step.fee_factor

    @property
    def quantity(self) -> float:
        """Units that are charged; where they are free, the months or what was delivered."""
        if self.unit_price_usd:
            return self.usd / self.unit_price_usd
        return months_between(self.start, self.end) if self.unit == "Months" else self.consumed


@dataclass(frozen=True, slots=True)
class Account:
    """A signed contract with its commitments and charges."""

    contract: Contract
    commitments: Sequence[Commitment]
    charges: Sequence[Charge]


def accounts_of(pictured: Pictured, start: date, end: date) -> list[Account]:
    """The contracts of a plan that have signed, in the scenario's order, charged for the days [start, end)."""
    found = earnings_of(pictured.site.instance, pictured.site.roster)
    return [
        _account(pictured, one, one.data.demand, (start, end))
        for one in found
        if isinstance(one.data.demand, Contract) and not one.prospect
    ]


def _account(pictured: Pictured, one: Earnings, contract: Contract, days: tuple[date, date]) -> Account:
    commitments = list(_commitments(pictured, one, contract))
    by_start = {commitment.step.start: commitment for commitment in commitments}
    on = pictured.scenario.horizon.start
    charges: list[Charge] = []
    for (start, _), pieces in groupby(
        _pieces(one, *days), lambda piece: (piece[0].step.start, piece[1].replace(day=1))
    ):
        charges += _charges(one, by_start[start], list(pieces), on)
    return Account(contract, commitments, charges)


def _commitments(pictured: Pictured, one: Earnings, contract: Contract) -> Iterator[Commitment]:
    """Every step of the term, before and after the horizon too."""
    steps, term = ramp_of(pictured.scenario, contract), one.data.term
    ends = [*(step.start for step in steps[1:]), term.end]
    for step, until in zip(steps, ends, strict=True):
        start, end = term.overlap(step.start, until)
        if start >= end:
            continue
        fee = full_fee_usd(pictured.scenario, contract, start, end)
        amount, unit = _committed(step, start, end)
        yield Commitment(contract, start, end, step, (term.start, term.end), amount, unit, fee)


def _committed(step: RampStep, start: date, end: date) -> tuple[float, Unit]:
    if step.unit == "gpus":
        return step.amount * (end - start).days * HOURS_PER_DAY, "GPU-Hours"
    return step.amount * KW_PER_MW * months_between(start, end), "kW-Months"


def _pieces(one: Earnings, first: date, until: date) -> Iterator[tuple[Stretch, date, date]]:
    """Stretches as far as they are in [first, until), cut where months begin."""
    for stretch in one.data.accounts.stretches:
        start, last = max(stretch.start, first), min(stretch.end, until)
        while start < last:
            end = min(next_month(start), last)
            yield stretch, start, end
            start = end


def _charges(
    one: Earnings, commitment: Commitment, pieces: Sequence[tuple[Stretch, date, date]], on: date
) -> Iterator[Charge]:
    """The fee for neighbouring pieces of a month under one step and, where there is one, the credit."""
    start, end = pieces[0][1], pieces[-1][2]
    fee, firm = one.revenue_usd(start, end), one.firm_usd(on, start, end)
    consumed = fsum(_consumed(one, commitment.unit, *piece) for piece in pieces)
    yield Charge(commitment, start, end, fee, firm, consumed)
    penalty = one.penalty_usd(start, end)
    if penalty:
        yield Charge(commitment, start, end, -penalty, 0.0, 0.0)


def _consumed(one: Earnings, unit: Unit, stretch: Stretch, start: date, end: date) -> float:
    if unit == "GPU-Hours":
        return float(one.gpus[stretch.period]) * (end - start).days * HOURS_PER_DAY
    return float(one.kw[stretch.period]) * months_between(start, end)
