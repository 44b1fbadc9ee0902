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
    """Its name."""
    kw: Amount
    """Supply."""
    start: Day | None = Field(alias="from")
    """First day."""
    until: Day | None
    """First day after."""
    firm: Flag
    """False where interruptible."""


class NodePeriod(Record):
    """A power node in one period."""

    period: Name
    """A period's label."""
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
    """``node``."""
    name: Name
    """Its name."""
    node_kind: NodeKind
    """``utility``, ``ups``, …."""
    path: tuple[Name, ...]
    """Nodes above it, its root first."""
    children: tuple[Name, ...]
    """Nodes that it feeds."""
    rows: tuple[Name, ...]
    """Rows that hang on it, as ``hall/row``."""
    rated_kw: Amount
    """Rating."""
    max_utilization: Share
    """Share of the rating usable in normal operation."""
    failover_kw: Amount
    """Limit while another node is out."""
    contingency: Flag
    """The plan survives its loss."""
    load: Literal["it", "facility"]
    """``it`` or ``facility``."""
    static_load_kw: Amount
    """Of the node alone."""
    reserve_kw: Amount
    """Headroom that the policy keeps of what all roots together have left; 0 below a root."""
    available_from: Day | None
    """After delays."""
    available_until: Day | None
    """Null where it stays."""
    supplies: tuple[SupplyShown, ...]
    """At a root."""
    outages: tuple[Outage, ...]
    """Outages that touch it."""
    labels: dict[str, str]
    """Further columns of its table."""
    periods: tuple[NodePeriod, ...]
    """Period by period."""


class PlacePeriod(Record):
    """A row or hall in one period."""

    period: Name
    """A period's label."""
    room: Room
    """What could be added there."""
    held: tuple[Held, ...]
    """Who holds the racks there."""


class PlaceShown(Record):
    """A row or a hall."""

    kind: Literal["row", "hall"]
    """``row`` or ``hall``."""
    name: Name
    """A row is written ``hall/row``."""
    positions: Count
    """Positions."""
    rows: tuple[Name, ...]
    """Of a hall."""
    feeds: tuple[Fed, ...]
    """Its feeds."""
    zones: tuple[Name, ...]
    """Cooling zones."""
    cooling: dict[Cooling, Count]
    """Positions by how they are cooled."""
    outages: tuple[Outage, ...]
    """Outages that touch it."""
    periods: tuple[PlacePeriod, ...]
    """Period by period."""


class Heat(Record):
    """Heat in a cooling zone against its limit."""

    what: Literal["liquid", "air", "total"]
    """``liquid``, ``air`` or ``total``."""
    load_kw: Amount
    """Load."""
    limit_kw: Amount
    """0 outside the zone's dates."""
    headroom_kw: Number
    """What is left; below 0 the zone is overloaded."""


class ZonePeriod(Record):
    """A cooling zone in one period."""

    period: Name
    """A period's label."""
    heat: tuple[Heat, ...]
    """By liquid and by air, or their total."""
    room: Room
    """What could be added there."""
    held: tuple[Held, ...]
    """Who holds the racks there."""


class ZoneShown(Record):
    """A cooling zone."""

    kind: Literal["zone"] = "zone"
    """``zone``."""
    name: Name
    """Its name."""
    positions: Count
    """Positions."""
    rows: tuple[Name, ...]
    """Rows, as ``hall/row``."""
    available_from: Day | None
    """Null where it was always there."""
    available_until: Day | None
    """Null where it stays."""
    labels: dict[str, str]
    """Further columns of its table."""
    periods: tuple[ZonePeriod, ...]
    """Period by period."""


class RackPeriod(Record):
    """A rack in one period."""

    period: Name
    """A period's label."""
    state: Literal["serves", "spare", "idle", "off", "unusable", "away"]
    """``spare``: held for a demand; ``away``: it takes no position; ``unusable``: it stands and may not serve."""
    demand: Name | None
    """Whom it serves or is held for."""
    draw_kw: Amount
    """What it draws."""


