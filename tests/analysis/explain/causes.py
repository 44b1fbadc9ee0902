"""Scenarios that no plan can meet for one known reason each, and the conflict that must be named.

Racks draw 10 kW and stand on positions under two UPS and one utility feed, two to a row (see ``strategies``). Unless
said otherwise the horizon is May and June 2026 and the lease commits 10 kW in May and 30 kW, three racks, from June on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from capalloc.schema.scenario import Scenario
from tests.strategies import contract, facility, incumbent, rack_type, scenario, workload

Record = dict[str, Any]

JUNE = ("2026-06",)
BOTH = ("2026-05", "2026-06")


@dataclass(frozen=True)
class Cause:
    """A scenario and what conflicts in it."""

    scenario: Scenario
    conflict: tuple[tuple[str, str], ...]
    """Kind and place of every requirement of the conflict, in any order."""
    periods: tuple[str, ...] = JUNE
    repair: str = ""
    """A repair that must be among those found."""


def lease(kw: float = 30, name: str = "lease", **changes: Any) -> Record:
    """10 kW in May, ``kw`` from June on."""
    steps = [{"from": "2026-05", "mw": 0.01}, {"from": "2026-06", "mw": kw / 1000}]
    return contract(name, **({"ramp": steps} | changes))


def flat(name: str, kw: float, **changes: Any) -> Record:
    """The same kW all the time."""
    return contract(name, **({"ramp": [{"from": "2026-05", "mw": kw / 1000}]} | changes))


def site(count: int = 4, nodes: dict[str, Record] | None = None, **changes: Any) -> Record:
    """The facility with some nodes, racks and positions (by index) changed."""
    built = facility(count)
    for node in built["power"]:
        node.update((nodes or {}).get(node["name"], {}))
    for table in ("racks", "positions"):
        for i, change in changes.pop(table, {}).items():
            built[table][i].update(change)
    return built | changes


def made(built: Record, *contracts: Record, periods: int = 2, **changes: Any) -> Scenario:
    """A scenario that forbids shortfalls."""
    policy = {"shortfall": "forbid"} | changes.pop("policy", {})
    return scenario(built, periods, contracts=list(contracts) or [lease()], policy=policy, **changes)


LEASE, SECOND = ("commitment", "lease"), ("commitment", "second")
GRID = ("power", "grid")
NEW = {"position": None, "status": "planned"}


def node_limit() -> Cause:
    """The feed carries 25 kW: two racks."""
    return Cause(
        made(site(nodes={"grid": {"rated_kw": 25}})), (LEASE, GRID), repair="grid: +5 kW from 2026-06 (rated_kw"
    )


def utilization() -> Cause:
    """Half of 50 kW may be used: 10 kW more rating is 5 kW more load."""
    limits = {"grid": {"rated_kw": 50, "max_utilization": 0.5}}
    return Cause(made(site(nodes=limits)), (LEASE, GRID), repair="grid: +5 kW from 2026-06 (rated_kw 50 to 60)")


def child_limit() -> Cause:
    """Three racks hang on u1 alone, which carries one of them; the fourth on u2."""
    alone = {"feed_b": None}
    places = {0: alone, 1: alone, 2: alone, 3: alone | {"feed_a": "u2"}}
    built = site(nodes={"u1": {"rated_kw": 15}}, positions=places)
    return Cause(made(built), (LEASE, ("power", "u1")), repair="u1: +5 kW from 2026-06 (rated_kw 15 to 20)")


def failover() -> Cause:
    """After the loss of u1 all of three racks, 30 kW, hang on u2, which then carries 25."""
    built = site(nodes={"u1": {"contingency": True}, "u2": {"failover_kw": 25}})
    return Cause(
        made(built), (LEASE, ("failover", "u2")), repair="u2: +5 kW after a loss from 2026-06 (failover_kw 25 to 30)"
    )


def late_supply() -> Cause:
    """20 kW until July, when 20 more come."""
    supplies = [{"name": "old", "node": "grid", "kw": 20}, {"name": "new", "node": "grid", "kw": 20, "from": "2026-07"}]
    conflict = (LEASE, ("supply", "grid"), ("supply dates", "new"))
    return Cause(made(site(supplies=supplies), periods=3), conflict, repair="new: from 2026-06 in place of 2026-07")


def late_supply_bridged() -> Cause:
    """The same, bridged by 10 kW for the one month."""
    return Cause(
        late_supply().scenario, late_supply().conflict, repair="grid: +10 kW of supply from 2026-06 until 2026-07"
    )


def ending_supply() -> Cause:
    """20 of 40 kW end with May."""
    supplies = [
        {"name": "old", "node": "grid", "kw": 20},
        {"name": "gas", "node": "grid", "kw": 20, "until": "2026-06"},
    ]
    conflict = (LEASE, ("supply", "grid"), ("supply dates", "gas"))
    return Cause(made(site(supplies=supplies)), conflict, repair="gas: until 2026-07 in place of 2026-06")


def reserve() -> Cause:
    """15 of 40 kW are kept."""
    built = site(nodes={"grid": {"rated_kw": 40}})
    changed = made(built, policy={"reserve_mw": 0.015})
    return Cause(changed, (LEASE, ("reserve", "site")), repair="site: reserve 10 kW in place of 15 kW")


def liquid_heat() -> Cause:
    """Half of 30 kW leaves by liquid; the zone takes 12 kW of it."""
    zone = {"name": "z", "liquid_kw": 12, "air_kw": 100}
    built = site(cooling=[zone], positions={i: {"cooling_zone": "z"} for i in range(4)})
    return Cause(
        made(built), (LEASE, ("cooling", "z")), repair="z: +3 kW of liquid cooling from 2026-06 (liquid_kw 12 to 15)"
    )


def air_heat() -> Cause:
    """The other half by air."""
    zone = {"name": "z", "liquid_kw": 100, "air_kw": 12}
    built = site(cooling=[zone], positions={i: {"cooling_zone": "z"} for i in range(4)})
    return Cause(
        made(built), (LEASE, ("cooling", "z")), repair="z: +3 kW of air cooling from 2026-06 (air_kw 12 to 15)"
    )


def late_zone() -> Cause:
    """The zone cools from July on."""
    zone = {"name": "z", "total_kw": 100, "available_from": "2026-07"}
    built = site(cooling=[zone], positions={i: {"cooling_zone": "z"} for i in range(4)})
    steps = [{"from": "2026-06", "mw": 0.03}]
    conflict = (LEASE, ("cooling", "z"), ("zone dates", "z"))
    return Cause(made(built, lease(ramp=steps), periods=3), conflict, repair="z: from 2026-06 in place of 2026-07")


def other_type() -> Cause:
    """Two racks of the accepted type, two of another."""
    kinds = [rack_type("a"), rack_type("b")]
    built = site(rack_types=kinds, racks={2: {"rack_type": "b"}, 3: {"rack_type": "b"}})
    return Cause(made(built), (LEASE, ("rack types", "lease")), repair="lease: accepts b too")


def too_few_racks() -> Cause:
    """Two racks in all."""
    return Cause(made(site(2)), (LEASE, ("racks", "a")), repair="1 more rack of a, with positions, from 2026-06 on")


def late_deliveries() -> Cause:
    """The third and fourth rack come in July."""
    late = NEW | {"available_from": "2026-07"}
    built = site(racks={2: late, 3: late})
    return Cause(
        made(built, periods=3), (LEASE, ("rack dates", "a")), repair="a: 2 racks from 2026-06 in place of 2026-07"
    )


def leaving_racks() -> Cause:
    """Two racks go at the end of May."""
    gone = {"available_until": "2026-06"}
    built = site(racks={2: gone, 3: gone})
    return Cause(made(built), (LEASE, ("rack dates", "a")), repair="a: 2 racks until 2026-07 in place of 2026-06")


def no_positions() -> Cause:
    """Two deliveries, and two positions that are taken."""
    built = site(racks={2: NEW | {"available_from": "2026-05"}, 3: NEW | {"available_from": "2026-05"}})
    built["positions"] = built["positions"][:2]
    return Cause(made(built), (LEASE, ("positions", "site")), repair="1 more position for deliveries, any cooling")


def wrong_positions() -> Cause:
    """The free positions are cooled by air, the deliveries by liquid."""
    new, air = NEW | {"available_from": "2026-05"}, {"cooling": "air"}
    built = site(racks={2: new, 3: new}, positions={2: air, 3: air})
    return Cause(made(built), (LEASE, ("positions", "site")), repair="1 more position for deliveries, any cooling")


def node_outage() -> Cause:
    """u1 is out in June: every rack draws half from it."""
    events = [{"type": "outage", "node": "u1", "from": "2026-06", "until": "2026-07"}]
    steps = [{"from": "2026-06", "mw": 0.03}]
    return Cause(
        made(site(), lease(ramp=steps), periods=3, events=events),
        (LEASE, ("outage", "node u1")),
        repair="node u1: out from 2026-05 in place of 2026-06",
    )


def row_outage() -> Cause:
    """Two of four racks."""
    events = [{"type": "outage", "row": "w0", "from": "2026-06-10", "until": "2026-06-20"}]
    conflict = (LEASE, ("outage", "row w0"))
    return Cause(made(site(), events=events), conflict, repair="row w0: out from 2026-05 in place of 2026-06-10")


def hall_outage() -> Cause:
    """All racks, in June and July: it fits nowhere else."""
    events = [{"type": "outage", "hall": "h1", "from": "2026-05", "until": "2026-07"}]
    changed = made(site(), flat("lease", 30), events=events)
    return Cause(changed, (LEASE, ("outage", "hall h1")), BOTH, "hall h1: not out from 2026-05 until 2026-07")


def maintenance() -> Cause:
    """Two of four racks."""
    built = site(racks={2: {"status": "maintenance"}, 3: {"status": "maintenance"}})
    return Cause(made(built), (LEASE, ("maintenance", "a")), repair="a: 1 of 2 racks back from maintenance")


def pin_idle() -> Cause:
    """One of three racks."""
    changed = made(site(3), pins=[{"rack": "r0", "demand": "idle"}])
    return Cause(changed, (LEASE, ("pin", "rack r0")), repair="rack r0: pin dropped (idle)")


def pin_to_another() -> Cause:
    """One of three racks serves own from June on."""
    pins = [{"rack": "r1", "demand": "own", "from": "2026-06"}]
    changed = made(site(3), pins=pins, workloads=[workload("own")])
    return Cause(changed, (LEASE, ("pin", "rack r1")), repair="rack r1: pin dropped (serves own from 2026-06)")


def pin_hall() -> Cause:
    """The whole hall is kept idle in June."""
    pins = [{"hall": "h1", "demand": "idle", "from": "2026-06", "until": "2026-07"}]
    says = "hall h1: pin dropped (idle from 2026-06 until 2026-07)"
    return Cause(made(site(), pins=pins), (LEASE, ("pin", "hall h1")), repair=says)


def clashing_pins() -> Cause:
    """A rack cannot be idle and serve: no commitment takes part."""
    pins = [{"rack": "r0", "demand": "own"}, {"rack": "r0", "demand": "idle"}]
    changed = made(site(), workloads=[workload("own")], pins=pins)
    return Cause(changed, (("pin", "rack r0"), ("pin", "rack r0")), (), "rack r0: pin dropped (idle)")


def overshoot() -> Cause:
    """Two racks are pinned to a lease of one."""
    pins = [{"rack": "r0", "demand": "lease"}, {"rack": "r1", "demand": "lease"}]
    conflict = (("pin", "rack r0"), ("pin", "rack r1"), ("overshoot", "lease"))
    says = "lease: takes, and pays for, up to 10 kW above its commitment (flexible_mw)"
    return Cause(made(site(), flat("lease", 10), pins=pins), conflict, (), says)


def freeze() -> Cause:
    """One of three racks served own, and keeps to it until July."""
    held = incumbent(assignments=[{"rack": "r0", "demand": "own", "from": "2026-04", "until": "2026-09"}])
    policy = {"freeze_until": "2026-07"}
    changed = made(site(3), workloads=[workload("own")], incumbent=held, policy=policy, pins=[])
    return Cause(changed, (("freeze", "policy"), LEASE), BOTH, "freeze: dropped")


def isolation_hall() -> Cause:
    """Two tenants in the one hall."""
    contracts = (flat("second", 10), contract("lease", isolation="hall", ramp=[{"from": "2026-06", "mw": 0.01}]))
    conflict = (LEASE, SECOND, ("isolation", "lease"))
    return Cause(made(site(), *contracts), conflict, repair="lease: isolation row in place of hall")


def isolation_row() -> Cause:
    """Three racks need both rows of two, and so does the other tenant's one."""
    conflict = (LEASE, SECOND, ("isolation", "lease"))
    changed = made(site(), lease(isolation="row"), flat("second", 10))
    return Cause(changed, conflict, repair="lease: isolation none in place of row")


