"""A site known by heart: twelve 10 kW racks, two UPS pairs, one utility feed with a supply, one cooling zone.

    grid (utility, 200 kW, supply 200 kW)
    ├── u1, u2 (60 kW each)   row h1/a   racks r1 .. r6    half of each rack on each UPS
    └── u3, u4 (60 kW each)   row h1/b   racks r7 .. r12

A rack draws 10 kW (8 kW expected, 2 kW idle), has 8 GPUs, and sheds three quarters of its heat by liquid.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from capalloc.schema.plan import Plan
from capalloc.schema.rules import Rule
from capalloc.schema.scenario import Scenario
from capalloc.verify import recount, verify

Record = dict[str, Any]
RACKS = tuple(f"r{i}" for i in range(1, 13))
HGX: Record = {
    "name": "hgx",
    "gpu": "H100",
    "gpus": 8,
    "nameplate_kw": 10.0,
    "expected_kw": 8.0,
    "idle_kw": 2.0,
    "liquid_fraction": 0.75,
    "cooling": "liquid",
}
BIG: Record = HGX | {"name": "big", "gpus": 32, "nameplate_kw": 20.0, "expected_kw": 16.0, "idle_kw": 4.0}


def node(name: str, **changes: Any) -> Record:
    """A UPS of 60 kW below the grid, or the grid itself."""
    if name == "grid":
        return {"name": name, "kind": "utility", "rated_kw": 200.0} | changes
    return {"name": name, "kind": "ups", "parent": "grid", "rated_kw": 60.0, "contingency": True} | changes


def position(number: int, **changes: Any) -> Record:
    """Position p1 .. p12, or a further one in row b."""
    row, feeds = ("a", ("u1", "u2")) if number <= 6 else ("b", ("u3", "u4"))
    where = {"name": f"p{number}", "hall": "h1", "row": row, "index": number, "cooling_zone": "z"}
    return where | {"feed_a": feeds[0], "feed_b": feeds[1], "cooling": "liquid", "fabric_block": row} | changes


def rack(number: int, **changes: Any) -> Record:
    """Rack r1 .. r12 on the position of its number."""
    return {"name": f"r{number}", "rack_type": "hgx", "position": f"p{number}"} | changes


def site(
    *,
    nodes: Record | None = None,
    racks: Record | None = None,
    positions: Iterable[Record] = (),
    more_racks: Iterable[Record] = (),
    supply_kw: float = 200.0,
    zone: Record | None = None,
    **changes: Any,
) -> Record:
    """The site; ``nodes`` and ``racks`` change single records by name."""
    names = ("grid", "u1", "u2", "u3", "u4")
    zone = {"name": "z"} | ({"liquid_kw": 100.0, "air_kw": 100.0} if zone is None else zone)
    return {
        "facility": "tiny",
        "rack_types": [HGX, BIG],
        "power": [node(name, **(nodes or {}).get(name, {})) for name in names],
        "supplies": [{"name": "feed", "node": "grid", "kw": supply_kw}],
        "positions": [*(position(i) for i in range(1, 13)), *positions],
        "cooling": [zone],
        "racks": [*(rack(i, **(racks or {}).get(f"r{i}", {})) for i in range(1, 13)), *more_racks],
    } | changes


def lease(name: str = "lease", mw: float = 0.06, **changes: Any) -> Record:
    """A contract for 60 kW nameplate, six racks, at $6,000 a month."""
    record: Record = {"name": name, "tenant": name.title(), "rack_types": ["hgx"], "until": "2026-08"}
    return record | {"ramp": [{"from": "2026-05", "mw": mw}], "fee": {"usd_per_month": 6000.0}} | changes


def job(name: str = "job", racks: int = 12, **changes: Any) -> Record:
    """A workload for up to twelve racks at $1 per GPU-hour."""
    record: Record = {"name": name, "rack_types": ["hgx"], "demand": [{"from": "2026-05", "racks": racks}]}
    return record | {"value": [{"usd_per_gpu_hour": 1.0}]} | changes


def scenario(facility: Record | None = None, **changes: Any) -> Scenario:
    """May, June and July 2026 with one workload, ``job``, unless told otherwise."""
    record: Record = {"scenario": "tiny", "horizon": {"start": "2026-05", "end": "2026-08"}, "workloads": [job()]}
    return Scenario.model_validate(record | {"facility": facility or site()} | changes)


def serve(demand: str, racks: Iterable[str], start: str = "2026-05", until: str = "2026-08") -> list[Record]:
    """Assignments of several racks to one demand."""
    return [{"rack": name, "demand": demand, "from": start, "until": until} for name in racks]


def bare(assignments: Iterable[Record] = (), **parts: Any) -> Record:
    """A plan without figures, as a plan file has it."""
    return {
        "capalloc": "0",
        "scenario": "tiny",
        "scenario_sha256": "",
        "status": "feasible",
        "termination": {"reason": "gap_reached"},
        "objective_usd": 0.0,
        "bound_usd": 0.0,
        "gap": 0.0,
        "periods": ["2026-05", "2026-06", "2026-07"],
        "assignments": list(assignments),
    } | parts


def plan(case: Scenario, assignments: Iterable[Record] = (), **parts: Any) -> Plan:
    """A plan with the figures that its assignments give, so that only what a test breaks is broken."""
    labels = [period.label for period in case.horizon.periods]
    drawn = Plan.model_validate(bare(assignments, **{"periods": labels, **parts}))
    truth = recount(case, drawn)
    figures = {
        "objective_usd": truth.objective_usd,
        "bound_usd": truth.objective_usd,
        "demands": truth.demands,
        "shortfalls": truth.shortfalls,
        "unplaced": truth.unplaced,
        "stats": drawn.stats.replace(moves=truth.moves),
    }
    return drawn.replace(**figures)


def broken(case: Scenario, assignments: Iterable[Record] = (), **parts: Any) -> set[Rule]:
    """The rules that a plan with honest figures breaks."""
    return {violation.rule for violation in verify(case, plan(case, assignments, **parts)).violations}
