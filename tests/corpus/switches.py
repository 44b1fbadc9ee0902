"""A switch for each rule: changes the record of a scenario, tiny or large, so that the rule has something to say."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from capalloc.calendar import Period, add_days, format_day, parse_day, periods_of
from capalloc.schema.rules import Rule
from tests.strategies import Record, incumbent


@dataclass(frozen=True)
class Draft:
    """The record of a scenario while it is made, and the dice that change it."""

    record: Record
    rng: random.Random

    @property
    def site(self) -> Record:
        """The facility."""
        site: Record = self.record["facility"]
        return site

    @property
    def policy(self) -> Record:
        """The policy."""
        policy: Record = self.record.setdefault("policy", {})
        return policy

    @property
    def demands(self) -> list[Record]:
        """Workloads, then contracts."""
        return [*self.record.get("workloads", ()), *self.record.get("contracts", ())]

    @property
    def periods(self) -> tuple[Period, ...]:
        """Those of the horizon."""
        horizon = self.record["horizon"]
        return periods_of(parse_day(horizon["start"]), parse_day(horizon["end"]), horizon.get("period", "month"))

    def later(self) -> str:
        """The first day of a period after the first, or now and then a day inside one."""
        start = self.rng.choice(self.periods[1:]).start
        return format_day(add_days(start, self.rng.choice([0, 0, 0, 1])))

    def kw(self, rack: Record) -> float:
        """Nameplate kW of a rack."""
        kw: float = next(k["nameplate_kw"] for k in self.site["rack_types"] if k["name"] == rack["rack_type"])
        return kw

    def most_kw(self, racks: list[Record], *shares: float) -> int:
        """A random share of what the racks draw."""
        return max(round(sum(map(self.kw, racks)) * self.rng.choice(shares)), 1)

    def append(self, table: str, *records: Record) -> None:
        """Further records of a table of the scenario."""
        self.record[table] = [*self.record.get(table, ()), *records]


Switch = Callable[[Draft], None]


def _exclusivity(draft: Draft) -> None:
    one, other = draft.rng.sample(draft.demands, 2)
    other["rack_types"] = [*one["rack_types"], *(k for k in other["rack_types"] if k not in one["rack_types"])]


def _availability(draft: Draft) -> None:
    rng, rack = draft.rng, draft.rng.choice(draft.site["racks"])
    places, start = draft.site["positions"], rng.choice(draft.periods).start
    dates = {"from": format_day(start), "until": format_day(add_days(start, rng.choice([1, 9, 40])))}
    outage = {"type": "outage"} | dates
    match rng.choice(["comes", "goes", "maintenance", "row", "hall", "label", "node", "late node", "delay"]):
        case "comes":
            rack["available_from"] = draft.later()
        case "goes":
            rack["available_until"] = draft.later()
        case "maintenance" if rack.get("status", "active") == "active":
            rack["status"] = "maintenance"
        case "row" | "hall" as place:
            draft.append("events", outage | {place: rng.choice(places)[place]})
        case "label":
            draft.append("events", outage | {"label": _labelled(draft, "wing")})
        case "node":
            draft.append("events", outage | {"node": rng.choice(places)["feed_a"]})
        case "late node":
            _node(draft, rng.choice(places)["feed_a"])["available_from"] = draft.later()
        case "delay":
            delay = {"days": rng.choice([1, 20])} if rng.random() < 0.5 else {"until": draft.later()}
            draft.append("events", {"type": "delay", "rack_type": rack["rack_type"]} | delay)
            rack |= {"status": "planned", "available_from": rack.get("available_from") or format_day(start)}


def _node(draft: Draft, name: str) -> Record:
    return next(node for node in draft.site["power"] if node["name"] == name)


def _compatibility(draft: Draft) -> None:
    rng, demand = draft.rng, draft.rng.choice(draft.demands)
    match rng.choice(["homogeneous", "tenant", "fewer"]):
        case "homogeneous":
            demand |= {"homogeneous": True, "rack_types": [kind["name"] for kind in draft.site["rack_types"]]}
        case "tenant":
            owners = [contract["tenant"] for contract in draft.record.get("contracts", ())] or ["Nobody"]
            rng.choice(draft.site["racks"])["tenant"] = rng.choice(owners)
        case "fewer":
            demand["rack_types"] = [rng.choice(demand["rack_types"])]


def _where(draft: Draft) -> None:
    """One or two keys, now and then under not; a label is of some positions, or of some racks."""
    rng, place = draft.rng, draft.rng.choice(draft.site["positions"])
    keys: Record = {"hall": place["hall"], "row": f"{place['hall']}/{place['row']}", "node": [place["feed_a"]]}
    if place.get("cooling_zone"):
        keys["zone"] = place["cooling_zone"]
    keys["label"] = _labelled(draft, "cage")
    first, *second = rng.sample(sorted(keys), rng.choice([1, 1, 2]))
    inside, also = {first: keys[first]}, {key: keys[key] for key in second}
    ways = ({"not": inside | also}, inside | also, inside | ({"not": also} if also else {}))
    rng.choice(draft.demands)["where"] = rng.choice(ways)


def _labelled(draft: Draft, label: str) -> Record:
    """A label and its value, which half of the positions, or of the racks, have."""
    rows = draft.rng.choice([draft.site["positions"], draft.site["racks"]])
    for row in draft.rng.sample(rows, max(len(rows) // 2, 1)):
        row["labels"] = row.get("labels", {}) | {label: "north"}
    return {label: "north"}


def _fed_by(draft: Draft, name: str) -> list[Record]:
    """Racks at positions fed by a node that is a leaf, with those still to be placed."""
    fed = {place["name"] for place in draft.site["positions"] if name in (place["feed_a"], place.get("feed_b"))}
    return [rack for rack in draft.site["racks"] if rack.get("position") in fed or rack.get("position") is None]


def _power(draft: Draft) -> None:
    name = draft.rng.choice(draft.site["positions"])["feed_a"]
    _node(draft, name)["rated_kw"] = draft.most_kw(_fed_by(draft, name), 0.4, 0.6, 0.8)


def _failover(draft: Draft) -> None:
    paired = [place for place in draft.site["positions"] if place.get("feed_b")]
    if paired:
        place = draft.rng.choice(paired)
        lost, left = draft.rng.sample([place["feed_a"], place["feed_b"]], 2)
        _node(draft, lost)["contingency"] = True
        _node(draft, left)["failover_kw"] = draft.most_kw(_fed_by(draft, left), 0.4, 0.7, 0.9)


def _supply(draft: Draft) -> None:
    root = next(node["name"] for node in draft.site["power"] if node.get("parent") is None)
    racks, rng = draft.site["racks"], draft.rng
    if rng.random() < 0.3:
        draft.policy["reserve_mw"] = draft.most_kw(racks, 0.1, 0.3) / 1000
    names = {supply["name"] for supply in draft.site.get("supplies", ())}
    if "dated-1" not in names:
        first = {"name": "dated-1", "node": root, "kw": draft.most_kw(racks, 0.3, 0.6), "firm": rng.random() < 0.7}
        second = {"name": "dated-2", "node": root, "kw": draft.most_kw(racks, 0.2, 0.5), "from": draft.later()}
        draft.site["supplies"] = [first, second | ({"until": draft.record["horizon"]["end"]} if len(racks) < 7 else {})]
        draft.append("events", *([{"type": "delay", "supply": "dated-2", "days": 3}] * (rng.random() < 0.3)))


def _cooling(draft: Draft) -> None:
    hall = draft.rng.choice(draft.site["positions"])["hall"]
    mine = [place for place in draft.site["positions"] if place["hall"] == hall]
    inside = {place["name"] for place in mine}
    racks = [rack for rack in draft.site["racks"] if rack.get("position") in {None, *inside}]
    kw = draft.most_kw(racks, 0.2, 0.4)
    limit = {"total_kw": 2 * kw} if draft.rng.random() < 0.3 else {"liquid_kw": kw, "air_kw": kw}
    zones = [zone for zone in draft.site.get("cooling", ()) if zone["name"] != "tight"]
    draft.site["cooling"] = [*zones, {"name": "tight"} | limit]
    for place in mine:
        place["cooling_zone"] = "tight"


def _ramp(draft: Draft) -> None:
    contracts = draft.record.get("contracts", [])
    if contracts:
        contract = draft.rng.choice(contracts)
        contract["rack_types"] = [kind["name"] for kind in draft.site["rack_types"]]
        contract["shortfall"] = {"penalty_usd_per_kw_month": draft.rng.choice([0.0, 900.0]), "cure_days": 10}
        contract["flexible_mw"] = draft.rng.choice([0.0, draft.most_kw(draft.site["racks"], 0.1, 0.3) / 1000])
        draft.policy["shortfall"] = draft.rng.choice(["price", "price", "price", "forbid"])
        draft.rng.choice(draft.demands)["commitment"] = draft.rng.choice(["hard", "priced", "priced"])


def _bring_up(draft: Draft) -> None:
    rng, racks = draft.rng, draft.site["racks"]
    draft.policy["idle"] = rng.choice(["powered", "off", "off"])
    limits: Record = {}
    if rng.random() < 0.7:
        limits["racks_per_period"] = rng.randint(0, max(len(racks) // 3, 1))
    if rng.random() < 0.5:
        limits["mw_per_period"] = draft.most_kw(racks, 0.1, 0.3, 0.5) / 1000
    draft.policy["bring_up"] = limits


def _isolation(draft: Draft) -> None:
    draft.rng.choice(draft.demands)["isolation"] = draft.rng.choice(["row", "hall"])


def _locality(draft: Draft) -> None:
    level, least = draft.rng.choice(["row", "fabric_block", "hall"]), draft.rng.choice([2, 2, 3])
    draft.rng.choice(draft.demands)["locality"] = {"level": level, "min_racks": least}
    if level == "fabric_block":
        for place in draft.site["positions"]:
            place.setdefault("fabric_block", f"block of {place['row']}")


def _spread(draft: Draft) -> None:
    kind = draft.rng.choice(["ups", "utility"]) if draft.rng.random() < 0.2 else "ups"
    share = draft.rng.choice([0.3, 0.4, 0.5, 0.7])
    draft.rng.choice(draft.demands)["spread"] = {"node_kind": kind, "max_share": share}


def _position(draft: Draft) -> None:
    """Racks that stand become deliveries; their positions are free, and one takes air-cooled racks alone."""
    standing = [rack for rack in draft.site["racks"] if rack.get("position")]
    for rack in draft.rng.sample(standing, min(2, len(standing))):
        rack |= {"position": None, "status": "planned"}
        rack["available_from"] = draft.rng.choice([format_day(draft.periods[0].start), draft.later()])
    if draft.rng.random() < 0.3:
        draft.rng.choice(draft.site["positions"])["cooling"] = draft.rng.choice(["air", "liquid"])


def _pins(draft: Draft) -> None:
    rng, place, demand = draft.rng, draft.rng.choice(draft.site["positions"]), draft.rng.choice(draft.demands)
    if rng.random() < 0.25:
        draft.policy["freeze_until"] = draft.later()
        draft.record.setdefault("incumbent", _held(draft))
        return
    racks = [{"rack": rack["name"]} for rack in draft.site["racks"] if rack["rack_type"] in demand["rack_types"]]
    where = [{"row": place["row"]}, {"hall": place["hall"]}, *rng.sample(racks, min(2, len(racks)))]
    start, end = rng.randrange(len(draft.periods)), rng.choice([None, None, draft.periods[-1].end])
    span = {"from": format_day(draft.periods[start].start)} | ({"until": format_day(end)} if end else {})
    draft.append("pins", rng.choice(where) | {"demand": rng.choice([demand["name"], "idle"])} | span)


def _held(draft: Draft) -> Record:
    """Yesterday's plan: racks that stand served some demand that accepts them, a few for nobody."""
    spans = []
    for rack in draft.site["racks"]:
        takers = [d["name"] for d in draft.demands if rack["rack_type"] in d["rack_types"]]
        if rack.get("position") and takers and draft.rng.random() < 0.7:
            name, until = draft.rng.choice(takers), draft.rng.choice(draft.periods[1:]).start
            span = {"from": _before(draft.periods[0].start), "until": format_day(until)}
            spans.append({"rack": rack["name"], "demand": name} | span)
    return incumbent(assignments=spans)


