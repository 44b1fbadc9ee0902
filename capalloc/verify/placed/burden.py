"""What racks that stand somewhere ask of power and cooling on one day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from capalloc.schema.facility import Facility
from capalloc.schema.hardware import RackType
from capalloc.schema.request import Placed, Request
from capalloc.verify.checks.cooling import NO_HEAT, Heat
from capalloc.verify.exact import NOTHING, exact
from capalloc.verify.flow import Flow, Meter, Over
from capalloc.verify.grid import Grid
from capalloc.verify.placed.stage import Ask, Bay, Key, Stage, bay_of
from capalloc.verify.site import STOOD, Limit, Site, Spot
from capalloc.verify.when import has


@dataclass(frozen=True, slots=True)
class Burden:
    """Load of every node and heat of every zone."""

    meter: Meter
    heat: Mapping[str, Heat]
    """Of the zones that have any."""


def burdens(
    facility: Facility, stage: Stage, requests: Mapping[str, Request], placements: Sequence[Sequence[Placed]]
) -> tuple[Burden, ...]:
    """For each placement its burden, together with that of the racks that stand before.

    Lines with a request or position that nobody knows ask for nothing.
    """
    kinds = {kind.name: kind for kind in facility.rack_types}
    asks: dict[Key, Ask] = {("request", name): _request(request, kinds) for name, request in requests.items()}
    asks |= stage.asks
    bays = {place.name: bay_of(place) for place in facility.positions}
    grid = Grid(facility, stage.site, [ask.draw for ask in asks.values()])
    loads = (stage.standing + _standing(lines, bays, asks) for lines in placements)
    return tuple(_burden(grid, stage.site, asks, load) for load in loads)


def _standing(lines: Sequence[Placed], bays: Mapping[str, Bay], asks: Mapping[Key, Ask]) -> Counter[tuple[Bay, Key]]:
    keyed: Iterator[tuple[Bay | None, Key]] = ((bays.get(line.position), ("request", line.request)) for line in lines)
    return Counter((bay, key) for bay, key in keyed if bay is not None and key in asks)


def _request(request: Request, kinds: Mapping[str, RackType]) -> Ask:
    """As the request says; where it says nothing, as its rack type does."""
    kind = kinds.get(request.rack_type) if request.rack_type is not None else None
    draw, share = request.power_kw, request.liquid_fraction
    if kind is not None:
        draw = kind.nameplate_kw if draw is None else draw
        share = kind.liquid_fraction if share is None else share
    kw = NOTHING if draw is None else exact(draw)
    heat = kw if request.cooling_kw is None else exact(request.cooling_kw)
    wet = NOTHING if share is None else heat * exact(share)
    return Ask(kw, wet, heat - wet)


def _burden(grid: Grid, site: Site, asks: Mapping[Key, Ask], standing: Mapping[tuple[Bay, Key], int]) -> Burden:
    meter, units = Meter(grid, site), {key: grid.draw_units(ask.draw) for key, ask in asks.items()}
    for node, load in grid.static.items():
        if has(site.live[node], 0):
            meter.add_static(node, load)
    draws: Counter[Spot] = Counter()
    zoned: Counter[tuple[str, Key]] = Counter()
    for ((spot, zone), key), racks in standing.items():
        draws[spot] += racks * units[key]
        if zone is not None:
            zoned[zone, key] += racks
    for spot, draw in draws.items():
        meter.add_racks(spot, draw)
    return Burden(meter, _heat(asks, zoned))


def _heat(asks: Mapping[Key, Ask], zoned: Mapping[tuple[str, Key], int]) -> dict[str, Heat]:
    heat: dict[str, Heat] = {}
    for (zone, key), racks in zoned.items():
        liquid, air = heat.get(zone, NO_HEAT)
        heat[zone] = liquid + racks * asks[key].liquid, air + racks * asks[key].air
    return heat


def flow_against(before: Burden, now: Burden) -> Flow:
    """The flow of what stands now, with limits raised to the load of what stood before.

    Where that is above a limit already nothing may be added, and nothing must be taken away.
    """
    flow = now.meter.read(0)
    return replace(flow, normal=_above(before, flow.normal), losses=_above(before, flow.losses))


def _above(before: Burden, overs: tuple[Over, ...]) -> tuple[Over, ...]:
    raised = (_against(over, before) for over in overs)
    return tuple(over for over in raised if over.kw > over.limit.kw)


def _against(over: Over, before: Burden) -> Over:
    stood = before.meter.load_kw(over.node, over.lost)
    if stood <= over.limit.kw:
        return over
    return replace(over, limit=Limit(stood, over.limit.by_supply, STOOD))
