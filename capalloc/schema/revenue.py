"""The answer to ``capalloc revenue``: what a plan earns, how much of it is firm, and of whom. USD, not discounted."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from capalloc.schema.about import About
from capalloc.schema.record import Amount, Count, Day, Name, Number, PositiveShare, Record, Share

By = Literal["period", "month", "quarter", "year"]
"""What sums run over: periods of the plan, or spans of the calendar."""


class RevenuePeriod(Record):
    """A demand in one period that its term touches; the fee is the sum of firm, at risk and prospect."""

    period: Name
    """A period's label."""
    demand: Name
    """Its name."""
    fee_usd: Number
    """Of a contract."""
    value_usd: Number
    """Of a workload."""
    penalty_usd: Amount
    """For what is short."""
    firm_usd: Number
    """Fee that notice on ``as_of`` or later could not take away."""
    at_risk_usd: Number
    """The rest of the fee, where it has signed."""
    prospect_usd: Number
    """Fee of a contract that has not signed, as if it had."""


class RevenueSum(Record):
    """All demands in a period or a span of the calendar, prospects apart."""

    span: Name
    """A period's label, or such as ``2026-08``, ``2026-Q3``, ``2026``."""
    start: Day = Field(alias="from")
    """First day."""
    until: Day
    """First day excluded."""
    fee_usd: Number
    """Of contracts that have signed."""
    value_usd: Number
    """Of workloads."""
    penalty_usd: Amount
    """Without prospects."""
    firm_usd: Number
    """Of the fee."""
    at_risk_usd: Number
    """Of the fee."""
    prospect_usd: Number
    """Beside the fee: of contracts that have not signed."""


class RevenueContract(Record):
    """A contract over the horizon: the total is what is earned before ``as_of``, what remains, and what is at risk."""

    demand: Name
    """Its name."""
    tenant: Name
    """Its tenant."""
    total_usd: Number
    """Its fee; of a prospect as if it had signed."""
    penalty_usd: Amount
    """For what is short."""
    firm_usd: Number
    """Of the fee."""
    at_risk_usd: Number
    """Of the fee."""
    firm_until: Day | None
    """The day when it could end if notice were given on ``as_of``; None for a prospect."""
    may_leave_from: Day | None
    """The first day on which the tenant may leave for a shortfall of the plan, notice or not; firm fees ignore it."""
    earned_usd: Number
    """Fee of the days before ``as_of``."""
    remaining_usd: Number
    """Remaining performance obligation within the horizon: firm fees of the days from ``as_of`` on."""
    beyond_usd: Amount
    """Firm fees after the horizon, where all that is committed is delivered; in no other figure."""
    share: Share | None
    """Of the fees of all contracts that have signed; None for a prospect, and where there are no fees."""
    kw_months: Amount
    """Delivered, of its basis."""
    gpu_hours: Amount
    """Delivered."""
    usd_per_kw_month: Number | None
    """Fee of a delivered kW-month; None where none is delivered."""
    usd_per_gpu_hour: Number | None
    """Fee of what is delivered; null where no GPU is."""
    notice_by: Literal["either", "provider", "tenant", "none"]
    """Who may give notice."""
    notice_days: Count
    """From notice to its end."""
    probability: PositiveShare
    """Of the signature; 1 where it has signed."""
    weighted_usd: Number
    """Of a prospect: fee times probability; 0 else."""


class RevenueWorkload(Record):
    """A workload over the horizon."""

    demand: Name
    """Its name."""
    value_usd: Number
    """Over the horizon."""
    penalty_usd: Amount
    """For what is below its minimum."""
    kw_months: Amount
    """Delivered, of its draw."""
    gpu_hours: Amount
    """Delivered."""
    usd_per_kw_month: Number | None
    """Value of what is delivered; null where nothing is."""
    usd_per_gpu_hour: Number | None
    """Value of what is delivered; null where nothing is."""


class RevenueTenant(Record):
    """A tenant over the horizon: the sums of its contracts that have signed."""

    tenant: Name
    """Its name."""
    contracts: Count
    """That have signed; the figures are their sums."""
    total_usd: Number
    """Fees."""
    penalty_usd: Amount
    """Penalties."""
    firm_usd: Number
    """Of the fees."""
    at_risk_usd: Number
    """Of the fees."""
    earned_usd: Number
    """Fees of the days before ``as_of``."""
    remaining_usd: Number
    """Firm fees from ``as_of`` on, within the horizon."""
    beyond_usd: Amount
    """Firm fees after the horizon."""
    share: Share | None
    """Of all fees; None where there are none."""


class Concentration(Record):
    """How much hangs on few tenants, by their fees over the horizon."""

    largest: Name | None
    """The tenant that pays most; None where no contract has signed, or none pays."""
    share: Share
    """Of all fees."""
    hhi: Share
    """Herfindahl-Hirschman index: the sum of squared shares; 1 where one tenant pays all."""


class ToObjective(Record):
    """From fees to the objective of the plan. Prospects that were asked for are inside, as if signed."""

    fees_usd: Number
    """Of contracts, prospects as if signed."""
    values_usd: Number
    """Of workloads."""
    penalties_usd: Amount
    """Of both."""
    moves: Count
    """Racks that leave a demand whose term goes on."""
    moves_usd: Amount
    """What that costs."""
    undiscounted_usd: Number
    """Fees and values less penalties and the cost of moves."""
    discounting_usd: Number
    """What discounting adds: mostly below 0."""
    objective_usd: Number
    """Of the plan, discounted."""


class RevenueAnswer(Record):
    """What a plan earns."""

    format: Literal["capalloc.revenue/1"] = "capalloc.revenue/1"
    """``capalloc.revenue/1``."""
    about: About
    """Scenario and plan."""
    as_of: Day
    """Notice is given on this day at the earliest; fees before it are earned."""
    start: Day = Field(alias="from")
    """First day."""
    until: Day
    """The horizon is [from, until)."""
    periods: tuple[RevenuePeriod, ...]
    """By period, then by demand in the scenario's order."""
    by: By
    """What ``sums`` run over."""
    sums: tuple[RevenueSum, ...]
    """All demands by span."""
    contracts: tuple[RevenueContract, ...]
    """In the scenario's order, prospects too."""
    workloads: tuple[RevenueWorkload, ...]
    """In the scenario's order."""
    tenants: tuple[RevenueTenant, ...]
    """The largest first."""
    concentration: Concentration
    """How much hangs on few tenants."""
    to_objective: ToObjective
    """From fees to the plan's objective."""
    signs_later: dict[Name, Day] = Field(default_factory=dict)
    """Contracts that an event signs after ``as_of``, with that day: they count as signed."""

    @property
    def has_prospects(self) -> bool:
        """Whether the plan serves contracts that have not signed."""
        return any(one.firm_until is None for one in self.contracts)
