"""What is left at some positions and who holds them, as records. Power is in kW, periods are the plan's labels."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from capalloc.schema.record import Amount, Count, Day, Flag, Name, Number, Record, Share
from capalloc.schema.rules import Rule


class Held(Record):
    """Racks of one type that serve one demand, or nobody."""

    demand: Name | None
    """None: they stand there and serve nobody."""
    rack_type: Name
    """A rack type."""
    racks: Count
    """Racks."""
    draw_kw: Amount
    """Their draw."""


class Load(Record):
    """Load of a node after the loss of a contingency."""

    lost: Name
    """The contingency that is out."""
    load_kw: Amount
    """Load."""
    limit_kw: Amount
    """Limit."""
    headroom_kw: Number
    """What is left; below 0 the node is overloaded."""


class Fits(Record):
    """Racks of one type that would still fit, one after the other, on free positions and at nameplate."""

    rack_type: Name
    """A rack type."""
    racks: Count
    """Racks."""
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
    """Positions."""
    free: Count
    """Positions at which no rack stands on any day of the period."""
    kept: Count = 0
    """Of the free ones those that racks take when they arrive; ``place`` counts them as held."""
    left_kw: Amount
    """Most kW that racks there could draw in addition in normal operation, all nodes above them looked at."""
    left_after_loss_kw: Amount
    """The same where the loss of any one contingency must be survived as well."""
    fits: tuple[Fits, ...]
    """For each rack type of the facility."""


class Outage(Record):
    """An outage of a node, row, hall or label: the days [from, until)."""

    what: Name
    """``node NAME``, ``row NAME``, ``hall NAME``, or a label with its value."""
    start: Day = Field(alias="from")
    """First day."""
    until: Day
    """First day after."""


class Fed(Record):
    """Feeds that positions share, with the share of a rack's draw on feed A."""

    feed_a: Name
    """A power node."""
    feed_b: Name | None
    """Null where single-corded."""
    split_a: Share
    """Share of a rack's draw on feed A in normal operation."""
    positions: Count
    """Positions."""


class Headroom(Record):
    """What a hall or a contingency node has left in its tightest period, or the one that was asked for."""

    kind: Literal["hall", "node"]
    """``hall`` or ``node``."""
    name: Name
    """Its name."""
    period: Name
    """A period's label."""
    room: Room
    """What could be added there."""
