"""What ``capalloc risk`` answers: what plans come to over the samples of what is not sure."""

from __future__ import annotations

from typing import Literal

from capalloc.schema.about import About
from capalloc.schema.record import Amount, Count, Day, Name, Number, PositiveCount, Record, Share


class Spread(Record):
    """A figure over the samples, each as likely as the others."""

    mean: Number
    """Of all samples with a plan."""
    error: Amount
    """Standard error of the mean, as if samples were drawn each on its own: at most that where they are stratified."""
    least: Number
    """Lowest."""
    p05: Number
    """At least 95 % of samples come to this much."""
    p10: Number
    """At least 90 % of samples do."""
    p50: Number
    """At least half of the samples do."""
    p90: Number
    """At least a tenth of the samples does."""
    p95: Number
    """At least a twentieth of the samples does."""
    most: Number
    """Highest."""


class Promise(Record):
    """What a demand gets in a period over the samples in which its term touches the period."""

    demand: Name
    """Its name."""
    period: Name
    """A period's label."""
    samples: Count
    """In so many with a plan its term touches the period."""
    committed_kw: Amount
    """Its commitment (a workload: its ``min``) where nothing unsure happens; a prospect's where it signs."""
    p50_kw: Amount
    """At least half of the samples deliver as much."""
    p90_kw: Amount
    """At least 90 % of the samples deliver as much."""
    p95_kw: Amount
    """At least 95 % of the samples deliver as much."""


class LackAt(Record):
    """What keeps racks from a demand in a period, over the samples in which it is short."""

    rule: Name
    """One of the rules."""
    where: str
    """Node, zone, row, hall, …."""
    share: Share
    """Share of the samples in which it is short."""
    racks: Amount
    """Racks that it keeps away, on average where it does."""


class Cause(Record):
    """How often a demand is short in a period where something has come out, and where it has not."""

    fact: str
    """What has come out."""
    samples: Count
    """In so many with a plan it has, and is known by then."""
    chance_with: Share
    """Of a shortfall in these."""
    chance_without: Share
    """Of a shortfall in the others."""


class Lack(Record):
    """A demand that is short of its commitment (a workload: of its ``min``) in a period of some samples."""

    demand: Name
    """Its name."""
    period: Name
    """A period's label."""
    chance: Share
    """Share of the samples with a plan."""
    chance_at_most: Share
    """The same where samples without a plan count as short."""
    mean_kw: Amount
    """Expected shortfall: over all samples with a plan."""
    mean_when_short_kw: Amount
    """Over those in which it is short."""
    where: tuple[LackAt, ...] = ()
    """The nodes, zones, rows and halls that make it, that first which keeps most racks away over all samples."""
    causes: tuple[Cause, ...] = ()
    """What comes out more often, or matters, where it is short: by how much more likely it makes the shortfall."""


class Swing(Record):
    """How much the objective depends on one thing that is not sure."""

    what: Name
    """What is not sure, by the name under which it is drawn."""
    low_usd: Number
    """Mean objective of the tenth of the samples in which it is lowest: the earliest date, the least demand; of a
    prospect where it does not sign."""
    high_usd: Number
    """Mean objective of the tenth in which it is highest; of a prospect where it signs."""
    swing_usd: Number
    """high - low."""
    error_usd: Amount
    """Standard error of that difference: what else is not sure is mixed into it."""


class SampleOutcome(Record):
    """What a plan comes to in one sample."""

    sample: PositiveCount
    """Its number, as ``expand --sample`` counts."""
    status: Literal["followed", "infeasible", "time_limit", "failed"]
    """``followed``, or why there is no plan: ``infeasible``, ``time_limit`` or ``failed``."""
    detail: str = ""
    """Why there is none."""
    replanned: tuple[Day, ...] = ()
    """The days from which on it was planned again."""
    facts: tuple[str, ...] = ()
    """What has come out otherwise than the scenario has it."""
    objective_usd: Number | None = None
    """Discounted; null where there is no plan, as for all that follows from one."""
    gap: Number | None = None
    """Of the last planning: what no plan that gives as much to what comes first is worth more than, as a share."""
    fees_usd: Number | None = None
    """Of contracts."""
    values_usd: Number | None = None
    """Of workloads."""
    penalties_usd: Amount | None = None
    """Of both."""
    short_kw_months: Amount | None = None
    """Less than commitments, over the horizon."""
    perfect_usd: Number | None = None
    """What a plan earns that knows from the first day what comes out; discounted; null where none was asked for."""


class Regret(Record):
    """What a plan earns less, in the same samples; discounted."""

    against: str
    """``perfect information``, or another plan's name."""
    mean: Number
    """Over the samples in which both have a plan."""
    error: Amount
    """Standard error of the mean."""
    p95: Number
    """Regret that 95 % of the samples do not pass."""
    most: Number
    """Highest."""
    chance: Share
    """Share of these samples in which it is worth less, by more than its planning leaves open."""


class PlanRisk(Record):
    """One plan over the samples."""

    plan: str
    """What it is called: its file, or ``planned now``."""
    about: About
    """Scenario and plan."""
    planned: Count
    """Samples in which it could be followed."""
    unplanned: tuple[int, ...] = ()
    """Samples in which it could not, by number; ``outcomes`` says why."""
    objective_usd: Spread | None
    """Discounted; null where it could be followed in no sample, as for all figures."""
    fees_usd: Spread | None
    """Of contracts."""
    values_usd: Spread | None
    """Of workloads."""
    penalties_usd: Spread | None
    """Of both."""
    var_usd: Number | None
    """Value at risk: a share ``alpha`` of the samples comes to at least this objective."""
    cvar_usd: Number | None
    """The mean objective of the worst 1 - alpha of the samples (CVaR)."""
    weighed_usd: Number | None
    """(1 - weight) x the mean objective + weight x CVaR."""
    any_short: Share | None
    """Share of the samples with a plan in which any commitment is missed in any period."""
    promises: tuple[Promise, ...] = ()
    """What is delivered, by demand and period."""
    shortfalls: tuple[Lack, ...] = ()
    """What is short in some sample."""
    tornado: tuple[Swing, ...] = ()
    """What is not sure, by how much it matters."""
    regrets: tuple[Regret, ...] = ()
    """Against perfect information and other plans."""
    outcomes: tuple[SampleOutcome, ...] = ()
    """Sample by sample."""


class Risk(Record):
    """The answer to ``capalloc risk``."""

    format: Literal["capalloc.risk/1"] = "capalloc.risk/1"
    """``capalloc.risk/1``."""
    scenario: Name
    """Its name."""
    horizon: tuple[str, ...]
    """Periods of the plans."""
    samples: PositiveCount
    """Samples that were asked for."""
    undone: Count = 0
    """Samples that were left when somebody asked for what there was."""
    seed: Count
    """Of the samples."""
    stands_until: Day
    """Until this day plans stand."""
    alpha: Number
    """Of value at risk and CVaR."""
    weight: Share
    """Of CVaR against the mean."""
    gap: Number
    """How near to its bound each planning was asked to be, as a share."""
    plans: tuple[PlanRisk, ...]
    """In the order in which they were asked for."""
    least_regret: str | None = None
    """Of several plans the one whose mean regret against perfect information is least."""
    assumes: tuple[str, ...] = ()
    """What the figures take for granted and one may not expect."""
