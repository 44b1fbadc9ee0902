"""Checks between records of a scenario: names are unique, references lead somewhere, dates fit together.

Each check yields faults with the path of the value at fault, so that a reader of files can point at its line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain

from capalloc.calendar import format_day
from capalloc.schema.checks.cached_check import cached_check
from capalloc.schema.checks.fault import Fault, KnownNames, Loc, dates_in_order, duplicates
from capalloc.schema.checks.incumbent import incumbent_faults, of_another_site
from capalloc.schema.checks.magnitude import tables_too_far, too_far, too_large
from capalloc.schema.checks.places import Places
from capalloc.schema.checks.site import facility_faults, planned_from, rack_faults, root_fault
from capalloc.schema.checks.uncertainty import possible_events, uncertainty_faults
from capalloc.schema.demand import Contract, Demand
from capalloc.schema.event import Delay, Event, NewSupply, Notice, Outage, Sign
from capalloc.schema.facility import Facility, Rack, Supply
from capalloc.schema.scenario import IDLE, Pin, Scenario

__all__ = ["Fault", "facility_faults", "faults", "rack_faults", "site_faults"]


@cached_check
def site_faults(facility: Facility) -> tuple[Fault, ...]:
    """Every fault of a facility on its own, racks or none; paths start with ``facility``.

    Numbers and dates beyond all measure come alone, as in :func:`faults`.
    """
    return (*too_large(facility, ("facility",)), *tables_too_far(facility)) or facility_faults(facility)


@cached_check
def faults(scenario: Scenario) -> tuple[Fault, ...]:
    """Every fault between the records of a scenario, facility first; empty when it can be planned.

    Numbers and dates beyond all measure come alone, since further checks count with them.
    """
    beyond = (*too_large(scenario), *too_far(scenario))
    if beyond:
        return beyond
    names = _Names.of(scenario)
    return tuple(
        chain(
            facility_faults(scenario.facility),
            rack_faults(scenario.facility),
            _demand_names(scenario),
            _supply_names(scenario),
            *(_demand(names, loc, demand) for loc, demand in scenario.located_demands()),
            *(_event(names, ("events", index), event) for index, event in enumerate(scenario.events)),
            _ramps_after_delays(scenario),
            *(_pin(names, ("pins", index), pin) for index, pin in enumerate(scenario.pins)),
            _incumbent(scenario, names),
            *(_event(names, loc, event) for loc, event in possible_events(scenario)),
            uncertainty_faults(scenario),
        )
    )


@dataclass(frozen=True, slots=True)
class _Names:
    """What references may name."""

    facility: Facility
    places: Places
    supplies: KnownNames
    all_supplies: tuple[Supply | NewSupply, ...]
    rack_types: KnownNames
    without_gpus: frozenset[str]
    """Rack types with 0 GPUs."""
    positions: KnownNames
    racks: KnownNames
    rack_named: dict[str, Rack]
    demands: dict[str, Demand]
    fabric_blocks: bool

    @classmethod
    def of(cls, scenario: Scenario) -> _Names:
        """The names of a scenario."""
        site = scenario.facility
        supplies: tuple[Supply | NewSupply, ...] = site.supplies
        supplies += tuple(event for event in scenario.events if isinstance(event, NewSupply))
        return cls(
            facility=site,
            places=Places.of(site),
            supplies=KnownNames("supply", (supply.name for supply in supplies)),
            all_supplies=supplies,
            rack_types=KnownNames("rack type", (kind.name for kind in site.rack_types)),
            without_gpus=frozenset(kind.name for kind in site.rack_types if not kind.gpus),
            positions=KnownNames("position", (position.name for position in site.positions)),
            racks=KnownNames("rack", (rack.name for rack in site.racks)),
            rack_named={rack.name: rack for rack in reversed(site.racks)},
            demands={demand.name: demand for _, demand in scenario.located_demands()},
            fabric_blocks=any(position.fabric_block is not None for position in site.positions),
        )

    def demand(self, loc: Loc, name: str) -> Iterator[Fault]:
        """A fault when no demand has the name."""
        yield from KnownNames("demand", self.demands).missing(loc, name)

    def contract(self, loc: Loc, name: str) -> Iterator[Fault]:
        """A fault when no contract has the name."""
        contracts = (key for key, demand in self.demands.items() if isinstance(demand, Contract))
        yield from KnownNames("contract", contracts).missing(loc, name)


def _demand_names(scenario: Scenario) -> Iterator[Fault]:
    named = [((*loc, "name"), demand.name) for loc, demand in scenario.located_demands()]
    prospects = {contract.name for contract in scenario.contracts if contract.probability < 1}
    for fault in duplicates("demand", named):
        name = dict(named)[fault.loc]
        out = "; what an event signs stands in the event alone: take it out of `contracts`"
        again = fault.loc[0] == "events" and name in prospects
        yield Fault(fault.loc, fault.message + out * again)
    for loc, name in named:
        if name == IDLE:
            yield Fault(loc, f"a demand cannot be named {IDLE!r}: pins use that word for racks that serve nobody")


def _supply_names(scenario: Scenario) -> Iterator[Fault]:
    known = {supply.name for supply in scenario.facility.supplies}
    for index, event in enumerate(scenario.events):
        if isinstance(event, NewSupply):
            if event.name in known:
                yield Fault(("events", index, "name"), f"duplicate name {event.name!r}: another supply has it")
            known.add(event.name)


def _demand(names: _Names, loc: Loc, demand: Demand) -> Iterator[Fault]:
    for index, kind in enumerate(demand.rack_types):
        yield from names.rack_types.missing((*loc, "rack_types", index), kind)
        if kind in demand.rack_types[:index]:
            yield Fault((*loc, "rack_types", index), f"rack type {kind!r} is listed twice")
        if kind in names.without_gpus and (why := _why_gpus(demand)):
            message = (
                f"rack type {kind!r} has no GPUs, and {why}; only a contract in mw with a fee by month may accept it"
            )
            yield Fault((*loc, "rack_types", index), message)
    locality = demand.locality
    if locality is not None and locality.level == "fabric_block" and not names.fabric_blocks:
        message = "asks for lots in fabric blocks, but no position of the facility has a fabric_block"
        yield Fault((*loc, "locality", "level"), message)
    yield from names.places.where((*loc, "where"), demand.where)


def _why_gpus(demand: Demand) -> str | None:
    """What of a demand counts GPUs, if anything."""
    if not isinstance(demand, Contract):
        return "a workload's value is per GPU-hour"
    if demand.ramp[0].unit == "gpus":
        return "the ramp is in gpus"
    return None if demand.fee.usd_per_gpu_hour is None else "the fee is per GPU-hour"


def _event(names: _Names, loc: Loc, event: Event) -> Iterator[Fault]:
    match event:
        case Notice():
            yield from _notice(names, loc, event)
        case Outage():
            yield from _outage(names, loc, event)
        case Delay():
            yield from _delay(names, loc, event)
        case NewSupply():
            yield from root_fault(names.facility, names.places.nodes, (*loc, "node"), event.node)
            yield from dates_in_order(loc, ("from", event.start), ("until", event.until))
        case Sign():
            yield from dates_in_order(loc, ("on", event.on), ("contract.until", event.contract.until), at="on")


def _notice(names: _Names, loc: Loc, event: Notice) -> Iterator[Fault]:
    yield from names.contract((*loc, "contract"), event.contract)
    contract = names.demands.get(event.contract)
    if isinstance(contract, Contract) and contract.termination.by not in ("either", event.by):
        allowed = contract.termination.by
        who = "nobody" if allowed == "none" else f"only the {allowed}"
        yield Fault((*loc, "by"), f"found {event.by}, but {who} may end contract {event.contract!r} (termination.by)")


def _outage(names: _Names, loc: Loc, event: Outage) -> Iterator[Fault]:
    if event.node is not None:
        yield from names.places.nodes.missing((*loc, "node"), event.node)
    if event.row is not None:
        yield from names.places.row((*loc, "row"), event.row)
    if event.hall is not None:
        yield from names.places.halls.missing((*loc, "hall"), event.hall)
    yield from names.places.label((*loc, "label"), event.label)


def _delay(names: _Names, loc: Loc, event: Delay) -> Iterator[Fault]:
    if event.contract is not None:
        yield from names.contract((*loc, "contract"), event.contract)
    if event.node is not None:
        yield from names.places.nodes.missing((*loc, "node"), event.node)
        starts = (node.available_from for node in names.facility.power if node.name == event.node)
        yield from _needs_start((*loc, "node"), event, list(starts), "available_from")
    if event.supply is not None:
        yield from names.supplies.missing((*loc, "supply"), event.supply)
        starts = (supply.start for supply in names.all_supplies if supply.name == event.supply)
        yield from _needs_start((*loc, "supply"), event, list(starts), "from")
    if event.rack_type is not None:
        yield from names.rack_types.missing((*loc, "rack_type"), event.rack_type)
        if event.rack_type in names.rack_types and not planned_from(names.facility, event.rack_type):
            message = f"no planned rack of type {event.rack_type!r} has an available_from that could be delayed"
            yield Fault((*loc, "rack_type"), message)


def _needs_start(loc: Loc, event: Delay, starts: list[date | None], key: str) -> Iterator[Fault]:
    if event.days is not None and starts and None in starts:
        yield Fault(loc, f"has no {key} that {event.days} days could be added to; give the delay as until")


def _ramps_after_delays(scenario: Scenario) -> Iterator[Fault]:
    """A delay must not push a step of the ramp to or past the contract's end."""
    contracts = {contract.name: contract for contract in scenario.all_contracts}
    shifts = dict.fromkeys(contracts, timedelta())
    for index, event in enumerate(scenario.events):
        if not isinstance(event, Delay) or event.contract not in contracts:
            continue
        contract = contracts[event.contract]
        first = contract.ramp[0].start + shifts[contract.name]
        later = first + timedelta(days=event.days or 0) if event.until is None else max(first, event.until)
        shifts[contract.name] += later - first
        last = contract.ramp[-1].start + shifts[contract.name]
        if last >= contract.until:
            key = "days" if event.until is None else "until"
            message = f"moves the last step of {contract.name!r} to {format_day(last)}, outside its term"
            yield Fault(("events", index, key), f"{message}, which ends before {format_day(contract.until)}")


