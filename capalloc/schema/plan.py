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
    """``optimal``, ``gap_reached``, ``time_limit``, ``interrupted`` or ``infeasible``."""
    limit: Amount | None = None
    """The limit that was met, in seconds."""
    detail: str = ""
    """A sentence."""


class Placement(Record):
    """The position that a delivered rack takes, from a day on."""

    rack: Name
    """A delivery."""
    position: Name
    """Where it stands."""
    start: Day = Field(alias="from")
    """First day."""


class Span(Record):
    """A rack in a state during [from, until), a maximal interval on period borders."""

    rack: Name
    """A rack."""
    start: Day = Field(alias="from")
    """First day."""
    until: Day
    """First day after it."""


class Assignment(Record):
    """A rack serves a demand during [from, until), a maximal interval on period borders."""

    rack: Name
    """A rack."""
    demand: Name
    """Whom it serves, or is held for."""
    start: Day = Field(alias="from")
    """First day."""
    until: Day
    """First day after it."""


class DemandPeriod(Record):
    """What one demand gets in one period that its term touches. Money is not discounted."""

    demand: Name
    """A demand."""
    period: Name
    """A period's label."""
    committed_kw: Amount
    """A contract's commitment, or a workload's ``min``, as kW."""
    wanted_kw: Amount = 0.0
    """A contract's commitment, or a workload's demand, as kW."""
    delivered_kw: Amount
    """What it gets."""
    racks: Count
    """Racks that serve it."""
    gpus: Count
    """Their GPUs."""
    revenue_usd: Number
    """A contract's fee or a workload's value."""
    penalty_usd: Amount
    """Penalty."""


class Reason(Record):
    """How many racks a rule keeps from a demand, and where."""

    rule: Rule
    """One of the rules in the README."""
    where: str
    """Node, zone, row, hall, …."""
    racks: Count
    """Racks that it keeps away."""


class Unplaced(Record):
    """What a demand misses of its commitment (a workload: of its ``min``) in a period."""

    demand: Name
    """A demand."""
    period: Name
    """A period's label."""
    racks: Count
    """Racks of its most preferred type that would fill the gap."""
    reasons: tuple[Reason, ...] = ()
    """What keeps racks from it."""


class Shortfall(Record):
    """A run of days on which a contract gets less than that day's commitment, or a workload less than its ``min``."""

    demand: Name
    """A contract or a workload."""
    start: Day = Field(alias="from")
    """First day."""
    until: Day
    """First day after them."""
    most_short_kw: Amount
    """Most that is missing on any of its days."""
    penalty_usd: Amount
    """Penalty over the run, not discounted."""
    lost_fee_usd: Amount
    """Fee that full delivery would have earned beyond what is earned, not discounted; 0 for a workload."""
    tenant_may_leave_from: Day | None = None
    """Under ``remedy: terminate``: the day after the cure period, when the run lasts that long."""


class PrecedenceChange(Record):
    """What a demand gets more, or less (below 0), during [from, until) than where money alone decides."""

    demand: Name
    """A demand."""
    start: Day = Field(alias="from")
    """First day."""
    until: Day
    """First day after it."""
    more_kw: Number
    """What it gets more; below 0 it gives way."""
    more_racks: int = Field(strict=True)
    """The same in racks."""


class Precedence(Record):
    """What has changed because commitments are served first, against the plan in which money alone decides."""

    less_usd: Number
    """What the plan is worth less, discounted USD."""
    bound_usd: Number
    """No plan that delivers at least as much of what comes first is worth more, discounted USD."""
    changes: tuple[PrecedenceChange, ...] = ()
    """Who gets more and who less, in runs of periods in which a commitment is met further."""


class NodePrice(Record):
    """What one more kW at a node would be worth in a period, from the relaxation's duals.

    Discounted USD, never below 0.
    """

    node: Name
    """A power node."""
    period: Name
    """A period's label."""
    usd_per_kw_month: Number
    """What one more kW of all its limits would be worth."""