def lots() -> Cause:
    """Lots of two in a row; the third rack stands alone in the second row."""
    changed = made(site(3), lease(locality={"level": "row", "min_racks": 2}, ramp=[{"from": "2026-06", "mw": 0.03}]))
    return Cause(changed, (LEASE, ("locality", "lease")), repair="lease: lots of 1 racks in place of 2")


def spread() -> Cause:
    """Each rack draws half from each UPS."""
    changed = made(
        site(), contract("lease", ramp=[{"from": "2026-06", "mw": 0.03}], spread={"node_kind": "ups", "max_share": 0.4})
    )
    says = "lease: up to 0.5 of its racks on one ups in place of 0.4"
    return Cause(changed, (LEASE, ("spread", "lease")), repair=says)


def one_type() -> Cause:
    """Two racks of each of two types."""
    kinds = [rack_type("a"), rack_type("b")]
    built = site(rack_types=kinds, racks={2: {"rack_type": "b"}, 3: {"rack_type": "b"}})
    changed = made(built, lease(rack_types=["a", "b"], homogeneous=True))
    return Cause(changed, (LEASE, ("homogeneous", "lease")), repair="lease: several rack types at a time")


def spares() -> Cause:
    """Three racks serve, and of four racks one is spare, not the two that 0.5 x 3 rounds up to."""
    conflict = (LEASE, ("buffer", "lease"))
    return Cause(
        made(site(), lease(buffer_share=0.5)), conflict, repair="lease: spares of 0.33 in place of 0.5 of its racks"
    )


