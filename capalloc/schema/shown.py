"""The answer of ``capalloc show`` as records, and so as JSON. Power is in kW, periods are the plan's labels."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from capalloc.schema.facility import NodeKind, RackStatus
from capalloc.schema.hardware import Cooling
from capalloc.schema.headroom import Fed, Held, Load, Outage, Room
from capalloc.schema.record import Amount, Count, Day, Flag, Name, Number, Record, Share
from capalloc.schema.tree import SiteShown


class SupplyShown(Record):
    """A supply into a root, its start after delays."""

    name: Name
    kw: Amount
    start: Day | None = Field(alias="from")
    until: Day | None
    firm: Flag


class NodePeriod(Record):
    """A power node in one period."""

    period: Name
    dark_by: Name | None
    """The topmost node on its path that is down; None while it is energised."""
    load_kw: Amount
    """In normal operation, static load included."""
    limit_kw: Amount
    """In normal operation: rating and ``max_utilization``, at a root the supplies; 0 while not energised."""
    headroom_kw: Number
    """What is left; below 0 the node is overloaded."""
    worst: Load | None
    """After the loss that asks most of it; None where no contingency outside of it is in force."""
    room: Room
    """At the positions that hang on it."""
    held: tuple[Held, ...]
    """Racks that hang on it by one feed at least."""


class NodeShown(Record):
    """A power node."""

    kind: Literal["node"] = "node"
    name: Name
    node_kind: NodeKind
    path: tuple[Name, ...]
    """Nodes above it, its root first."""
    children: tuple[Name, ...]
    rows: tuple[Name, ...]
    """Rows that hang on it, as ``hall/row``."""
    rated_kw: Amount
    max_utilization: Share
    failover_kw: Amount
    contingency: Flag
    load: Literal["it", "facility"]
    static_load_kw: Amount
    """Of the node alone."""
    reserve_kw: Amount
    """Headroom that the policy keeps of what all roots together have left; 0 below a root."""
    available_from: Day | None
    """After delays."""
    available_until: Day | None
    supplies: tuple[SupplyShown, ...]
    outages: tuple[Outage, ...]
    labels: dict[str, str]
    periods: tuple[NodePeriod, ...]


class PlacePeriod(Record):
    """A row or hall in one period."""

    period: Name
    room: Room
    held: tuple[Held, ...]


class PlaceShown(Record):
    """A row or a hall."""

    kind: Literal["row", "hall"]
    name: Name
    """A row is written ``hall/row``."""
    positions: Count
    rows: tuple[Name, ...]
    """Of a hall."""
    feeds: tuple[Fed, ...]
    zones: tuple[Name, ...]
    cooling: dict[Cooling, Count]
    """Positions by how they are cooled."""
    outages: tuple[Outage, ...]
    periods: tuple[PlacePeriod, ...]


class Heat(Record):
    """Heat in a cooling zone against its limit."""

    what: Literal["liquid", "air", "total"]
    load_kw: Amount
    limit_kw: Amount
    """0 outside the zone's dates."""
    headroom_kw: Number
    """What is left; below 0 the zone is overloaded."""


class ZonePeriod(Record):
    """A cooling zone in one period."""

    period: Name
    heat: tuple[Heat, ...]
    room: Room
    held: tuple[Held, ...]


class ZoneShown(Record):
    """A cooling zone."""

    kind: Literal["zone"] = "zone"
    name: Name
    positions: Count
    rows: tuple[Name, ...]
    available_from: Day | None
    available_until: Day | None
    labels: dict[str, str]
    periods: tuple[ZonePeriod, ...]


class RackPeriod(Record):
    """A rack in one period."""

    period: Name
    state: Literal["serves", "spare", "idle", "off", "unusable", "away"]
    """``spare``: held for a demand; ``away``: it takes no position; ``unusable``: it stands and may not serve."""
    demand: Name | None
    """Whom it serves or is held for."""
    draw_kw: Amount


class RackShown(Record):
    """A rack."""

    kind: Literal["rack"] = "rack"
    name: Name
    rack_type: Name
    gpus: Count
    nameplate_kw: Amount
    expected_kw: Amount
    idle_kw: Amount
    status: RackStatus
    tenant: Name | None
    position: Name | None
    """Where it stands; None for a delivery that the plan places nowhere."""
    placed_by_plan: Flag
    """It is a delivery whose position a plan has chosen."""
    row: Name | None
    feeds: tuple[Fed, ...]
    zone: Name | None
    available_from: Day | None
    """After delays."""
    available_until: Day | None
    labels: dict[str, str]
    periods: tuple[RackPeriod, ...]


class PositionPeriod(Record):
    """A position in one period."""

    period: Name
    dark_by: Name | None
    """The node, row or hall that keeps racks here from running; None where they can."""
    racks: tuple[Name, ...]
    """Racks that take it on some day of the period."""
    room: Room
    held: tuple[Held, ...]


class PositionShown(Record):
    """A position."""

    kind: Literal["position"] = "position"
    name: Name
    row: Name
    index: Count
    feeds: tuple[Fed, ...]
    zone: Name | None
    fabric_block: Name | None
    cooling: Cooling
    labels: dict[str, str]
    periods: tuple[PositionPeriod, ...]


class Stand(Record):
    """What a demand has at one place in a period."""

    name: Name
    racks: Amount
    """At a node a rack counts with the share of its draw that the node carries in normal operation."""
    share: Share
    """Of all racks of the demand in the period."""


class DemandStep(Record):
    """A step of a ramp or of a workload, after delays."""

    start: Day = Field(alias="from")
    unit: Literal["mw", "gpus", "racks"]
    amount: Amount
    least: Amount
    """A contract's commitment, or a workload's ``min``, in the same unit."""
    fee_factor: Amount | None
    """None for a workload."""


class DemandShownPeriod(Record):
    """A demand in one period that its term touches."""

    period: Name
    committed_kw: Amount
    wanted_kw: Amount
    delivered_kw: Amount
    draw_kw: Amount
    racks: Count
    spares: Count
    """Idle racks held for it."""
    gpus: Count
    revenue_usd: Number
    penalty_usd: Amount
    held: tuple[Held, ...]
    """Its racks by type."""
    halls: tuple[Stand, ...]
    rows: tuple[Stand, ...]
    nodes: tuple[Stand, ...]
    """At contingency nodes and at those of the kind that its ``spread`` names."""


class DemandShown(Record):
    """A workload or a contract."""

    kind: Literal["demand"] = "demand"
    name: Name
    tenant: Name | None
    """None for a workload."""
    start: Day = Field(alias="from")
    until: Day
    """Its term, after events, is [from, until)."""
    terms: dict[str, Any]
    """Its other keys as a scenario writes them, those that were given."""
    steps: tuple[DemandStep, ...]
    planned: Flag = True
    """False of a prospect that the plan was not asked for."""
    periods: tuple[DemandShownPeriod, ...]


Thing = Annotated[
    NodeShown | PlaceShown | ZoneShown | RackShown | PositionShown | DemandShown | SiteShown,
    Field(discriminator="kind"),
]


class Shown(Record):
    """What was asked for, one after the other; without names the site."""

    format: Literal["capalloc.shown/1"] = "capalloc.shown/1"
    scenario: Name
    horizon: tuple[Name, ...]
    """Every period of the plan."""
    things: tuple[Thing, ...]
