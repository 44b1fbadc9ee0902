"""Demands: internal workloads and external contracts."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from capalloc.schema.facility import NodeKind
from capalloc.schema.record import (
    Amount,
    Count,
    Day,
    Flag,
    Name,
    PositiveCount,
    PositiveShare,
    Record,
    Share,
    Sourced,
    Text,
    exactly_one,
)
from capalloc.schema.where import Where

Basis = Literal["it_nameplate", "it_expected", "facility"]


class Locality(Record):
    """Lots: at each place of ``level`` a demand has none, or at least ``min_racks`` racks of one type."""

    level: Literal["row", "fabric_block", "hall"]
    """The places that lots lie in."""
    min_racks: PositiveCount
    """Least racks of one type in a lot."""


class Spread(Record):
    """No node of ``node_kind`` carries more than ``max_share`` of a demand's racks.

    A rack counts at a node with the share of its draw that the node carries in normal operation.
    """

    node_kind: NodeKind
    """A kind of power node."""
    max_share: PositiveShare
    """Most of the demand's racks on one such node, above 0."""


class Demand(Sourced):
    """What workloads and contracts have in common."""

    name: Name
    """Its name in plans, pins and events."""
    rack_types: Annotated[tuple[Name, ...], Field(min_length=1)]
    """Accepted rack types, the most preferred first."""
    draw: Literal["nameplate", "expected"] = "nameplate"
    """Which kW a rack draws while it serves this demand."""
    utilization: PositiveShare = 1.0
    """Factor on that draw."""
    isolation: Literal["none", "row", "hall"] = "none"
    """No rack of another demand in the same row or hall."""
    locality: Locality | None = None
    """Lots in one row, block or hall."""
    spread: Spread | None = None
    """Most of it on one power node of a kind."""
    where: Where | None = None
    """The only places that its racks and spares may stand at."""
    homogeneous: Flag = False
    """One rack type in any period."""
    buffer_share: Share = 0.0
    """Idle racks held as spares, as a share of the racks that serve (rounded up)."""
    commitment: Literal["hard", "priced"] | None = None
    """Whether a contract's ramp, or a workload's ``min``, may be missed at a price; None: see ``policy.shortfall``."""
    priority: Count | None = None
    """Commitments are met in falling order; 0: whatever is worth more. None: 1 for contracts, 0 for workloads."""
    labels: dict[Name, Text] = Field(default_factory=dict)
    """Words of one's own; they change nothing."""


class WorkloadStep(Record):
    """From ``start`` on the workload can use this much; exactly one of gpus, racks, mw is given."""

    model_config = exactly_one(("gpus", "racks", "mw"))

    start: Day = Field(alias="from")
    """First day of the step."""
    gpus: Count | None = None
    """What it can use."""
    racks: Count | None = None
    """What it can use."""
    mw: Amount | None = None
    """MW of the racks' ``draw`` kW, without utilization."""
    min: Amount = 0.0
    """What it must have, in the same unit; less is penalised."""

    @model_validator(mode="after")
    def _one_unit(self) -> Self:
        given = [key for key in ("gpus", "racks", "mw") if getattr(self, key) is not None]
        if len(given) != 1:
            raise ValueError(f"expected exactly one of gpus, racks, mw; found {', '.join(given) or 'none'}")
        if self.min > self.amount:
            raise ValueError(f"min {self.min:g} is above the demand of {self.amount:g} {self.unit}")
        return self

    @property
    def unit(self) -> Literal["gpus", "racks", "mw"]:
        """The unit that the step is given in."""
        if self.gpus is not None:
            return "gpus"
        return "racks" if self.racks is not None else "mw"

    @property
    def amount(self) -> float:
        """The step in its own unit."""
        return next(float(value) for value in (self.gpus, self.racks, self.mw) if value is not None)


class ValueTier(Record):
    """GPUs up to ``up_to_gpus`` (counted from the first) are worth this much; the last tier may be open."""

    up_to_gpus: PositiveCount | None = None
    """End of the tier, counted from the first GPU."""
    usd_per_gpu_hour: Amount
    """Worth of a GPU-hour in the tier, not above the tier before."""


class Workload(Demand):
    """An internal demand with a value per GPU-hour."""

    demand: Annotated[tuple[WorkloadStep, ...], Field(min_length=1)]
    """What it can use, in steps with increasing dates; the steps share one unit."""
    value: Annotated[tuple[ValueTier, ...], Field(min_length=1)]
    """What GPUs are worth, in tiers from the dearest down."""
    penalty_usd_per_gpu_hour: Amount | None = None
    """Price of a GPU-hour below ``min``; None means ten times the first tier."""
    until: Day | None = None
    """End of its term, excluded; None: it runs to the end of the horizon."""

    @model_validator(mode="after")
    def _steps_and_tiers_in_order(self) -> Self:
        _dates_increase([step.start for step in self.demand], self.until, "demand")
        if len({step.unit for step in self.demand}) > 1:
            raise ValueError("the steps of demand mix units; give all of them in gpus, in racks or in mw")
        for tier, after in pairwise(self.value):
            if tier.up_to_gpus is None or (after.up_to_gpus or tier.up_to_gpus + 1) <= tier.up_to_gpus:
                raise ValueError("up_to_gpus must increase from tier to tier; only the last tier may leave it out")
            if after.usd_per_gpu_hour > tier.usd_per_gpu_hour:
                raise ValueError("usd_per_gpu_hour must not increase from tier to tier")
        return self

    @property
    def shortage_usd_per_gpu_hour(self) -> float:
        """The penalty with its default filled in."""
        if self.penalty_usd_per_gpu_hour is not None:
            return self.penalty_usd_per_gpu_hour
        return 10 * self.value[0].usd_per_gpu_hour


