"""Agreements of an inventory as contracts: dates, charges and notice from them, capacity from their lines or racks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import dropwhile
from typing import Literal

from capalloc.imports.inventory.records import Agreement
from capalloc.imports.inventory.terms import Span, Step, span_of, steps_of
from capalloc.imports.missing import Tally
from capalloc.schema.checks.magnitude import MOST_KW
from capalloc.schema.demand import Contract, Fee, RampStep, Termination
from capalloc.schema.facility import Facility, Rack
from capalloc.schema.hardware import RackType
from capalloc.schema.scenario import Horizon, Pin

_NOTICE_DAYS = 90
"""What the plugin takes where nobody says otherwise."""
_LEAST = 1e-9
"""MW and GPUs below it are binary noise."""
_MOST_CHARGE = 1e12
"""A charge of a month beyond it is a slip."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A contract, and the racks that its agreement names."""

    contract: Contract
    racks: tuple[Rack, ...]


@dataclass(frozen=True)
class Landlord:
    """What contracts are made with: the racks of a site, the days that are planned, and rates of exchange."""

    facility: Facility
    racks: Mapping[str, Rack]
    """By key of the inventory."""
    horizon: Horizon
    usd_per: Mapping[str, float]
    """By currency, in lower case, how many USD one is."""

    def kw(self, racks: Iterable[Rack]) -> float:
        """Nameplate kW of racks."""
        return sum(self._kind[rack.rack_type].nameplate_kw for rack in racks)

    def amount(self, rack: Rack, unit: Literal["mw", "gpus"]) -> float:
        """What a rack counts of a commitment in a unit."""
        kind = self._kind[rack.rack_type]
        return kind.nameplate_kw / 1000 if unit == "mw" else float(kind.gpus)

    @cached_property
    def _kind(self) -> dict[str, RackType]:
        return {kind.name: kind for kind in self.facility.rack_types}


def contracts_of(agreements: Sequence[Agreement], landlord: Landlord, tally: Tally) -> tuple[Signed, ...]:
    """A contract for each agreement with a tenant that is in force; what does not come across is counted."""
    running = [(one, span) for one in agreements if (span := _running(one, landlord.horizon, tally)) is not None]
    alone = {tenant for tenant, count in Counter(one.tenant for one, _ in running).items() if count == 1}
    names = Counter(one.name for one, _ in running)
    found = []
    for one, span in running:
        named = _named_racks(one, landlord, tally)
        racks = named or tuple(r for r in landlord.racks.values() if one.tenant in alone and r.tenant == one.tenant)
        until = span.until or _open_end(one, landlord.horizon, tally)
        steps = _with_capacity(steps_of(one, span.start, until), racks, landlord, until)
        if _plannable(one, steps, landlord.facility, tally):
            name = one.name if names[one.name] == 1 else f"{one.name} ({one.key})"
            found.append(Signed(_contract(name, one, until, steps, racks, landlord, tally), named))
    return tuple(found)


def _plannable(one: Agreement, steps: list[Step], facility: Facility, tally: Tally) -> bool:
    most = (("kw", MOST_KW), ("gpus", MOST_KW), ("charge", _MOST_CHARGE))
    if not all(0 <= getattr(step, key) <= limit for step in steps for key, limit in most):
        tally.add("contracts whose quantities or charges cannot be", one.where, "left out; mend their lines")
    elif not any(step.kw or step.gpus for step in steps):
        tally.add("contracts of no known capacity", one.where, "left out; assign racks to them, or lines in kW")
    elif not facility.rack_types:
        tally.add("contracts where no rack is of a known type", one.where, "left out; say what stands in racks")
    else:
        return True
    return False


def _running(one: Agreement, horizon: Horizon, tally: Tally) -> Span | None:
    """The days of an agreement that the horizon has a day of."""
    span = span_of(one, horizon.start)
    if one.tenant is None:
        tally.add("contracts with no tenant", one.where, "left out, as what others are paid")
    elif one.status != "active":
        tally.add(f"contracts that are {one.status}", one.where, "left out")
    elif span is None:
        tally.add("contracts whose dates cannot be", one.where, "left out; mend their start and end date")
    elif span.start >= horizon.end or (span.until is not None and span.until <= horizon.start):
        tally.add("contracts with no day in the horizon", one.where, "left out; see horizon in the mapping file")
    else:
        return span
    return None


def _named_racks(one: Agreement, landlord: Landlord, tally: Tally) -> tuple[Rack, ...]:
    found = []
    for key in one.racks:
        rack = landlord.racks.get(key)
        if rack is None:
            tally.add("contracts with racks that are not planned", one.where, "these racks count nothing")
        elif rack.tenant not in {None, one.tenant}:
            tally.add(
                "contracts with racks of other tenants", f"{one.where} ({rack.name})", "these racks count nothing"
            )
        else:
            found.append(rack)
    return tuple(found)