class DemandPrice(Record):
    """What one kW of a demand, served from outside the site, would be worth in a period; as :class:`NodePrice`."""

    demand: Name
    """A demand."""
    period: Name
    """A period's label."""
    usd_per_kw_month: Number
    """What one kW of it, served from outside the site, would be worth."""


class Seconds(Record):
    """Wall time by stage."""

    compile: Amount = 0.0
    """Scenario to arrays."""
    plan: Amount = 0.0
    """Searching."""
    place: Amount = 0.0
    """Naming racks and writing the plan."""
    verify: Amount = 0.0
    """Checking it."""


class Stats(Record):
    """Size of what was solved, and the time it took."""

    racks: Count = 0
    """Racks of the facility."""
    classes: Count = 0
    """Classes they were counted in."""
    periods: Count = 0
    """Periods of the horizon."""
    windows: Count = 0
    """Windows they were planned in."""
    rows: Count = 0
    """Rows of the model."""
    columns: Count = 0
    """Columns of the model."""
    moves: Count = 0
    """Departures: racks that stop serving a demand whose term goes on."""
    seconds: Seconds = Seconds()
    """How long that took."""


class Plan(Record):
    """A plan file, format ``capalloc.plan/1``."""

    format: Literal["capalloc.plan/1"] = "capalloc.plan/1"
    """Version of the format."""
    capalloc: str
    """Version that made the plan."""
    scenario: Name
    """The scenario's name."""
    scenario_sha256: str
    """Fingerprint of the scenario, without sources, descriptions, and labels that nothing looks at."""
    prospects: tuple[Name, ...] = ()
    """Contracts with a probability below 1 that were planned because they were asked for."""
    allow_displacing: bool = Field(default=False, strict=True)
    """Whether prospects were allowed to displace signed contracts."""
    status: Literal[Status.OPTIMAL, Status.FEASIBLE, Status.INFEASIBLE]
    """``optimal``, ``feasible`` or ``infeasible``."""
    termination: Outcome
    """Why the search ended."""
    objective_usd: Number
    """What the plan is worth, discounted."""
    bound_usd: Number
    """Proven: no plan is worth more."""
    gap: Number
    """(bound - objective) / |bound|."""
    periods: tuple[str, ...]
    """Labels: ``2027-05`` for a month, else the first day."""
    placements: tuple[Placement, ...] = ()
    """Positions of deliveries."""
    assignments: tuple[Assignment, ...] = ()
    """Who serves whom, sorted by rack and date; a rack in none is idle."""
    off: tuple[Span, ...] = ()
    """Idle racks that are switched off."""
    buffers: tuple[Assignment, ...] = ()
    """Idle racks held as spares for a demand (``buffer_share``); they are in no assignment."""
    demands: tuple[DemandPeriod, ...] = ()
    """What each demand gets in each period of its term."""
    shortfalls: tuple[Shortfall, ...] = ()
    """What contracts miss of their commitment and workloads of their ``min``, in runs of days."""
    unplaced: tuple[Unplaced, ...] = ()
    """What is missing in a period, and why."""
    precedence: Precedence | None = None
    """What the order in which commitments are served has changed; None where money alone makes such a plan."""
    undecided: tuple[Name, ...] = ()
    """Demands that come first and are short, where the search ended before it was known whether they get more."""
    prices: tuple[NodePrice, ...] = ()
    """What one more kW at a power node would be worth."""
    demand_prices: tuple[DemandPrice, ...] = ()
    """What one kW of a demand, served from elsewhere, would be worth."""
    stats: Stats = Stats()
    """Sizes and times."""

    @property
    def most_usd(self) -> float:
        """What no plan that gives as much to what comes first is worth more than, discounted USD."""
        return self.bound_usd if self.precedence is None else self.precedence.bound_usd
