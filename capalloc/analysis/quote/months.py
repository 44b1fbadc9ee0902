"""A request month by month: what it gets, what others lose by it, and what the site has left."""

from __future__ import annotations

from collections.abc import Iterator

from capalloc.analysis.quote.deliverable import Most
from capalloc.analysis.quote.offer import Offer, moves_usd
from capalloc.metrics.site import SitePeriod, Tightest, site_of
from capalloc.schema.plan import DemandPeriod
from capalloc.schema.quoted import GivesWay, Headroom, QuotedPeriod

_CENT = 0.005
_KW = 1e-6


def offered_periods(offer: Offer) -> Iterator[QuotedPeriod]:
    """Periods of the request's term, and those in which others earn less, of a request that fits."""
    mine = offer.rows
    before, after = (dict(_usd_by_demand(plan.demands)) for plan in (offer.base.plan, offer.plan))
    moves = moves_usd(offer.instance, offer.roster) - moves_usd(offer.base.instance, offer.base.roster)
    prices = {p.period: p.usd_per_kw_month for p in offer.plan.demand_prices if p.demand == offer.contract.name}
    sites = zip(site_of(offer.base.instance, offer.base.roster), site_of(offer.instance, offer.roster), strict=True)
    for period, (old, new) in zip(offer.instance.periods, sites, strict=True):
        t, label, row = period.index, period.label, mine.get(period.label)
        names = [name for name, when in before if when == label]
        gives = [_gives_way(before[name, label], after[name, label]) for name in names]
        some = tuple(one for one in gives if abs(one.kw) > _KW or one.gpus or abs(one.usd) > _CENT)
        displaced = float(sum(one.usd for one in some) + moves[t])
        if row is None and not some and abs(displaced) < _CENT:
            continue
        yield QuotedPeriod(
            period=label,
            committed_kw=row.committed_kw if row else 0.0,
            deliverable_kw=row.committed_kw if row else 0.0,
            racks=row.racks if row else 0,
            gpus=row.gpus if row else 0,
            displaced_usd=displaced,
            moves_usd=float(moves[t]),
            marginal_usd_per_kw_month=prices.get(label, 0.0) / float(offer.instance.discount[t]),
            gives_way=tuple(sorted(some, key=lambda one: -one.kw)),
            headroom=(_headroom(old), _headroom(new)),
        )


def _usd_by_demand(rows: tuple[DemandPeriod, ...]) -> Iterator[tuple[tuple[str, str], DemandPeriod]]:
    for row in rows:
        yield (row.demand, row.period), row


def _gives_way(before: DemandPeriod, after: DemandPeriod) -> GivesWay:
    earned, earns = (row.revenue_usd - row.penalty_usd for row in (before, after))
    return GivesWay(
        demand=before.demand,
        kw=round(before.delivered_kw - after.delivered_kw, 6),
        gpus=before.gpus - after.gpus,
        usd=earned - earns,
    )


def _headroom(site: SitePeriod) -> Headroom:
    def used(tight: Tightest | None) -> float | None:
        return None if tight is None else tight.utilization

    return Headroom(
        left_kw=site.headroom_kw,
        tightest=site.normal and site.normal.node,
        used=used(site.normal),
        failover_tightest=site.failover and site.failover.node,
        lost=site.failover and site.failover.lost,
        failover_used=used(site.failover),
    )


def short_periods(most: Most) -> Iterator[QuotedPeriod]:
    """Periods of the request's term, of one that does not fit."""
    number = {label: t for t, label in enumerate(most.plan.periods)}
    for row in most.plan.demands:
        if row.demand != most.data.name:
            continue
        missing = most.unplaced.get(row.period)
        yield QuotedPeriod(
            period=row.period,
            committed_kw=row.committed_kw,
            deliverable_kw=float(most.kw[number[row.period]]),
            racks=row.racks,
            gpus=row.gpus,
            displaced_usd=None,
            moves_usd=None,
            marginal_usd_per_kw_month=None,
            binding=missing.reasons if missing else (),
        )
