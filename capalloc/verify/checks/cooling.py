"""Liquid and air heat stay within each cooling zone's limits."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from capalloc.calendar import Period
from capalloc.schema.facility import CoolingZone
from capalloc.schema.rules import Rule
from capalloc.schema.verdict import Violation
from capalloc.verify.case import Case, found
from capalloc.verify.exact import NOTHING, exact, shown


def check(case: Case) -> Iterator[Violation]:
    """Zones with more heat than they can carry away."""
    for period in case.periods:
        heat = case.loads[period.index].heat
        for zone in case.scenario.facility.cooling:
            yield from _zone(zone, period, *heat.get(zone.name, (NOTHING, NOTHING)))


def _zone(zone: CoolingZone, period: Period, liquid: Fraction, air: Fraction) -> Iterator[Violation]:
    runs = period.inside(zone.available_from, zone.available_until)
    limits = (("liquid", liquid, zone.liquid_kw), ("air", air, zone.air_kw), ("total", liquid + air, zone.total_kw))
    for what, kw, most in limits:
        limit = exact(most) if runs and most is not None else NOTHING
        if most is not None and kw > limit:
            message = f"zone {zone.name} takes {shown(kw)} kW of {what} heat of {shown(limit)} kW"
            yield found(Rule.COOLING, zone.name, period, kw, limit, "kW", message)