def bring_up_racks() -> Cause:
    """Nothing is powered before May, and one rack a month from then on."""
    new = {"status": "planned", "available_from": "2026-05"}
    built = site(racks=dict.fromkeys(range(4), new))
    changed = made(built, policy={"bring_up": {"racks_per_period": 1}})
    return Cause(changed, (LEASE, ("bring-up racks", "policy")), repair="bring-up: 2 racks a period in place of 1")


def bring_up_mw() -> Cause:
    """The site's load grows from 10 to 30 kW, 15 allowed."""
    changed = made(site(), policy={"bring_up": {"mw_per_period": 0.015}, "idle": "off"})
    says = "bring-up: site load may grow by 20 kW a period, not 15 kW"
    return Cause(changed, (LEASE, ("bring-up MW", "policy")), repair=says)


def hand_over() -> Cause:
    """Both racks serve the second contract in May and need 20 days before they serve the lease."""
    first = flat("second", 20, until="2026-06")
    changed = made(
        site(2), first, contract("lease", ramp=[{"from": "2026-06", "mw": 0.02}]), policy={"handover_days": 20}
    )
    conflict = (LEASE, SECOND, ("hand-over", "policy"))
    return Cause(changed, conflict, BOTH, "hand-over: 0 days in place of 20")


def moves() -> Cause:
    """own holds both racks; one may leave in May."""
    spans = [{"rack": f"r{i}", "demand": "own", "from": "2026-04", "until": "2026-09"} for i in range(2)]
    changed = made(
        site(2),
        flat("lease", 20),
        workloads=[workload("own")],
        incumbent=incumbent(assignments=spans),
        policy={"max_moves_per_period": 1},
    )
    return Cause(changed, (LEASE, ("moves", "policy")), ("2026-05",), "moves: 2 a period in place of 1")


