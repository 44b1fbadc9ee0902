"""How sure two plans are: what they miss, what of their fees is firm, how near to their limits nodes are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from math import fsum

from capalloc.analysis.base import Base
from capalloc.analysis.diff.money import rows_of
from capalloc.metrics.earnings import earnings_of
from capalloc.metrics.revenue import revenue_between
from capalloc.metrics.site import SitePeriod, Tightest, site_of
from capalloc.schema.demand import Contract
from capalloc.schema.diff import Overlap, Risk, Tight
from capalloc.schema.plan import Plan, Shortfall

Bases = tuple[Base | None, Base | None]
"""The plans with their scenarios, as far as these are known."""


def risk_of(plans: tuple[Plan, Plan], bases: Bases, overlap: Overlap) -> Risk:
    """Shortfalls and penalties of both plans; firm fees and limits of those whose scenario is known."""
    first, second = ([run.most_short_kw for run in plan.shortfalls if _touches(run, overlap)] for plan in plans)
    penalties = [fsum(row.penalty_usd for row in rows_of(plan, overlap.periods).values()) for plan in plans]
    fees, sites = [_fees(base, overlap) for base in bases], [_site(base, overlap.periods) for base in bases]
    return Risk(
        shortfalls=(len(first), len(second)),
        most_short_kw=(max(first, default=0.0), max(second, default=0.0)),
        penalty_usd=(penalties[0], penalties[1]),
        firm_usd=(fees[0][0], fees[1][0]),
        at_risk_usd=(fees[0][1], fees[1][1]),
        least_left_kw=(_least_left(sites[0]), _least_left(sites[1])),
        normal=(_tightest(sites[0], "normal"), _tightest(sites[1], "normal")),
        failover=(_tightest(sites[0], "failover"), _tightest(sites[1], "failover")),
    )


def _touches(run: Shortfall, overlap: Overlap) -> bool:
    return run.start < overlap.until and run.until > overlap.start


def _fees(base: Base | None, overlap: Overlap) -> tuple[float | None, float | None]:
    """Firm fees and fees at risk of the days that both plans cover, notice given on the first of them."""
    if base is None:
        return None, None
    days = (overlap.start, overlap.start, overlap.until)
    found = [
        revenue_between(one, one.data.demand, *days)
        for one in earnings_of(base.instance, base.roster)
        if isinstance(one.data.demand, Contract)
    ]
    return fsum(one.firm_usd for one in found), fsum(one.at_risk_usd for one in found)


def _site(base: Base | None, periods: Collection[str]) -> list[SitePeriod]:
    if base is None:
        return []
    return [one for one in site_of(base.instance, base.roster) if one.period in set(periods)]


def _least_left(site: Sequence[SitePeriod]) -> float | None:
    return min((one.headroom_kw for one in site), default=None)


def _tightest(site: Sequence[SitePeriod], which: str) -> Tight | None:
    found: list[tuple[Tightest, str]] = [
        (tight, one.period) for one in site if (tight := getattr(one, which)) is not None
    ]
    if not found:
        return None
    tight, period = max(found, key=lambda pair: pair[0].utilization)
    return Tight(node=tight.node, lost=tight.lost, period=period, used=tight.utilization)
