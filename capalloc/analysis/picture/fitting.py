"""Whether the figures that a plan states are of its scenario."""

from __future__ import annotations

from collections.abc import Iterator

from capalloc.errors import PlanFileError
from capalloc.instance.model import Instance
from capalloc.schema.checks.site import SITE
from capalloc.schema.plan import Plan

_STATED = ("demands", "shortfalls", "unplaced", "prices", "demand_prices")
"""Lists of a plan whose records name demands, power nodes or periods."""


def require_fitting(plan: Plan, instance: Instance) -> None:
    """Raise a PlanFileError where the plan states a figure of a demand, node or period that the scenario has not.

    Its racks and positions are looked at where the plan is read back (:mod:`capalloc.roster.read`).
    """
    for place, found, expected in _strange(plan, instance):
        raise PlanFileError(f"{place}: found {found!r}, expected {expected}")


def _strange(plan: Plan, instance: Instance) -> Iterator[tuple[str, str, str]]:
    known = {
        "demand": (set(instance.demand_names), "a demand that the plan is for"),
        "node": ({SITE, *(node.name for node in instance.scenario.facility.power)}, "a power node"),
        "period": ({period.label for period in instance.periods}, "a period of the plan"),
    }
    for key in _STATED:
        for number, record in enumerate(getattr(plan, key)):
            for field, (names, expected) in known.items():
                found = getattr(record, field, None)
                if found is not None and found not in names:
                    yield f"{key}.{number}.{field}", found, expected
