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
from capalloc.verify.site import STOOD, Limit

Heat = tuple[Fraction, Fraction]
"""Liquid and air heat, in kW."""
NO_HEAT = NOTHING, NOTHING


def check(case: Case) -> Iterator[Violation]:
    """Zones with more heat than they can carry away."""
    for period in case.periods:
        heat = case.loads[period.index].heat
        for zone in case.scenario.facility.cooling:
            yield from overheated(zone, period, heat.get(zone.name, NO_HEAT))


def overheated(zone: CoolingZone, period: Period, heat: Heat, before: Heat = NO_HEAT) -> Iterator[Violation]:
    """What a zone cannot carry away; as much heat as there was ``before`` is no violation."""
    runs = period.inside(zone.available_from, zone.available_until)
    limits = (
        ("liquid", heat[0], before[0], zone.liquid_kw),
        ("air", heat[1], before[1], zone.air_kw),
        ("total", sum(heat), sum(before), zone.total_kw),
    )
    for what, kw, stood, most in limits:
        own = exact(most) if runs and most is not None else NOTHING
        limit = Limit(own) if stood <= own else Limit(Fraction(stood), note=STOOD)
        if most is not None and kw > limit.kw:
            message = f"zone {zone.name} takes {shown(kw)} kW of {what} heat of {limit.text}"
            yield found(Rule.COOLING, zone.name, period, kw, limit.kw, "kW", message)
