"""What inventory systems know of a site, in records that are the same whatever system they are read from.

A reader (of NetBox by API or CSV, of Nautobot) gives an :class:`Inventory`; what follows knows only these records.
Things refer to each other by ``key``, which is unique among the things of one kind: their number in the system, or a
path of names where the source has no numbers. A reader does not check references: what they name may be missing. Units
are those of the names; statuses and choices are the systems' short words in lower case (``active``, ``primary``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import sqrt
from typing import Literal

Value = str | float | bool
"""A custom field's value: of a selection its value, of an object its name; empty fields are left out."""
Side = Literal["a", "b"]
"""Which of a rack's two power paths: primary and redundant in NetBox, ``power_path`` in Nautobot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """What everything in an inventory has."""

    key: str
    name: str
    where: str
    """What a person opens to see it: an address, or a file with a line."""
    status: str = "active"
    tenant: str | None = None
    """Name of the tenant that it is given to."""
    fields: Mapping[str, Value] = field(default_factory=dict)
    """Custom fields by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place(Thing):
    """A site, or a location inside one."""

    kind: str
    """``site``, ``location``, or the name of a location type (``Building``, ``Room``) in lower case."""
    parent: str | None = None
    """Key of the place that it is in; None at the top."""
    slug: str | None = None
    """Its short name in addresses, where the source has one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RackModel(Thing):
    """A model of rack of some maker (NetBox: rack type)."""

    manufacturer: str | None = None
    u_height: float | None = None
    cooling_capability: str | None = None
    """``air-only``, ``hybrid`` or ``liquid-only``."""
    cooling_kw: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RackPlace(Thing):
    """A rack of the inventory: a place in the room, and what stands there where it is active or has devices.

    Its status is ``active``, ``planned``, ``available``, ``reserved`` or ``deprecated``.
    """

    place: str | None
    """Key of the place that it is in."""
    group: str | None = None
    """Name of its rack group, by which people tell rows apart."""
    role: str | None = None
    model: str | None = None
    """Key of its rack model."""
    devices: int | None = None
    """How many devices are in it, where the source counts them."""
    u_height: float | None = None
    starting_unit: float | None = None
    """Number of its lowest unit."""
    max_weight: str | None = None
    """What it bears, in the source's words."""
    cooling_capability: str | None = None
    cooling_kw: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Device(Thing):
    """A device in a rack."""

    rack: str | None
    """Key of the rack that it is in."""
    model: str
    """Name of its device type, as the system's slug where it has one."""
    role: str | None = None
    maximum_w: float | None = None
    """Sum of the maximum draws of its power ports; None where no port has one."""
    allocated_w: float | None = None
    """Sum of the allocated draws of its power ports; None where no port has one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel(Thing):
    """A power panel: whatever feeds others, from a utility to a remote power panel."""

    place: str | None
    kind: str | None = None
    """Nautobot's ``panel_type`` (``utility``, ``ups``, ``pdu`` ...); None where the system has none."""
    side: Side | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed(Thing):
    """A circuit from a panel to a rack, or to another panel; to neither where nobody has said yet.

    Its status is ``active``, ``offline``, ``planned`` or ``failed``.
    """

    panel: str | None
    """Key of the panel that it comes from."""
    rack: str | None = None
    """Key of the rack that it goes to."""
    destination: str | None = None
    """Key of the panel that it goes to."""
    side: Side | None = None
    supply: str = "ac"
    phase: str = "single-phase"
    voltage_v: float | None = None
    amperage_a: float | None = None
    max_utilization: float = 0.8
    """Share of the circuit that may be used."""

    @property
    def kw(self) -> float:
        """Rating of the circuit, before ``max_utilization``: |V| x A, times the root of 3 where it has three phases."""
        phases = sqrt(3) if self.phase == "three-phase" and self.supply == "ac" else 1.0
        return abs(self.voltage_v or 0.0) * (self.amperage_a or 0.0) * phases / 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class CoolingSource(Thing):
    """A chiller, cooling tower, dry cooler or air handler."""

    place: str | None
    kind: str | None = None
    """``chiller``, ``cooling-tower``, ``dry-cooler``, ``crac`` or ``crah``."""
    fluid: str | None = None
    cooling_kw: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CoolingFeed(Thing):
    """What a cooling source gives to a rack."""

    source: str | None
    rack: str | None = None
    cooling_kw: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation(Thing):
    """Units of a rack that are held for a tenant; dates, if any, are custom fields.

    Its name is its description; its status ``pending``, ``active`` or ``stale``.
    """

    rack: str | None
    units: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementLine:
    """What an agreement charges for, from one day to another; without days, as long as the agreement runs."""

    unit: str
    """Name of the unit: ``kW``, ``GPU``, ``month``."""
    quantity: float = 1.0
    monthly_charge: float = 0.0
    """Of the whole quantity; 0 where it is charged once or by use."""
    start: str | None = None
    end: str | None = None
    """The last day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement(Thing):
    """A contract of the netbox-contract plugin; dates are ISO days."""

    start: str | None = None
    end: str | None = None
    """The last day."""
    initial_term_months: int | None = None
    notice_days: int | None = None
    currency: str | None = None
    monthly_charge: float | None = None
    """What it charges where it has no lines."""
    lines: tuple[AgreementLine, ...] = ()
    racks: tuple[str, ...] = ()
    """Keys of the racks that it is assigned to."""


@dataclass(frozen=True, kw_only=True)
class Inventory:
    """Everything that was read from a system, each kind in the order of the source."""

    system: str
    """``netbox`` or ``nautobot``: what labels and the mapping file are named for."""
    places: tuple[Place, ...] = ()
    rack_models: tuple[RackModel, ...] = ()
    racks: tuple[RackPlace, ...] = ()
    devices: tuple[Device, ...] = ()
    panels: tuple[Panel, ...] = ()
    feeds: tuple[Feed, ...] = ()
    cooling_sources: tuple[CoolingSource, ...] = ()
    cooling_feeds: tuple[CoolingFeed, ...] = ()
    reservations: tuple[Reservation, ...] = ()
    agreements: tuple[Agreement, ...] = ()

    @cached_property
    def place_by_key(self) -> Mapping[str, Place]:
        """Places by their keys."""
        return {place.key: place for place in self.places}

    @cached_property
    def panel_by_key(self) -> Mapping[str, Panel]:
        """Panels by their keys."""
        return {panel.key: panel for panel in self.panels}

    @cached_property
    def rack_by_key(self) -> Mapping[str, RackPlace]:
        """Racks by their keys."""
        return {rack.key: rack for rack in self.racks}

    def path(self, place: str | None) -> tuple[Place, ...]:
        """The places that a key is in, from the top down to itself; as far as they are known, each once."""
        found: list[Place] = []
        while place is not None and (one := self.place_by_key.get(place)) is not None and one not in found:
            found.append(one)
            place = one.parent
        return tuple(reversed(found))
