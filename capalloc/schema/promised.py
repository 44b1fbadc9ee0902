"""What ``capalloc promise`` answers: how much of a request may be signed where dates and tenants are not sure."""

from __future__ import annotations

from typing import Literal

from capalloc.schema.about import About
from capalloc.schema.record import Amount, Count, Day, Name, Number, PositiveCount, Record, Share
from capalloc.schema.risk import Lack


class FromDay(Record):
    """The request with its whole ramp from some day on."""

    start: Day
    """Its first day."""
    asked_kw: Amount
    """Its largest step inside the horizon."""
    promised_kw: Amount
    """So much of it may be signed: steps above are cut to it; later than asked for, what could be delivered."""
    p50_kw: Amount
    """At least half of the samples deliver as much throughout."""
    all_chance: Share
    """Share of the samples that deliver all of it throughout."""


class PromisedPeriod(Record):
    """One period of the request's term."""

    period: Name
    """A period's label."""
    committed_kw: Amount
    """That are asked for."""
    promised_kw: Amount
    """What the promise delivers in it."""
    p50_kw: Amount
    """At least half of the samples could deliver as much then."""
    safe_kw: Amount
    """As many samples as a promise needs could deliver as much then."""


class NotCountedOn(Record):
    """What may come late, where a promise is planned as if it did, until it is known."""

    kind: Literal["supply", "node", "rack_type"]
    """``supply``, ``node`` or ``rack_type``."""
    name: Name
    """Its name."""
    days: Count | None = None
    """Days later; null: not within the horizon."""


class Promised(Record):
    """The answer to ``capalloc promise``."""

    format: Literal["capalloc.promised/1"] = "capalloc.promised/1"
    """``capalloc.promised/1``."""
    about: About
    """Scenario and plan without the request."""
    request: Name
    """Its name."""
    start: Day
    """Its first day."""
    until: Day
    """Its end, excluded."""
    rack_types: tuple[str, ...]
    """That will do."""
    confidence: Share
    """Chance that a promise has to hold with, in all periods of its term together."""
    assurance: Share
    """How sure it is, for the samples are a few of many, that it does."""
    samples: PositiveCount
    """Samples that were asked for."""
    undone: Count = 0
    """Samples that were left when somebody asked for what there was."""
    seed: Count
    """Of the samples."""
    stands_until: Day
    """Until this day plans stand."""
    most_broken: Count
    """So many samples may come to less than a promise."""
    unplanned: tuple[int, ...] = ()
    """Samples without a plan, by number: they count as broken."""
    asked_kw: Amount
    """The request's largest step inside the horizon."""
    promised_kw: Amount
    """So much may be signed; 0: nothing, or nothing that was found out."""
    promised_gpus: Count | None = None
    """The same where GPUs are asked for."""
    found_out: bool = True
    """false: of promises that were followed none held, and whether another may was not looked at any further."""
    not_counted_on: tuple[NotCountedOn, ...] = ()
    """The promise holds where it is planned without counting on these; none: where it is planned for least loss."""
    all_chance: Share
    """Share of the samples that could deliver all that is asked for, throughout."""
    earliest: Day | None = None
    """The first day from which all may be signed, by what could be delivered; null: none, or less was followed."""
    starts: tuple[FromDay, ...]
    """From the day that is asked for, and from later periods while a quarter of its days lies in the horizon."""
    periods: tuple[PromisedPeriod, ...]
    """Month by month, or as the horizon's periods are."""
    broken: Count | None = None
    """Samples in which a plan with the promise, followed through them, falls short of it; null where none is made."""
    short_kw_months: Amount | None = None
    """Expected shortfall of the promise over the horizon."""
    floor_usd_per_kw_month: Number | None = None
    """Fee at which the mean over the samples is what it is without the request; discounted on both sides."""
    floor_error: Amount | None = None
    """Its standard error."""
    floor_within: Amount | None = None
    """So much of it the gaps of the samples' plans to their bounds may make, at most."""
    floor_weighed_usd_per_kw_month: Number | None = None
    """The same for (1 - weight) x mean + weight x CVaR, where ``uncertainty.risk`` gives CVaR a weight."""
    kw_months: Amount | None = None
    """Discounted, that are paid for on average."""
    shortfalls: tuple[Lack, ...] = ()
    """Where less than is asked for can be delivered, how often, and what makes it."""
    notes: tuple[str, ...] = ()
    """What is not proven, or lies outside the horizon."""
