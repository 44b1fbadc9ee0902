"""The answer to ``capalloc diff``: two plans, what the second changes of the first."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from capalloc.schema.about import About
from capalloc.schema.record import Amount, Count, Day, Flag, Name, Number, Record

Two = tuple[Number, Number]
"""The figure of the first plan, and of the second."""
Known = tuple[Number | None, Number | None]
"""The same; None where a plan's scenario was not given."""
Change = Literal["new", "rescheduled", "cancelled"]
"""Of work: in the second plan alone, in both on different days, in the first alone."""
Standing = Literal["new", "relocated", "rescheduled", "cancelled"]
"""Of a delivery: ``relocated`` where the second plan stands it at another position, whatever the day."""
State = Literal["serves", "spare", "idle", "off"]
"""What a rack does; a spare is held for a demand."""


class Overlap(Record):
    """The days that both plans cover; nothing else is compared but the objectives."""

    start: Day = Field(alias="from")
    """First day."""
    until: Day
    """First day excluded."""
    periods: tuple[Name, ...]
    """Labels of periods that both have with the same days: of these figures are compared."""
    first_alone: Count
    """Periods of the first plan that the second does not have."""
    second_alone: Count
    """Of the second plan that the first does not have."""


class DemandDiff(Record):
    """A demand in a period in which the plans differ in it."""

    demand: Name
    """Its name."""
    period: Name
    """A period's label."""
    kw: Two
    """Delivered."""
    usd: Two
    """Fee or value less penalty, not discounted."""
    racks: tuple[Count, Count]
    """Of each."""
    penalty_usd: Two
    """Of each."""


class Move(Record):
    """A rack changes what it does on a day: work that the second plan adds, shifts or drops.

    The first plan's changes, without those that are ``cancelled`` or were planned for ``was``, and with those that are
    ``new`` or ``rescheduled``, are the second's.
    """

    date: Day
    """When the rack changes what it does."""
    rack: Name
    """Its name."""
    change: Change
    """``new``, ``rescheduled`` or ``cancelled``: in the second plan alone, in both on different days, in the first
    alone."""
    was: Day | None
    """The first plan's day, where it is rescheduled."""
    source: Name | None = Field(alias="from")
    """Whom it serves, or is held for, until then; on the first day that both plans cover: in the first plan."""
    to: Name | None
    """Whom it serves, or is held for, from then on."""
    source_state: State = Field(alias="from_state")
    """What it did before."""
    to_state: State
    """The same from then on."""
    rack_type: Name | None = None
    """Null where no scenario tells."""
    hall: Name | None = None
    """Null where no scenario tells."""
    row: Name | None = None
    """Without its hall."""
    position: Name | None = None
    """Where it stands."""
    feeds: tuple[Name, ...] = ()
    """Of the position."""
    last: Name | None = None
    """Whom it served last, where it comes to another demand."""
    free_since: Day | None = None
    """From when on it has served nobody, or the day itself."""
    next: Name | None = None
    """Whom it serves next, where it stops serving and does not go on at once."""
    next_on: Day | None = None
    """From when on."""
    handover_days: Count | None = None
    """Days that its hand-over takes; None where it does not change hands, or the scenario was not given."""


class DiffSpan(Record):
    """A rack that does one thing in the first plan and another in the second during [from, until).

    What the first plan has racks do, with these spans in its place, is what the second has them do.
    """

    rack: Name
    """Its name."""
    start: Day = Field(alias="from")
    """First day."""
    until: Day
    """First day excluded."""
    demands: tuple[Name | None, Name | None]
    """Whom it serves, or is held for, in each plan."""
    states: tuple[State, State]
    """In each plan: ``serves``, ``spare``, ``idle`` or ``off``."""


class Stand(Record):
    """A delivered rack that the plans stand in different places, or on different days."""

    date: Day
    """When it is to stand."""
    rack: Name
    """A delivery."""
    change: Standing
    """``new``, ``relocated``, ``rescheduled`` or ``cancelled``."""
    was: Day | None
    """The first plan's day, where it is another."""
    positions: tuple[Name | None, Name | None]
    """Of each plan; null where it has none."""
    rack_type: Name | None = None
    """Null where no scenario tells."""
    hall: Name | None = None
    """Of the position that counts: the second plan's, or what is cancelled."""
    row: Name | None = None
    """Of the position that counts: the second plan's, or what is cancelled."""
    feeds: tuple[Name, ...] = ()
    """Of the position."""


class Tight(Record):
    """The power node nearest to its limit."""

    node: Name
    """Its name."""
    lost: Name | None
    """The contingency that is out; null in normal operation."""
    period: Name
    """A period's label."""
    used: Amount
    """Load over limit."""


class Risk(Record):
    """How sure a plan is, over the days that both cover."""

    shortfalls: tuple[Count, Count]
    """Runs of days on which a demand gets less than its commitment, or its minimum."""
    most_short_kw: tuple[Amount, Amount]
    """Of each."""
    penalty_usd: Two
    """Of each."""
    firm_usd: Known
    """Fees that notice on the first day that both plans cover could not take away."""
    at_risk_usd: Known
    """Of each: the other fees."""
    least_left_kw: Known
    """Of the whole site in normal operation, after the reserve."""
    normal: tuple[Tight | None, Tight | None]
    """Of each: the power node nearest to its limit."""
    failover: tuple[Tight | None, Tight | None]
    """After the loss of a contingency node."""


class Diff(Record):
    """What the second plan changes of the first."""

    format: Literal["capalloc.diff/1"] = "capalloc.diff/1"
    """``capalloc.diff/1``."""
    about: tuple[About, About]
    """Scenario and plan of each."""
    same: Flag
    """No rack, position or dollar differs on the days that both plans cover."""
    overlap: Overlap
    """The days and periods that both plans cover."""
    objective_usd: Two
    """Each over its own horizon, discounted to its own first day."""
    difference_usd: Number | None
    """Second less first; None where the horizons differ, which compares nothing."""
    best_difference_usd: tuple[Number, Number] | None
    """What the best plans of the two could differ by at least and at most: each is proven within its gap."""
    usd: Two
    """Fees and values less penalties over the periods that both have, not discounted."""
    demands: tuple[DemandDiff, ...]
    """Demands and periods in which the plans differ."""
    moves: tuple[Move, ...]
    """By day, then hall, row and position."""
    spans: tuple[DiffSpan, ...]
    """The same by rack: on which days the plans have it do different things."""
    stands: tuple[Stand, ...]
    """Deliveries that stand elsewhere, or on another day."""
    risk: Risk
    """How sure each plan is."""
    notes: tuple[str, ...] = ()
    """What is not compared or not known, and how to get it."""
