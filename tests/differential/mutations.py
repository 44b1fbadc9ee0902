"""For each rule a scenario, and the smallest step that takes a plan for it over that rule and no other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from capalloc.exact.solve import Decisions
from capalloc.instance.model import Instance
from capalloc.schema.rules import Rule
from capalloc.schema.scenario import Scenario
from tests.strategies import contract, facility, incumbent, rack_type, scenario, workload

Step = Callable[[Instance, Decisions], Decisions]


@dataclass(frozen=True)
class Mutation:
    """A scenario and the step."""

    scenario: Scenario
    step: Step


def one_more(demand: str, t: int, among: tuple[int, ...] = ()) -> Step:
    """One rack more serves the demand in a period: the first that does nothing then."""

    def step(instance: Instance, plan: Decisions) -> Decisions:
        busy = {r for r, _, s in plan.serve | plan.hold if s == t}
        idle = [r for r in among or range(len(instance.racks.names)) if r not in busy]
        return replace(plan, serve=plan.serve | {(idle[0], instance.demand_names.index(demand), t)})

    return step


def one_fewer(demand: str, t: int) -> Step:
    """A rack that serves the demand in a period idles."""

    def step(instance: Instance, plan: Decisions) -> Decisions:
        d = instance.demand_names.index(demand)
        return replace(plan, serve=plan.serve - {min(one for one in plan.serve if one[1:] == (d, t))})

    return step


def own(racks: int, **changes: Any) -> dict[str, Any]:
    return workload("own", **{"demand": [{"from": "2026-05", "racks": racks}], **changes})


def lease(kw: float, **changes: Any) -> dict[str, Any]:
    return contract("lease", ramp=[{"from": "2026-05", "mw": kw / 1000}], **changes)


def tight(site: dict[str, Any], racks: int, **changes: Any) -> Scenario:
    """One period in which a workload would take every rack."""
    return scenario(site, 1, workloads=[own(racks, **changes)])


def exclusivity() -> Mutation:
    """The rack of lease serves own as well."""

    def step(instance: Instance, plan: Decisions) -> Decisions:
        d = instance.demand_names.index("lease")
        return replace(
            plan, serve=plan.serve | {(r, instance.demand_names.index("own"), 0) for r, e, _ in plan.serve if e == d}
        )

    fee = {"usd_per_month": 1e6}
    return Mutation(scenario(facility(2), 1, workloads=[own(2)], contracts=[lease(10, fee=fee)]), step)


def availability() -> Mutation:
    """A rack that comes in June serves in May."""
    site = facility(2)
    site["racks"][0]["available_from"] = "2026-06"
    return Mutation(scenario(site, 2, workloads=[own(2)]), one_more("own", 0))


def compatibility() -> Mutation:
    """A rack of a type that own does not accept serves it."""
    site = facility(2, rack_types=[rack_type("a"), rack_type("b")])
    site["racks"][1]["rack_type"] = "b"
    return Mutation(tight(site, 2), one_more("own", 0))


def where() -> Mutation:
    """own may use the first row; a rack of the second serves it."""
    return Mutation(tight(facility(4), 3, where={"row": "w0"}), one_more("own", 0))


def power() -> Mutation:
    """u1 has room for half of 10 + 10 + 2 kW; a third rack that serves makes it 15 kW of 11."""
    site = facility(3)
    site["power"][1]["rated_kw"] = 11
    return Mutation(tight(site, 3), one_more("own", 0))


def failover() -> Mutation:
    """u2 has room for 10 + 10 + 2 kW after the loss of u1; a third rack that serves makes it 30 kW."""
    site = facility(3)
    site["power"][1]["contingency"] = True
    site["power"][2]["failover_kw"] = 22
    return Mutation(tight(site, 3), one_more("own", 0))


def supply() -> Mutation:
    """22 kW are supplied; a third rack that serves makes it 30 kW."""
    return Mutation(tight(facility(3, supplies=[{"name": "s", "node": "grid", "kw": 22}]), 3), one_more("own", 0))


def cooling() -> Mutation:
    """Half of the heat leaves by liquid: 11 kW of 10 + 10 + 2 kW; a third rack that serves makes it 15 kW."""
    site = facility(3, cooling=[{"name": "z", "liquid_kw": 11, "air_kw": 1000}])
    for place in site["positions"]:
        place["cooling_zone"] = "z"
    return Mutation(tight(site, 3), one_more("own", 0))


def ramp() -> Mutation:
    """lease has the 20 kW it asked for; one rack more is one too many."""
    return Mutation(scenario(facility(3), 1, contracts=[lease(20)]), one_more("lease", 0))


def bring_up() -> Mutation:
    """One rack more in a period, none before: the third rack, due in July, comes in June."""
    policy = {"idle": "off", "bring_up": {"racks_per_period": 1}}
    return Mutation(
        scenario(facility(3), 3, workloads=[own(3)], incumbent=incumbent(), policy=policy), one_more("own", 1)
    )


def isolation() -> Mutation:
    """lease keeps a row to itself; own takes the other rack of that row."""
    fee = {"usd_per_month": 1e6}
    built = scenario(facility(4), 1, workloads=[own(4)], contracts=[lease(10, isolation="row", fee=fee)])
    return Mutation(built, one_more("own", 0))


def locality() -> Mutation:
    """Lots of two in a row; the third rack is alone in its row."""
    return Mutation(tight(facility(3), 3, locality={"level": "row", "min_racks": 2}), one_more("own", 0))


def spread() -> Mutation:
    """Half on a UPS: one rack on u1 and one on u2; a second one on u1 makes it two thirds."""
    site = facility(3)
    for place, feed in zip(site["positions"], ("u1", "u1", "u2"), strict=True):
        place.update(feed_a=feed, feed_b=None)
    return Mutation(tight(site, 3, spread={"node_kind": "ups", "max_share": 0.5}), one_more("own", 0))


def position() -> Mutation:
    """The delivery is put where another rack stands."""
    site = facility(2)
    site["racks"][1] = {"name": "r1", "rack_type": "a", "status": "planned", "available_from": "2026-05"}
    return Mutation(tight(site, 2), lambda _, plan: replace(plan, stand=frozenset({(1, 0)})))


def pins() -> Mutation:
    """A rack that is pinned idle serves."""
    built = scenario(facility(2), 1, workloads=[own(2)], pins=[{"rack": "r1", "demand": "idle"}])
    return Mutation(built, one_more("own", 0))


def hand_over() -> Mutation:
    """20 days from own, which ends with May, to lease: the rack idles in June, but lease takes it at once."""
    first = own(1, until="2026-06", value=[{"usd_per_gpu_hour": 100.0}])
    later = contract("lease", ramp=[{"from": "2026-06", "mw": 0.01}])
    policy = {"handover_days": 20, "priority": "money"}
    built = scenario(facility(1), 3, workloads=[first], contracts=[later], policy=policy)
    return Mutation(built, one_more("lease", 1))


def term() -> Mutation:
    """lease ends with May; a rack serves it in June."""
    return Mutation(scenario(facility(1), 2, contracts=[lease(10, until="2026-06")]), one_more("lease", 1))


def buffer() -> Mutation:
    """Two serve and one is held for them; it is held no more."""
    built = scenario(facility(3), 1, workloads=[own(3, buffer_share=0.5)])
    return Mutation(built, lambda _, plan: replace(plan, hold=frozenset()))


MUTATIONS = {
    Rule.EXCLUSIVITY: exclusivity,
    Rule.AVAILABILITY: availability,
    Rule.COMPATIBILITY: compatibility,
    Rule.WHERE: where,
    Rule.POWER: power,
    Rule.FAILOVER: failover,
    Rule.SUPPLY: supply,
    Rule.COOLING: cooling,
    Rule.RAMP: ramp,
    Rule.BRING_UP: bring_up,
    Rule.ISOLATION: isolation,
    Rule.LOCALITY: locality,
    Rule.SPREAD: spread,
    Rule.POSITION: position,
    Rule.PINS: pins,
    Rule.HAND_OVER: hand_over,
    Rule.TERM: term,
    Rule.BUFFER: buffer,
}


def hard_ramp() -> Mutation:
    """lease's 20 kW are a hard commitment, though the policy prices shortfalls; one rack leaves it."""
    return Mutation(scenario(facility(3), 1, contracts=[lease(20, commitment="hard")]), one_fewer("lease", 0))


def hard_minimum() -> Mutation:
    """own's minimum of one rack is hard; the rack idles."""
    step = [{"from": "2026-05", "racks": 1, "min": 1}]
    return Mutation(scenario(facility(1), 1, workloads=[own(1, demand=step, commitment="hard")]), one_fewer("own", 0))


def forbidden_minimum() -> Mutation:
    """No shortfall is allowed, so that own has its minimum of one rack; the rack idles."""
    step = [{"from": "2026-05", "racks": 1, "min": 1}]
    built = scenario(facility(1), 1, workloads=[own(1, demand=step)], policy={"shortfall": "forbid"})
    return Mutation(built, one_fewer("own", 0))


def label() -> Mutation:
    """own may use what has the label of building b; a rack without it serves it."""
    site = facility(2)
    site["positions"][0]["labels"] = {"building": "b"}
    return Mutation(tight(site, 2, where={"label": {"building": "b"}}), one_more("own", 0))


FURTHER = [
    (Rule.RAMP, hard_ramp),
    (Rule.RAMP, hard_minimum),
    (Rule.RAMP, forbidden_minimum),
    (Rule.WHERE, label),
]
"""Further ways over a rule."""
