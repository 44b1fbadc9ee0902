"""From a roster back to a plan: intervals, figures, shortfalls and what moved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from capalloc.instance.model import NOBODY, Instance, Ints
from capalloc.roster.ending import Ending, relative_gap
from capalloc.roster.figures import delivered_racks, demand_rows, departures, objective_usd, shortfalls, unplaced
from capalloc.roster.roster import Roster
from capalloc.schema.plan import Assignment, DemandPrice, NodePrice, Placement, Plan, Precedence, Span, Stats
from capalloc.version import __version__


@dataclass(frozen=True, slots=True)
class Search:
    """What only the search behind a roster can tell of it."""

    bound_usd: float
    """Discounted USD that no plan can pass."""
    ending: Ending
    stats: Stats
    """Size of what was solved."""
    prices: tuple[NodePrice, ...] = ()
    demand_prices: tuple[DemandPrice, ...] = ()
    allow_displacing: bool = False
    """Whether prospects were allowed to displace signed contracts."""
    precedence: Precedence | None = None
    """What the order in which commitments are served has changed."""


def decode(instance: Instance, roster: Roster, scenario_sha256: str, prospects: frozenset[str], search: Search) -> Plan:
    """The plan of a roster; its figures are computed from the roster alone.

    ``scenario_sha256`` and ``prospects`` say of which scenario the plan is. Where the roster is worth more than
    the bound, by rounding, its worth is the bound. :func:`capalloc.roster.read.read` is the inverse.
    """
    delivered = delivered_racks(instance, roster)
    rows = tuple(demand_rows(instance, delivered))
    by_name = _by_name(instance)
    moves = departures(instance, roster)
    objective = objective_usd(instance, rows, moves)
    bound = max(search.bound_usd, objective)
    status, termination = search.ending.with_plan(objective, bound)
    return Plan(
        capalloc=__version__,
        scenario=instance.scenario.name,
        scenario_sha256=scenario_sha256,
        prospects=tuple(sorted(prospects)),
        allow_displacing=search.allow_displacing,
        status=status,
        termination=termination,
        objective_usd=objective,
        bound_usd=bound,
        gap=relative_gap(objective, bound),
        periods=tuple(period.label for period in instance.periods),
        placements=tuple(_placements(instance, roster, by_name)),
        assignments=tuple(_assignments(instance, roster.serving, by_name)),
        off=tuple(_off(instance, roster, by_name)),
        buffers=tuple(_assignments(instance, roster.buffer, by_name)),
        demands=rows,
        shortfalls=tuple(shortfalls(instance, delivered)),
        unplaced=tuple(unplaced(instance, roster, delivered)),
        precedence=search.precedence,
        undecided=search.ending.undecided,
        prices=search.prices,
        demand_prices=search.demand_prices,
        stats=search.stats.replace(moves=int(moves.sum())),
    )


def _by_name(instance: Instance) -> Ints:
    """(R,) racks sorted by name."""
    names = instance.racks.names
    return np.array(sorted(range(len(names)), key=names.__getitem__), dtype=np.int64)


def _runs(table: NDArray[Any], racks: Ints) -> Iterator[tuple[int, int, int, int]]:
    """(rack, value, first, end) of the maximal runs of neighbouring periods with one value, rack after rack."""
    begins = np.ones((len(racks), table.shape[1]), dtype=bool)
    begins[:, 1:] = (table[:, 1:] != table[:, :-1])[racks]
    line, first = np.nonzero(begins)
    end = np.append(first[1:], 0)
    end[end == 0] = table.shape[1]
    rack = racks[line]
    yield from zip(rack.tolist(), table[rack, first].tolist(), first.tolist(), end.tolist(), strict=True)


def _assignments(instance: Instance, serving: Ints, racks: Ints) -> Iterator[Assignment]:
    demands, names, periods = instance.demand_names, instance.racks.names, instance.periods
    for r, d, first, end in _runs(serving, racks):
        if d != NOBODY:
            start, until = periods[first].start, periods[end - 1].end
            yield Assignment(rack=names[r], demand=demands[d], start=start, until=until)


def _off(instance: Instance, roster: Roster, racks: Ints) -> Iterator[Span]:
    periods = instance.periods
    for r, off, first, end in _runs(roster.off, racks):
        if off:
            yield Span(rack=instance.racks.names[r], start=periods[first].start, until=periods[end - 1].end)


def _placements(instance: Instance, roster: Roster, by_name: Ints) -> Iterator[Placement]:
    """Deliveries of this plan, and those that the incumbent placed."""
    racks = instance.scenario.facility.racks
    kept = {p.rack: p.start for p in (instance.scenario.incumbent.placements if instance.scenario.incumbent else ())}
    for r in by_name[roster.position[by_name] >= 0].tolist():
        if racks[r].position is not None:
            continue
        name = instance.racks.names[r]
        first = instance.racks.arrival[r] or instance.periods[0].start
        start = kept.get(name, first) if instance.racks.position[r] >= 0 else first
        yield Placement(rack=name, position=instance.positions.names[roster.position[r]], start=start)
