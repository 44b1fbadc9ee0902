"""The pieces of a scenario: what demands must get, window by window, and everything else that a plan must keep."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from capalloc.analysis.edits import Edit
from capalloc.analysis.explain.rows import RowKey
from capalloc.instance.model import Instance
from capalloc.schema.event import Event
from capalloc.schema.facility import Rack


class Kind(StrEnum):
    """What sort of requirement it is."""

    COMMITMENT = "commitment"
    MINIMUM = "minimum"
    POWER = "power"
    FAILOVER = "failover"
    SUPPLY = "supply"
    RESERVE = "reserve"
    STATIC_LOAD = "static load"
    COOLING = "cooling"
    SUPPLY_DATES = "supply dates"
    NODE_DATES = "node dates"
    ZONE_DATES = "zone dates"
    RACK_DATES = "rack dates"
    MAINTENANCE = "maintenance"
    POSITIONS = "positions"
    RACKS = "racks"
    RACK_TYPES = "rack types"
    DEDICATION = "dedication"
    OVERSHOOT = "overshoot"
    ISOLATION = "isolation"
    LOCALITY = "locality"
    SPREAD = "spread"
    WHERE = "where"
    HOMOGENEOUS = "homogeneous"
    BUFFER = "buffer"
    PIN = "pin"
    FREEZE = "freeze"
    BRING_UP_RACKS = "bring-up racks"
    BRING_UP_MW = "bring-up MW"
    HAND_OVER = "hand-over"
    MOVES = "moves"
    OUTAGE = "outage"
    DELAY = "delay"


@dataclass(frozen=True, slots=True, order=True)
class Commitment:
    """What a contract commits, or a workload's ``min``, in a window of periods [first, end) with equal data."""

    first: int
    end: int
    demand: str


@dataclass(frozen=True, slots=True, eq=False)
class Requirement:
    """One thing that a plan must keep, and the same problem without it; equal to itself alone.

    Dropping it only ever allows more. At most one of ``scenario``, ``instance``, ``row`` says how that is done.
    """

    kind: Kind
    where: str
    """Power node, cooling zone, supply, demand, rack type, ... as the planner named it."""
    says: str
    """What is required, in a few words."""
    lost: str | None = None
    """The contingency that is out, for a failover limit."""
    scenario: Edit | None = None
    instance: Callable[[Instance], Instance] | None = None
    row: RowKey | None = None
    limited: Instance | None = None
    """The instance that has the row."""
    event: Event | None = None
    """The event that it is, for outages and delays."""
    index: int = 0
    """The number of the pin that it is."""
    racks: tuple[Rack, ...] = ()
    """The racks whose dates it is."""

    @property
    def name(self) -> tuple[Kind, str, int]:
        """What is raised or changed to repair it: limits of one node after several losses are one."""
        return self.kind, self.where, self.row[3] if self.row is not None and self.kind is Kind.COOLING else 0


Piece = Commitment | Requirement
