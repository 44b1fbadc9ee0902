"""What ``capalloc whatif`` answers: each case beside the base plan."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from capalloc.schema.about import About
from capalloc.schema.record import Amount, Count, Day, Name, Number, Record


class Missed(Record):
    """What a demand gets less than its commitment (a workload: its ``min``) in a period."""

    demand: Name
    """Its name."""
    period: Name
    """A period's label."""
    short_kw: Amount
    """Less than its commitment; a workload: than its ``min``."""


class BaseFigures(Record):
    """The base plan as today's plan: what it has moved so far is done."""

    objective_usd: Number
    """Discounted."""
    bound_usd: Number
    """Discounted; no plan is worth more."""
    gap: Number
    """Of the objective."""
    fees_usd: Number
    """Of contracts."""
    values_usd: Number
    """Value of workloads."""
    penalties_usd: Amount
    """Of both."""
    racks_moved: Count
    """Departures: racks that stop serving a demand whose term goes on, each at the cost of a move."""
    missed: tuple[Missed, ...] = ()
    """What is short of a commitment."""


class CaseDemand(Record):
    """What changes for one demand, summed over the horizon."""

    demand: Name
    """Its name."""
    delta_kw_months: Number
    """More than in the base plan, over the horizon."""
    delta_usd: Number
    """Of fee or value, less penalties."""
    until: tuple[Day | None, Day | None]
    """The day on which its term ends in the base plan and in the case; None where it is not planned."""


class CaseChange(Record):
    """Periods in which a demand is delivered other kW, or has other racks, than in the base plan."""

    demand: Name
    """Its name."""
    start: Day = Field(alias="from")
    """First day."""
    until: Day
    """First day excluded."""
    kw: tuple[Amount, Amount]
    """Delivered in the base plan and in the case."""
    racks: tuple[Count, Count]
    """In the base plan and in the case."""


class CaseFree(Record):
    """Periods in which another number of usable racks serves nobody than in the base plan."""

    start: Day = Field(alias="from")
    """First day."""
    until: Day
    """First day excluded."""
    racks: tuple[Count, Count]
    """In the base plan and in the case."""


class CaseAnswer(Record):
    """One case, planned again with the base plan as today's plan."""

    case: Name
    """In the notation that reads it back."""
    status: Literal["optimal", "feasible", "infeasible", "time_limit", "failed"]
    """``optimal``, ``feasible``, ``infeasible``, ``time_limit`` or ``failed``."""
    detail: str = ""
    """Why there is no plan, or what ended the search."""
    objective_usd: Number | None = None
    """Discounted; null where there is no plan, as for all that follows from one."""
    bound_usd: Number | None = None
    """Discounted."""
    gap: Number | None = None
    """Of the objective."""
    delta_usd: Number | None = None
    """What the plan is worth more than the base plan, discounted."""
    delta_usd_between: tuple[Number, Number] | None = None
    """Between these lies what the best plan of the case is worth more than the best plan without it, discounted."""
    fees_usd: Number | None = None
    """Of contracts."""
    values_usd: Number | None = None
    """Of workloads."""
    penalties_usd: Amount | None = None
    """Of both."""
    racks_moved: Count | None = None
    """Departures, from the base plan to the first period too, each at the cost of a move."""
    missed: tuple[Missed, ...] = ()
    """What is short of a commitment."""
    demands: tuple[CaseDemand, ...] = ()
    """Demands for which anything changes."""
    changes: tuple[CaseChange, ...] = ()
    """When they get something else."""
    free: tuple[CaseFree, ...] = ()
    """When another number of racks serves nobody."""
    relocated: Count | None = None
    """Deliveries that stand at another position than in the base plan; it costs nothing before they have come."""
    plan: str | None = None
    """Name of its plan's file, where one was written."""
    doubts: tuple[str, ...] = ()
    """What is odd about the case and yet no error, and why it changes nothing where that is known."""


class WhatIf(Record):
    """The answer to ``capalloc whatif``."""

    format: Literal["capalloc.whatif/1"] = "capalloc.whatif/1"
    """``capalloc.whatif/1``."""
    about: About
    """Scenario and base plan."""
    horizon: tuple[str, ...]
    """Periods of the plans."""
    base: BaseFigures
    """The base plan."""
    cases: tuple[CaseAnswer, ...]
    """In the order in which they were asked for."""
    undone: tuple[Name, ...] = ()
    """Cases that were left when somebody asked for what there was."""
    assumes: tuple[str, ...] = ()
    """What the plans take for granted and one may not expect."""
    redone: tuple[Name, ...] = ()
    """Cases that were planned again since what was kept of them is not as it was written."""
