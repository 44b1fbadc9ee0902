"""The answer of ``capalloc explain`` as records, and so as JSON."""

from __future__ import annotations

from typing import Literal

from capalloc.analysis.explain.requirement import Kind
from capalloc.schema.record import Amount, Flag, Name, Number, Record

FORMAT = "capalloc.explanation/1"


class Required(Record):
    """One requirement of a conflict."""

    kind: Kind
    where: Name
    """Contract, power node, cooling zone, supply, rack type, demand, tenant, event's place, ``policy`` or ``site``."""
    lost: str | None = None
    """The contingency that is out, for a failover limit."""
    says: str
    """What is required."""


class Change(Record):
    """One change of a repair."""

    kind: Kind
    where: Name
    says: str


class Repair(Record):
    """A change with which a plan exists: it was made and verified. Money is discounted USD but for the fee lost."""

    changes: tuple[Change, ...]
    objective_usd: Number
    """What the verified plan is worth."""
    against_shortfall_usd: Number | None
    """More (or, below 0, less) than the plan of the unchanged scenario that pays for shortfalls; None without one."""
    lost_fee_usd: Number | None
    """Contract fees given up beside full delivery of the unchanged scenario, not discounted."""
    commitments_met: Flag
    """False where the plan pays for shortfalls: a conflict that no commitment takes part in hides others."""
    not_counted: tuple[str, ...]
    """Costs of the change that no figure here has."""


class ConflictRecord(Record):
    """Requirements of which any plan can keep all but one, and no plan all."""

    requirements: tuple[Required, ...]
    proven_smallest: Flag
    """Whether no fewer requirements conflict in the first of its months."""
    periods: tuple[str, ...]
    """Periods in which they conflict; empty where no commitment takes part."""
    short_kw: Amount | None
    """Least kW by which the commitment of its first contract would have to be lower; None where it is in GPUs."""
    repairs: tuple[Repair, ...]
    """The cheapest first: by ``objective_usd``, the highest first."""


class Explanation(Record):
    """Why a scenario has no plan when shortfall is forbidden, and what would give it one."""

    format: Literal["capalloc.explanation/1"] = "capalloc.explanation/1"
    scenario: Name
    prospects: tuple[Name, ...] = ()
    status: Literal["plan_exists", "explained", "not_explained"]
    complete: Flag
    """False where the time limit came before every conflict and repair was looked at."""
    shortfall_priced: Flag
    """The scenario prices shortfalls; it was explained as if they were forbidden."""
    detail: str
    periods: tuple[str, ...]
    given: tuple[Change, ...] = ()
    """Repairs of the conflicts that no commitment takes part in, with which the conflicts after them were found."""
    conflicts: tuple[ConflictRecord, ...] = ()
    together: Repair | None = None
    """A repair of every conflict at once, the cheapest ones that go together; None where one conflict is all."""
