"""The answer of ``capalloc impact`` as records, and so as JSON.

``kw_lost`` and ``kw_on_one_feed`` count as the plan's ``delivered_kw`` does: a contract's basis, a workload's ``draw``
without utilization. Loads and limits of nodes are what flows.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from capalloc.schema.about import About
from capalloc.schema.demand import Basis
from capalloc.schema.facility import NodeKind
from capalloc.schema.record import Amount, Count, Day, Flag, Name, Record

_NOISE_KW = 1e-5


class OutOfService(Record):
    """A thing that is taken out of service."""

    kind: Literal["node", "hall", "row", "zone", "supply"]
    """``node``, ``hall``, ``row``, ``zone`` or ``supply``."""
    name: Name
    """Its name."""
    node_kind: NodeKind | None = None
    """Of a node: ``utility``, ``ups``, …."""
    contingency: Flag = False
    """A power node whose loss alone every plan survives."""
    down_by: Name | None = None
    """What keeps it out of service in the period anyway; None where it would be in service."""


class DemandHit(Record):
    """A demand that loses racks, or one of the two feeds of some."""

    demand: Name
    """Its name."""
    tenant: Name | None
    """None for a workload."""
    basis: Basis
    """What its kW count."""
    racks: Count
    """Racks that serve it and go dark."""
    kw_lost: Amount
    """Of these."""
    gpus_lost: Count
    """Of these."""
    racks_on_one_feed: Count
    """That serve it and lose one of two feeds."""
    kw_on_one_feed: Amount
    """Of these."""
    spares_dark: Count
    """Idle racks held for it that go dark."""
    spares_on_one_feed: Count
    """Idle racks held for it that lose one of two feeds."""
    delivered_kw: Amount
    """By the plan, nothing being out."""
    committed_kw: Amount
    """A contract's commitment, or a workload's ``min``, as kW."""
    short_kw: Amount
    """What is missing of the commitment while its racks are dark."""
    may_leave_after_days: Count | None
    """Where that entitles its tenant to leave (``remedy: terminate``): the days of shortfall that it has to bear."""
    usd_at_stake_per_month: Amount
    """Fees or value that go, and penalties that come, while its racks are dark: at the period's terms, undiscounted."""
    usd_at_stake_per_hour: Amount
    """Its share."""


class NodeLoad(Record):
    """A power node while what was named is out."""

    node: Name
    """A power node."""
    load_kw: Amount
    """Load while things are out, static load included."""
    failover_kw: Amount
    """Its limit then: ``failover_kw``, where no node is out the normal one if it is more; at a root not more than the
    supplies that are left."""
    used: Amount | None
    """Load over limit; None where nothing may flow and something would."""
    normal_kw: Amount
    """Its load by the plan, nothing being out."""

    @property
    def strained(self) -> bool:
        """Whether it carries more than by the plan, or is beyond its limit."""
        return self.load_kw > min(self.normal_kw, self.failover_kw) + _NOISE_KW


class RackHit(Record):
    """A rack that goes dark, or is left with one feed."""

    rack: Name
    """Its name."""
    hit: Literal["dark", "one feed"]
    """``dark`` or ``one feed``."""
    does: Literal["serves", "spare", "idle"]
    """By the plan; ``idle``: it is powered and nobody has it."""
    demand: Name | None
    """Whom it serves or is held for."""
    tenant: Name | None
    """Null for a workload."""
    rack_type: Name
    """Its type."""
    hall: Name
    """Its hall."""
    row: Name
    """Without its hall."""
    position: Name
    """Where it stands."""


class RowHit(Record):
    """Racks that a demand has in a row, or that nobody has, some of which go dark or are left with one feed."""

    demand: Name | None
    """None: they are idle and powered, and nobody has them."""
    hall: Name
    """Its hall."""
    row: Name
    """Without its hall."""
    racks: Count
    """That serve the demand there, or are held for it."""
    dark: Count
    """Of these."""
    on_one_feed: Count
    """Of these."""


class NextLoss(Record):
    """The loss of one more contingency node while what was named is out."""

    contingency: Name
    """The node that is lost as well."""
    over: tuple[Name, ...]
    """Nodes beyond their failover limit then."""
    over_more: tuple[Name, ...]
    """Of them those that were within it before this loss."""
    kw_lost: Amount
    """Of all that is dark then."""
    kw_lost_more: Amount
    """Of it what this loss adds."""
    tightest: NodeLoad | None
    """Of the nodes that carry more than without this loss the one that uses most of its limit; None: no node does."""

    @property
    def does_harm(self) -> bool:
        """Whether it darkens more, or overloads a further node."""
        return bool(self.kw_lost_more or self.over_more)


class PeriodHit(Record):
    """What being out in one period would do."""

    period: Name
    """A period's label."""
    racks_dark: Count
    """Racks that serve a demand, or are held for one."""
    idle_racks_dark: Count
    """Racks that nobody has and that are powered."""
    kw_lost: Amount
    """Of the dark racks."""
    kw_on_one_feed: Amount
    """Of the racks that lose one of two feeds."""
    over: tuple[Name, ...]
    """Nodes beyond their failover limit."""
    tightest: NodeLoad | None
    """Of the nodes that carry more than by the plan, or are over, the one that uses most of its limit."""


class Window(Record):
    """Days [from, until), whole periods."""

    start: Day = Field(alias="from")
    """First day."""
    until: Day
    """First day excluded."""
    kw_lost: Amount
    """At most, in any of its periods; 0 in ``windows``."""


class Impact(Record):
    """What happens while nodes, rows, halls, cooling zones or supplies are out of service."""

    format: Literal["capalloc.impact/1"] = "capalloc.impact/1"
    """``capalloc.impact/1``."""
    about: About
    """Scenario and plan."""
    nodes: tuple[str, ...]
    """What is out, by name; what is no node with its kind before it, as in ``row:h1/r1``."""
    period: Name
    """The period that was asked for, else the plan's first."""
    out: tuple[OutOfService, ...]
    """The same things, with what would keep them out anyway."""
    racks_dark: tuple[Name, ...]
    """Racks that serve a demand, are held for one, or are idle and powered, and lose every feed or their cooling."""
    racks_on_one_feed: tuple[Name, ...]
    """Racks that lose one of two feeds."""
    idle_racks_dark: Count
    """Of the dark ones those that nobody has."""
    kw_lost: Amount
    """Of the dark racks."""
    gpus_lost: Count
    """Of the dark racks that serve."""
    demands: tuple[DemandHit, ...]
    """Whom they serve."""
    racks: tuple[RackHit, ...]
    """All of these racks: the dark ones first, each in the order of the site's table."""
    rows: tuple[RowHit, ...]
    """Where those racks stand, by demand and then in the order of the site; racks that nobody has come last."""
    limits: tuple[NodeLoad, ...]
    """Every node that is energised then, those that use most of their limit first."""
    over: tuple[Name, ...]
    """Nodes beyond their failover limit."""
    then: tuple[NextLoss, ...]
    """Every contingency node that is left, those first whose loss overloads or darkens most."""
    usd_at_stake_per_month: Amount
    """Fees and values that go, and penalties that come, while the racks are dark."""
    usd_at_stake_per_hour: Amount
    """The same."""
    periods: tuple[PeriodHit, ...]
    """Every period of the plan."""
    windows: tuple[Window, ...]
    """Runs of periods in which all of it can be out: nobody dark but idle racks, no node over."""
    least_harm: tuple[Window, ...]
    """Where there is no window, and periods differ: those with fewest nodes over, and of these with least kW lost."""
