"""From decisions by index to plans by name, with the figures that they earn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby

from capalloc.exact.solve import Decisions
from capalloc.instance.model import Instance
from capalloc.schema.plan import Assignment, Outcome, Placement, Plan, Span
from capalloc.schema.rules import Rule
from capalloc.verify import recount, verify


def plan_of(instance: Instance, decisions: Decisions) -> Plan:
    """The plan that the decisions make, its money recounted so that only rules can be broken."""
    names, periods = instance.racks.names, instance.periods
    bare = Plan(
        capalloc="0",
        scenario=instance.scenario.name,
        scenario_sha256="",
        status="feasible",
        termination=Outcome(reason="gap_reached"),
        objective_usd=0.0,
        bound_usd=0.0,
        gap=0.0,
        periods=tuple(period.label for period in periods),
        placements=tuple(
            Placement(rack=names[r], position=instance.positions.names[p], start=_arrival(instance, r))
            for r, p in sorted(decisions.stand)
        ),
        assignments=tuple(_assignments(instance, decisions.serve)),
        off=tuple(
            Span(rack=names[r], start=periods[a].start, until=periods[b].end) for r, a, b in _spans(decisions.off)
        ),
        buffers=tuple(_assignments(instance, decisions.hold)),
    )
    return with_figures(instance, bare)


def decisions_in(instance: Instance, plan: Plan) -> Decisions:
    """What a plan decides, by index."""
    racks = {name: r for r, name in enumerate(instance.racks.names)}
    places = {name: p for p, name in enumerate(instance.positions.names)}
    fixed = {rack.name for rack in instance.scenario.facility.racks if rack.position is not None}
    free = [placement for placement in plan.placements if placement.rack not in fixed]

    def cells(entries: Iterable[Assignment]) -> frozenset[tuple[int, int, int]]:
        index = {name: d for d, name in enumerate(instance.demand_names)}
        return frozenset((racks[e.rack], index[e.demand], t) for e in entries for t in _periods(instance, e))

    return Decisions(
        stand=frozenset((racks[placement.rack], places[placement.position]) for placement in free),
        serve=cells(plan.assignments),
        off=frozenset((racks[span.rack], t) for span in plan.off for t in _periods(instance, span)),
        hold=cells(plan.buffers),
    )


def _periods(instance: Instance, entry: Assignment | Span) -> list[int]:
    return [period.index for period in instance.periods if period.touches(entry.start, entry.until)]


def with_figures(instance: Instance, plan: Plan) -> Plan:
    """The plan with every figure recounted from what it decides."""
    truth = recount(instance.scenario, plan)
    figures = {"objective_usd": truth.objective_usd, "bound_usd": truth.objective_usd, "gap": 0.0}
    stats = plan.stats.replace(moves=truth.moves)
    return plan.replace(
        **figures, demands=truth.demands, shortfalls=truth.shortfalls, unplaced=truth.unplaced, stats=stats
    )


def broken(instance: Instance, plan: Plan) -> frozenset[Rule]:
    """Rules that the verifier finds broken."""
    return frozenset(violation.rule for violation in verify(instance.scenario, plan).violations)


def _arrival(instance: Instance, r: int) -> date:
    arrival = instance.racks.arrival[r]
    assert arrival is not None
    return arrival


def _assignments(instance: Instance, entries: Iterable[tuple[int, int, int]]) -> Iterator[Assignment]:
    """Maximal runs of (rack, demand, period)."""
    for (r, d), run in groupby(sorted(entries), key=lambda entry: entry[:2]):
        for _, a, b in _spans((r, t) for _, _, t in run):
            start, until = instance.periods[a].start, instance.periods[b].end
            yield Assignment(rack=instance.racks.names[r], demand=instance.demand_names[d], start=start, until=until)


def _spans(entries: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int, int]]:
    """(rack, first period, last period) of maximal runs."""
    numbered = enumerate(sorted(entries))
    for _, run in groupby(numbered, key=lambda item: (item[1][0], item[1][1] - item[0])):
        ends = [entry for _, entry in run]
        yield ends[0][0], ends[0][1], ends[-1][1]
