"""What comes of placing requests (models/README.md, Placement files)."""

from __future__ import annotations

from capalloc.schema.record import Amount, Count, Name, Number, Record
from capalloc.schema.request import Placed, PlacementObjective
from capalloc.schema.rules import Rule


class Reason(Record):
    """Why racks of a request found no position."""

    rule: Rule
    """One of the rules."""
    where: Name
    """The node, zone, row, block, hall or ``site`` that stood in the way."""
    racks: Count
    """Racks of the request that it kept out, beside as many as could have stood where the most of them could."""
    short_kw: Amount = 0.0
    """kW missing there for all of these racks; 0 where positions are missing."""


class UnplacedRequest(Record):
    """A request of which not all racks found a position."""

    request: Name
    """A request."""
    racks: Count
    """Racks without a position."""
    reasons: tuple[Reason, ...] = ()
    """What kept them out."""


class ZoneHeat(Record):
    """Heat in a cooling zone, of what stood before too, and what the zone carries away."""

    zone: Name
    """A cooling zone."""
    heat_kw: Amount
    """All of its heat, of what stood before too."""
    liquid_kw: Amount
    """What of it leaves by liquid."""
    air_kw: Amount
    """What of it leaves by air."""
    limit_kw: Amount | None = None
    """On all heat; None where liquid and air have limits of their own."""
    liquid_limit_kw: Amount | None = None
    """What it carries away by liquid; null where it has one limit."""
    air_limit_kw: Amount | None = None
    """What it carries away by air; null where it has one limit."""


class Placing(Record):
    """Where the racks of requests stand, and what that comes to."""

    maximised: PlacementObjective
    """``racks``, ``kw``, ``requests`` or ``value``."""
    placed: tuple[Placed, ...]
    """A line for each placed rack, those that stood before too, sorted by request and position."""
    requests_placed: Count
    """Requests of which every rack has a position."""
    racks_placed: Count
    """Placed racks."""
    kw_placed: Amount
    """Their draw."""
    objective: Number
    """The figure that is maximised."""
    bound: Number | None = None
    """Proven upper bound on the objective; None where none was asked for."""
    gap: Number | None = None
    """(bound - objective) / bound; 0 where the bound is 0."""
    stranded_kw: Amount
    """kW that the roots could still carry and that no free position can draw."""
    seconds_core: Amount
    """Seconds of placing alone."""
    seconds_total: Amount
    """Seconds from the facility in memory to the checked answer, bound included."""
    zones: tuple[ZoneHeat, ...] = ()
    """Heat of each cooling zone."""
    unplaced: tuple[UnplacedRequest, ...] = ()
    """Requests of which not all racks found a position."""
