"""One tiny scenario for each rule, made so that the rule decides, and every plan that could be written for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, combinations, product
from typing import Any

from capalloc.exact.solve import Decisions
from capalloc.instance.model import Instance
from capalloc.schema.rules import Rule
from capalloc.schema.scenario import Scenario
from tests.strategies import contract, facility, incumbent, rack_type, scenario, workload

State = tuple[str, ...]
"""What a rack does in a period: names of demands it serves, ``off``, or ``hold NAME``."""


@dataclass(frozen=True)
class Binding:
    """A scenario, and what its racks may be written to do in a period beside serving nobody or one demand."""

    scenario: Scenario
    more: tuple[State, ...] = ()


def every_decision(instance: Instance, more: tuple[State, ...]) -> Iterator[Decisions]:
    """Everything a plan can say: all states of all racks and periods, all places of deliveries (two at most)."""
    states: list[State] = [(), *((name,) for name in instance.demand_names), *more]
    racks, periods = range(len(instance.racks.names)), range(len(instance.periods))
    cells = list(product(racks, periods))
    spots = range(len(instance.positions.names))
    places = [
        [tuple((r, p) for p in taken) for taken in chain.from_iterable(combinations(spots, n) for n in range(3))]
        for r in instance.deliveries.tolist()
    ]
    for stand in product(*places):
        for chosen in product(states, repeat=len(cells)):
            yield _decisions(instance, frozenset(chain.from_iterable(stand)), list(zip(cells, chosen, strict=True)))


def _decisions(
    instance: Instance, stand: frozenset[tuple[int, int]], chosen: list[tuple[tuple[int, int], State]]
) -> Decisions:
    index = {name: d for d, name in enumerate(instance.demand_names)}
    said = [(r, t, word) for (r, t), state in chosen for word in state]
    return Decisions(
        stand=stand,
        serve=frozenset((r, index[word], t) for r, t, word in said if word in index),
        off=frozenset((r, t) for r, t, word in said if word == "off"),
        hold=frozenset((r, index[word[5:]], t) for r, t, word in said if word.startswith("hold ")),
    )


def _own(racks: int = 2, **changes: Any) -> dict[str, Any]:
    return workload("own", demand=[{"from": "2026-05", "racks": racks}], **changes)


def _lease(kw: float = 20.0, **changes: Any) -> dict[str, Any]:
    return contract("lease", ramp=[{"from": "2026-05", "mw": kw / 1000}], **changes)


def _both(site: dict[str, Any], periods: int = 2, own: Any = None, lease: Any = None, **changes: Any) -> Scenario:
    return scenario(site, periods, workloads=[own or _own()], contracts=[lease or _lease()], **changes)


def _site(count: int = 2, nodes: dict[str, dict[str, Any]] | None = None, **changes: Any) -> dict[str, Any]:
    """A facility with single power nodes, and racks or positions by index, changed."""
    site = facility(count)
    for node in site["power"]:
        node.update((nodes or {}).get(node["name"], {}))
    for table in ("racks", "positions"):
        for i, change in changes.pop(table, {}).items():
            site[table][i].update(change)
    return site | changes


OFF: tuple[State, ...] = (("off",),)


def exclusivity() -> Binding:
    """A rack that serves two demands at once, or is off while it serves."""
    return Binding(_both(_site(), periods=1), more=(("own", "lease"), ("off",), ("own", "off")))


def availability() -> Binding:
    """One rack comes in June, the other goes in the middle of July."""
    return Binding(_both(_site(racks={0: {"available_from": "2026-06"}, 1: {"available_until": "2026-07-15"}}), 3))


def compatibility() -> Binding:
    """Two types, a rack dedicated to a tenant, and a demand that takes one type at a time."""
    types = [rack_type("a"), rack_type("b")]
    racks = {1: {"rack_type": "b"}, 2: {"rack_type": "b", "tenant": "Lease"}}
    own = _own(3, rack_types=["a", "b"], homogeneous=True)
    return Binding(_both(_site(3, rack_types=types, racks=racks), 1, own=own, lease=_lease(20, rack_types=["b"])))


def where() -> Binding:
    """lease may stand in row w0 on u1, but for a label; a delivery may stand at p1 or p2."""
    labels = {0: {"labels": {"cage": "north"}}, 1: {"labels": {"cage": "south"}}, 2: {"row": "w0"}}
    site = _site(3, positions=labels, racks={2: {"position": None, "status": "planned", "available_from": "2026-05"}})
    site["racks"] = [site["racks"][0], site["racks"][2]]
    places = {"row": "h1/w0", "node": ["u1"], "not": {"label": {"cage": ["south"]}}}
    own = _own(2, where={"hall": "h1", "label": {"cage": "south"}})
    return Binding(_both(site, 1, own=own, lease=_lease(20, where=places, buffer_share=0.5)), more=(("hold lease",),))


def power() -> Binding:
    """u1 carries half of each rack: one that serves and one idle are 6 kW; with both serving 10 kW."""
    return Binding(_both(_site(nodes={"u1": {"rated_kw": 12, "max_utilization": 0.5}})), more=OFF)


def failover() -> Binding:
    """u2 carries whole racks after the loss of u1: one that serves and one idle are 12 kW."""
    return Binding(_both(_site(nodes={"u1": {"contingency": True}, "u2": {"failover_kw": 12}})), more=OFF)


def supply() -> Binding:
    """The site may draw 15 kW in May (10 kW in reserve, 25 supplied), and 10 kW more from June on; pue 1.25."""
    supplies = [{"name": "s", "node": "grid", "kw": 25}, {"name": "t", "node": "grid", "kw": 10, "from": "2026-06"}]
    site = _site(nodes={"grid": {"load": "facility"}}, supplies=supplies, pue=1.25)
    return Binding(_both(site, policy={"reserve_mw": 0.01}), more=OFF)


def cooling() -> Binding:
    """Half of the heat leaves by liquid: 6 kW of one that serves and one idle; the air takes 8 kW."""
    zone = {"name": "z", "liquid_kw": 6, "air_kw": 8}
    return Binding(
        _both(_site(cooling=[zone], positions={0: {"cooling_zone": "z"}, 1: {"cooling_zone": "z"}})), more=OFF
    )


def ramp() -> Binding:
    """lease must have 15 kW, so two racks; in June nothing, but 10 kW is flexible. own may take one rack."""
    steps = [{"from": "2026-05", "mw": 0.015}, {"from": "2026-06", "mw": 0}]
    lease = contract("lease", ramp=steps, flexible_mw=0.01)
    return Binding(_both(_site(), own=_own(1), lease=lease, policy={"shortfall": "forbid"}))


def bring_up() -> Binding:
    """One rack more in a period, two held before; 9 kW more in a period."""
    held = incumbent(assignments=[{"rack": "r0", "demand": "own", "from": "2026-04", "until": "2026-07"}])
    policy = {"idle": "off", "bring_up": {"racks_per_period": 1, "mw_per_period": 0.009}}
    return Binding(_both(_site(), 3, own=_own(draw="expected"), incumbent=held, policy=policy))


def isolation() -> Binding:
    """Racks 0 and 1 stand in one row, rack 2 in the next."""
    return Binding(_both(_site(3), lease=_lease(30, isolation="row"), own=_own(3)))


def locality() -> Binding:
    """Lots of two racks in a row; rack 2 is alone in its row."""
    return Binding(_both(_site(3), lease=_lease(30, locality={"level": "row", "min_racks": 2}), own=_own(3)))


def spread() -> Binding:
    """Racks 0 and 1 hang on u1 alone, rack 2 on u2 alone; at most half of lease on one UPS."""
    alone = {"feed_b": None}
    positions = {0: alone, 1: alone, 2: alone | {"feed_a": "u2"}}
    lease = _lease(30, spread={"node_kind": "ups", "max_share": 0.5})
    return Binding(_both(_site(3, positions=positions), lease=lease, own=_own(3)))


def position() -> Binding:
    """A delivery comes in June, when rack 0 leaves its position; rack 1 stays, and position 2 is cooled by air."""
    new = {"position": None, "status": "planned", "available_from": "2026-06"}
    racks = {0: {"available_until": "2026-06"}, 2: new}
    site = _site(3, racks=racks, positions={2: {"cooling": "air"}})
    return Binding(scenario(site, workloads=[_own(3)]))


def pins() -> Binding:
    """A rack pinned for a month, a row pinned idle for the next, and May frozen as it was."""
    held = incumbent(assignments=[{"rack": "r1", "demand": "own", "from": "2026-04", "until": "2026-06"}])
    wishes = [{"rack": "r0", "demand": "lease", "from": "2026-06"}, {"row": "w0", "demand": "idle", "from": "2026-07"}]
    wishes[0]["until"] = "2026-07"
    return Binding(_both(_site(), 3, pins=wishes, incumbent=held, policy={"freeze_until": "2026-06"}))


def hand_over() -> Binding:
    """40 days between demands; one departure in a period; rack 1 served somebody else until May."""
    held = incumbent(assignments=[{"rack": "r1", "demand": "own", "from": "2026-04", "until": "2026-05"}])
    policy = {"handover_days": 40, "max_moves_per_period": 1}
    return Binding(_both(_site(), 3, incumbent=held, policy=policy))


def term() -> Binding:
    """lease is signed in the middle of May and ends ten days after the notice of 25 June; own ends with June."""
    lease = _lease(termination={"notice_days": 10, "by": "either"})
    sign = {"type": "sign", "contract": lease, "on": "2026-05-15"}
    notice = {"type": "notice", "contract": "lease", "by": "tenant", "on": "2026-06-15"}
    own = _own(until="2026-06")
    return Binding(scenario(_site(), 3, workloads=[own], events=[sign, notice]))


def buffer() -> Binding:
    """own holds a spare for every two racks, lease one for each."""
    lease = _lease(20, buffer_share=1.0)
    own = _own(3, buffer_share=0.5)
    more = (
        ("off",),
        ("hold own",),
        ("hold lease",),
        ("hold own", "hold lease"),
        ("off", "hold own"),
        ("own", "hold own"),
    )
    return Binding(_both(_site(3), 1, own=own, lease=lease), more=more)


def labelled_outage() -> Binding:
    """In June what is in cage x is out: position p0, rack r1, and r2, a delivery of May, wherever it stands."""
    cage = {"labels": {"cage": "x"}}
    new = {"position": None, "status": "planned", "available_from": "2026-05"}
    site = _site(3, positions={0: cage, 2: {"cooling": "air"}}, racks={1: cage, 2: cage | new})
    site["positions"].append(site["positions"][1] | {"name": "p3"})
    site["racks"] = site["racks"][1:]
    out = {"type": "outage", "label": {"cage": "x"}, "from": "2026-06-10", "until": "2026-06-11"}
    return Binding(_both(site, 2, events=[out]))


def hard_and_priced() -> Binding:
    """Policy forbids; own's minimum of a rack is hard all the same, lease's 15 kW are priced and may be missed."""
    own = workload("own", demand=[{"from": "2026-05", "racks": 2, "min": 1}])
    lease = _lease(15, commitment="priced")
    return Binding(_both(_site(3), 1, own=own, lease=lease, policy={"shortfall": "forbid"}))


def hard_alone() -> Binding:
    """Policy prices; lease's 15 kW are hard, own's minimum is priced."""
    own = workload("own", demand=[{"from": "2026-05", "racks": 2, "min": 2}])
    return Binding(_both(_site(3), 1, own=own, lease=_lease(15, commitment="hard", priority=2)))


FURTHER = (
    (labelled_outage, Rule.AVAILABILITY),
    (hard_and_priced, Rule.RAMP),
    (hard_alone, Rule.RAMP),
)
"""Ways of a rule beside the one that its own scenario has."""
BINDINGS = {
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
