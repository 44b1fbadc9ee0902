"""Random cases: a small facility, groups of racks, and limits near what a placement of them would ask."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import count, pairwise
from typing import Any

from capalloc.schema.checks.placing import placing_faults
from capalloc.schema.facility import Facility
from capalloc.schema.request import Placed, Request
from tests.placement.case import Case
from tests.placement.optimum import PLACE
from tests.placement.rows import Row

Record = dict[str, Any]
ON = date(2026, 6, 1)
THEN, NOW, SOON = "2026-05-01", "2026-06-01", "2026-06-02"
LOOSE_KW = 9000.0
ROUND_KW = (5.0, 10.0, 20.0, 40.0)
ODD_KW = (3.7, 0.333, 7.25, 12.1, 1.001, 6.6)
FINE_KW = (0.0625, 0.3335)
"""Not whole watts."""
FINE_SHARE = 0.02
CHAINS = (
    ("utility",),
    ("utility", "ups"),
    ("utility", "ups", "pdu"),
    ("utility", "switchboard", "ups", "pdu"),
)
"""Kinds of nodes from the root to the leaves."""
RACK_TYPES: tuple[Record, ...] = (
    {"name": "wet", "nameplate_kw": 12.1, "expected_kw": 9.7, "liquid_fraction": 0.75, "cooling": "liquid"},
    {"name": "dry", "nameplate_kw": 5.0, "expected_kw": 3.7, "liquid_fraction": 0.0, "cooling": "air"},
    {"name": "mixed", "nameplate_kw": 0.333, "expected_kw": 0.333, "liquid_fraction": 0.3, "cooling": "hybrid"},
)


def random_case(seed: int) -> Case:
    """The case of a seed: without faults, the same for the same seed."""
    dice = _Dice(random.Random(seed))
    while True:
        case = dice.case(seed)
        if not placing_faults(case.facility, case.requests, case.occupied, on=case.on, standing=case.standing):
            return case


def whole_watts(kw: Fraction) -> float:
    """The least whole watts that are not less, in kW."""
    return math.ceil(kw * 1000) / 1000


class _Dice:
    """Draws one case after another."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng

    def often(self, share: float) -> bool:
        """True in this share of throws."""
        return self.rng.random() < share

    def case(self, seed: int) -> Case:
        """A loose facility and requests; what stands; a plan for the rest; limits near what that asks."""
        site = self.site()
        case = Case(
            seed=seed,
            facility=Facility.model_validate(site),
            requests=self.requests(),
            occupied=(),
            objective=self.rng.choice(["racks", "kw", "requests", "value"]),
            standing=self.rng.choice(["nameplate", "nameplate", "expected", "none"]),
            on=ON,
        )
        if self.often(0.45):
            case = replace(case, occupied=self.standing(case))
        self.tighten(site, case, self.planned(case))
        return replace(case, facility=Facility.model_validate(site))

    # The floor

    def site(self) -> Record:
        """A facility with loose limits."""
        power = self.power()
        inner = {node["parent"] for node in power if "parent" in node}
        zones = [f"z{i}" for i in range(self.rng.choice([0, 1, 1, 2, 3]))]
        positions = self.positions([node["name"] for node in power if node["name"] not in inner], zones)
        return {
            "facility": "small",
            "pue": self.rng.choice([1.0, 1.0, 1.25, 1.3, 1.137]),
            "rack_types": [{"gpu": "H100", "gpus": 8, "idle_kw": 0.1} | kind for kind in RACK_TYPES],
            "power": power,
            "positions": positions,
            "cooling": [self.zone(name) for name in zones],
            "racks": self.racks(positions) if self.often(0.45) else [],
        }

    def power(self) -> list[Record]:
        """A forest of one to four levels."""
        chain = self.rng.choice([CHAINS[0], *CHAINS[1:3] * 2, *CHAINS[3:] * 2])
        exposed = [self.often(0.55) for _ in chain]
        number, nodes = count(), []
        level: list[str | None] = [None] * (self.rng.randint(2, 4) if len(chain) == 1 else self.rng.choice([1, 2, 2]))
        for depth, kind in enumerate(chain):
            below: list[str | None] = []
            for parent in level:
                node = self.node(f"{kind[:2]}{next(number)}", kind, parent, exposed[depth])
                nodes.append(node)
                below += [node["name"]] * self.rng.choice([1, 2, 2, 3] if len(level) < 4 else [1, 1, 2])
            level = below
        return nodes

    def node(self, name: str, kind: str, parent: str | None, exposed: bool) -> Record:
        """A node that may carry anything."""
        node: Record = {"name": name, "kind": kind, "rated_kw": LOOSE_KW}
        if parent is not None:
            node["parent"] = parent
        node["contingency"] = exposed and self.often(0.9)
        if self.often(0.25):
            node["max_utilization"] = self.rng.choice([0.8, 0.9, 0.5])
        if self.often(0.15):
            node["static_load_kw"] = self.rng.choice([0.5, 3.7, 10.0])
        if self.often(0.25):
            node["load"] = "facility"
        return node | self.dates(0.005 if parent is None else 0.03)

    def dates(self, share: float) -> Record:
        """Dates: of this share of records those of another time."""
        if self.often(share):
            return self.rng.choice([{"available_from": SOON}, {"available_until": NOW}])
        return self.rng.choice([{}, {}, {}, {"available_from": NOW}, {"available_until": SOON}])

    def zone(self, name: str) -> Record:
        """A zone that takes any heat, as one total or by liquid and air."""
        limits = {"total_kw": LOOSE_KW} if self.often(0.5) else {"air_kw": LOOSE_KW, "liquid_kw": LOOSE_KW}
        return {"name": name} | limits | self.dates(0.1)

    def positions(self, leaves: list[str], zones: list[str]) -> list[Record]:
        """Four to twelve positions in one to four rows."""
        rows, places = self.rng.choice([1, 2, 3, 4, 4]), self.rng.randint(4, 12)
        halls = self.rng.choice([1, 2])
        borders = sorted(self.rng.choices(range(places + 1), k=rows - 1))
        blocks = self.rng.choice([0, 2, 3, 4])
        cooled = self.often(0.3)
        found: list[Record] = []
        for row, (first, end) in enumerate(pairwise([0, *borders, places])):
            # rows of two halls may have one name
            name, cords, zone = (
                f"r{row % 2 if halls == 2 else row}",
                self.cords(leaves),
                self.rng.choice([None, *zones]),
            )
            cooling = self.rng.choice(["liquid", "air", "hybrid"]) if cooled else None
            for index in range(first, end):
                if self.often(0.3):
                    cords = self.cords(leaves)
                if self.often(0.2):
                    zone = self.rng.choice([None, *zones * 2])
                place: Record = {"name": f"p{index}", "hall": f"h{row * halls // rows}", "row": name, "index": index}
                if blocks and self.often(0.9):
                    place["fabric_block"] = f"b{index * blocks // places}"
                if zone is not None:
                    place["cooling_zone"] = zone
                if cooling is not None:
                    place["cooling"] = cooling
                found.append(place | cords)
        return found

    def cords(self, leaves: list[str]) -> Record:
        """One feed, or two with a split."""
        if len(leaves) == 1 or self.often(0.25):
            return {"feed_a": self.rng.choice(leaves)}
        feeds = dict(zip(("feed_a", "feed_b"), self.rng.sample(leaves, 2), strict=True))
        split = self.rng.choice([None, None, 0.5, 1.0, 1.0, 0.3, 0.7, 0.0])
        return feeds if split is None else feeds | {"split_a": split}

    def racks(self, positions: list[Record]) -> list[Record]:
        """A few racks of the facility's own, some of them gone or still to come."""
        places = self.rng.sample(positions, self.rng.randint(1, max(1, len(positions) // 3)))
        found = []
        for number, place in enumerate(places):
            status = self.rng.choice(["active", "active", "maintenance", "planned", "retired"])
            rack = {"name": f"own{number}", "rack_type": self.rng.choice(RACK_TYPES)["name"], "status": status}
            found.append(rack | {"position": place["name"]} | self.dates(0.2))
        return found

    # What is asked, and what stands

    def requests(self) -> tuple[Request, ...]:
        """Two to nine groups of one to six racks."""
        palette = self.rng.choice([ROUND_KW, ODD_KW, ROUND_KW + ODD_KW, self.rng.sample(ROUND_KW + ODD_KW, 1)])
        if self.often(FINE_SHARE):
            palette = (*palette, *FINE_KW)
        kept = self.rng.choice([["none"], ["row"], ["row", "fabric_block"], ["row", "fabric_block", "hall", "none"]])
        whole, wet, typed = self.rng.choice([0.0, 0.5, 1.0]), self.often(0.4), self.often(0.4)
        sizes = self.rng.choice([[1, 1, 2], [1, 2, 3, 4], [2, 3, 4, 5, 6]])
        found = []
        for number in range(self.rng.randint(2, 9)):
            power = self.rng.choice(palette)
            request: Record = {"name": f"q{number}", "racks": self.rng.choice(sizes), "power_kw": power}
            request |= {"together": self.rng.choice(kept), "all_or_nothing": self.often(whole)}
            request["value"] = self.rng.choice([1.0, 1.0, 2.0, 0.5, 3.25, 0.0, 1.1])
            if wet and self.often(0.6):
                request["cooling_kw"] = self.rng.choice([0.0, 1.0, 3.7, 15.0, 0.333])
            if typed and self.often(0.6):
                request |= self.kind()
            found.append(Request.model_validate(request))
        return tuple(found)

    def kind(self) -> Record:
        """A rack type with its draw or another, or how heat leaves."""
        if self.often(0.3):
            return {"liquid_fraction": self.rng.choice([0.0, 0.25, 0.8, 1.0])}
        own: Record = self.rng.choice([{}, {"liquid_fraction": 0.5}, {"power_kw": None}, {"power_kw": None}])
        return {"rack_type": self.rng.choice(RACK_TYPES)["name"]} | own

    def standing(self, case: Case) -> tuple[Placed, ...]:
        """Racks of some requests, whole or in part, together or apart, wherever there is a position."""
        free = [name for name in case.positions if name not in case.own]
        self.rng.shuffle(free)
        lines: list[Placed] = []
        for request in self.rng.sample(case.requests, self.rng.randint(1, min(3, len(case.requests)))):
            racks = self.rng.choice([1, self.rng.randint(1, request.racks), request.racks])
            if self.often(0.8):
                lines += self.into_one(case, request, racks, free)
            else:
                lines += [Placed(request=request.name, position=name) for name in free[:racks]]
            free = [name for name in free if name not in {line.position for line in lines}]
        return tuple(lines[: self.rng.randint(1, len(case.positions) // 2)])

    def planned(self, case: Case) -> tuple[Placed, ...]:
        """A placement of most requests that keeps everything but the limits, which are still loose."""
        taken = {line.position for line in case.occupied} | case.own.keys()
        free = [name for name, place in case.positions.items() if name not in taken and case.power.lit(place)]
        self.rng.shuffle(free)
        lines = list(case.occupied)
        stand = {line.request for line in case.occupied}
        for request in self.rng.sample(case.requests, len(case.requests)):
            if request.name not in stand:
                lines += self.into_one(case, request, request.racks, free)
                free = [name for name in free if name not in {line.position for line in lines}]
        return tuple(lines)

    def into_one(self, case: Case, request: Request, racks: int, free: list[str]) -> list[Placed]:
        """So many racks of a request inside one row, block or hall, as it asks; none where there is no room."""
        inside: dict[str, list[str]] = {}
        for name in free:
            where = PLACE[request.together](case.positions[name])
            if where is not None and case.suits(request, name):
                inside.setdefault(where, []).append(name)
        roomy = [names for names in inside.values() if len(names) >= racks or not request.all_or_nothing]
        names = self.rng.choice(roomy) if roomy else []
        return [Placed(request=request.name, position=name) for name in names[:racks]]

    # Limits

    def tighten(self, site: Record, case: Case, plan: tuple[Placed, ...]) -> None:
        """Limits that are met exactly by the plan, or are a little above or below it; some stay loose."""
        tight = self.rng.choice([0.3, 0.6, 0.9])
        rows = case.rows
        for node in site["power"]:
            own = [row for row in rows if row.where == node["name"] and row.counts == "power"]
            if self.often(tight):
                self.rate(node, own, case, plan)
        for zone in site["cooling"]:
            for row in (row for row in rows if row.where == zone["name"] and row.counts != "power"):
                if self.often(0.75):
                    zone[f"{row.counts}_kw"] = self.near(case.load(row, plan))
        site["supplies"] = [
            supply
            for node in site["power"]
            if "parent" not in node and self.often(0.35)
            for supply in self.supplies(
                node["name"], next(row for row in rows if row.where == node["name"]), case, plan
            )
        ]

    def rate(self, node: Record, rows: list[Row], case: Case, plan: tuple[Placed, ...]) -> None:
        """Rating and failover limit of a node."""
        normal = case.load(next(row for row in rows if row.lost is None), plan)
        after = [case.load(row, plan) for row in rows if row.lost is not None]
        worst = max(after, default=normal)
        kind = self.rng.choice(["normal", "failover", "lower", "both"])
        if kind in ("normal", "both"):
            node["rated_kw"] = self.near(normal / Fraction(str(node.get("max_utilization", 1.0))))
            node["failover_kw"] = LOOSE_KW
        if kind in ("failover", "both"):
            node["failover_kw"] = self.near(worst)
        if kind == "lower":
            # one rating for both, or a failover limit of a share of it
            node["rated_kw"] = self.near(max(worst, normal))
            node.pop("failover_kw", None)
            if self.often(0.5):
                node["failover_kw"] = whole_watts(Fraction(str(node["rated_kw"])) * self.rng.choice([2, 3]) / 3)

    def near(self, kw: Fraction) -> float:
        """A limit that the load meets, or nearly, or by far not."""
        if kw == 0:
            return self.rng.choice([0.0, 5.0, 10.0, 25.0])
        factor = self.rng.choice(["1", "1", "1", "1.05", "0.95", "0.8", "0.7", "0.5"])
        slip = self.rng.choice([0, 0, 0, 1]) if factor == "1" else 0
        return max(round(whole_watts(kw * Fraction(factor)) - slip / 1000, 3), 0.0)

    def supplies(self, root: str, row: Row, case: Case, plan: tuple[Placed, ...]) -> list[Record]:
        """One to three supplies in force that bound a root, and one that is not."""
        load = case.load(row, plan)
        kw, parts = self.near(load) if load else LOOSE_KW, self.rng.randint(1, 3)
        shares = [round(kw / parts, 3)] * (parts - 1)
        shares.append(round(kw - sum(shares), 3))
        found = [{"node": root, "kw": max(share, 0.0), "from": THEN, "until": SOON} for share in shares]
        if self.often(0.5):
            found.append({"node": root, "kw": LOOSE_KW} | self.rng.choice([{"from": SOON}, {"until": NOW}]))
        if self.often(0.3):
            found[0]["from"] = NOW
        return [{"name": f"{root}-{number}"} | supply for number, supply in enumerate(found)]
