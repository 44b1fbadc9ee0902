"""Random tiny scenarios that together touch every rule, and the parts they are made of.

All draws and shares come out in even watts, so that rounding never separates two ways to count.
"""

from __future__ import annotations

import random
from datetime import date
from typing import Any

from capalloc.calendar import Period, PeriodUnit, add_days, format_day, periods_of
from capalloc.schema.checks.references import faults
from capalloc.schema.scenario import Scenario

START = date(2026, 5, 1)
MONTHS = ("2026-05", "2026-06", "2026-07", "2026-08", "2026-09")

Record = dict[str, Any]


def rack_type(name: str, **changes: Any) -> Record:
    """A rack of 10 kW: 8 kW expected, 2 kW idle, half of its heat by liquid, 8 GPUs."""
    record = {"name": name, "gpu": "H100", "gpus": 8, "nameplate_kw": 10, "expected_kw": 8, "idle_kw": 2}
    return record | {"liquid_fraction": 0.5, "cooling": "liquid"} | changes


def contract(name: str, **changes: Any) -> Record:
    """A contract for one 10 kW rack at $10,000 a month, all horizon long."""
    record = {"name": name, "tenant": name.title(), "rack_types": ["a"], "ramp": [{"from": "2026-05", "mw": 0.01}]}
    return record | {"until": "2027-05", "fee": {"usd_per_month": 10000.0}} | changes


def workload(name: str, **changes: Any) -> Record:
    """A workload for up to two racks at $2 per GPU-hour."""
    record = {"name": name, "rack_types": ["a"], "demand": [{"from": "2026-05", "racks": 2}]}
    return record | {"value": [{"usd_per_gpu_hour": 2.0}]} | changes


def facility(racks: int = 2, **changes: Any) -> Record:
    """Racks of type a on dual-corded positions under two roomy UPS and one roomy utility feed; two to a row."""
    ups = {"kind": "ups", "parent": "grid", "rated_kw": 1000}
    positions = [
        {"name": f"p{i}", "hall": "h1", "row": f"w{i // 2}", "index": i, "feed_a": "u1", "feed_b": "u2"}
        for i in range(racks)
    ]
    return {
        "facility": "site",
        "rack_types": [rack_type("a")],
        "power": [{"name": "grid", "kind": "utility", "rated_kw": 2000}, {"name": "u1", **ups}, {"name": "u2", **ups}],
        "positions": positions,
        "racks": [{"name": f"r{i}", "rack_type": "a", "position": f"p{i}"} for i in range(racks)],
    } | changes


def scenario(site: Record, periods: int = 2, **changes: Any) -> Scenario:
    """A scenario of whole months from May 2026."""
    record = {"scenario": "tiny", "facility": site, "horizon": {"start": "2026-05", "end": MONTHS[periods]}}
    return Scenario.model_validate(record | changes)


def incumbent(**parts: Any) -> Record:
    """Yesterday's plan: ``assignments`` and ``placements`` that began in April 2026."""
    outcome = {"status": "feasible", "termination": {"reason": "optimal"}}
    money = {"objective_usd": 0.0, "bound_usd": 0.0, "gap": 0.0}
    return {
        "capalloc": "0",
        "scenario": "tiny",
        "scenario_sha256": "",
        **outcome,
        **money,
        "periods": ["2026-04"],
    } | parts


def random_scenario(seed: int) -> Scenario:
    """A tiny scenario without faults; the same seed gives the same."""
    rng = random.Random(seed)
    while True:
        built = Scenario.model_validate(Dice(rng).record())
        if not faults(built):
            return built