def two_contracts() -> Cause:
    """20 kW each, 35 on the feed."""
    built = site(nodes={"grid": {"rated_kw": 35}})
    changed = made(built, flat("lease", 20), flat("second", 20))
    return Cause(changed, (LEASE, SECOND, GRID), BOTH, "second: 10 kW in place of 20 kW from 2026-05")


def signature() -> Cause:
    """The second contract is signed in June, while the lease goes on until July."""
    sign = {"type": "sign", "contract": flat("second", 20), "on": "2026-06"}
    built = site(nodes={"grid": {"rated_kw": 35}})
    changed = made(built, flat("lease", 20, until="2026-07"), periods=3, events=[sign])
    return Cause(changed, (LEASE, SECOND, GRID), repair="second: signed on 2026-07 in place of 2026-06")


def notice() -> Cause:
    """The lease could be ended: 30 days from 1 May make room in June."""
    terms = {"notice_days": 31, "by": "either"}
    built = site(nodes={"grid": {"rated_kw": 35}})
    second = contract("second", ramp=[{"from": "2026-06", "mw": 0.02}])
    changed = made(built, flat("lease", 20, termination=terms), second)
    return Cause(changed, (LEASE, SECOND, GRID), repair="lease: notice given on 2026-05")


def late_contract() -> Cause:
    """The lease's large step moves from May, when there is room, to June, when the second contract has come."""
    steps = [{"from": "2026-05", "mw": 0.03}, {"from": "2026-06", "mw": 0.01}]
    second = contract("second", ramp=[{"from": "2026-06", "mw": 0.02}])
    events = [{"type": "delay", "contract": "lease", "days": 31}]
    changed = made(site(), contract("lease", ramp=steps), second, events=events)
    return Cause(changed, (LEASE, SECOND, ("delay", "lease")), repair="lease: contract not delayed")


