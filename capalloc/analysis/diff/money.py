"""kW and dollars of two plans, by demand and period."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from math import fsum, isclose

from capalloc.schema.diff import DemandDiff
from capalloc.schema.plan import DemandPeriod, Plan

_CENT, _KW, _RELATIVE = 0.005, 1e-6, 1e-9


def demand_diffs(first: Plan, second: Plan, periods: Collection[str]) -> Iterator[DemandDiff]:
    """Demands and periods in which the plans differ, by demand and then by period."""
    one, two = (rows_of(plan, periods) for plan in (first, second))
    names = dict.fromkeys(name for rows in (two, one) for name, _ in rows)
    for name in names:
        for period in periods:
            found = _diff(name, period, one.get((name, period)), two.get((name, period)))
            if found is not None:
                yield found


def rows_of(plan: Plan, periods: Collection[str]) -> dict[tuple[str, str], DemandPeriod]:
    """The rows of a plan in some periods."""
    wanted = set(periods)
    return {(row.demand, row.period): row for row in plan.demands if row.period in wanted}


def usd_of(plan: Plan, periods: Collection[str]) -> float:
    """Fees and values less penalties in some periods, not discounted."""
    return fsum(map(_usd, rows_of(plan, periods).values()))


def _usd(row: DemandPeriod | None) -> float:
    return 0.0 if row is None else row.revenue_usd - row.penalty_usd


def _diff(name: str, period: str, one: DemandPeriod | None, two: DemandPeriod | None) -> DemandDiff | None:
    usd, rows = (_usd(one), _usd(two)), (one, two)
    kw = (one.delivered_kw if one else 0.0, two.delivered_kw if two else 0.0)
    racks = (one.racks if one else 0, two.racks if two else 0)
    penalty = tuple(row.penalty_usd if row else 0.0 for row in rows)
    if racks[0] == racks[1] and _same(*kw, _KW) and _same(*usd, _CENT):
        return None
    return DemandDiff(demand=name, period=period, kw=kw, usd=usd, racks=racks, penalty_usd=(penalty[0], penalty[1]))


def _same(one: float, two: float, least: float) -> bool:
    return isclose(one, two, rel_tol=_RELATIVE, abs_tol=least)
