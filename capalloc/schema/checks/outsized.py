"""Sizes that do not go with the site: limits a sliver of what stands there, commitments far above all of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from capalloc.schema.checks.fault import Fault, Loc
from capalloc.schema.demand import Contract, Demand, Workload
from capalloc.schema.event import NewSupply
from capalloc.schema.facility import Facility, Position, Supply
from capalloc.schema.hardware import RackType
from capalloc.schema.scenario import Scenario
from capalloc.units import KW_PER_MW

SLIVER = 0.1
"""A limit below this share of what stands there is warned about."""
_FAR = 1.5
"""So many times what a site has in racks, and what its supplies carry, is far above it."""
_FAR_WISHED = 10
"""The same of what a workload can use, which may well be more than there is."""
_CRUMB = 0.25
"""Fewer GPUs than this share of a rack's are likely racks."""
_UNITS = {"mw": "MW", "gpus": "GPUs", "racks": "racks"}

Standing = list[tuple[Position, RackType]]


def outsized_site(facility: Facility) -> Iterator[Fault]:
    """A fault for each limit of a node, a root's supplies or a cooling zone that is a sliver of the racks there."""
    standing = standing_racks(facility)
    drawn = drawn_kw(facility, standing)
    yield from _nodes(facility, drawn)
    yield from _zones(facility, standing)


def standing_racks(facility: Facility, on: date | None = None) -> Standing:
    """The racks that have a position, on a day or on any, with it."""
    kinds, places = {kind.name: kind for kind in facility.rack_types}, {one.name: one for one in facility.positions}
    return [
        (places[rack.position], kinds[rack.rack_type])
        for rack in facility.racks
        if rack.position is not None and rack.status != "retired" and (on is None or rack.stands(on))
    ]


def outsized_demands(scenario: Scenario) -> Iterator[Fault]:
    """A fault for each demand that asks for far more than the racks it accepts, or than the site's supplies carry."""
    site = scenario.facility
    kinds = {kind.name: kind for kind in site.rack_types}
    racks = Counter(rack.rack_type for rack in site.racks if rack.status != "retired")
    carried = _carried_kw(scenario)
    for loc, demand in scenario.located_demands():
        accepted = [(kinds[name], racks[name]) for name in demand.rack_types]
        for one in _largest(demand):
            if message := _beyond(
                one, sum(_counted(demand, one.unit, kind, site.pue) * n for kind, n in accepted), carried
            ):
                yield Fault((*loc, *one.loc), message)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a step of a demand asks for, in its own unit."""

    loc: Loc
    unit: str
    amount: float
    far: float
    """So many times what there is, is far above it."""

    @property
    def shown(self) -> str:
        """The amount with its unit."""
        return f"{self.amount:,g} {_UNITS[self.unit]}"


def _largest(demand: Demand) -> Iterator[_Asked]:
    """The largest step of a demand, and the largest minimum of a workload."""
    if isinstance(demand, Contract):
        at, most = max(enumerate(demand.ramp), key=lambda item: item[1].amount)
        yield _Asked(("ramp", at, most.unit), most.unit, most.amount, _FAR)
    if isinstance(demand, Workload):
        at, step = max(enumerate(demand.demand), key=lambda item: item[1].amount)
        yield _Asked(("demand", at, step.unit), step.unit, step.amount, _FAR_WISHED)
        at, step = max(enumerate(demand.demand), key=lambda item: item[1].min)
        yield _Asked(("demand", at, "min"), step.unit, step.min, _FAR)


def below_a_rack(scenario: Scenario) -> Iterator[Fault]:
    """A fault for each demand that counts far fewer GPUs, in all or in its first tier, than a rack of it has."""
    gpus = {kind.name: kind.gpus for kind in scenario.facility.rack_types}
    for loc, demand in scenario.located_demands():
        least = min(gpus[name] for name in demand.rack_types)
        told = [(one.loc, one.amount) for one in _largest(demand) if one.unit == "gpus" and one.loc[-1] != "min"]
        if isinstance(demand, Workload):
            told.append((("value", 0, "up_to_gpus"), demand.value[0].up_to_gpus or 0))
        for path, amount in told:
            if 0 < amount < _CRUMB * least:
                message = f"found {amount:,g} GPUs, where a rack has {least:,}; usual is whole racks: are racks meant?"
                yield Fault((*loc, *path), message)


def _beyond(asked: _Asked, most: float, carried_kw: float) -> str | None:
    """The sentence on what is far above all racks, which count ``most`` (kW, GPUs, racks), or above what is carried."""
    if asked.unit != "mw":
        have = f"have {most:,}" if asked.unit == "gpus" else f"are {most:,}"
        return f"found {asked.shown}; all racks that it accepts {have}" if asked.amount > asked.far * most else None
    for kw, what in ((most, "all racks that it accepts come to"), (carried_kw, "the site's roots and supplies carry")):
        if asked.amount * KW_PER_MW > asked.far * kw:
            return f"found {asked.shown}; {what} {kw / KW_PER_MW:,.4g} MW; mind the unit"
    return None


def _counted(demand: Demand, unit: str, kind: RackType, pue: float) -> float:
    """GPUs, racks or kW that a rack counts for a demand."""
    if unit != "mw":
        return kind.gpus if unit == "gpus" else 1
    basis = demand.basis if isinstance(demand, Contract) else f"it_{demand.draw}"
    if basis == "it_nameplate":
        return kind.nameplate_kw
    return kind.expected_kw * (pue if basis == "facility" else 1)


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


def drawn_kw(facility: Facility, standing: Standing) -> dict[str, float]:
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
        if node.rated_kw * node.max_utilization < SLIVER * drawn[node.name]:
            yield _sliver(("power", index, "rated_kw"), node.rated_kw, f"draw {drawn[node.name]:,.0f} kW")


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
            if limit is not None and limit < SLIVER * kw:
                word = {"liquid_kw": " by liquid", "air_kw": " by air"}.get(key, "")
                yield _sliver(("cooling", index, key), limit, f"give {kw:,.0f} kW of heat{word}")


def _sliver(loc: Loc, limit: float, does: str) -> Fault:
    message = f"found {limit:,g} kW where the racks that stand there {does}; usual is about that or more"
    return Fault(("facility", *loc), message)
