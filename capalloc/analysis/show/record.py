"""The answer of ``capalloc show`` as records, and so as JSON. Power is in kW, periods are the plan's labels."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from capalloc.schema.facility import NodeKind
from capalloc.schema.hardware import Cooling
from capalloc.schema.record import Amount, Count, Day, Flag, Name, Number, Record, Share
from capalloc.schema.rules import Rule


class Held(Record):
    """Racks of one type that serve one demand, or nobody."""

    demand: Name | None
    """None: they stand there and serve nobody."""
    rack_type: Name
    racks: Count
    draw_kw: Amount


class Load(Record):
    """Load of a node after the loss of a contingency."""

    lost: Name
    load_kw: Amount
    limit_kw: Amount
    headroom_kw: Number
    """What is left; below 0 the node is overloaded."""


class Fits(Record):
    """Racks of one type that would still fit, one after the other, on free positions and at nameplate."""

    rack_type: Name
    racks: Count
    exact: Flag
    """False: at least so many."""
    rule: Rule
    """The rule that keeps the next rack out."""
    where: Name
    """Where: a node, a zone, a row or hall, ``site`` for the reserve."""
    lost: Name | None
    """The contingency whose loss makes it so."""


class Room(Record):
    """What could be added at some positions in one period."""

    positions: Count
    free: Count
    """Positions at which no rack stands on any day of the period."""
    left_kw: Amount
    """Most kW that racks there could draw in addition in normal operation, all nodes above them looked at."""
    left_after_loss_kw: Amount
    """The same where the loss of any one contingency must be survived as well."""
    fits: tuple[Fits, ...]


class Outage(Record):
    """An outage of a node, row or hall: the days [from, until)."""

    what: Name
    start: Day = Field(alias="from")
    until: Day


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


class Fed(Record):
    """Feeds that positions share, with the share of a rack's draw on feed A."""

    feed_a: Name
    feed_b: Name | None
    split_a: Share
    positions: Count


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


Thing = Annotated[NodeShown | PlaceShown, Field(discriminator="kind")]


class Shown(Record):
    """What was asked for, one after the other."""

    format: Literal["capalloc.shown/1"] = "capalloc.shown/1"
    scenario: Name
    horizon: tuple[Name, ...]
    """Every period of the plan."""
    things: tuple[Thing, ...]
