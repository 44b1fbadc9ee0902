"""The limits of models/README.md (What the power rules mean) as linear rows in exact numbers, by position."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Literal

from capalloc.schema.facility import CoolingZone, Facility, Position, PowerNode
from capalloc.schema.hardware import RackType
from capalloc.schema.request import Request, Standing
from capalloc.schema.rules import Rule

Counts = Literal["power", "liquid", "air", "total"]


def exact(value: float) -> Fraction:
    """The number that a person wrote."""
    return Fraction(str(value))


@dataclass(frozen=True)
class Row:
    """static + the sum of weight x kW over the racks that stand <= limit."""

    rule: Rule
    where: str
    lost: str | None
    """The contingency that is out; None in normal operation."""
    limit: Fraction
    static: Fraction = Fraction(0)
    weights: dict[str, Fraction] = field(default_factory=dict)
    """Of each position that asks for something, per kW of a rack there."""
    counts: Counts = "power"
    """Which kW of a rack: its draw, the part of its heat that leaves by liquid or by air, or all of its heat."""

    def asked(self, request: Request, kind: RackType | None) -> Fraction:
        """kW of one rack of a request, what it does not say as its rack type has it."""
        draw, liquid = request.power_kw, request.liquid_fraction
        if kind is not None:
            draw = kind.nameplate_kw if draw is None else draw
            liquid = kind.liquid_fraction if liquid is None else liquid
        assert draw is not None
        heat = exact(draw if request.cooling_kw is None else request.cooling_kw)
        return exact(draw) if self.counts == "power" else heat * self._share(liquid or 0.0)

    def own(self, kind: RackType, standing: Standing) -> Fraction:
        """kW of one rack of the facility's own table."""
        kw = exact(kind.expected_kw if standing == "expected" else kind.nameplate_kw)
        return kw if self.counts == "power" else kw * self._share(kind.liquid_fraction)

    def _share(self, liquid: float) -> Fraction:
        """Share of heat that counts."""
        return {"liquid": exact(liquid), "air": 1 - exact(liquid)}.get(self.counts, Fraction(1))


class Power:
    """The power forest on one day."""

    def __init__(self, facility: Facility, on: date) -> None:
        self.facility, self.on = facility, on
        self.nodes = {node.name: node for node in facility.power}
        self.path = {name: tuple(self._up(name)) for name in self.nodes}
        self.supply = {s.node: Fraction(0) for s in facility.supplies}
        for supply in facility.supplies:
            if _holds(supply.start, supply.until, on):
                self.supply[supply.node] += exact(supply.kw)

    def _up(self, name: str | None) -> Iterator[str]:
        while name is not None:
            yield name
            name = self.nodes[name].parent

    def live(self, name: str) -> bool:
        """Energised: it and all above stand on the day, and the root has supply where it has supplies."""
        return all(
            _holds(self.nodes[up].available_from, self.nodes[up].available_until, self.on) and self.supply.get(up) != 0
            for up in self.path[name]
        )

    def lit(self, place: Position) -> bool:
        """Whether every feed that carries a share is energised."""
        return all(self.live(feed) for feed, share in _shares(place).items() if share)

    def rows(self) -> Iterator[Row]:
        """Every node in normal operation and after each loss outside of which it lies."""
        lost = [node.name for node in self.facility.power if node.contingency and self.live(node.name)]
        for node in self.facility.power:
            for out in (None, *(out for out in lost if out not in self.path[node.name])):
                yield self._row(node, out)

    def _row(self, node: PowerNode, out: str | None) -> Row:
        normal = exact(node.rated_kw) * exact(node.max_utilization)
        failover = exact(node.rated_kw if node.failover_kw is None else node.failover_kw)
        rule, limit = (Rule.POWER, normal) if out is None else (Rule.FAILOVER, failover)
        supply = self.supply.get(node.name)
        if supply is not None and supply < limit:
            rule, limit = Rule.SUPPLY, supply
        if not self.live(node.name):
            rule, limit = (Rule.SUPPLY if supply == 0 else rule), Fraction(0)
        static = sum(
            (
                exact(other.static_load_kw)
                for other in self.facility.power
                if node.name in self.path[other.name] and self.live(other.name) and out not in self.path[other.name]
            ),
            Fraction(0),
        )
        per_kw = exact(self.facility.pue) if node.load == "facility" else Fraction(1)
        weights = {place.name: per_kw * self._share(place, node.name, out) for place in self.facility.positions}
        return Row(rule, node.name, out, limit, static, {name: weight for name, weight in weights.items() if weight})

    def _share(self, place: Position, node: str, out: str | None) -> Fraction:
        """Share of a rack at the position that the node carries."""
        shares = _shares(place)
        left = [feed for feed in shares if out not in self.path[feed]]
        if len(left) < len(shares):
            shares = dict.fromkeys(left, Fraction(1))
        return sum((share for feed, share in shares.items() if node in self.path[feed]), Fraction(0))


def _shares(place: Position) -> dict[str, Fraction]:
    if place.feed_b is None:
        return {place.feed_a: Fraction(1)}
    share = Fraction(1, 2) if place.split_a is None else exact(place.split_a)
    return {place.feed_a: share, place.feed_b: 1 - share}


def _holds(start: date | None, until: date | None, on: date) -> bool:
    return (start is None or start <= on) and (until is None or on < until)


def heat_rows(facility: Facility, on: date) -> Iterator[Row]:
    """Every zone: its one total, or else its liquid and its air."""
    for zone in facility.cooling:
        places = {place.name: Fraction(1) for place in facility.positions if place.cooling_zone == zone.name}
        limits: tuple[tuple[Counts, float | None], ...] = (
            ("total", zone.total_kw),
            ("liquid", zone.liquid_kw),
            ("air", zone.air_kw),
        )
        for counts, kw in limits:
            if kw is not None:
                yield Row(Rule.COOLING, zone.name, None, _heat_limit(zone, kw, on), weights=places, counts=counts)


def _heat_limit(zone: CoolingZone, kw: float, on: date) -> Fraction:
    return exact(kw) if _holds(zone.available_from, zone.available_until, on) else Fraction(0)
