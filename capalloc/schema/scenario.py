"""A scenario: a facility, a horizon, demands, events, pins and a policy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Self

from pydantic import Field, model_validator

from capalloc.calendar import Period, PeriodUnit, periods_of
from capalloc.schema.demand import Contract, Demand, Workload
from capalloc.schema.event import Event, Sign
from capalloc.schema.facility import Facility
from capalloc.schema.plan import Plan
from capalloc.schema.policy import Policy
from capalloc.schema.record import Day, Name, Record, exactly_one
from capalloc.schema.uncertainty import Uncertainty

IDLE = "idle"


class Horizon(Record):
    """The days that are planned, and the step they are planned in."""

    start: Day
    """First day."""
    end: Day
    """First day after it."""
    period: PeriodUnit = "month"
    """Step of the plan; months end with the calendar's, so the first and last may be cut short."""

    @model_validator(mode="after")
    def _not_empty(self) -> Self:
        if self.end <= self.start:
            raise ValueError(f"end {self.end} is not after start {self.start}: the horizon has no period")
        return self

    @property
    def periods(self) -> tuple[Period, ...]:
        """The periods in order."""
        return periods_of(self.start, self.end, self.period)


class Pin(Record):
    """Keeps a rack, or each rack of a row or hall that the demand accepts, on a demand or idle."""

    model_config = exactly_one(("rack", "row", "hall"))

    rack: Name | None = None
    """Name of a rack."""
    row: Name | None = None
    """A row, as row or hall/row."""
    hall: Name | None = None
    """A hall."""
    demand: Name
    """Name of a demand, or ``idle``."""
    start: Day | None = Field(default=None, alias="from")
    """First day."""
    until: Day | None = None
    """First day after it."""

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        given = [key for key in ("rack", "row", "hall") if getattr(self, key) is not None]
        if len(given) != 1:
            raise ValueError(f"expected exactly one of rack, row, hall; found {', '.join(given) or 'none'}")
        if self.start is not None and self.until is not None and self.until <= self.start:
            raise ValueError(f"until {self.until} is not after from {self.start}")
        return self


class Scenario(Record):
    """Everything a plan is made from, with every preset, template and path resolved."""

    name: Name = Field(alias="scenario")
    """Its name, as plans repeat it."""
    facility: Facility
    """A model that ships, or a path: a facility.yaml or a folder that has one."""
    horizon: Horizon
    """The days that are planned."""
    workloads: tuple[Workload, ...] = ()
    """Internal demands."""
    contracts: tuple[Contract, ...] = ()
    """External demands."""
    events: tuple[Event, ...] = ()
    """Dated changes."""
    pins: tuple[Pin, ...] = ()
    """Racks that are kept where they are told to be."""
    incumbent: Plan | None = None
    """Path of today's plan: racks that it holds cost money to move."""
    policy: Policy = Policy()
    """How the planner may act, and what acting costs."""
    uncertainty: Uncertainty | None = None
    """What is not sure; plans are made as if nothing of it happened."""

    @property
    def all_contracts(self) -> tuple[Contract, ...]:
        """Contracts of the file, then those that events sign."""
        return self.contracts + tuple(event.contract for event in self.events if isinstance(event, Sign))

    def located_demands(self) -> Iterator[tuple[tuple[str | int, ...], Demand]]:
        """(path, demand) of all workloads and contracts, signed ones at their event."""
        for index, workload in enumerate(self.workloads):
            yield ("workloads", index), workload
        for index, contract in enumerate(self.contracts):
            yield ("contracts", index), contract
        for index, event in enumerate(self.events):
            if isinstance(event, Sign):
                yield ("events", index, "contract"), event.contract

    def is_prospect(self, demand: Demand) -> bool:
        """Whether the demand is planned only when it is asked for; what an event signs is signed."""
        return isinstance(demand, Contract) and demand.probability < 1.0 and demand in self.contracts

    def priority_of(self, demand: Demand) -> int:
        """The demand's priority with its default filled in; 0 for all of them where money alone decides."""
        if self.policy.priority == "money":
            return 0
        return demand.priority if demand.priority is not None else int(isinstance(demand, Contract))

    def rank_of(self, demand: Demand, allow_displacing: bool) -> int:
        """The priority that a demand has: a prospect that may displace nobody has none."""
        return 0 if not allow_displacing and self.is_prospect(demand) else self.priority_of(demand)

    def must_be_met(self, demand: Demand) -> bool:
        """Whether the demand's commitment is hard, by its own word or else by the policy's."""
        default = "hard" if self.policy.shortfall == "forbid" else "priced"
        return (demand.commitment or default) == "hard"

    def planned(self, prospects: frozenset[str] = frozenset()) -> Iterator[Demand]:
        """Demands to plan, workloads first: prospects (probability below 1) only when named or signed."""
        yield from self.workloads
        for contract in self.contracts:
            if contract.probability == 1.0 or contract.name in prospects:
                yield contract
        yield from (event.contract for event in self.events if isinstance(event, Sign))
