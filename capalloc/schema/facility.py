"""A facility: the power forest, supplies, positions, cooling zones and racks."""

from __future__ import annotations

from datetime import date
from typing import Literal, Self

from pydantic import Field, model_validator

from capalloc.schema.hardware import Cooling, RackType
from capalloc.schema.record import Count, Day, Factor, Flag, Kilowatts, Name, PositiveShare, Record, Share, Sourced

NodeKind = Literal["utility", "generation", "substation", "switchboard", "ups", "pdu", "rpp", "busway"]
RackStatus = Literal["active", "planned", "maintenance", "retired"]


class TableRow(Record):
    """A row of a facility table; columns the format does not know are kept as labels."""

    name: Name
    """Its name, unique in its table."""
    labels: dict[str, str] = Field(default_factory=dict)
    """Columns of one's own, by name."""


class PowerNode(TableRow):
    """A node of the power forest (``power.csv``)."""

    kind: NodeKind
    """What it is."""
    parent: Name | None = None
    """Name of the node that feeds it; None at a root."""
    rated_kw: Kilowatts
    """Nameplate rating."""
    max_utilization: PositiveShare = 1.0
    """Share of the rating usable in normal operation."""
    failover_kw: Kilowatts | None = None
    """Limit while another node is out; None means rated_kw."""
    contingency: Flag = False
    """Whether the plan must survive the loss of this node alone."""
    static_load_kw: Kilowatts = 0.0
    """Load that is there whenever the node is energised."""
    load: Literal["it", "facility"] = "it"
    """What the node carries of a rack's kW: the kW itself, or the kW times the facility's pue."""
    available_from: Day | None = None
    """First day; before it the node carries nothing."""
    available_until: Day | None = None
    """First day on which it carries nothing."""

    @property
    def failover_limit_kw(self) -> float:
        """failover_kw with its default filled in."""
        return self.rated_kw if self.failover_kw is None else self.failover_kw


class Supply(TableRow):
    """Dated supply into a root (``supplies.csv``)."""

    node: Name
    """The root that it feeds."""
    kw: Kilowatts
    """What it brings."""
    start: Day | None = Field(default=None, alias="from")
    """First day."""
    until: Day | None = None
    """First day after it."""
    firm: Flag = True
    """False for an interruptible supply."""


class Position(TableRow):
    """A place where a rack can stand (``positions.csv``)."""

    hall: Name
    """Its hall."""
    row: Name
    """Its row in the hall."""
    index: Count = 0
    """Its place in the row."""
    feed_a: Name
    """A power node with no node below it."""
    feed_b: Name | None = None
    """Another such node."""
    split_a: Share | None = None
    """Share on feed A in normal operation; None means 0.5 with two feeds and 1 with one."""
    cooling_zone: Name | None = None
    """None: no cooling limit applies."""
    fabric_block: Name | None = None
    """Positions on one network fabric."""
    cooling: Cooling = "hybrid"
    """A hybrid position holds any rack, another one only its own kind."""

    @property
    def share_a(self) -> float:
        """Share of a rack's draw on feed A in normal operation."""
        if self.feed_b is None:
            return 1.0
        return 0.5 if self.split_a is None else self.split_a

    @property
    def shares(self) -> tuple[tuple[str, float], ...]:
        """(feed, share of the draw in normal operation) for each feed."""
        if self.feed_b is None:
            return ((self.feed_a, 1.0),)
        return ((self.feed_a, self.share_a), (self.feed_b, 1.0 - self.share_a))

    @property
    def row_key(self) -> str:
        """Identity of the row: rows are numbered per hall."""
        return f"{self.hall}/{self.row}"


class CoolingZone(TableRow):
    """Heat limits of a zone (``cooling.csv``): liquid and air separately, or one total."""

    liquid_kw: Kilowatts | None = None
    """Most heat by liquid."""
    air_kw: Kilowatts | None = None
    """Most heat by air."""
    total_kw: Kilowatts | None = None
    """One limit on liquid plus air, in place of the two."""
    available_from: Day | None = None
    """First day; before it the zone takes no heat."""
    available_until: Day | None = None
    """First day on which it takes no heat."""

    @model_validator(mode="after")
    def _two_limits_or_one(self) -> Self:
        separate = (self.liquid_kw is not None, self.air_kw is not None)
        if self.total_kw is None and not all(separate):
            raise ValueError("give both liquid_kw and air_kw, or total_kw alone")
        if self.total_kw is not None and any(separate):
            raise ValueError("total_kw stands in place of liquid_kw and air_kw; give one or the other")
        return self


class Rack(TableRow):
    """A rack (``racks.csv``); without a position it is a delivery still to be placed."""

    rack_type: Name
    """One of the facility's rack types."""
    position: Name | None = None
    """Where it stands; none: a delivery that the plan places."""
    available_from: Day | None = None
    """First day."""
    available_until: Day | None = None
    """First day on which it is gone."""
    status: RackStatus = "active"
    """Planned: a delay of its type moves it; maintenance: it is there and serves nobody; retired: it is gone."""
    tenant: Name | None = None
    """A tenant of one of the contracts: the rack is dedicated to that tenant. Any other text is a label."""

    def holds(self, on: date) -> bool:
        """Whether its position is taken on a day: it stands there, or is to stand there later."""
        return self.position is not None and self.stays(on)

    def stands(self, on: date) -> bool:
        """Whether it is there on a day, and not only to come."""
        come = self.status != "planned" if self.available_from is None else self.available_from <= on
        return come and self.stays(on)

    def stays(self, on: date) -> bool:
        """Whether it is still there on a day, or to come."""
        return self.status != "retired" and (self.available_until is None or self.available_until > on)


class Facility(Sourced):
    """A site with its tables. Names are unique inside each table."""

    name: Name = Field(alias="facility")
    """Its name."""
    description: str = ""
    """One line for capalloc models."""
    pue: Factor = 1.0
    """Facility load per kW of IT load."""
    rack_types: tuple[RackType, ...]
    """Names of rack types that ship, or whole ones."""
    power: tuple[PowerNode, ...]
    """The power forest (``power.csv``)."""
    supplies: tuple[Supply, ...] = ()
    """Dated supplies into its roots (``supplies.csv``)."""
    positions: tuple[Position, ...]
    """Where racks can stand (``positions.csv``)."""
    cooling: tuple[CoolingZone, ...] = ()
    """Cooling zones (``cooling.csv``)."""
    racks: tuple[Rack, ...]
    """Racks that stand or are to come (``racks.csv``)."""