def _before(day: date) -> str:
    return format_day(add_days(day, -30))


def _hand_over(draft: Draft) -> None:
    rng, days = draft.rng, draft.periods[0].days
    draft.policy["handover_days"] = rng.choice([0, 1, days, days + 1, days * 2])
    if draft.policy["handover_days"] == 0 or rng.random() < 0.4:
        draft.policy["max_moves_per_period"] = rng.randint(0, 2)
    draft.policy["move_cost_usd_per_rack"] = rng.choice([0.0, 100.0, 5000.0])
    if rng.random() < 0.5:
        draft.record.setdefault("incumbent", _held(draft))


def _term(draft: Draft) -> None:
    rng, contracts = draft.rng, draft.record.get("contracts", [])
    way = rng.choice(["notice", "until", "delay", "sign"]) if contracts else "workload"
    if way == "workload" or not contracts:
        draft.demands[0]["until"] = draft.later()
        return
    contract, day = rng.choice(contracts), draft.later()
    match way:
        case "notice":
            terms = {"notice_days": rng.choice([0, 3, 20]), "initial_term_months": 0, "by": "either"}
            contract["termination"] = terms
            draft.append("events", {"type": "notice", "contract": contract["name"], "by": "tenant", "on": day})
        case "until":
            contract["until"] = day
        case "delay":
            draft.append("events", {"type": "delay", "contract": contract["name"], "until": day})
        case "sign":
            contracts.remove(contract)
            draft.append("events", {"type": "sign", "contract": contract | {"probability": 0.5}, "on": day})


def _buffer(draft: Draft) -> None:
    draft.rng.choice(draft.demands)["buffer_share"] = draft.rng.choice([0.1, 0.25, 0.5, 1.0])


SWITCHES: dict[Rule, Switch] = {
    Rule.EXCLUSIVITY: _exclusivity,
    Rule.AVAILABILITY: _availability,
    Rule.COMPATIBILITY: _compatibility,
    Rule.WHERE: _where,
    Rule.POWER: _power,
    Rule.FAILOVER: _failover,
    Rule.SUPPLY: _supply,
    Rule.COOLING: _cooling,
    Rule.RAMP: _ramp,
    Rule.BRING_UP: _bring_up,
    Rule.ISOLATION: _isolation,
    Rule.LOCALITY: _locality,
    Rule.SPREAD: _spread,
    Rule.POSITION: _position,
    Rule.PINS: _pins,
    Rule.HAND_OVER: _hand_over,
    Rule.TERM: _term,
    Rule.BUFFER: _buffer,
}
