"""From a roster back to a plan: intervals, figures, shortfalls and what moved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

import numpy as np

from capalloc import __version__
from capalloc.instance.figures import delivered_racks, demand_rows, departures, objective_usd, shortfalls, unplaced
from capalloc.instance.model import NOBODY, Instance, Ints
from capalloc.instance.roster import Roster
from capalloc.schema.plan import Assignment, NodePrice, Outcome, Placement, Plan, Span, Stats

NO_WORD = Outcome(reason="unknown")
"""Stands in a decoded plan until whoever searched says how the search ended."""


def decode(
    instance: Instance,
    roster: Roster,
    scenario_sha256: str,
    prospects: frozenset[str],
    bound_usd: float,
    prices: tuple[NodePrice, ...],
    stats: Stats,
) -> Plan:
    """Build the plan of a roster; its figures are computed from the roster alone."""
    delivered = delivered_racks(instance, roster)
    rows = tuple(demand_rows(instance, delivered))
    moves = departures(instance, roster)
    objective = objective_usd(instance, rows, moves)
    bound = max(bound_usd, objective)
    return Plan(
        capalloc=__version__,
        scenario=instance.scenario.name,
        scenario_sha256=scenario_sha256,
        prospects=tuple(sorted(prospects)),
        status="feasible",
        termination=NO_WORD,
        objective_usd=objective,
        bound_usd=bound,
        gap=(bound - objective) / abs(bound) if bound else 0.0,
        periods=tuple(period.label for period in instance.periods),
        placements=tuple(_placements(instance, roster)),
        assignments=tuple(_assignments(instance, roster.serving)),
        off=tuple(_off(instance, roster)),
        buffers=tuple(_assignments(instance, roster.buffer)),
        demands=rows,
        shortfalls=tuple(shortfalls(instance, delivered)),
        unplaced=tuple(unplaced(instance, roster, delivered)),
        prices=prices,
        stats=stats.model_copy(update={"moves": int(moves.sum())}),
    )


def _runs(line: Ints, empty: int) -> Iterator[tuple[int, int, int]]:
    """(value, first, end) of the maximal runs of one rack's periods, the empty value left out."""
    borders = [0, *(np.flatnonzero(np.diff(line)) + 1).tolist(), len(line)]
    for first, end in pairwise(borders):
        if line[first] != empty:
            yield int(line[first]), first, end


def _by_name(instance: Instance) -> list[int]:
    names = instance.racks.names
    return sorted(range(len(names)), key=names.__getitem__)


def _days(instance: Instance, first: int, end: int) -> tuple[date, date]:
    return instance.periods[first].start, instance.periods[end - 1].end


def _assignments(instance: Instance, serving: Ints) -> Iterator[Assignment]:
    names = instance.demand_names
    for r in _by_name(instance):
        for d, first, end in _runs(serving[r], NOBODY):
            start, until = _days(instance, first, end)
            yield Assignment(rack=instance.racks.names[r], demand=names[d], start=start, until=until)


def _off(instance: Instance, roster: Roster) -> Iterator[Span]:
    for r in _by_name(instance):
        for _, first, end in _runs(roster.off[r].astype(np.int64), 0):
            start, until = _days(instance, first, end)
            yield Span(rack=instance.racks.names[r], start=start, until=until)


def _placements(instance: Instance, roster: Roster) -> Iterator[Placement]:
    """Deliveries of this plan, and those that the incumbent placed."""
    racks = instance.scenario.facility.racks
    kept = {p.rack: p.start for p in (instance.scenario.incumbent.placements if instance.scenario.incumbent else ())}
    for r in _by_name(instance):
        if racks[r].position is not None or roster.position[r] < 0:
            continue
        name = instance.racks.names[r]
        first = instance.periods[int(np.argmax(instance.racks.usable[r]))].start
        start = kept.get(name, first) if instance.racks.position[r] >= 0 else first
        yield Placement(rack=name, position=instance.positions.names[roster.position[r]], start=start)
