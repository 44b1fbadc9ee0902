"""A site of four racks for 37 months, and a plan for it written by hand."""

from __future__ import annotations

from typing import Any

import pytest

from capalloc.schema.plan import (
    Assignment,
    DemandPeriod,
    NodePrice,
    Outcome,
    Plan,
    Reason,
    Seconds,
    Shortfall,
    Stats,
    Unplaced,
)
from capalloc.schema.scenario import Scenario

HGX = {
    "name": "hgx",
    "gpu": "H100",
    "gpus": 64,
    "nameplate_kw": 80.0,
    "expected_kw": 60.0,
    "idle_kw": 10.0,
    "liquid_fraction": 0.0,
    "cooling": "air",
}
NODES = [
    # The root may carry 500 kW; its own fans take 20 kW.
    {"name": "grid", "kind": "utility", "rated_kw": 500.0, "static_load_kw": 20.0},
    {"name": "ups1", "kind": "ups", "parent": "grid", "rated_kw": 400.0, "contingency": True},
    {"name": "ups2", "kind": "ups", "parent": "grid", "rated_kw": 400.0, "contingency": True},
]
FACILITY: dict[str, Any] = {
    "facility": "site",
    "rack_types": [HGX],
    "power": NODES,
    "positions": [
        {"name": f"p{n}", "hall": "1", "row": "1", "index": n, "feed_a": "ups1", "feed_b": "ups2", "cooling": "air"}
        for n in (1, 2, 3, 4)
    ],
    "racks": [{"name": f"r{n}", "rack_type": "hgx", "position": f"p{n}"} for n in (1, 2, 3, 4)],
}
TENANT = {
    "name": "tenant",
    "tenant": "A Tenant [west]",
    "rack_types": ["hgx"],
    "ramp": [{"from": "2026-05", "mw": 0.08, "fee_factor": 0.5}, {"from": "2026-07", "mw": 0.16}],
    "until": "2029-06",
    "fee": {"usd_per_month": 1_000_000.0},
    "termination": {"notice_days": 90, "initial_term_months": 3, "by": "either"},
}
RESEARCH = {
    "name": "research",
    "rack_types": ["hgx"],
    "demand": [{"from": "2026-05", "gpus": 64}],
    "value": [{"usd_per_gpu_hour": 2.0}],
}


@pytest.fixture
def scenario() -> Scenario:
    """The site with one contract, one workload and nothing else."""
    return Scenario.model_validate(
        {
            "scenario": "four-racks",
            "facility": FACILITY,
            "horizon": {"start": "2026-05", "end": "2029-06"},
            "contracts": [TENANT],
            "workloads": [RESEARCH],
        }
    )


def _contract_row(label: str, racks: int, revenue_usd: float) -> DemandPeriod:
    return DemandPeriod(
        demand="tenant",
        period=label,
        committed_kw=80.0 * racks,
        wanted_kw=80.0 * racks,
        delivered_kw=80.0 * racks,
        racks=racks,
        gpus=64 * racks,
        revenue_usd=revenue_usd,
        penalty_usd=0.0,
    )


def _workload_row(label: str, hours: int) -> DemandPeriod:
    return DemandPeriod(
        demand="research",
        period=label,
        committed_kw=0.0,
        wanted_kw=80.0,
        delivered_kw=80.0,
        racks=1,
        gpus=64,
        revenue_usd=64 * hours * 2.0,
        penalty_usd=0.0,
    )


@pytest.fixture
def plan(scenario: Scenario) -> Plan:
    """One rack for the tenant in May and June 2026, two from July; one rack for research; r4 idle."""
    periods = scenario.horizon.periods
    tenant = [_contract_row(p.label, 1 if p.index < 2 else 2, 5e5 if p.index < 2 else 1e6) for p in periods]
    return Plan(
        capalloc="0.1.0",
        scenario="four-racks",
        scenario_sha256="0" * 64,
        status="optimal",
        termination=Outcome(reason="optimal"),
        objective_usd=39_320_000.0,
        bound_usd=39_320_000.0,
        gap=0.0,
        periods=tuple(period.label for period in periods),
        assignments=(
            Assignment(rack="r1", demand="tenant", start="2026-05", until="2029-06"),
            Assignment(rack="r2", demand="tenant", start="2026-07", until="2029-06"),
            Assignment(rack="r3", demand="research", start="2026-05", until="2029-06"),
        ),
        demands=(*(_workload_row(p.label, p.hours) for p in periods), *tenant),
        stats=Stats(racks=4, moves=1, seconds=Seconds(compile=0.25, plan=0.5, place=0.25, verify=0.5)),
    )


@pytest.fixture
def short_plan(plan: Plan) -> Plan:
    """The same plan with the tenant one rack short in August and September 2026."""
    short = {"2026-08", "2026-09"}
    rows = [
        row.replace(delivered_kw=80.0, racks=1, gpus=64, penalty_usd=8e4)
        if row.demand == "tenant" and row.period in short
        else row
        for row in plan.demands
    ]
    why = (Reason(rule="power", where="ups1", racks=1), Reason(rule="cooling", where="zone [a]", racks=2))
    run = {"most_short_kw": 80.0, "penalty_usd": 160_000.0, "lost_fee_usd": 1_000_000.0}
    return plan.replace(
        demands=tuple(rows),
        shortfalls=(
            Shortfall(demand="tenant", start="2026-08", until="2026-10", tenant_may_leave_from="2026-08-31", **run),
        ),
        unplaced=tuple(Unplaced(demand="tenant", period=p, racks=1, reasons=why) for p in sorted(short)),
        prices=tuple(NodePrice(node="ups1", period=p, usd_per_kw_month=6250.0) for p in sorted(short)),
    )
