"""A plan in a few figures: what is committed and delivered, earned, short, and tightest."""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum

import numpy as np

from capalloc.analysis.picture.pictured import Pictured
from capalloc.analysis.show.headroom import used_shares
from capalloc.schema.demand import Contract
from capalloc.schema.plan import DemandPeriod
from capalloc.units import W_PER_KW


@dataclass(frozen=True, slots=True)
class Given:
    """What a demand gets: kW of a contract's basis, or of a workload's draw."""

    demand: str
    is_contract: bool
    is_prospect: bool
    first: str
    """The first period of its term."""
    last: str
    first_kw: float
    last_kw: float
    most_kw: float
    most_gpus: int
    most_committed_kw: float
    most_short_kw: float
    """Of a commitment or a minimum, over its shortfalls."""


@dataclass(frozen=True, slots=True)
class Tightest:
    """The node that is nearest to a limit, in its tightest period."""

    node: str
    period: str
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
    committed_kw: float
    delivered_kw: float

    @property
    def short_kw(self) -> float:
        """What is missing."""
        return self.committed_kw - self.delivered_kw


def given(pictured: Pictured) -> list[Given]:
    """What each planned demand gets, the largest first."""
    short: dict[str, float] = {}
    for one in pictured.plan.shortfalls:
        short[one.demand] = max(short.get(one.demand, 0.0), one.most_short_kw)
    rows: dict[str, list[DemandPeriod]] = {data.name: [] for data in pictured.site.instance.demands}
    for row in pictured.plan.demands:
        rows[row.demand].append(row)
    found = [
        Given(
            demand=data.name,
            is_contract=isinstance(data.demand, Contract),
            is_prospect=isinstance(data.demand, Contract) and pictured.scenario.is_prospect(data.demand),
            first=rows[data.name][0].period,
            last=rows[data.name][-1].period,
            first_kw=rows[data.name][0].delivered_kw,
            last_kw=rows[data.name][-1].delivered_kw,
            most_kw=max(row.delivered_kw for row in rows[data.name]),
            most_gpus=max(row.gpus for row in rows[data.name]),
            most_committed_kw=max(row.committed_kw for row in rows[data.name]),
            most_short_kw=short.get(data.name, 0.0),
        )
        for data in pictured.site.instance.demands
        if rows[data.name]
    ]
    return sorted(found, key=lambda one: (-one.most_kw, one.demand))


def committed(pictured: Pictured) -> list[Committed]:
    """What contracts are promised and what they get, period by period."""
    contracts = {one.demand for one in pictured.revenue.contracts}
    sums: dict[str, list[tuple[float, float]]] = {label: [] for label in pictured.plan.periods}
    for row in pictured.plan.demands:
        if row.demand in contracts:
            sums[row.period].append((row.committed_kw, row.delivered_kw))
    return [
        Committed(label, fsum(promised for promised, _ in pairs), fsum(min(pair) for pair in pairs))
        for label, pairs in sums.items()
    ]


def tightest(pictured: Pictured) -> Tightest | None:
    """The node that is nearest to a limit over all periods; None where the site has no node."""
    site = pictured.site
    normal, after = used_shares(site)
    if not normal.size:
        return None
    v, t = (int(place) for place in np.unravel_index(np.maximum(normal, after).argmax(), normal.shape))
    lost = bool(after[v, t] > normal[v, t])
    worst, forest = site.loads.worst, site.loads.forest
    load, limit = (worst.load_w, forest.failover_w) if lost else (site.loads.normal_w, forest.normal_w)
    name = forest.nodes[int(worst.lost[v, t])].name if lost else None
    load_kw, limit_kw = float(load[v, t]) / W_PER_KW, float(limit[v, t]) / W_PER_KW
    return Tightest(forest.nodes[v].name, pictured.plan.periods[t], name, load_kw, limit_kw)
