"""Power, failover, supply and cooling hold; a limit is never below the load of what stood before."""

from __future__ import annotations

from collections.abc import Iterator

from capalloc.schema.verdict import Violation
from capalloc.verify.checks import cooling, failover, power, supply
from capalloc.verify.checks.cooling import NO_HEAT
from capalloc.verify.placed.case import PlacedCase


def check_power(case: PlacedCase) -> Iterator[Violation]:
    """Nodes above their limit in normal operation."""
    yield from power.overloads(case.site, case.day, case.flow)


def check_failover(case: PlacedCase) -> Iterator[Violation]:
    """Nodes above their limit after a loss."""
    yield from failover.overloads(case.site, case.day, case.flow)


def check_supply(case: PlacedCase) -> Iterator[Violation]:
    """Roots above their supplies."""
    yield from supply.overloads(case.site, case.day, case.flow)


def check_cooling(case: PlacedCase) -> Iterator[Violation]:
    """Zones with more heat than they can carry away."""
    for zone in case.facility.cooling:
        heat, before = case.now.heat.get(zone.name, NO_HEAT), case.before.heat.get(zone.name, NO_HEAT)
        yield from cooling.overheated(zone, case.day, heat, before)


def standing_overloads(case: PlacedCase) -> Iterator[Violation]:
    """What stood before and is above a limit."""
    flow = case.before.meter.read(0)
    for check in (power, failover, supply):
        yield from check.overloads(case.site, case.day, flow)
    for zone in case.facility.cooling:
        yield from cooling.overheated(zone, case.day, case.before.heat.get(zone.name, NO_HEAT))
