"""Synthetic scenarios: a generated site, and demands on it that do not all fit.

Contracts and workloads take turns, with ramps, falling use, a notice, isolation, lots and spares. Every figure is drawn
from the seed; nothing is taken from a real site.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Literal

from capalloc.analysis.site import HGX, NVL, RACK_TYPES, site
from capalloc.calendar import add_days, add_months
from capalloc.schema.demand import (
    Contract,
    Fee,
    Locality,
    RampStep,
    ShortfallTerms,
    Termination,
    ValueTier,
    Workload,
    WorkloadStep,
)
from capalloc.schema.event import Event, Notice, Outage
from capalloc.schema.facility import Facility
from capalloc.schema.policy import Policy
from capalloc.schema.scenario import Horizon, Scenario

START = date(2026, 5, 1)
WANTED = 1.05
"""What all demands want together at their peaks, as a share of the site's nameplate."""
NOTICE_DAYS = 90
FEW_GROUPS = 64
"""Up to so many rows or blocks a demand may be tied to single ones; on larger sites it is tied to halls."""


def generate(racks: int, halls: int = 4, periods: int = 12, demands: int = 4, seed: int = 0) -> Scenario:
    """A scenario with so many racks, halls, months, and workloads and contracts; the same for the same seed.

    There are fewer halls where ``racks`` is less than a row for each. Raises ValueError for a size below 1.
    """
    if min(racks, halls, periods, demands) < 1:
        raise ValueError("racks, halls, periods and demands must be 1 or more")
    rng = Random(seed)
    facility = site(racks, halls, START, periods, rng)
    drawn = _Demands(facility, periods, rng, tuple(_shares(demands, rng)))
    contracts = tuple(drawn.contract(i) for i in range(0, demands, 2))
    return Scenario(
        name=f"synthetic-{racks}",
        facility=facility,
        horizon=Horizon(start=START, end=add_months(START, periods)),
        workloads=tuple(drawn.workload(i) for i in range(1, demands, 2)),
        contracts=contracts,
        events=tuple(_events(facility, contracts, periods)),
        policy=Policy(move_cost_usd_per_rack=2500.0, discount_rate=0.08),
    )


def _shares(demands: int, rng: Random) -> Iterator[float]:
    """Share of the site that each demand wants at its peak."""
    weights = [rng.uniform(0.6, 1.4) for _ in range(demands)]
    yield from (WANTED * weight / sum(weights) for weight in weights)


