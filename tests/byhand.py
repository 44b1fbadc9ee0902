"""A site small enough to compute by hand: one 1,000 kW utility, a pair of UPS, twelve dual-corded positions."""

from __future__ import annotations

from typing import Any

from capalloc.schema.scenario import Scenario


def rack_type(**changes: Any) -> dict[str, Any]:
    return {
        "name": "hgx",
        "gpu": "H100",
        "gpus": 64,
        "nameplate_kw": 80,
        "expected_kw": 64,
        "idle_kw": 8,
        "liquid_fraction": 0.75,
        "cooling": "liquid",
    } | changes


def facility(**changes: Any) -> dict[str, Any]:
    ups = {"kind": "ups", "parent": "grid", "rated_kw": 500, "max_utilization": 0.5, "contingency": True}
    return {
        "facility": "site",
        "pue": 1.25,
        "rack_types": [rack_type()],
        "power": [
            {"name": "grid", "kind": "utility", "rated_kw": 1000, "load": "facility", "static_load_kw": 10},
            {"name": "u1", **ups},
            {"name": "u2", **ups},
        ],
        "positions": [
            {"name": f"p{i}", "hall": "h1", "row": f"r{i // 4}", "index": i, "feed_a": "u1", "feed_b": "u2"}
            for i in range(12)
        ],
        "racks": [{"name": f"k{i:02}", "rack_type": "hgx", "position": f"p{i}"} for i in range(10)],
    } | changes


def contract(**changes: Any) -> dict[str, Any]:
    return {
        "name": "lease",
        "tenant": "Tenant",
        "rack_types": ["hgx"],
        "ramp": [{"from": "2026-05", "mw": 0.16}, {"from": "2026-07", "mw": 0.4}],
        "until": "2026-11",
        "fee": {"usd_per_month": 1e6},
        "shortfall": {"penalty_usd_per_kw_month": 1000},
    } | changes


def workload(**changes: Any) -> dict[str, Any]:
    return {
        "name": "own",
        "rack_types": ["hgx"],
        "demand": [{"from": "2026-05", "racks": 8, "min": 2}],
        "value": [{"usd_per_gpu_hour": 1.5}],
    } | changes


def by_hand(**changes: Any) -> Scenario:
    """The site with the lease and the own workload, May to October 2026, and what the caller changes."""
    record = {
        "scenario": "by-hand",
        "facility": facility(),
        "horizon": {"start": "2026-05", "end": "2026-11"},
        "contracts": [contract()],
        "workloads": [workload()],
    } | changes
    return Scenario.model_validate(record)
