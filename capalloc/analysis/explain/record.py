"""The answer of ``capalloc explain`` as records, and so as JSON."""

from __future__ import annotations

from typing import Literal

from capalloc.analysis.explain.requirement import Kind
from capalloc.schema.record import Amount, Count, Flag, Name, Number, Record

FORMAT = "capalloc.explanation/1"


class Required(Record):
    """One requirement of a conflict."""

    kind: Kind
    """``commitment``, ``minimum``, ``power``, ``supply``, ``pin``, ``where``, …."""
    where: Name
    """Demand, power node, cooling zone, supply, rack type, tenant, event's place, ``policy`` or ``site``."""
    lost: str | None = None
    """The contingency that is out, for a failover limit."""
    says: str
    """What is required."""


class Change(Record):
    """One change of a repair."""

    kind: Kind
    """As of a requirement."""
    where: Name
    """As of a requirement."""
    says: str
    """The change."""


class Repair(Record):
    """A change with which a plan exists: it was made and verified. Money is discounted USD but for the fee lost.

    Differences are to the best plan of the scenario as it is; None where the scenario as it is has no plan. They may be
    off by what is uncertain, either way, where a plan is not proven to be the best.
    """

    changes: tuple[Change, ...]
    """What changes."""
    objective_usd: Number
    """What the best plan with the repair is worth, shortfalls priced or forbidden as the scenario has it."""
    alone_usd: Number | None
    """How much more that is than without the repair: what the repair alone changes."""
    alone_uncertain_usd: Amount | None
    """How far it may be off, either way, where a plan is not proven to be the best."""
    all_met_usd: Number | None
    """How much more than without the repair the best plan is worth that meets every commitment and every minimum.

    None too where the repair alone does not suffice for that.
    """
    all_met_uncertain_usd: Amount | None
    """How far it may be off."""
    commitments_met: Flag
    """Whether a plan with the repair meets every commitment and every minimum."""
    conflicts_left: tuple[Count, ...] = ()
    """Numbers, from 1, of the conflicts that keep it from that."""
    lost_fee_usd: Number | None
    """Contract fees of the plan with the repair below full delivery of the unchanged scenario, not discounted."""
    not_counted: tuple[str, ...]
    """Costs of the change that no figure here has."""


class ConflictRecord(Record):
    """Requirements of which any plan can keep all but one, and no plan all."""

    requirements: tuple[Required, ...]
    """What no plan keeps together."""
    proven_smallest: Flag
    """Whether no fewer requirements conflict in the first of its months."""
    periods: tuple[str, ...]
    """Periods in which they conflict; empty where no commitment takes part."""
    short_kw: Amount | None
    """Least kW by which its first demand would have to get less; None where that is counted in GPUs or racks."""
    repairs: tuple[Repair, ...]
    """By ``alone_usd``, the highest first; where there is none by ``objective_usd``."""


class Explanation(Record):
    """Why a scenario has no plan when shortfall is forbidden, and what would give it one."""

    format: Literal["capalloc.explanation/1"] = "capalloc.explanation/1"
    """``capalloc.explanation/1``."""
    scenario: Name
    """The scenario's name."""
    prospects: tuple[Name, ...] = ()
    """Prospects that were planned too."""
    status: Literal["plan_exists", "explained", "not_explained"]
    """``plan_exists``, ``explained``, or ``not_explained``."""
    complete: Flag
    """False where the time limit came before every conflict and repair was looked at."""
    shortfall_priced: Flag
    """The scenario prices shortfalls; it was explained as if all were forbidden, minima of workloads too."""
    detail: str
    """The same in words."""
    periods: tuple[str, ...]
    """Every period's label."""
    given: tuple[Change, ...] = ()
    """Repairs of the conflicts that no commitment takes part in, with which the conflicts after them were found."""
    conflicts: tuple[ConflictRecord, ...] = ()
    """The earliest first."""
    together: Repair | None = None
    """A repair of every conflict at once, the cheapest ones that go together; None where one conflict is all."""
