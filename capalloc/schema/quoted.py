"""What a request for capacity costs: whether it fits, its floor, who gives way, what else could be offered."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from capalloc.schema.about import About
from capalloc.schema.plan import Reason
from capalloc.schema.record import Amount, Count, Day, Flag, Name, Number, Record

Change = Literal["later", "smaller", "other type", "other hall", "shorter"]


class Interval(Record):
    """Where a figure lies that is the difference of two plans, each known within its gap."""

    low: Number
    """Not below it."""
    high: Number
    """Not above it."""


class GivesWay(Record):
    """What a demand gets less in a period than without the request; below 0 where it gets more."""

    demand: Name
    """Its name."""
    kw: Number
    """Less than without the request, of its own basis; below 0 where it gets more."""
    gpus: int = 0
    """0 beside kW: it is served by racks of other types."""
    usd: Number
    """Fee or value less, and penalty more, not discounted."""


class Headroom(Record):
    """What the site has left in a period."""

    left_kw: Number
    """Of the roots in normal operation, after the reserve."""
    tightest: str | None
    """The power node nearest to its limit in normal operation; None where no node has one."""
    used: Amount | None
    """Its load over its limit."""
    failover_tightest: str | None
    """The power node nearest to its failover limit after the loss of one contingency node."""
    lost: str | None
    """The contingency node that is out then."""
    failover_used: Amount | None
    """Load over limit then."""


class QuotedPeriod(Record):
    """One period: what is asked for, what could be delivered, and what serving it does. Money is not discounted."""

    period: Name
    """A period's label."""
    committed_kw: Amount
    """That are asked for."""
    deliverable_kw: Amount
    """The most of it that could be delivered in this period, whatever is delivered in the others."""
    racks: Count
    """That serve it, in the plan that delivers most in all."""
    gpus: Count
    """Of these racks."""
    displaced_usd: Number | None
    """What others earn less and moves cost more; None where the request does not fit."""
    moves_usd: Number | None
    """The part of it that moves cost more."""
    marginal_usd_per_kw_month: Amount | None
    """What one kW less of the request would give back, from the duals; None where the request does not fit."""
    gives_way: tuple[GivesWay, ...] = ()
    """Who gets less, most kW first."""
    binding: tuple[Reason, ...] = ()
    """What keeps racks from the request where it is not served in full."""
    headroom: tuple[Headroom, Headroom] | None = None
    """Before and after; None where the request does not fit."""


class Alternative(Record):
    """Something else that could be offered: planned, verified and priced like the request."""

    change: Change
    """``later``, ``smaller``, ``shorter``, ``other type`` or ``other hall``."""
    start: Day = Field(alias="from")
    """First day."""
    until: Day
    """Its end, excluded."""
    mw: Amount
    """The largest step."""
    rack_types: tuple[Name, ...]
    """That it accepts."""
    hall: Name | None
    """The one that it is limited to, if any."""
    floor_usd_per_kw_month: Number | None
    """Its floor."""
    floor_interval: Interval | None
    """Where that lies, USD per kW-month."""
    kw_months: Amount
    """Inside the horizon."""
    beyond_horizon: Flag = False
    """Whether its term ends after the horizon: floor, kW-months and value are of the periods before alone."""
    value_usd: Number
    """Discounted USD above its floor at the price that alternatives are compared at."""
    why: str
    """A sentence."""


class Quoted(Record):
    """The answer to a request for capacity."""

    format: Literal["capalloc.quote/1"] = "capalloc.quote/1"
    """``capalloc.quote/1``."""
    about: About
    """Scenario, and the plan without the request."""
    request: Name
    """Its name."""
    start: Day = Field(alias="from")
    """First day."""
    until: Day
    """Its end, excluded."""
    rack_types: tuple[Name, ...]
    """That it accepts."""
    fits: Flag
    """All of it can be served, and everybody keeps what was promised."""
    fits_proven: Flag = True
    """False: no plan was found that serves it in full, and none was proven impossible."""
    earliest: Name | None
    """The first period from which the whole ramp, shifted, fits."""
    earliest_proven: Flag = True
    """False: it may fit from an earlier one; where there is none, from one that was not looked at to the end."""
    floor_usd_per_kw_month: Number | None = None
    """(objective without - objective with) / discounted kW-months; None where the request does not fit.

    Below 0 where others earn more beside it: racks that it keeps on take nothing of a limit on bring-up later.
    """
    floor_interval: Interval | None = None
    """Where the floor lies whatever the gaps of the two plans hide."""
    floor_usd_per_gpu_hour: Number | None = None
    """The same loss for each GPU-hour that is delivered, of a request in GPUs up to it; None where there is none."""
    kw_months: Amount
    """Committed kW times months times the fee factor of each step, inside the horizon."""
    discounted_kw_months: Amount
    """The same, discounted."""
    objective_without_usd: Number
    """Of the best plan that is known without the request, discounted."""
    bound_without_usd: Number
    """That no plan without it can pass."""
    objective_with_usd: Number | None = None
    """Of the best plan that serves it in full at no fee; None where there is none."""
    bound_with_usd: Number | None = None
    """That no such plan can pass."""
    offered_usd: Number | None = None
    """What the offered fee pays for full service, discounted; None where none is offered."""
    margin_usd: Number | None = None
    """What the offered fee earns above the floor, discounted."""
    margin_interval: Interval | None = None
    """Where that lies, USD."""
    compared_at_usd_per_kw_month: Amount
    """The price that alternatives are compared at: the offered fee, or what contracts of the plan pay on average."""
    periods: tuple[QuotedPeriod, ...]
    """Those of its term, and others in which somebody earns less."""
    alternatives: tuple[Alternative, ...] = ()
    """What else could be offered: highest value first, later ones that end after the horizon last."""
    notes: tuple[str, ...] = ()
    """What limits the answer, in sentences."""