def _with_capacity(steps: list[Step], racks: Sequence[Rack], landlord: Landlord, until: date) -> list[Step]:
    """The steps, with the kW of the racks that are there by then where lines say no capacity at all."""
    if any(step.kw or step.gpus for step in steps):
        return steps
    start = steps[0].start
    days = {day for rack in racks for day in (rack.available_from, rack.available_until) if day and start < day < until}
    found = []
    for day in sorted(days | {step.start for step in steps}):
        charge = [step.charge for step in steps if step.start <= day][-1]
        found.append(Step(day, landlord.kw(rack for rack in racks if rack.stands(day)), 0.0, charge))
    return list(dropwhile(lambda step: not step.kw, found))


def _contract(
    name: str,
    one: Agreement,
    until: date,
    steps: list[Step],
    racks: Sequence[Rack],
    landlord: Landlord,
    tally: Tally,
) -> Contract:
    most = max(step.charge for step in steps)
    return Contract(
        name=name,
        tenant=one.tenant or "",
        rack_types=_rack_types(one, racks, landlord, tally),
        ramp=tuple(_ramp_step(step, most, steps) for step in steps),
        until=until,
        fee=Fee(usd_per_month=round(most * _usd(one, most, landlord, tally), 2)),
        termination=_termination(one, tally),
        labels={"agreement": one.where} if one.where else {},
    )


def _ramp_step(step: Step, most: float, steps: Iterable[Step]) -> RampStep:
    """A step in MW, or in GPUs where no line says power; its share of the fee is its share of the highest charge."""
    share = step.charge / most if most else 1.0
    if any(one.kw for one in steps):
        return RampStep(start=step.start, mw=round(step.kw / 1000, 9), fee_factor=share)
    return RampStep(start=step.start, gpus=int(step.gpus), fee_factor=share)


def _rack_types(one: Agreement, racks: Sequence[Rack], landlord: Landlord, tally: Tally) -> tuple[str, ...]:
    """The types of its racks, the most frequent first; every type where it has none."""
    count = Counter(rack.rack_type for rack in racks)
    if count:
        return tuple(sorted(count, key=lambda kind: (-count[kind], kind)))
    tally.add("contracts with no rack", one.where, "every rack type is taken to do; give rack_types in the scenario")
    return tuple(kind.name for kind in landlord.facility.rack_types)


def _open_end(one: Agreement, horizon: Horizon, tally: Tally) -> date:
    tally.add("contracts without an end date", one.where, "taken to run to the end of the horizon")
    return horizon.end


def _usd(one: Agreement, charge: float, landlord: Landlord, tally: Tally) -> float:
    """USD of one of its currency; 0 where nobody says, so that no sum is taken for USD that is not."""
    currency = (one.currency or "usd").lower()
    rate = landlord.usd_per.get(currency, 1.0 if currency == "usd" else None)
    if not charge:
        tally.add(
            "contracts without a recurring charge", one.where, "their fee is 0; mend it in the source or scenario"
        )
    elif rate is None:
        mend = f"their fee is 0; say how many USD one is: usd_per: {{{currency}: ...}} in the mapping file"
        tally.add(f"contracts in {currency.upper()}", one.where, mend)
    return rate or 0.0


def _termination(one: Agreement, tally: Tally) -> Termination:
    if one.notice_days is None:
        mend = f"taken as {_NOTICE_DAYS} days, as the plugin does; its API says it from version 2.5 on"
        tally.add("contracts without a notice period", one.where, mend)
    days = _NOTICE_DAYS if one.notice_days is None else max(0, one.notice_days)
    return Termination(notice_days=days, initial_term_months=max(0, one.initial_term_months or 0), by="either")


def pins_of(signed: Iterable[Signed], landlord: Landlord, tally: Tally) -> tuple[Pin, ...]:
    """Keeps racks that stand on the contract that names them; a rack is pinned once.

    A rack is kept on the days on which the contract commits to it and to those that are named before it: more racks
    than are committed would be delivered above the commitment.
    """
    pins: dict[str, Pin | None] = {}
    for one in signed:
        named = 0.0
        for rack in one.racks:
            if rack.name in pins:
                tally.add("racks that several contracts name", rack.name, "kept on the first of them")
            elif rack.status == "active" and rack.available_from is None and rack.available_until is None:
                named += landlord.amount(rack, one.contract.ramp[0].unit)
                pins[rack.name] = _pin(rack, one.contract, named, landlord.horizon)
    return tuple(pin for pin in pins.values() if pin is not None)


def _pin(rack: Rack, contract: Contract, named: float, horizon: Horizon) -> Pin | None:
    """A pin from the first step that commits to as much, to the next one that does not."""
    enough = [step.amount + _LEAST >= named for step in contract.ramp]
    if True not in enough:
        return None
    borders = [*(step.start for step in contract.ramp), contract.until]
    first = enough.index(True)
    start, until = borders[first], borders[[*enough, False].index(False, first)]
    if start >= horizon.end or until <= horizon.start:
        return None
    return Pin(
        rack=rack.name,
        demand=contract.name,
        start=start if start > horizon.start else None,
        until=until if until < horizon.end else None,
    )
