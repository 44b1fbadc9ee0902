"""What tables hold beyond what map and power tree bring: demands, shortfalls and money by period."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from capalloc.analysis.picture import Pictured
from capalloc.report.causes import in_words
from capalloc.report.html.section import Section
from capalloc.schema.plan import Shortfall

_TABLES = (
    ("demands", "Demands by period"),
    ("moves", "Moves"),
    ("racks", "Racks in the chosen period"),
    ("nodes", "Power nodes in the chosen period"),
    ("shortfalls", "Shortfalls"),
    ("revenue", "Contracts and workloads over the horizon"),
)


def tables(pictured: Pictured) -> Section:
    """The section of the tables."""
    return Section("tables", "Tables", {"tables": _TABLES}, _data(pictured))


def _data(pictured: Pictured) -> dict[str, Any]:
    return {
        "demands": _columns(_demands(pictured)),
        "shortfalls": _columns(_shortfall(pictured, one) for one in pictured.plan.shortfalls),
        "revenue": _columns(_earners(pictured)),
    }


def _columns(rows: Iterator[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """Rows as a list of values by name."""
    columns: dict[str, list[Any]] = {}
    for row in rows:
        for name, value in row.items():
            columns.setdefault(name, []).append(value)
    return columns


def _demands(pictured: Pictured) -> Iterator[Mapping[str, Any]]:
    money = {(one.demand, one.period): one for one in pictured.revenue.periods}
    for row in pictured.plan.demands:
        earned = money[row.demand, row.period]
        yield {
            "period": row.period,
            "demand": row.demand,
            "committed": row.committed_kw,
            "delivered": row.delivered_kw,
            "racks": row.racks,
            "gpus": row.gpus,
            "fee": round(earned.fee_usd, 2),
            "value": round(earned.value_usd, 2),
            "penalty": round(earned.penalty_usd, 2),
            "firm": round(earned.firm_usd, 2),
            "atRisk": round(earned.at_risk_usd, 2),
        }


def _shortfall(pictured: Pictured, one: Shortfall) -> Mapping[str, Any]:
    days = {period.label: period for period in pictured.periods}
    reasons = dict.fromkeys(
        in_words(reason.rule, reason.where)
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
        "reasons": "; ".join(reasons),
    }


def _earners(pictured: Pictured) -> Iterator[Mapping[str, Any]]:
    answer = pictured.revenue
    for contract in answer.contracts:
        yield {
            "demand": contract.demand,
            "tenant": contract.tenant,
            "total": round(contract.total_usd, 2),
            "penalty": round(contract.penalty_usd, 2),
            "firm": round(contract.firm_usd, 2),
            "atRisk": round(contract.at_risk_usd, 2),
            "firmUntil": None if contract.firm_until is None else contract.firm_until.isoformat(),
            "kwMonths": round(contract.kw_months, 3),
            "gpuHours": round(contract.gpu_hours, 1),
            "perKwMonth": contract.usd_per_kw_month,
        }
    for workload in answer.workloads:
        yield {
            "demand": workload.demand,
            "tenant": None,
            "total": round(workload.value_usd, 2),
            "penalty": round(workload.penalty_usd, 2),
            "firm": None,
            "atRisk": None,
            "firmUntil": None,
            "kwMonths": round(workload.kw_months, 3),
            "gpuHours": round(workload.gpu_hours, 1),
            "perKwMonth": workload.usd_per_kw_month,
        }
