"""What an answer is about: which scenario and which plan."""

from __future__ import annotations

from capalloc.schema.record import Flag, Name, Number, Record
from capalloc.schema.status import Status


class About(Record):
    """The scenario and the plan that a question was asked of."""

    scenario: Name
    """The scenario's name."""
    scenario_sha256: str
    """Its digest."""
    plan_sha256: str
    """Of the plan without the seconds that it took."""
    planned_now: Flag
    """No plan was given: this one was made for the question."""
    prospects: tuple[Name, ...] = ()
    """Prospects that the plan serves because they were asked for."""
    status: Status
    """``optimal`` or ``feasible``."""
    objective_usd: Number
    """Its objective."""
    bound_usd: Number
    """Its bound."""
    gap: Number
    """Its gap."""