def _months(periods: int, steps: int) -> list[int]:
    """Months in which up to so many steps begin, spread over the first half of the horizon."""
    return sorted({step * max(1, periods // (2 * steps)) for step in range(steps)} & set(range(periods)))


@dataclass(frozen=True, slots=True)
class _Demands:
    """Draws demands for a site; demand ``i`` is a contract when ``i`` is even, else a workload."""

    facility: Facility
    periods: int
    rng: Random
    shares: tuple[float, ...]

    def contract(self, i: int) -> Contract:
        """Every third contract is plain, the next may be ended by notice, the next is counted in GPUs."""
        nth = i // 2
        in_gpus = nth % 3 == 2
        isolation = self._isolation(nth)
        most = self._limited(self.shares[i], isolation)
        months = _months(self.periods, 3)
        fractions = [0.5, 0.8, 1.0][-len(months) :]
        return Contract(
            name=f"contract-{nth + 1}",
            tenant=f"Tenant {nth + 1}",
            rack_types=(HGX.name,) if isolation == "row" else (NVL.name, HGX.name, "hgx-air"),
            draw="expected",
            isolation=isolation,
            ramp=tuple(self._ramp(months, [most * fraction for fraction in fractions], in_gpus)),
            until=add_months(START, self.periods),
            fee=self._fee(nth % 3, most),
            shortfall=ShortfallTerms(
                remedy="terminate" if in_gpus else "pro_rata", penalty_usd_per_kw_month=1000.0, cure_days=30
            ),
            termination=Termination(notice_days=NOTICE_DAYS, initial_term_months=1, by="either"),
        )

    def workload(self, i: int) -> Workload:
        """Odd workloads are inference that declines, with a floor and spares; the others train in lots of one type."""
        nth = i // 2
        training = nth % 2 == 1
        gpus = self.shares[i] * sum(self._gpus())
        months = _months(self.periods, 3)
        steps = [(1.0, 0.25), (0.6, 0.2), (0.35, 0.1)][: len(months)]
        return Workload(
            name=f"{'training' if training else 'inference'}-{nth + 1}",
            rack_types=(HGX.name, NVL.name) if training else tuple(kind.name for kind in RACK_TYPES),
            draw="nameplate" if training else "expected",
            locality=self._lots() if training else None,
            homogeneous=training,
            buffer_share=0.0 if training else 0.02,
            demand=tuple(
                WorkloadStep(
                    start=add_months(START, month), gpus=int(gpus * peak), min=0 if training else int(gpus * floor)
                )
                for month, (peak, floor) in zip(months, steps, strict=True)
            ),
            value=tuple(self._tiers(max(2, int(gpus)))),
        )

    def _ramp(self, months: Sequence[int], shares: Sequence[float], in_gpus: bool) -> Iterator[RampStep]:
        mw, gpus = self._nameplate_kw() / 1000, sum(self._gpus())
        for step, (month, share) in enumerate(zip(months, shares, strict=True)):
            start = add_months(START, month)
            factor = 0.5 if step == 0 and len(months) > 1 else 1.0
            if in_gpus:
                yield RampStep(start=start, gpus=int(share * gpus), fee_factor=factor)
            else:
                yield RampStep(start=start, mw=round(share * mw, 3), fee_factor=factor)

    def _fee(self, kind: int, share: float) -> Fee:
        usd_per_kw = round(self.rng.uniform(3500, 4500))
        if kind == 0:
            return Fee(usd_per_month=float(round(usd_per_kw * share * self._nameplate_kw())))
        if kind == 1:
            return Fee(usd_per_kw_month=float(usd_per_kw))
        return Fee(usd_per_gpu_hour=round(usd_per_kw / 600, 2))

    def _tiers(self, gpus: int) -> Iterator[ValueTier]:
        usd = self.rng.uniform(2.0, 4.0)
        yield ValueTier(up_to_gpus=gpus // 2, usd_per_gpu_hour=round(usd, 2))
        yield ValueTier(usd_per_gpu_hour=round(usd / 2, 2))

    def _isolation(self, nth: int) -> Literal["none", "row", "hall"]:
        if nth == 1:
            return "row" if len(self._names("row")) <= FEW_GROUPS else "hall"
        return "hall" if nth == 2 and len(self._names("hall")) > 2 else "none"

    def _limited(self, share: float, isolation: str) -> float:
        """A demand that wants a hall for itself wants no more than most of one."""
        return min(share, 0.8 / len(self._names("hall"))) if isolation == "hall" else share

    def _lots(self) -> Locality:
        small = len(self._names("fabric_block")) <= FEW_GROUPS
        return Locality(level="fabric_block" if small else "hall", min_racks=min(8, len(self.facility.racks)))

    def _names(self, level: str) -> set[str]:
        return {getattr(position, level) for position in self.facility.positions}

    def _gpus(self) -> Iterator[int]:
        gpus = {kind.name: kind.gpus for kind in self.facility.rack_types}
        return (gpus[rack.rack_type] for rack in self.facility.racks)

    def _nameplate_kw(self) -> float:
        kw = {kind.name: kind.nameplate_kw for kind in self.facility.rack_types}
        return sum(kw[rack.rack_type] for rack in self.facility.racks)


def _events(facility: Facility, contracts: Sequence[Contract], periods: int) -> Iterator[Event]:
    """Notice on the second contract that ends it at half-time, and a row that is out for a month."""
    half = add_months(START, periods // 2)
    if len(contracts) > 1:
        yield Notice(type="notice", contract=contracts[1].name, by="provider", on=add_days(half, -NOTICE_DAYS))
    rows = list(dict.fromkeys(position.row_key for position in facility.positions))
    if periods > 2 and len(rows) > 3:
        yield Outage(type="outage", row=rows[len(rows) // 2], start=half, until=add_months(half, 1))