def delayed_supply() -> Cause:
    """The second 20 kW were to come with May."""
    supplies = [{"name": "old", "node": "grid", "kw": 20}, {"name": "new", "node": "grid", "kw": 20, "from": "2026-05"}]
    events = [{"type": "delay", "supply": "new", "days": 61}]
    conflict = (LEASE, ("supply", "grid"), ("delay", "new"))
    changed = made(site(supplies=supplies), periods=3, events=events)
    return Cause(changed, conflict, repair="new: supply delayed by 31 days in place of 61")


def delayed_deliveries() -> Cause:
    """Two racks were to come with May."""
    new = NEW | {"available_from": "2026-05"}
    events = [{"type": "delay", "rack_type": "a", "until": "2026-07"}]
    changed = made(site(racks={2: new, 3: new}), periods=3, events=events)
    return Cause(changed, (LEASE, ("delay", "a")), repair="a: rack type delayed until 2026-06 in place of 2026-07")


def delayed_node() -> Cause:
    """u2 was to be energised with May; two racks hang on u1 alone."""
    built = site(nodes={"u2": {"available_from": "2026-05"}}, positions={0: {"feed_b": None}, 1: {"feed_b": None}})
    events = [{"type": "delay", "node": "u2", "until": "2026-07"}]
    changed = made(built, periods=3, events=events)
    return Cause(changed, (LEASE, ("delay", "u2")), repair="u2: node delayed until 2026-06 in place of 2026-07")


def late_node() -> Cause:
    """The same by the node's own date."""
    built = site(nodes={"u2": {"available_from": "2026-07"}}, positions={0: {"feed_b": None}, 1: {"feed_b": None}})
    return Cause(made(built, periods=3), (LEASE, ("node dates", "u2")), repair="u2: from 2026-06 in place of 2026-07")


def dedication() -> Cause:
    """Two of four racks are the other tenant's."""
    built = site(racks={2: {"tenant": "Second"}, 3: {"tenant": "Second"}})
    changed = made(built, lease(), flat("second", 10))
    return Cause(changed, (LEASE, ("dedication", "Second")), repair="Second: 1 of 2 dedicated racks free for others")


def static_load() -> Cause:
    """40 kW, of which fans take 15."""
    built = site(nodes={"grid": {"rated_kw": 40, "static_load_kw": 15}})
    conflict = (LEASE, GRID, ("static load", "grid"))
    return Cause(made(built), conflict, repair="grid: static load 10 kW in place of 15 kW")


def gpus() -> Cause:
    """24 GPUs are three racks of 8; the feed carries two."""
    steps = [{"from": "2026-05", "gpus": 8}, {"from": "2026-06", "gpus": 24}]
    changed = made(site(nodes={"grid": {"rated_kw": 25}}), contract("lease", ramp=steps))
    return Cause(changed, (LEASE, GRID), repair="lease: 16 GPUs in place of 24 GPUs from 2026-06")


CAUSES = (
    node_limit, utilization, child_limit, failover, late_supply, late_supply_bridged, ending_supply, reserve,
    liquid_heat, air_heat, late_zone, other_type, too_few_racks, late_deliveries, leaving_racks, no_positions,
    wrong_positions, node_outage, row_outage, hall_outage, maintenance, pin_idle, pin_to_another, pin_hall,
    clashing_pins, overshoot, freeze, isolation_hall, isolation_row, lots, spread, one_type, spares, bring_up_racks,
    bring_up_mw, hand_over, moves, two_contracts, signature, notice, late_contract, delayed_supply,
    delayed_deliveries, delayed_node, late_node, dedication, static_load, gpus,
)  # fmt: skip
