"""Synthetic demands on a generated site: contracts that nearly all fit, and internal work that never does.

What contracts commit fits, with one exception: the first of every eight takes NVL racks alone, and for a sixth of the
horizon those contracts together commit more of them than can be cooled. Of two workloads or more the last is batch
work that takes whatever is left, so that the limits of the site bind.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Literal, Self

from capalloc.calendar import add_months
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
from capalloc.schema.facility import Facility
from capalloc.synthetic.site import AIR, HGX, NVL, RACK_TYPES, ROW_RACKS
from capalloc.units import KW_PER_MW

COMMITTED = 0.5
"""What all contracts but those for NVL racks commit at their peaks, as a share of the site."""
INTERNAL = 0.5
"""What inference and training want at first, as a share of the site."""
MOST_SHARE = 0.3
"""What the other contracts commit at most on average, as a share of the site."""
ROWS_SHARE = 0.12
"""Share of the site that a contract commits that has its rows to itself."""
HALL_SHARE = 0.75
"""Share of a hall that a contract commits that has the hall to itself."""
NVL_EVERY = 8
"""The first of so many contracts takes NVL racks alone."""
NVL_PEAK = 0.97
"""Share of the NVL racks that the contracts for them commit for a while: more than can be cooled."""
NVL_FRACTIONS = (0.2, 0.4, 1.0, 0.4)
"""What they commit step by step, as a share of that."""
NOTICE_DAYS = 90
SOME_ROWS = 12
"""On a site of fewer rows nobody has rows to itself."""
FEW_GROUPS = 64
"""Up to so many rows or blocks a demand may be tied to single ones; on larger sites it is tied to halls."""
_ANY = tuple(kind.name for kind in RACK_TYPES)


@dataclass(frozen=True, slots=True)
class SiteFigures:
    """What there is on a site, counted once."""

    racks: int
    rows: int
    blocks: int
    halls: int
    gpus: int
    nameplate_kw: float
    nvl_kw: float
    """Nameplate of the NVL racks."""

    @classmethod
    def of(cls, facility: Facility) -> Self:
        """Count a facility."""
        kinds = {kind.name: kind for kind in facility.rack_types}
        racks = Counter(rack.rack_type for rack in facility.racks)
        places = facility.positions
        return cls(
            racks=len(facility.racks),
            rows=len({place.row for place in places}),
            blocks=len({place.fabric_block for place in places}),
            halls=len({place.hall for place in places}),
            gpus=sum(kinds[name].gpus * count for name, count in racks.items()),
            nameplate_kw=sum(kinds[name].nameplate_kw * count for name, count in racks.items()),
            nvl_kw=NVL.nameplate_kw * racks[NVL.name],
        )


@dataclass(frozen=True, slots=True)
class Demands:
    """Draws the demands on a site: contracts, and as many workloads or one less."""

    site: SiteFigures
    start: date
    periods: int
    rng: Random
    contract_shares: tuple[float, ...]
    """Share of the site that each contract commits at its peak."""
    workload_shares: tuple[float, ...]
    """Share of the site that each workload wants at its peak."""

    @classmethod
    def drawn(cls, site: SiteFigures, start: date, periods: int, count: int, rng: Random) -> Self:
        """Draw the shares of so many demands."""
        contracts, workloads = (count + 1) // 2, count // 2
        batch = (1.0,) * (workloads > 1)
        internal = tuple(_shares(workloads - len(batch), INTERNAL, rng))
        return cls(site, start, periods, rng, _contract_shares(site, contracts, rng), internal + batch)

    def contract(self, nth: int) -> Contract:
        """Contracts for NVL racks, and in turn plain ones, those that may be ended by notice, and those in GPUs."""
        months, fractions = self._ramp_months(nth)
        share = self.contract_shares[nth]
        in_gpus = nth % 3 == 2 and not _takes_nvl(self.site, nth)
        isolation = _isolation(self.site, nth)
        lot_kw = ROW_RACKS * HGX.nameplate_kw if isolation == "row" else 0.0
        return Contract(
            name=f"contract-{nth + 1}",
            tenant=f"Tenant {nth + 1}",
            rack_types=self._accepted(nth, isolation),
            draw="expected",
            isolation=isolation,
            ramp=tuple(self._ramp(months, [share * fraction for fraction in fractions], in_gpus, lot_kw)),
            until=add_months(self.start, self.periods),
            fee=self._fee("gpus" if in_gpus else "kw" if nth % 3 else "month", share),
            shortfall=ShortfallTerms(
                remedy="terminate" if in_gpus else "pro_rata", penalty_usd_per_kw_month=4000.0, cure_days=30
            ),
            termination=Termination(notice_days=NOTICE_DAYS, initial_term_months=1, by="either"),
        )

    def workload(self, nth: int) -> Workload:
        """Inference, training by turns; of two workloads or more the last is batch work."""
        if 0 < nth == len(self.workload_shares) - 1:
            return self._batch(nth)
        return self._training(nth) if nth % 2 else self._inference(nth)

    def _inference(self, nth: int) -> Workload:
        """It declines to a minimum, and keeps spares."""
        gpus = self.workload_shares[nth] * self.site.gpus
        return Workload(
            name=f"inference-{nth + 1}",
            rack_types=_ANY,
            draw="expected",
            buffer_share=0.02,
            demand=tuple(
                WorkloadStep(start=add_months(self.start, month), gpus=int(gpus * peak), min=int(gpus * least))
                for month, (peak, least) in zip(self._months(), ((1.0, 0.25), (0.6, 0.2), (0.35, 0.1)), strict=False)
            ),
            value=tuple(self._tiers(max(2, int(gpus)))),
        )

    def _training(self, nth: int) -> Workload:
        """It declines too, in lots of one type that draw their nameplate power."""
        gpus = self.workload_shares[nth] * self.site.gpus
        level: Literal["fabric_block", "hall"] = "fabric_block" if self.site.blocks <= FEW_GROUPS else "hall"
        return Workload(
            name=f"training-{nth + 1}",
            rack_types=(HGX.name, NVL.name),
            locality=Locality(level=level, min_racks=min(8, self.site.racks)),
            homogeneous=True,
            demand=tuple(
                WorkloadStep(start=add_months(self.start, month), gpus=int(gpus * peak))
                for month, peak in zip(self._months(), (1.0, 0.6, 0.35), strict=False)
            ),
            value=tuple(self._tiers(max(2, int(gpus)))),
        )

    def _batch(self, nth: int) -> Workload:
        """What others leave, at the lowest value."""
        gpus = self.workload_shares[nth] * self.site.gpus
        return Workload(
            name=f"batch-{nth + 1}",
            rack_types=_ANY,
            draw="expected",
            demand=tuple(
                WorkloadStep(start=add_months(self.start, month), gpus=int(gpus * peak))
                for month, peak in zip(self._months(), (0.5, 0.8, 1.0), strict=False)
            ),
            value=(ValueTier(usd_per_gpu_hour=round(self.rng.uniform(0.4, 0.7), 2)),),
        )

    def _months(self) -> list[int]:
        """Months in which up to three steps begin, spread over the first half of the horizon."""
        return sorted({step * max(1, self.periods // 6) for step in range(3)} & set(range(self.periods)))

    def _ramp_months(self, nth: int) -> tuple[list[int], Sequence[float]]:
        """Months of a ramp, and the share of the peak that each commits from then on."""
        if not _takes_nvl(self.site, nth):
            months = self._months()
            return months, (0.5, 0.8, 1.0)[-len(months) :]
        sixth, half = max(1, self.periods // 6), self.periods // 2
        steps = dict(zip((0, sixth, half, half + sixth), NVL_FRACTIONS, strict=True))
        months = sorted(steps.keys() & set(range(self.periods)))
        return months, [steps[month] for month in months]

    def _ramp(self, months: Sequence[int], shares: Sequence[float], in_gpus: bool, lot_kw: float) -> Iterator[RampStep]:
        """Steps of the shares, in whole lots where there are any."""
        for step, (month, share) in enumerate(zip(months, shares, strict=True)):
            start = add_months(self.start, month)
            factor = 0.5 if step == 0 and len(months) > 1 else 1.0
            if in_gpus:
                yield RampStep(start=start, gpus=int(share * self.site.gpus), fee_factor=factor)
            else:
                kw = share * self.site.nameplate_kw
                mw = (max(1, kw // lot_kw) * lot_kw if lot_kw else kw) / KW_PER_MW
                yield RampStep(start=start, mw=round(mw, 4), fee_factor=factor)

    def _accepted(self, nth: int, isolation: str) -> tuple[str, ...]:
        if _takes_nvl(self.site, nth):
            return (NVL.name,)
        return (HGX.name,) if isolation == "row" else (NVL.name, HGX.name, AIR.name)

    def _fee(self, unit: Literal["month", "kw", "gpus"], share: float) -> Fee:
        usd_per_kw = round(self.rng.uniform(3500, 4500))
        if unit == "month":
            return Fee(usd_per_month=float(round(usd_per_kw * share * self.site.nameplate_kw)))
        if unit == "kw":
            return Fee(usd_per_kw_month=float(usd_per_kw))
        return Fee(usd_per_gpu_hour=round(usd_per_kw / 600, 2))

    def _tiers(self, gpus: int) -> Iterator[ValueTier]:
        usd = self.rng.uniform(1.5, 3.0)
        yield ValueTier(up_to_gpus=gpus // 2, usd_per_gpu_hour=round(usd, 2))
        yield ValueTier(usd_per_gpu_hour=round(usd / 2, 2))


def _contract_shares(site: SiteFigures, count: int, rng: Random) -> tuple[float, ...]:
    """Contracts with a hall of their own commit most of it, those for NVL racks more than there is of them."""
    nvl = [nth for nth in range(count) if _takes_nvl(site, nth)]
    isolated = {"row": ROWS_SHARE, "hall": HALL_SHARE / site.halls}
    alone = {nth: isolated[level] for nth in range(count) if (level := _isolation(site, nth)) != "none"}
    rest = [nth for nth in range(count) if nth not in nvl and nth not in alone]
    left = min(COMMITTED - sum(alone.values()), len(rest) * MOST_SHARE)
    shares = dict.fromkeys(nvl, NVL_PEAK * site.nvl_kw / site.nameplate_kw / max(1, len(nvl)))
    shares |= alone | dict(zip(rest, _shares(len(rest), left, rng), strict=True))
    return tuple(shares[nth] for nth in range(count))


def _shares(count: int, total: float, rng: Random) -> Iterator[float]:
    weights = [rng.uniform(0.6, 1.4) for _ in range(count)]
    yield from (total * weight / sum(weights) for weight in weights)


def _takes_nvl(site: SiteFigures, nth: int) -> bool:
    return nth % NVL_EVERY == 0 and site.nvl_kw > 0


def _isolation(site: SiteFigures, nth: int) -> Literal["none", "row", "hall"]:
    """The second contract has rows to itself, or a hall where there are many rows and four halls; the third a hall."""
    if nth == 1 and SOME_ROWS <= site.rows <= FEW_GROUPS:
        return "row"
    return "hall" if (nth == 1 and site.halls > 3) or (nth == 2 and site.halls > 2) else "none"
