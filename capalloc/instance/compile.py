"""Compiles a scenario into the arrays that planners work on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np

from capalloc.calendar import Period
from capalloc.errors import Problem, ScenarioError
from capalloc.instance.floor import lower_positions, lower_racks, place_pins
from capalloc.instance.forest import Forest, build_forest
from capalloc.instance.gains import lower_demand
from capalloc.instance.model import Bools, DemandData, Instance, Ints, Positions, Racks, SpreadLimit
from capalloc.instance.packing import cooling_rows, power_rows, static_below
from capalloc.instance.timeline import rack_start, ramp_of
from capalloc.schema.references import faults
from capalloc.schema.scenario import Scenario
from capalloc.units import load_w


def compile_scenario(scenario: Scenario, prospects: frozenset[str] = frozenset()) -> Instance:
    """Compile a scenario; ``prospects`` names contracts to plan although their probability is below 1.

    Raises ScenarioError with every fault that its references have.
    """
    _refuse_faults(scenario, prospects)
    periods = scenario.horizon.periods
    forest = build_forest(scenario, periods)
    ramps = {contract.name: ramp_of(scenario, contract) for contract in scenario.all_contracts}
    demands = tuple(lower_demand(scenario, demand, ramps, periods) for demand in scenario.planned(prospects))
    positions = lower_positions(scenario, forest, periods)
    racks = lower_racks(scenario, positions, demands, periods)
    deliveries = _deliveries(racks)
    vacant, stay = _stays(scenario, deliveries, positions, racks, periods)
    kinds = scenario.facility.rack_types
    return Instance(
        scenario=scenario,
        periods=periods,
        discount=_discount(scenario, periods),
        type_names=tuple(kind.name for kind in kinds),
        gpus=np.array([kind.gpus for kind in kinds], dtype=np.int64),
        idle_w=np.array([load_w(kind.idle_kw) for kind in kinds], dtype=np.int64),
        racks=racks,
        positions=positions,
        deliveries=deliveries,
        vacant=vacant,
        stay=stay,
        demands=demands,
        rows=(*power_rows(scenario, forest, len(kinds)), *cooling_rows(scenario, periods)),
        spreads=tuple(_spreads(scenario, forest, demands)),
        place_pins=place_pins(scenario, demands, periods),
        cools_at=_cools_at(scenario, periods),
        site_static_w=np.sum([static_below(forest, root) for root in forest.roots], axis=0, dtype=np.int64),
        warnings=tuple(_warnings(scenario, forest)),
    )


def _refuse_faults(scenario: Scenario, prospects: frozenset[str]) -> None:
    problems = [Problem("", 0, ".".join(map(str, fault.loc)), fault.message) for fault in faults(scenario)]
    known = {contract.name for contract in scenario.all_contracts}
    unknown = "no contract is named {!r}; contracts are {}"
    problems += [Problem("", 0, "prospect", unknown.format(name, sorted(known))) for name in sorted(prospects - known)]
    if problems:
        raise ScenarioError(problems)


def _discount(scenario: Scenario, periods: Sequence[Period]) -> np.ndarray:
    days = np.array([(period.start - scenario.horizon.start).days for period in periods])
    factors: np.ndarray = (1.0 + scenario.policy.discount_rate) ** (-days / 365.0)
    return factors


def _deliveries(racks: Racks) -> Ints:
    return np.flatnonzero((racks.position < 0) & racks.usable.any(axis=1))


def _stays(
    scenario: Scenario, deliveries: Ints, positions: Positions, racks: Racks, periods: Sequence[Period]
) -> tuple[Bools, Bools]:
    vacant = np.zeros((len(deliveries), len(positions.names)), dtype=bool)
    stay = np.zeros((len(deliveries), len(periods)), dtype=bool)
    taken = _occupied(scenario, racks)
    known: dict[tuple[date, date], Bools] = {}
    for i, r in enumerate(deliveries):
        begin = periods[int(np.argmax(racks.usable[r]))].start
        end = scenario.horizon.end
        span = (begin, min(scenario.facility.racks[r].available_until or end, end))
        if span not in known:
            free = [not any(_overlap(span, other) for other in taken.get(p, ())) for p in range(len(positions.names))]
            known[span] = np.array(free)
        vacant[i] = known[span] & positions.fits[:, racks.type[r]]
        stay[i] = [period.touches(*span) for period in periods]
    return vacant, stay


def _occupied(scenario: Scenario, racks: Racks) -> dict[int, list[tuple[date | None, date | None]]]:
    """Stays of the racks that stand, by position; what the incumbent placed is there from the first day on."""
    taken: dict[int, list[tuple[date | None, date | None]]] = {}
    for r, rack in enumerate(scenario.facility.racks):
        if racks.position[r] >= 0 and rack.status != "retired":
            start = None if rack.position is None else rack_start(scenario, rack)
            taken.setdefault(int(racks.position[r]), []).append((start, rack.available_until))
    return taken


def _overlap(one: tuple[date | None, date | None], other: tuple[date | None, date | None]) -> bool:
    return (one[0] is None or other[1] is None or one[0] < other[1]) and (
        other[0] is None or one[1] is None or other[0] < one[1]
    )


def _cools_at(scenario: Scenario, periods: Sequence[Period]) -> Bools:
    days = scenario.policy.handover_days
    start = np.array([period.start.toordinal() for period in periods])
    gap = start[None, :] - start[:, None]
    return np.asarray((gap >= 0) & (gap < days))


def _spreads(scenario: Scenario, forest: Forest, demands: Sequence[DemandData]) -> Iterator[SpreadLimit]:
    for d, data in enumerate(demands):
        spread = data.demand.spread
        if spread is None:
            continue
        nodes = [v for v, node in enumerate(forest.nodes) if node.kind == spread.node_kind]
        share = np.zeros((len(nodes), len(scenario.facility.positions)))
        for p, place in enumerate(scenario.facility.positions):
            for feed, part in place.shares:
                path = forest.paths[forest.index[feed]]
                for i, v in enumerate(nodes):
                    share[i, p] += part * (v in path)
        yield SpreadLimit(d, spread.max_share, tuple(forest.nodes[v].name for v in nodes), share)


def _warnings(scenario: Scenario, forest: Forest) -> Iterator[str]:
    dual = [place for place in scenario.facility.positions if place.feed_b is not None]
    feeds = np.array([(forest.index[p.feed_a], forest.index[str(p.feed_b)]) for p in dual], dtype=np.int64)
    for c in [c for c, node in enumerate(forest.nodes) if node.contingency]:
        inside = np.zeros(len(forest.nodes), dtype=bool)
        inside[list(forest.below[c])] = True
        both = np.flatnonzero(inside[feeds.reshape(-1, 2)].all(axis=1))
        if len(both):
            yield (
                f"both feeds of {len(both)} positions (first: {dual[both[0]].name}) lie under the contingency "
                f"{forest.nodes[c].name}: its loss takes them dark"
            )
    for rack in scenario.facility.racks:
        if rack.status == "planned" and rack.available_from is None:
            yield f"rack {rack.name} is planned without available_from: it is never counted on"