class Dice:
    """Draws one scenario; every rule has its chance to bind."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.unit, end = self.calendar()
        self.horizon = (START, end)
        self.periods: tuple[Period, ...] = periods_of(START, end, self.unit)
        self.kinds = ["a", "b"][: rng.randint(1, 2)]
        self.places = self.count_places()
        self.zoned, self.supplied = self.chance(0.4), self.chance(0.3)
        self.racks = [self.rack(i) for i in range(self.places)]
        self.demands = self.name_demands()

    def calendar(self) -> tuple[PeriodUnit, date]:
        """The step of the horizon, and its end."""
        rng = self.rng
        if rng.choice(["month", "month", "week"]) == "month":
            return "month", date(2026, 7 + rng.randint(0, 1), 1)
        return "week", date(2026, 5, 15 + 7 * rng.randint(0, 1))

    def count_places(self) -> int:
        """Positions, and racks."""
        return self.rng.randint(3, 5)

    def name_demands(self) -> list[str]:
        """``own`` is a workload, the others are contracts."""
        return ["own", "lease", "second"][: self.rng.choice([1, 2, 2, 2, 3])]

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def day(self) -> str:
        """A day of the horizon: mostly a border of periods, sometimes between."""
        border = self.rng.choice(self.periods).start
        return format_day(add_days(border, 10) if self.chance(0.2) else border)

    def maybe(self, share: float, **values: Any) -> Record:
        return values if self.chance(share) else {}

    def record(self) -> Record:
        rng = self.rng
        horizon = {"start": format_day(START), "end": format_day(self.horizon[1]), "period": self.unit}
        policy = self.policy()
        record: Record = {"scenario": "tiny", "facility": self.facility(), "horizon": horizon, "policy": policy}
        record["workloads"] = [self.workload(name) for name in self.demands if name == "own"]
        record["contracts"] = [self.contract(name) for name in self.demands if name != "own"]
        record["events"] = self.events()
        record["pins"] = [self.pin() for _ in range(rng.choice([0, 0, 0, 1]))]
        if "freeze_until" in policy or self.chance(0.3):
            record["incumbent"] = self.incumbent()
        return record

    def facility(self) -> Record:
        types = [
            rack_type("a", cooling="liquid"),
            rack_type("b", nameplate_kw=20, expected_kw=12, idle_kw=4, gpus=24, liquid_fraction=0.25, cooling="air"),
        ]
        return {
            "facility": "site",
            "rack_types": types[: len(self.kinds)],
            "power": self.power(),
            "positions": [self.position(i) for i in range(self.places)],
            "racks": self.racks,
            **self.maybe(0.5, pue=1.25),
            "cooling": [self.zone()] * self.zoned,
            "supplies": self.supplies() if self.supplied else [],
        }

    def power(self) -> list[Record]:
        rng = self.rng
        most = 15 * self.places
        root: Record = {"name": "grid", "kind": "utility", "rated_kw": rng.choice([most, most, most * 0.6, 1000])}
        root |= (
            self.maybe(0.4, load="facility") | self.maybe(0.3, static_load_kw=4) | self.maybe(0.2, max_utilization=0.8)
        )
        nodes = [root]
        for name in ("u1", "u2", "u3"):
            node: Record = {
                "name": name,
                "kind": "ups",
                "parent": "grid",
                "rated_kw": rng.choice([most / 3, most / 2, most]),
            }
            node |= self.maybe(0.4, contingency=True) | self.maybe(0.2, max_utilization=0.5)
            node |= self.maybe(0.2, failover_kw=most / 3) | self.maybe(0.1, available_from=self.day())
            nodes.append(node | self.maybe(0.15, static_load_kw=2))
        return nodes

    def supplies(self) -> list[Record]:
        kw = self.rng.choice([20, 40, 60])
        return [{"name": "s1", "node": "grid", "kw": kw}, {"name": "s2", "node": "grid", "kw": 20, "from": self.day()}]

    def zone(self) -> Record:
        kw = self.rng.choice([10, 20, 30])
        return {"name": "z"} | ({"total_kw": kw} if self.chance(0.3) else {"liquid_kw": kw, "air_kw": kw})

    def position(self, i: int) -> Record:
        feeds = self.rng.sample(["u1", "u2", "u3"], 2)
        place: Record = {"name": f"p{i}", "hall": f"h{i // 3}", "row": f"w{i // 2}", "index": i, "feed_a": feeds[0]}
        place |= self.maybe(0.8, feed_b=feeds[1]) | self.maybe(0.7 * self.zoned, cooling_zone="z")
        place |= self.maybe(0.7, fabric_block=f"b{i // 2}")
        if "feed_b" in place:
            place |= self.maybe(0.2, split_a=self.rng.choice([1.0, 0.75]))
        return place

    def rack(self, i: int) -> Record:
        rack: Record = {"name": f"r{i}", "rack_type": self.rng.choice(self.kinds), "position": f"p{i}"}
        if i >= 2 and self.chance(0.35):
            rack = {
                **rack,
                "position": None,
                "status": "planned",
                "available_from": self.rng.choice(["2026-04", self.day()]),
            }
        elif self.chance(0.1):
            rack |= {"available_from": self.day()}
        rack |= self.maybe(0.1, available_until=format_day(self.periods[-1].start))
        return rack | self.maybe(0.1, tenant="Lease")

    def common(self, name: str) -> Record:
        rng = self.rng
        kinds = rng.sample(self.kinds, rng.randint(1, len(self.kinds)))
        common: Record = {"name": name, "rack_types": kinds} | self.maybe(0.4, draw="expected")
        common |= self.maybe(0.15, utilization=0.5) | self.maybe(0.15, isolation=rng.choice(["row", "hall"]))
        level = rng.choice(["row", "fabric_block", "hall"])
        common |= self.maybe(0.15, locality={"level": level, "min_racks": 2})
        common |= self.maybe(0.15, spread={"node_kind": "ups", "max_share": rng.choice([0.4, 0.5])})
        return common | self.maybe(0.15, homogeneous=True) | self.maybe(0.15, buffer_share=rng.choice([0.25, 0.5]))

    def workload(self, name: str) -> Record:
        rng, unit = self.rng, self.rng.choice(["gpus", "racks", "mw"])
        size = {"gpus": 8, "racks": 1, "mw": 0.01}[unit]
        counts = [rng.randint(0, self.places) for _ in self.periods]
        steps = [
            {"from": format_day(period.start), unit: round(count * size, 6)} | self.maybe(0.3, min=size * min(count, 1))
            for period, count in zip(self.periods, counts, strict=True)
        ]
        tiers = [{"up_to_gpus": 16, "usd_per_gpu_hour": 3.0}, {"usd_per_gpu_hour": 1.0}]
        value = tiers if self.chance(0.5) else [{"usd_per_gpu_hour": 2.0}]
        return self.common(name) | {"demand": steps[: rng.randint(1, len(steps))], "value": value}

    def contract(self, name: str) -> Record:
        rng = self.rng
        unit, size = rng.choice([("mw", 0.01), ("mw", 0.008), ("gpus", 8)])
        steps = [
            {"from": format_day(period.start), unit: round(rng.randint(0, self.places) * size, 6)}
            | self.maybe(0.3, fee_factor=0.5)
            for period in self.periods
        ]
        begin = rng.choice([0, 0, 1])
        fee = rng.choice([{"usd_per_month": 50000.0}, {"usd_per_kw_month": 1500.0}, {"usd_per_gpu_hour": 2.5}])
        made = self.common(name) | {
            "tenant": name.title(),
            "ramp": steps[begin : begin + rng.randint(1, 2)],
            "fee": fee,
        }
        made |= {"until": format_day(self.horizon[1]), "basis": rng.choice(["it_nameplate", "it_expected", "facility"])}
        made |= self.maybe(0.3, flexible_mw=0.01)
        made |= self.maybe(
            0.6, shortfall={"penalty_usd_per_kw_month": 800.0, "remedy": rng.choice(["pro_rata", "terminate"])}
        )
        return made | self.maybe(0.3, termination={"notice_days": 7, "initial_term_months": 0, "by": "either"})

    def events(self) -> list[Record]:
        rng, day = self.rng, self.day()
        until = format_day(add_days(date.fromisoformat(day if len(day) > 7 else day + "-01"), 9))
        found: list[Record] = []
        found += [{"type": "outage", "node": rng.choice(["u1", "u2"]), "from": day, "until": until}] * self.chance(0.1)
        found += [{"type": "outage", "hall": "h0", "from": day, "until": until}] * self.chance(0.07)
        found += [{"type": "supply", "name": "s3", "node": "grid", "kw": 50, "from": day}] * self.chance(0.1)
        found += [{"type": "delay", "supply": "s2", "days": 12}] * (self.supplied and self.chance(0.3))
        if any(rack.get("status") == "planned" and rack["rack_type"] == "a" for rack in self.racks):
            found += [{"type": "delay", "rack_type": "a", "days": 7}] * self.chance(0.2)
        if "lease" in self.demands:
            found += [{"type": "notice", "contract": "lease", "by": "provider", "on": day}] * self.chance(0.1)
            found += [{"type": "delay", "contract": "lease", "days": 5}] * self.chance(0.1)
        return found

    def pin(self) -> Record:
        demand = self.rng.choice([*self.demands, "idle"])
        place = self.rng.choice([{"rack": "r0"}, {"rack": "r1"}, {"row": "w0"}, {"hall": "h0"}])
        return place | {"demand": demand} | self.maybe(0.5, until=format_day(self.periods[1].start))

    def policy(self) -> Record:
        rng = self.rng
        bring_up = self.maybe(0.15, racks_per_period=rng.randint(0, 2)) | self.maybe(0.15, mw_per_period=0.02)
        policy: Record = {"idle": rng.choice(["powered", "off"]), "bring_up": bring_up}
        policy |= self.maybe(0.5, move_cost_usd_per_rack=rng.choice([500.0, 20000.0]))
        policy |= self.maybe(0.3, handover_days=rng.choice([3, 20, 40])) | self.maybe(0.15, max_moves_per_period=1)
        policy |= self.maybe(0.15, reserve_mw=0.01) | self.maybe(0.08, shortfall="forbid")
        policy |= self.maybe(0.1, freeze_until=format_day(self.periods[1].start))
        return policy | self.maybe(0.3, discount_rate=0.1)

    def incumbent(self) -> Record:
        """Deliveries of April may have been placed; what stands may have served somebody until now or longer."""
        spans, placed = [], []
        for rack in self.racks:
            here = rack["position"] is not None
            if rack.get("available_from") == "2026-04" and self.chance(0.7):
                placed.append({"rack": rack["name"], "position": f"p{rack['name'][1:]}", "from": "2026-04"})
                here = True
            demand = self.rng.choice([*self.demands, "gone", None])
            if demand is not None and here:
                spans.append({"rack": rack["name"], "demand": demand, "from": "2026-04", "until": self.day()})
        return incumbent(assignments=spans, placements=placed)
