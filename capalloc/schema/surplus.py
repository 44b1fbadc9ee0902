"""The answer of ``capalloc surplus`` as records, and so as JSON. Power is in kW, periods are the plan's labels."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from capalloc.schema.about import About
from capalloc.schema.demand import Basis
from capalloc.schema.record import Amount, Count, Flag, Name, Number, PositiveCount, Record
from capalloc.schema.rules import Rule

Draw = Literal["nameplate", "expected"]
StrandedCause = Literal["power", "failover", "supply", "cooling", "space", "isolation", "locality", "held"]


LOTS = (64, 512, 4096)
"""GPUs in a lot, unless others are asked for."""
MOST_GPUS = 10_000_000
"""In a lot; more than any site has."""
LotSize = Annotated[int, Field(strict=True, ge=1, le=MOST_GPUS)]


class Terms(Record):
    """What is meant by sold: how a rack counts, and what it draws."""

    basis: Basis = "it_nameplate"
    """Which kW of a rack are sold."""
    draw: Draw = "nameplate"
    """Which kW a sold rack draws."""
    lots: tuple[LotSize, ...] = LOTS
    """GPUs in a lot, for each count of lots."""


class HallSurplus(Record):
    """Racks of one type in one hall that are sold when as much as possible is."""

    hall: Name
    """Its name."""
    rack_type: Name
    """Its name."""
    kw: Amount
    """Sold there."""
    gpus: Count
    """Of these racks."""
    racks: PositiveCount
    """Sold there."""


class HallLots(Record):
    """Lots of one rack type in one hall."""

    hall: Name
    """Its name."""
    rack_type: Name
    """Its name."""
    count: PositiveCount
    """Lots there."""
    racks: PositiveCount
    """In all of them."""


class Lots(Record):
    """Lots of one size that can be sold at the same time, each whole in one fabric block and of one rack type."""

    gpus: PositiveCount
    """In a lot, at least."""
    count: Count
    """Lots that can be sold together, each whole in one fabric block (row where there are none) and of one type."""
    proven: Flag
    """No more can be sold together."""
    at_most: Count
    """Proven: no more than so many."""
    by_hall: tuple[HallLots, ...] = ()
    """Where they stand."""


class Kept(Record):
    """Idle racks that one rule keeps from being sold."""

    rule: Rule
    """The rule."""
    where: Name
    """Node, zone, row, hall or demand."""
    racks: PositiveCount
    """Idle ones that it keeps from being sold."""
    kw: Amount
    """Of these, of the basis."""


class Stranded(Record):
    """kW that the roots could carry and that neither load nor surplus takes."""

    cause: StrandedCause
    """``power``, ``failover``, ``supply`` (reserve and bring-up too), ``cooling``, ``space`` (no idle rack),
    ``isolation``, ``held`` (idle racks that are kept otherwise)."""
    where: Name
    """Node, zone, row, hall or demand."""
    kw: Amount
    """At the roots."""


class Sellable(Record):
    """What can be sold from the first day of a period, in that period alone or from there to the horizon's end."""

    period: Name
    """A period's label."""
    sellable_kw: Amount
    """Of the basis."""
    sellable_gpus: Count
    """Of the racks that are sold then."""
    racks: Count
    """That are sold then."""
    proven: Flag
    """No more kW can be sold."""
    at_most_kw: Amount
    """Proven: no more than so many."""
    switched_off: Count
    """Racks that serve nobody and are off so that as much can be sold."""
    by_hall: tuple[HallSurplus, ...]
    """The racks that are sold."""
    lots: tuple[Lots, ...]
    """For each size the most lots."""
    binding: tuple[Kept, ...]
    """The most kW first."""
    roots_left_kw: Amount
    """What the roots could carry in addition to the plan's load, by their ratings and supplies."""
    roots_taken_kw: Number
    """What of that the surplus takes, losses of the facility included, less what sold racks and those that are switched
    off for it drew before."""
    stranded: tuple[Stranded, ...]
    """The rest, by cause."""


class Lasting(Record):
    """What can be sold from each period to the horizon's end, the same racks all the way."""

    periods: tuple[Sellable, ...] = ()
    """By the period in which the sale begins."""


class Surplus(Record):
    """What is left after all commitments, minima, buffers and the reserve, without moving anybody."""

    format: Literal["capalloc.surplus/1"] = "capalloc.surplus/1"
    """``capalloc.surplus/1``."""
    about: About
    """Scenario and plan."""
    terms: Terms
    """What is meant by sold."""
    deliveries: Count = 0
    """Racks that the plan puts on positions of its choice, which they keep; put elsewhere, more might be sold."""
    complete: Flag = True
    """False: the answer was cut short; periods that are missing were not looked at."""
    periods: tuple[Sellable, ...] = ()
    """In each period alone."""
    lasting: Lasting = Lasting()
    """From each period to the end."""