def _pin(names: _Names, loc: Loc, pin: Pin) -> Iterator[Fault]:
    if pin.demand != IDLE:
        yield from names.demand((*loc, "demand"), pin.demand)
    if pin.row is not None:
        yield from names.places.row((*loc, "row"), pin.row)
    if pin.hall is not None:
        yield from names.places.halls.missing((*loc, "hall"), pin.hall)
    if pin.rack is not None:
        yield from names.racks.missing((*loc, "rack"), pin.rack)
        rack = names.rack_named.get(pin.rack)
        demand = names.demands.get(pin.demand)
        if rack is None or demand is None:
            return
        if rack.rack_type not in demand.rack_types:
            accepted = ", ".join(demand.rack_types)
            yield Fault(
                (*loc, "rack"), f"rack {rack.name!r} is a {rack.rack_type}, but {demand.name!r} accepts {accepted}"
            )
        if demand.where is not None and names.places.outside(demand.where, rack):
            message = f"rack {rack.name!r} stands on {rack.position!r}, which the where of {demand.name!r} leaves out"
            yield Fault((*loc, "rack"), message)


def _incumbent(scenario: Scenario, names: _Names) -> Iterator[Fault]:
    if scenario.incumbent is None:
        if scenario.policy.freeze_until is not None:
            yield Fault(("policy", "freeze_until"), "keeps the incumbent's assignments, but there is no incumbent")
        return
    if other := of_another_site(scenario):
        yield other
        return
    for index, placement in enumerate(scenario.incumbent.placements):
        if placement.rack in names.racks:
            yield from names.positions.missing(("incumbent", "placements", index, "position"), placement.position)
    yield from incumbent_faults(scenario)
