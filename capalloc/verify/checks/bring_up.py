"""Newly powered racks and growth of site load stay within the commissioning limits of a period."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from capalloc.schema.rules import Rule
from capalloc.schema.verdict import Violation
from capalloc.verify.case import Case, found
from capalloc.verify.exact import mw_as_kw, shown
from capalloc.verify.when import NEVER, When, indices


def check(case: Case) -> Iterator[Violation]:
    """Too many racks, or too many MW, in one period."""
    limits = case.scenario.policy.bring_up
    if limits.racks_per_period is not None:
        yield from _racks(case, limits.racks_per_period)
    if limits.mw_per_period is not None:
        yield from _growth(case, limits.mw_per_period)


def _racks(case: Case, most: int) -> Iterator[Violation]:
    for period, new in zip(case.periods, _newly_powered(case), strict=True):
        if new > most:
            message = f"{new} racks are newly powered, {most} allowed in a period"
            yield found(Rule.BRING_UP, "site", period, new, most, "racks", message)


def _newly_powered(case: Case) -> list[int]:
    """Racks that serve or stand idle and powered, and were not powered in the period before; for each period."""
    busy, idle, before = case.roster.busy, case.roster.idle, _powered_before(case)
    fresh: Counter[When] = Counter()
    for rack in busy.keys() | idle.keys():
        powered = busy.get(rack, NEVER) | idle.get(rack, NEVER)
        fresh[powered & ~(powered << 1 | (rack in before))] += 1
    new = [0] * len(case.periods)
    for when, racks in fresh.items():
        for t in indices(when):
            new[t] += racks
    return new


def _powered_before(case: Case) -> set[str]:
    """Racks that were powered before the first period."""
    scenario = case.scenario
    if scenario.incumbent is not None and scenario.policy.idle == "off":
        return set(case.roster.held)
    start = scenario.horizon.start
    return {
        rack.name
        for rack in scenario.facility.racks
        if rack.status == "active" and (rack.available_from is None or rack.available_from < start)
    }


def _growth(case: Case, most_mw: float) -> Iterator[Violation]:
    most = mw_as_kw(most_mw)
    for (before, after), period in zip(pairwise(case.loads), case.periods[1:], strict=True):
        growth = after.flow.site_kw - before.flow.site_kw
        if growth > most:
            message = f"the site's load grows by {shown(growth)} kW, {shown(most)} kW allowed in a period"
            yield found(Rule.BRING_UP, "site", period, growth, most, "kW", message)
