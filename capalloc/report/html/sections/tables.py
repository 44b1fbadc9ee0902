"""What tables hold beyond what map and power tree bring: demands, moves, shortfalls and money."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, TypeAlias

from capalloc.analysis.picture import Pictured
from capalloc.analysis.picture.moves import moves_of
from capalloc.report.apart import apart
from capalloc.report.causes import in_words
from capalloc.report.figures import count
from capalloc.report.html.columns import columns
from capalloc.report.html.section import Section
from capalloc.report.ranges import ranges
from capalloc.schema.plan import Shortfall
from capalloc.schema.revenue import RevenueContract, RevenuePeriod, RevenueSum, RevenueWorkload

_Rows: TypeAlias = Iterator[Mapping[str, Any]]


def tables(pictured: Pictured) -> Section:
    """The section of the tables."""
    rows = _rows(pictured)
    nodes = len(pictured.site.loads.forest.nodes)
    lengths = {name: len(found) for name, found in rows.items()}
    lengths |= {"racks": len(pictured.site.instance.positions.names), "nodes": nodes, "tightest": nodes}
    titles = [(name, title, lengths[name]) for name, title in _titles(pictured).items()]
    values = {
        "tables": [(name, title, count(length)) for name, title, length in titles if length],
        "empty": [title for _, title, length in titles if not length],
    }
    return Section("tables", "Tables", values, {name: columns(found) for name, found in rows.items() if found})


def _rows(pictured: Pictured) -> dict[str, list[Mapping[str, Any]]]:
    return {
        "demands": list(_demands(pictured)),
        "moves": list(_moves(pictured)),
        "shortfalls": [_shortfall(pictured, one) for one in pictured.plan.shortfalls],
        "money": list(_money(pictured)),
        "contracts": list(map(_contract, pictured.revenue.contracts)),
        "workloads": list(map(_workload, pictured.revenue.workloads)),
    }


def _titles(pictured: Pictured) -> dict[str, str]:
    """Of tables by name, in the order in which they stand."""
    unit, by = pictured.scenario.horizon.period, pictured.revenue.by
    return {
        "demands": f"Demands by {unit}",
        "moves": "Moves: who leaves which racks when, to whom",
        "shortfalls": "Shortfalls, and what keeps racks away",
        "money": f"Money by {unit if by == 'period' else by}",
        "contracts": "Contracts over the horizon",
        "workloads": "Workloads over the horizon",
        "racks": f"Racks and positions in the chosen {unit}",
        "nodes": f"Power nodes in the chosen {unit}",
        "tightest": f"Power nodes, each in its tightest {unit}",
    }


def _demands(pictured: Pictured) -> _Rows:
    money = {(one.demand, one.period): one for one in pictured.revenue.periods}
    tenants = {one.name: one.tenant for one in pictured.scenario.all_contracts}
    starts = {period.label: period.start.isoformat() for period in pictured.periods}
    for row in pictured.plan.demands:
        earned = money[row.demand, row.period]
        yield {
            "period": row.period,
            "from": starts[row.period],
            "demand": row.demand,
            "tenant": tenants.get(row.demand),
            "committed": row.committed_kw,
            "delivered": row.delivered_kw,
            "racks": row.racks,
            "gpus": row.gpus,
            "fee": round(earned.fee_usd, 2),
            "value": round(earned.value_usd, 2),
            "penalty": round(earned.penalty_usd, 2),
            "firm": round(earned.firm_usd, 2),
            "atRisk": round(earned.at_risk_usd, 2),
            **_prospect(pictured, earned),
        }


def _moves(pictured: Pictured) -> _Rows:
    for one in moves_of(pictured):
        yield {
            "date": one.day.isoformat(),
            "work": one.work,
            "from": one.source,
            "to": one.target,
            "hall": one.hall,
            "row": one.row,
            "racks": len(one.racks),
            "counted": len(one.racks) if one.counted else 0,
            "which": ", ".join(map(apart, ranges(one.racks))),
        }


def _shortfall(pictured: Pictured, one: Shortfall) -> Mapping[str, Any]:
    days = {period.label: period for period in pictured.periods}
    reasons = dict.fromkeys(
        apart(in_words(reason.rule, reason.where))
        for row in pictured.plan.unplaced
        if row.demand == one.demand and days[row.period].touches(one.start, one.until)
        for reason in row.reasons
    )
    return {
        "demand": one.demand,
        "from": one.start.isoformat(),
        "until": one.until.isoformat(),
        "short": one.most_short_kw,
        "penalty": round(one.penalty_usd, 2),
        "lost": round(one.lost_fee_usd, 2),
        "leaves": _day(one.tenant_may_leave_from),
        "reasons": "; ".join(reasons) or None,
    }


def _money(pictured: Pictured) -> _Rows:
    for one in pictured.revenue.sums:
        yield {
            "span": one.span,
            "from": one.start.isoformat(),
            "until": one.until.isoformat(),
            "fee": round(one.fee_usd, 2),
            "value": round(one.value_usd, 2),
            "penalty": round(one.penalty_usd, 2),
            "firm": round(one.firm_usd, 2),
            "atRisk": round(one.at_risk_usd, 2),
            **_prospect(pictured, one),
        }


def _prospect(pictured: Pictured, one: RevenuePeriod | RevenueSum) -> Mapping[str, float]:
    """Only where there are any."""
    return {"prospect": round(one.prospect_usd, 2)} if pictured.revenue.has_prospects else {}


def _contract(one: RevenueContract) -> Mapping[str, Any]:
    return {
        "demand": one.demand,
        "tenant": one.tenant,
        "fee": round(one.total_usd, 2),
        "penalty": round(one.penalty_usd, 2),
        "firm": round(one.firm_usd, 2),
        "atRisk": round(one.at_risk_usd, 2),
        "earned": round(one.earned_usd, 2),
        "remaining": round(one.remaining_usd, 2),
        "beyond": round(one.beyond_usd, 2),
        "firmUntil": _day(one.firm_until),
        "leaves": _day(one.may_leave_from),
        "notice": one.notice_by,
        "noticeDays": one.notice_days,
        **_amounts(one),
    }


def _workload(one: RevenueWorkload) -> Mapping[str, Any]:
    return {
        "demand": one.demand,
        "value": round(one.value_usd, 2),
        "penalty": round(one.penalty_usd, 2),
        **_amounts(one),
    }


def _amounts(one: RevenueContract | RevenueWorkload) -> Mapping[str, float | None]:
    prices = {"perKwMonth": one.usd_per_kw_month, "perGpuHour": one.usd_per_gpu_hour}
    rounded = {name: None if price is None else round(price, 6) for name, price in prices.items()}
    return {"kwMonths": round(one.kw_months, 3), "gpuHours": round(one.gpu_hours, 1), **rounded}


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