class RampStep(Record):
    """Committed capacity from ``start`` on, in mw or in gpus."""

    model_config = exactly_one(("mw", "gpus"))

    start: Day = Field(alias="from")
    """First day of the step; of the first step, the first day of the term."""
    mw: Amount | None = None
    """Committed power, counted by basis."""
    gpus: Count | None = None
    """Committed GPUs."""
    fee_factor: Amount = 1.0
    """Factor on the fee while the step is in force."""

    @model_validator(mode="after")
    def _one_unit(self) -> Self:
        if (self.mw is None) == (self.gpus is None):
            raise ValueError(f"expected exactly one of mw, gpus; found {'none' if self.mw is None else 'both'}")
        return self

    @property
    def unit(self) -> Literal["mw", "gpus"]:
        """The unit that the step is given in."""
        return "gpus" if self.mw is None else "mw"

    @property
    def amount(self) -> float:
        """The step in its own unit."""
        return self.mw if self.mw is not None else float(self.gpus or 0)


class Fee(Record):
    """What the tenant pays; exactly one is given."""

    model_config = exactly_one(("usd_per_month", "usd_per_kw_month", "usd_per_gpu_hour"))

    usd_per_month: Amount | None = None
    """For the whole commitment."""
    usd_per_kw_month: Amount | None = None
    """For each committed kW."""
    usd_per_gpu_hour: Amount | None = None
    """For each delivered GPU of the commitment or flexible part, day by day."""

    @model_validator(mode="after")
    def _one_fee(self) -> Self:
        keys = ("usd_per_month", "usd_per_kw_month", "usd_per_gpu_hour")
        given = [key for key in keys if getattr(self, key) is not None]
        if len(given) != 1:
            raise ValueError(f"expected exactly one of {', '.join(keys)}; found {', '.join(given) or 'none'}")
        return self


class ShortfallTerms(Record):
    """What follows when less than the commitment is delivered."""

    remedy: Literal["pro_rata", "terminate"] = "pro_rata"
    """With pro_rata the fee shrinks; with terminate the plan also names the day from which the tenant may leave."""
    penalty_usd_per_kw_month: Amount = 0.0
    """For each kW that is short, beside the fee that is lost."""
    cure_days: Count = 0
    """Days of shortfall after which, under ``terminate``, the tenant may leave."""


class Termination(Record):
    """Who may end the contract, and when."""

    notice_days: Count = 0
    """From notice to the end."""
    initial_term_months: Count = 0
    """From the first step; notice counts from its end at the earliest."""
    by: Literal["either", "provider", "tenant", "none"] = "none"
    """Who may give notice."""


class Contract(Demand):
    """An external demand with a committed ramp and a fee."""

    tenant: Name
    """Who signs; racks may be dedicated to a tenant."""
    probability: PositiveShare = 1.0
    """Below 1 it is a prospect, planned only when asked for."""
    basis: Basis = "it_nameplate"
    """What its MW count."""
    ramp: Annotated[tuple[RampStep, ...], Field(min_length=1)]
    """Committed capacity, in steps with increasing dates, all in mw or all in gpus."""
    until: Day
    """End of the term."""
    fee: Fee
    """What the tenant pays."""
    flexible_mw: Amount = 0.0
    """May be delivered above the commitment, at the contract's unit price."""
    shortfall: ShortfallTerms = ShortfallTerms()
    """What follows when less is delivered."""
    termination: Termination = Termination()
    """Who may end it, and when."""

    @model_validator(mode="after")
    def _ramp_in_order(self) -> Self:
        _dates_increase([step.start for step in self.ramp], self.until, "ramp")
        if len({step.unit for step in self.ramp}) > 1:
            raise ValueError("the steps of ramp mix units; give all of them in mw or all in gpus")
        return self


def _dates_increase(days: list[date], until: date | None, key: str) -> None:
    for earlier, later in pairwise(days):
        if later <= earlier:
            raise ValueError(f"the steps of {key} must have increasing dates; {later} does not follow {earlier}")
    if until is not None and days[-1] >= until:
        raise ValueError(f"a step of {key} starts on {days[-1]}, outside the term that ends before {until}")
