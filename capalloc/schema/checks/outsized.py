"""Sizes that do not go with the site: limits a sliver of what stands there, commitments far above all of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from capalloc.schema.checks.fault import Fault, Loc
from capalloc.schema.demand import Contract
from capalloc.schema.event import NewSupply
from capalloc.schema.facility import Facility, Position, Supply
from capalloc.schema.hardware import RackType
from capalloc.schema.scenario import Scenario
from capalloc.units import KW_PER_MW

_SLIVER = 0.1
"""A limit below this share of what stands there is warned about."""
_FAR = 1.5
"""So many times what a site has in racks, and what its supplies carry, is far above it."""

Standing = list[tuple[Position, RackType]]


def outsized_site(facility: Facility) -> Iterator[Fault]:
    """A fault for each limit of a node, a root's supplies or a cooling zone that is a sliver of the racks there."""
    kinds, places = {kind.name: kind for kind in facility.rack_types}, {one.name: one for one in facility.positions}
    standing = [
        (places[rack.position], kinds[rack.rack_type])
        for rack in facility.racks
        if rack.position is not None and rack.status != "retired"
    ]
    drawn = _drawn_kw(facility, standing)
    yield from _nodes(facility, drawn)
    yield from _supplies(facility, drawn)
    yield from _zones(facility, standing)


def outsized_commitments(scenario: Scenario) -> Iterator[Fault]:
    """A fault for each contract that commits far more than the racks it accepts, or than the site's supplies carry."""
    site = scenario.facility
    kinds = {kind.name: kind for kind in site.rack_types}
    racks = Counter(rack.rack_type for rack in site.racks if rack.status != "retired")
    carried = _carried_kw(scenario)
    for loc, contract in scenario.located_demands():
        if not isinstance(contract, Contract):
            continue
        accepted = [(kinds[name], racks[name]) for name in contract.rack_types]
        at, step = max(enumerate(contract.ramp), key=lambda item: item[1].amount)
        here = (*loc, "ramp", at, step.unit)
        if step.unit == "gpus":
            gpus = sum(kind.gpus * many for kind, many in accepted)
            if step.amount > _FAR * gpus:
                yield Fault(here, f"found {step.amount:,g} GPUs; all racks that it accepts have {gpus:,}")
            continue
        most = sum(_basis_kw(contract, kind, site.pue) * many for kind, many in accepted)
        if step.amount * KW_PER_MW > _FAR * most:
            message = f"found {step.amount:,g} MW; all racks that it accepts come to {most / KW_PER_MW:,.4g} MW"
            yield Fault(here, f"{message}; mind the unit")
        elif step.amount * KW_PER_MW > _FAR * carried:
            message = f"found {step.amount:,g} MW; the site's roots and supplies carry {carried / KW_PER_MW:,.4g} MW"
            yield Fault(here, f"{message}; mind the unit")


def _basis_kw(contract: Contract, kind: RackType, pue: float) -> float:
    if contract.basis == "it_nameplate":
        return kind.nameplate_kw
    return kind.expected_kw * (pue if contract.basis == "facility" else 1)


def _carried_kw(scenario: Scenario) -> float:
    """What the roots can carry at most, with every supply that ever comes."""
    site = scenario.facility
    supplies: tuple[Supply | NewSupply, ...] = site.supplies
    supplies += tuple(event for event in scenario.events if isinstance(event, NewSupply))
    supplied: dict[str, float] = defaultdict(float)
    for supply in supplies:
        supplied[supply.node] += supply.kw
    roots = [node for node in site.power if node.parent is None]
    return sum(min(node.rated_kw * node.max_utilization, supplied.get(node.name, node.rated_kw)) for node in roots)


def _drawn_kw(facility: Facility, standing: Standing) -> dict[str, float]:
    """Expected kW of the racks that stand below each node, by their feeds' shares."""
    drawn: dict[str, float] = defaultdict(float)
    for position, kind in standing:
        for feed, share in position.shares:
            drawn[feed] += share * kind.expected_kw
    above = {node.name: node.parent for node in facility.power}
    for feed, kw in list(drawn.items()):
        node = above[feed]
        while node is not None:
            drawn[node] += kw
            node = above[node]
    return drawn


def _nodes(facility: Facility, drawn: dict[str, float]) -> Iterator[Fault]:
    for index, node in enumerate(facility.power):
        if node.rated_kw * node.max_utilization < _SLIVER * drawn[node.name]:
            yield _sliver(("power", index, "rated_kw"), node.rated_kw, f"draw {drawn[node.name]:,.0f} kW")


def _supplies(facility: Facility, drawn: dict[str, float]) -> Iterator[Fault]:
    total: dict[str, float] = defaultdict(float)
    first: dict[str, int] = {}
    for index, supply in enumerate(facility.supplies):
        total[supply.node] += supply.kw
        first.setdefault(supply.node, index)
    for node, kw in total.items():
        if kw < _SLIVER * drawn[node]:
            where = f"draw {drawn[node]:,.0f} kW below {node}"
            yield _sliver(("supplies", first[node], "kw"), kw, where, "in all supplies ")


def _zones(facility: Facility, standing: Standing) -> Iterator[Fault]:
    liquid: dict[str, float] = defaultdict(float)
    air: dict[str, float] = defaultdict(float)
    for position, kind in standing:
        if position.cooling_zone is not None:
            liquid[position.cooling_zone] += kind.expected_kw * kind.liquid_fraction
            air[position.cooling_zone] += kind.expected_kw * (1 - kind.liquid_fraction)
    for index, zone in enumerate(facility.cooling):
        heat = {"liquid_kw": liquid[zone.name], "air_kw": air[zone.name]}
        heat["total_kw"] = sum(heat.values())
        for key, kw in heat.items():
            limit = getattr(zone, key)
            if limit is not None and limit < _SLIVER * kw:
                word = {"liquid_kw": " by liquid", "air_kw": " by air"}.get(key, "")
                yield _sliver(("cooling", index, key), limit, f"give {kw:,.0f} kW of heat{word}")


def _sliver(loc: Loc, limit: float, does: str, what: str = "") -> Fault:
    message = f"found {limit:,g} kW {what}where the racks that stand there {does}; usual is about that or more"
    return Fault(("facility", *loc), message)
