"""Load of every node as the verifier's grid counts it."""

from __future__ import annotations

from collections.abc import Iterator

from capalloc.schema.plan import Plan
from capalloc.schema.scenario import Scenario
from capalloc.verify.case import Case, case_of
from capalloc.verify.flow import Meter
from capalloc.verify.grid import Grid
from capalloc.verify.load import _draws, _draws_kw, _statics
from capalloc.verify.when import has

Key = tuple[str, str | None, str]
"""Node, lost contingency (None in normal operation), period."""


def verified_loads_kw(scenario: Scenario, plan: Plan, only: str | None = None) -> dict[Key, float]:
    """kW on every node in every period, or ``only`` one, normally and after each loss that leaves the node alive."""
    case = case_of(scenario, plan)
    drawn = _draws_kw(scenario)
    grid = Grid(scenario.facility, case.site, drawn.values())
    units = {key: grid.draw_units(kw) for key, kw in drawn.items()}
    racks = list(_draws(units, (*case.roster.serving, *case.roster.idling)))
    statics = list(_statics(grid, case.site))
    found: dict[Key, float] = {}
    for t, period in enumerate(plan.periods):
        if only not in (None, period):
            continue
        meter = Meter(grid, case.site)
        for spot, first, end, draw in racks:
            if first <= t < end:
                meter.add_racks(spot, draw)
        for node, first, end, load in statics:
            if first <= t < end:
                meter.add_static(node, load)
        found |= {(case.site.nodes[v].name, lost, period): kw for v, lost, kw in _read(case, grid, meter, t)}
    return found


def _read(case: Case, grid: Grid, meter: Meter, t: int) -> Iterator[tuple[int, str | None, float]]:
    for v in range(len(case.site.nodes)):
        yield v, None, float(meter.load_kw(v))
        for lost in grid.contingent:
            if lost not in case.site.path[v] and has(case.site.live[lost], t):
                yield v, case.site.nodes[lost].name, float(meter.load_kw(v, lost))
