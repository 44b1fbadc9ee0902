"""A plan: which rack stands where, serves whom and when, and what that earns."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from capalloc.schema.record import Amount, Count, Day, Name, Number, Record
from capalloc.schema.rules import Rule
from capalloc.schema.status import Status, StopReason

FORMAT = "capalloc.plan/1"


class Outcome(Record):
    """Why the search ended (``termination`` in the file)."""

    reason: StopReason
    limit: Amount | None = None
    """The limit that was met, in seconds."""
    detail: str = ""


class Placement(Record):
    """The position that a delivered rack takes, from a day on."""

    rack: Name
    position: Name
    start: Day = Field(alias="from")


class Span(Record):
    """A rack in a state during [from, until), a maximal interval on period borders."""

    rack: Name
    start: Day = Field(alias="from")
    until: Day


class Assignment(Record):
    """A rack serves a demand during [from, until), a maximal interval on period borders."""

    rack: Name
    demand: Name
    start: Day = Field(alias="from")
    until: Day


class DemandPeriod(Record):
    """What one demand gets in one period that its term touches. Money is not discounted."""

    demand: Name
    period: Name
    committed_kw: Amount
    """A contract's commitment, or a workload's ``min``, as kW."""
    wanted_kw: Amount = 0.0
    """A contract's commitment, or a workload's demand, as kW."""
    delivered_kw: Amount
    racks: Count
    gpus: Count
    revenue_usd: Number
    """A contract's fee or a workload's value."""
    penalty_usd: Amount


class Reason(Record):
    """How many racks a rule keeps from a demand, and where."""

    rule: Rule
    where: str
    racks: Count


class Unplaced(Record):
    """What a demand misses of its commitment (a workload: of its ``min``) in a period."""

    demand: Name
    period: Name
    racks: Count
    """Racks of its most preferred type that would fill the gap."""
    reasons: tuple[Reason, ...] = ()


class Shortfall(Record):
    """A run of days on which a contract gets less than that day's commitment, or a workload less than its ``min``."""

    demand: Name
    start: Day = Field(alias="from")
    until: Day
    most_short_kw: Amount
    penalty_usd: Amount
    """Penalty over the run, not discounted."""
    lost_fee_usd: Amount
    """Fee that full delivery would have earned beyond what is earned, not discounted; 0 for a workload."""
    tenant_may_leave_from: Day | None = None
    """Under ``remedy: terminate``: the day after the cure period, when the run lasts that long."""


class PrecedenceChange(Record):
    """What a demand gets more, or less (below 0), during [from, until) than where money alone decides."""

    demand: Name
    start: Day = Field(alias="from")
    until: Day
    more_kw: Number
    more_racks: int = Field(strict=True)


class Precedence(Record):
    """What has changed because commitments are served first, against the plan in which money alone decides."""

    less_usd: Number
    """What the plan is worth less, discounted USD."""
    bound_usd: Number
    """No plan that delivers at least as much of what comes first is worth more, discounted USD."""
    changes: tuple[PrecedenceChange, ...] = ()


class NodePrice(Record):
    """What one more kW at a node would be worth in a period, from the relaxation's duals.

    Discounted USD, never below 0.
    """

    node: Name
    period: Name
    usd_per_kw_month: Number


class DemandPrice(Record):
    """What one kW of a demand, served from outside the site, would be worth in a period; as :class:`NodePrice`."""

    demand: Name
    period: Name
    usd_per_kw_month: Number


class Seconds(Record):
    """Wall time by stage."""

    compile: Amount = 0.0
    plan: Amount = 0.0
    place: Amount = 0.0
    verify: Amount = 0.0


class Stats(Record):
    """Size of what was solved, and the time it took."""

    racks: Count = 0
    classes: Count = 0
    periods: Count = 0
    windows: Count = 0
    rows: Count = 0
    columns: Count = 0
    moves: Count = 0
    """Departures: racks that stop serving a demand whose term goes on."""
    seconds: Seconds = Seconds()


class Plan(Record):
    """A plan file, format ``capalloc.plan/1``."""

    format: Literal["capalloc.plan/1"] = "capalloc.plan/1"
    capalloc: str
    scenario: Name
    scenario_sha256: str
    prospects: tuple[Name, ...] = ()
    """Contracts with a probability below 1 that were planned because they were asked for."""
    allow_displacing: bool = Field(default=False, strict=True)
    """Whether prospects were allowed to displace signed contracts."""
    status: Literal[Status.OPTIMAL, Status.FEASIBLE, Status.INFEASIBLE]
    termination: Outcome
    objective_usd: Number
    bound_usd: Number
    gap: Number
    periods: tuple[str, ...]
    placements: tuple[Placement, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    off: tuple[Span, ...] = ()
    buffers: tuple[Assignment, ...] = ()
    """Idle racks held as spares for a demand (``buffer_share``); they are in no assignment."""
    demands: tuple[DemandPeriod, ...] = ()
    shortfalls: tuple[Shortfall, ...] = ()
    unplaced: tuple[Unplaced, ...] = ()
    precedence: Precedence | None = None
    """What the order in which commitments are served has changed; None where money alone makes such a plan."""
    undecided: tuple[Name, ...] = ()
    """Demands that come first and are short, where the search ended before it was known whether they get more."""
    prices: tuple[NodePrice, ...] = ()
    demand_prices: tuple[DemandPrice, ...] = ()
    stats: Stats = Stats()

    @property
    def most_usd(self) -> float:
        """What no plan that gives as much to what comes first is worth more than, discounted USD."""
        return self.bound_usd if self.precedence is None else self.precedence.bound_usd
