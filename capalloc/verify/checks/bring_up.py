"""Newly powered racks and growth of site load stay within the commissioning limits of a period."""

from __future__ import annotations

from collections.abc import Iterator

from capalloc.schema.rules import Rule
from capalloc.schema.verdict import Violation
from capalloc.verify.case import Case, found
from capalloc.verify.exact import mw_as_kw, shown


def check(case: Case) -> Iterator[Violation]:
    """Too many racks, or too many MW, in one period."""
    limits = case.scenario.policy.bring_up
    if limits.racks_per_period is not None:
        yield from _racks(case, limits.racks_per_period)
    if limits.mw_per_period is not None:
        yield from _growth(case, limits.mw_per_period)


def _racks(case: Case, most: int) -> Iterator[Violation]:
    before = _powered_before(case)
    for period in case.periods:
        powered = case.roster.powered(period)
        new = len(powered - before)
        if new > most:
            message = f"{new} racks are newly powered, {most} allowed in a period"
            yield found(Rule.BRING_UP, "site", period, new, most, "racks", message)
        before = powered


def _powered_before(case: Case) -> set[str]:
    """Racks that were powered before the first period."""
    scenario = case.scenario
    if scenario.incumbent is not None and scenario.policy.idle == "off":
        return set(case.roster.held)
    start = scenario.horizon.start
    racks = (standing.rack for standing in case.fleet.racks.values())
    return {
        rack.name
        for rack in racks
        if rack.status == "active" and (rack.available_from is None or rack.available_from < start)
    }


def _growth(case: Case, most_mw: float) -> Iterator[Violation]:
    most = mw_as_kw(most_mw)
    for period in case.periods[1:]:
        growth = case.loads[period.index].flow.site_kw - case.loads[period.index - 1].flow.site_kw
        if growth > most:
            message = f"the site's load grows by {shown(growth)} kW, {shown(most)} kW allowed in a period"
            yield found(Rule.BRING_UP, "site", period, growth, most, "kW", message)
