"""A plan in a few figures: who gets what, what is committed and delivered, tightest, and left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from math import fsum

import numpy as np

from capalloc.analysis.picture.pictured import Pictured
from capalloc.analysis.picture.ramp import Ramp
from capalloc.analysis.show.headroom import used_shares
from capalloc.instance.model import NOBODY, DemandData
from capalloc.schema.demand import Contract
from capalloc.schema.plan import DemandPeriod
from capalloc.units import W_PER_KW

_ALIKE = 0.01
"""kW that differ by no more than this share of the most are told as one."""
_DIGITS = 9
"""To which shares are compared: sums leave noise after them."""


@dataclass(frozen=True, slots=True)
class Level:
    """kW from a day on."""

    day: date
    kw: float


@dataclass(frozen=True, slots=True)
class Given:
    """What a demand gets inside the horizon: kW of a contract's basis, or of a workload's draw."""

    demand: str
    tenant: str
    """Of a contract; empty for a workload."""
    probability: float
    """Of a prospect, below 1."""
    until: date
    """The end of its term, or of the horizon."""
    kw_by_period: tuple[float, ...]
    """Of the periods that its term touches."""
    first: Level
    last: Level
    """What it gets at the end, and since when."""
    most: Level
    least: Level

    @property
    def is_prospect(self) -> bool:
        """Whether it has not signed."""
        return self.probability < 1

    @property
    def steady(self) -> bool:
        """Whether it gets about the same all the while."""
        return self.first.day == self.last.day


@dataclass(frozen=True, slots=True)
class Tightest:
    """The node that is nearest to a limit, in its tightest period."""

    node: str
    period: str
    day: date
    lost: str | None
    """None: in normal operation."""
    load_kw: float
    limit_kw: float

    @property
    def used(self) -> float:
        """Load over limit; 0 where there is no limit."""
        return self.load_kw / self.limit_kw if self.limit_kw else 0.0


@dataclass(frozen=True, slots=True)
class Committed:
    """All contracts in one period, prospects included where they are planned."""

    period: str
    day: date
    committed_kw: float
    delivered_kw: float
    short_kw: float
    """What is missing of commitments, each counted alone."""


@dataclass(frozen=True, slots=True)
class Left:
    """What a period leaves."""

    period: str
    day: date
    racks: int
    """Usable racks that serve nobody and are held for nobody."""
    kw: float
    """What the roots could carry beyond load and reserve."""
    limit_kw: float
    """What they may carry."""


def given(pictured: Pictured) -> list[Given]:
    """What each planned demand gets: who has signed, then workloads, then prospects; who gets most first."""
    rows: dict[str, list[DemandPeriod]] = {data.name: [] for data in pictured.site.instance.demands}
    for row in pictured.plan.demands:
        rows[row.demand].append(row)
    months = {period.label: period.months for period in pictured.periods}
    all_of = {name: fsum(row.delivered_kw * months[row.period] for row in of) for name, of in rows.items()}
    found = (_given(pictured, data, rows[data.name]) for data in pictured.site.instance.demands if rows[data.name])
    return sorted(found, key=lambda one: (one.is_prospect, not one.tenant, -all_of[one.demand]))


def _given(pictured: Pictured, data: DemandData, rows: Sequence[DemandPeriod]) -> Given:
    horizon, demand = pictured.scenario.horizon, data.demand
    starts = {period.label: max(period.start, data.term.start) for period in pictured.periods}
    levels = [Level(starts[row.period], row.delivered_kw) for row in rows]
    contract = demand if isinstance(demand, Contract) else None
    prospect = contract is not None and pictured.scenario.is_prospect(contract)
    most = max(levels, key=lambda one: one.kw)
    return Given(
        demand=data.name,
        tenant="" if contract is None else contract.tenant,
        probability=contract.probability if contract is not None and prospect else 1.0,
        until=min(data.term.end, horizon.end),
        kw_by_period=tuple(one.kw for one in levels),
        first=levels[0],
        last=Level(_since(levels, most.kw * _ALIKE), levels[-1].kw),
        most=most,
        least=min(levels, key=lambda one: one.kw),
    )


def _since(levels: Sequence[Level], alike_kw: float) -> date:
    """From when on the level is about what it is at the end."""
    last = levels[-1].kw
    other = [number for number, one in enumerate(levels) if abs(one.kw - last) > alike_kw]
    return levels[other[-1] + 1 if other else 0].day


def together_kw(pictured: Pictured, names: Sequence[str]) -> float:
    """The most that some demands get together in any period."""
    among = set(names)
    sums = dict.fromkeys(pictured.plan.periods, 0.0)
    for row in pictured.plan.demands:
        if row.demand in among:
            sums[row.period] += row.delivered_kw
    return max(sums.values(), default=0.0)


def committed(pictured: Pictured) -> list[Committed]:
    """What contracts are promised and what they get, period by period.

    Commitments in GPUs or racks are kW of the racks that are delivered, as in the ramp: where a demand takes several
    types, kW of another type would call short who has all GPUs.
    """
    contracts = [one for one in Ramp(pictured).demands if one.contract]
    figures = [
        [fsum(getattr(one, name)["sold_kw"][t] for one in contracts) for name in ("committed", "got", "short")]
        for t in range(len(pictured.periods))
    ]
    return [
        Committed(period.label, period.start, *(round(kw, _DIGITS) for kw in row))
        for period, row in zip(pictured.periods, figures, strict=True)
    ]


def tightest(pictured: Pictured) -> Tightest | None:
    """The node that comes nearest to a limit, in the first period in which it does; None where there is no node."""
    site = pictured.site
    normal, after = (np.round(shares, _DIGITS) for shares in used_shares(site))
    if not normal.size:
        return None
    t, v = (int(place) for place in np.unravel_index(np.maximum(normal, after).T.argmax(), normal.T.shape))
    lost = bool(after[v, t] > normal[v, t])
    worst, forest = site.loads.worst, site.loads.forest
    load, limit = (worst.load_w, forest.failover_w) if lost else (site.loads.normal_w, forest.normal_w)
    name = forest.nodes[int(worst.lost[v, t])].name if lost else None
    load_kw, limit_kw = float(load[v, t]) / W_PER_KW, float(limit[v, t]) / W_PER_KW
    period = pictured.periods[t]
    return Tightest(forest.nodes[v].name, period.label, period.start, name, load_kw, limit_kw)


def left(pictured: Pictured) -> Iterator[Left]:
    """What each period leaves."""
    instance, roster = pictured.site.instance, pictured.site.roster
    free = instance.racks.usable & (roster.serving == NOBODY) & (roster.buffer == NOBODY)
    free &= (roster.position != NOBODY)[:, None] & instance.positions.ok[roster.position]
    spare_kw = pictured.limit_kw - pictured.load_kw - instance.policy.reserve_w / W_PER_KW
    figures = zip(free.sum(axis=0).tolist(), spare_kw.tolist(), pictured.limit_kw.tolist(), strict=True)
    for period, (racks, kw, limit_kw) in zip(pictured.periods, figures, strict=True):
        yield Left(period.label, period.start, racks, kw, limit_kw)
