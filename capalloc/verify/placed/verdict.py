"""Runs every check over a placement."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date

from capalloc.schema.beside import Beside
from capalloc.schema.facility import Facility
from capalloc.schema.request import Placed, Request, Standing
from capalloc.schema.rules import Rule
from capalloc.schema.verdict import Violation
from capalloc.verify.placed import availability, limits, locality, pins, position
from capalloc.verify.placed.case import PlacedCase, placed_case
from capalloc.verify.placed.stage import stage_of

CHECKS: dict[Rule, Callable[[PlacedCase], Iterator[Violation]]] = {
    Rule.AVAILABILITY: availability.check,
    Rule.POWER: limits.check_power,
    Rule.FAILOVER: limits.check_failover,
    Rule.SUPPLY: limits.check_supply,
    Rule.COOLING: limits.check_cooling,
    Rule.LOCALITY: locality.check,
    Rule.POSITION: position.check,
    Rule.PINS: pins.check,
}
"""The checks, one a rule, in the order of the rules."""


def verify_placed(
    facility: Facility,
    requests: Sequence[Request],
    placed: Sequence[Placed],
    *,
    occupied: Sequence[Placed] = (),
    on: date | None = None,
    standing: Standing | None = None,
    beside: Beside | None = None,
) -> tuple[Violation, ...]:
    """Everything that is wrong with a placement, sorted by rule, place and message; empty when all rules hold.

    The facility, the requests and ``occupied`` must be without faults (``schema.checks.placing.placing_faults``);
    ``placed`` may say anything. Dates count as of day ``on``, today unless given. Racks of the facility's own table
    take their positions and draw as ``standing`` says, also before they arrive; ``none`` leaves them out. Or what
    stands is who the plan says that requests are placed ``beside``, in its period. What stood
    before may be above a limit, without power, in several places or in part: it is looked at only where something was
    added. Amounts and limits are in the unit that each violation names: kW, racks, or places.
    """
    case = placed_case(facility, requests, placed, occupied, stage_of(facility, on, standing, beside))
    return tuple(violation for check in CHECKS.values() for violation in _sorted(check(case)))


def overloaded(
    facility: Facility,
    requests: Sequence[Request] = (),
    occupied: Sequence[Placed] = (),
    *,
    on: date | None = None,
    standing: Standing | None = None,
    beside: Beside | None = None,
) -> tuple[Violation, ...]:
    """The limits that what stands is above before anything is placed, in the order of the rules."""
    case = placed_case(facility, requests, occupied, occupied, stage_of(facility, on, standing, beside))
    order = list(Rule)
    return tuple(sorted(limits.standing_overloads(case), key=lambda one: (order.index(one.rule), one.where)))


def _sorted(violations: Iterable[Violation]) -> list[Violation]:
    return sorted(violations, key=lambda found: (found.where, found.message))