class RackShown(Record):
    """A rack."""

    kind: Literal["rack"] = "rack"
    """``rack``."""
    name: Name
    """Its name."""
    rack_type: Name
    """A rack type."""
    gpus: Count
    """Of its type."""
    nameplate_kw: Amount
    """Of its type."""
    expected_kw: Amount
    """Of its type."""
    idle_kw: Amount
    """Of its type."""
    status: RackStatus
    """As in ``racks.csv``."""
    tenant: Name | None
    """Null for none."""
    position: Name | None
    """Where it stands; None for a delivery that the plan places nowhere."""
    placed_by_plan: Flag
    """It is a delivery whose position a plan has chosen."""
    row: Name | None
    """As ``hall/row``."""
    feeds: tuple[Fed, ...]
    """Its feeds."""
    zone: Name | None
    """Cooling zone; null for none."""
    available_from: Day | None
    """After delays."""
    available_until: Day | None
    """Null where it stays."""
    labels: dict[str, str]
    """Further columns of its table."""
    periods: tuple[RackPeriod, ...]
    """Period by period."""


class PositionPeriod(Record):
    """A position in one period."""

    period: Name
    """A period's label."""
    dark_by: Name | None
    """The node, row or hall that keeps racks here from running; None where they can."""
    racks: tuple[Name, ...]
    """Racks that take it on some day of the period."""
    room: Room
    """What could be added there."""
    held: tuple[Held, ...]
    """Who holds the racks there."""


class PositionShown(Record):
    """A position."""

    kind: Literal["position"] = "position"
    """``position``."""
    name: Name
    """Its name."""
    row: Name
    """As ``hall/row``."""
    index: Count
    """Number in its row."""
    feeds: tuple[Fed, ...]
    """Its feeds."""
    zone: Name | None
    """Cooling zone; null for none."""
    fabric_block: Name | None
    """Null for none."""
    cooling: Cooling
    """How it is cooled."""
    labels: dict[str, str]
    """Further columns of its table."""
    periods: tuple[PositionPeriod, ...]
    """Period by period."""


class Stand(Record):
    """What a demand has at one place in a period."""

    name: Name
    """Its name."""
    racks: Amount
    """At a node a rack counts with the share of its draw that the node carries in normal operation."""
    share: Share
    """Of all racks of the demand in the period."""


class DemandStep(Record):
    """A step of a ramp or of a workload, after delays."""

    start: Day = Field(alias="from")
    """First day."""
    unit: Literal["mw", "gpus", "racks"]
    """``mw``, ``gpus`` or ``racks``."""
    amount: Amount
    """In that unit."""
    least: Amount
    """A contract's commitment, or a workload's ``min``, in the same unit."""
    fee_factor: Amount | None
    """None for a workload."""


class DemandShownPeriod(Record):
    """A demand in one period that its term touches."""

    period: Name
    """A period's label."""
    committed_kw: Amount
    """A contract's commitment, or a workload's ``min``."""
    wanted_kw: Amount
    """A contract's commitment, or what a workload can use."""
    delivered_kw: Amount
    """As in the plan file."""
    draw_kw: Amount
    """Draw of its racks."""
    racks: Count
    """Racks that serve it."""
    spares: Count
    """Idle racks held for it."""
    gpus: Count
    """GPUs."""
    revenue_usd: Number
    """Not discounted."""
    penalty_usd: Amount
    """Not discounted."""
    held: tuple[Held, ...]
    """Its racks by type."""
    halls: tuple[Stand, ...]
    """By hall."""
    rows: tuple[Stand, ...]
    """By row."""
    nodes: tuple[Stand, ...]
    """At contingency nodes and at those of the kind that its ``spread`` names."""


class DemandShown(Record):
    """A workload or a contract."""

    kind: Literal["demand"] = "demand"
    """``demand``."""
    name: Name
    """Its name."""
    tenant: Name | None
    """None for a workload."""
    start: Day = Field(alias="from")
    """First day."""
    until: Day
    """Its term, after events, is [from, until)."""
    terms: dict[str, Any]
    """Its other keys as a scenario writes them, those that were given."""
    steps: tuple[DemandStep, ...]
    """Its ramp, or its steps."""
    planned: Flag = True
    """False of a prospect that the plan was not asked for."""
    periods: tuple[DemandShownPeriod, ...]
    """Period by period."""


Thing = Annotated[
    NodeShown | PlaceShown | ZoneShown | RackShown | PositionShown | DemandShown | SiteShown,
    Field(discriminator="kind"),
]


class Shown(Record):
    """What was asked for, one after the other; without names the site."""

    format: Literal["capalloc.shown/1"] = "capalloc.shown/1"
    """``capalloc.shown/1``."""
    scenario: Name
    """The scenario's name."""
    horizon: tuple[Name, ...]
    """Every period of the plan."""
    things: tuple[Thing, ...]
    """What was asked for, in that order."""
