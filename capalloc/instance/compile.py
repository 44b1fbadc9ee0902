"""Compiles a scenario into the arrays that planners work on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from capalloc.calendar import Period
from capalloc.errors import Problem, ScenarioError
from capalloc.instance.contradictions import contradictions
from capalloc.instance.demands import lower_demand
from capalloc.instance.model import Bools, DemandData, Instance, Ints, Positions, Racks, SpreadLimit
from capalloc.instance.policy import policy_of
from capalloc.instance.positions import lower_positions
from capalloc.instance.power.cords import Cords, cords_of
from capalloc.instance.power.forest import Forest, build_forest
from capalloc.instance.power.limits import cooling_rows, power_rows, static_below
from capalloc.instance.racks import lower_racks, place_pins
from capalloc.instance.timeline import rack_start, ramp_of
from capalloc.instance.where import lower_where
from capalloc.schema.checks.asked import kind_faults, names_faults
from capalloc.schema.checks.fault import refuse
from capalloc.schema.checks.references import faults
from capalloc.schema.scenario import Scenario
from capalloc.units import load_w

_NAMED = 3
"""Racks that a warning names; the others are counted."""


def compile_scenario(scenario: Scenario, prospects: frozenset[str] = frozenset()) -> Instance:
    """Compile a scenario; ``prospects`` names contracts to plan although their probability is below 1.

    Raises ScenarioError with every fault that its references have.
    """
    refuse((*kind_faults("scenario", scenario, Scenario), *names_faults("prospects", prospects)))
    _refuse_faults(scenario, prospects)
    periods = scenario.horizon.periods
    forest = build_forest(scenario, periods)
    ramps = {contract.name: ramp_of(scenario, contract) for contract in scenario.all_contracts}
    demands = tuple(lower_demand(scenario, demand, ramps, periods) for demand in scenario.planned(prospects))
    cords = cords_of(scenario.facility)
    positions = lower_positions(scenario, forest, cords, periods)
    allowed = lower_where(scenario, demands, forest, cords)
    racks = lower_racks(scenario, positions, demands, allowed, periods)
    deliveries = _deliveries(racks)
    vacant, stay = _stays(scenario, deliveries, positions, racks, periods)
    kinds, policy = scenario.facility.rack_types, policy_of(scenario)
    return Instance(
        scenario=scenario,
        policy=policy,
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
        allowed=allowed.places,
        rows=(*power_rows(scenario, policy, forest, cords, len(kinds)), *cooling_rows(scenario, periods)),
        spreads=tuple(_spreads(forest, cords, demands)),
        place_pins=place_pins(scenario, demands, periods),
        cools_at=_cools_at(scenario, periods),
        site_static_w=np.sum([static_below(forest, root) for root in forest.roots], axis=0, dtype=np.int64),
        warnings=(
            *_warnings(scenario, forest, cords),
            *contradictions(scenario, demands, racks, allowed.places, periods, forest, positions.site_weight),
        ),
    )


def _refuse_faults(scenario: Scenario, prospects: frozenset[str]) -> None:
    problems = [fault.problem() for fault in faults(scenario)]
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
    comes = np.array([first is not None for first in racks.arrival], dtype=bool)
    return np.flatnonzero((racks.position < 0) & comes)


def _stays(
    scenario: Scenario, deliveries: Ints, positions: Positions, racks: Racks, periods: Sequence[Period]
) -> tuple[Bools, Bools]:
    vacant = np.zeros((len(deliveries), len(positions.names)), dtype=bool)
    stay = np.zeros((len(deliveries), len(periods)), dtype=bool)
    if not len(deliveries):
        return vacant, stay
    taken = _taken(scenario, racks)
    known: dict[tuple[date, date], tuple[Bools, Bools]] = {}
    for i, r in enumerate(deliveries):
        begin = racks.arrival[r]
        assert begin is not None
        end = scenario.horizon.end
        span = (begin, min(scenario.facility.racks[r].available_until or end, end))
        if span not in known:
            touched = np.array([period.touches(*span) for period in periods])
            known[span] = _free(span, taken, len(positions.names)), touched
        free, stay[i] = known[span]
        vacant[i] = free & positions.fits[:, racks.type[r]]
    return vacant, stay


@dataclass(frozen=True, slots=True)
class _Taken:
    """Stays of the racks that stand, each on ``position`` for the days [start, end), as ordinals."""

    position: Ints
    start: Ints
    end: Ints


def _taken(scenario: Scenario, racks: Racks) -> _Taken:
    """What the incumbent placed is there from the first day on, and a rack without an end stays."""
    stands = [
        r for r, rack in enumerate(scenario.facility.racks) if racks.position[r] >= 0 and rack.status != "retired"
    ]
    found = [scenario.facility.racks[r] for r in stands]
    starts = [None if rack.position is None else rack_start(scenario, rack) for rack in found]
    return _Taken(
        racks.position[stands],
        np.array([(start or date.min).toordinal() for start in starts], dtype=np.int64),
        np.array([(rack.available_until or date.max).toordinal() for rack in found], dtype=np.int64),
    )


def _free(span: tuple[date, date], taken: _Taken, positions: int) -> Bools:
    """(P,) where nobody stands on any day of [start, end)."""
    start, end = (day.toordinal() for day in span)
    free = np.ones(positions, dtype=bool)
    free[taken.position[(start < taken.end) & (taken.start < end)]] = False
    return free


def _cools_at(scenario: Scenario, periods: Sequence[Period]) -> Bools:
    days = scenario.policy.handover_days
    start = np.array([period.start.toordinal() for period in periods])
    gap = start[None, :] - start[:, None]
    return np.asarray((gap >= 0) & (gap < days))


def _spreads(forest: Forest, cords: Cords, demands: Sequence[DemandData]) -> Iterator[SpreadLimit]:
    for d, data in enumerate(demands):
        spread = data.demand.spread
        if spread is None:
            continue
        nodes = [v for v, node in enumerate(forest.nodes) if node.kind == spread.node_kind]
        share = cords.carried(forest)[nodes][:, cords.way]
        yield SpreadLimit(d, spread.max_share, tuple(forest.nodes[v].name for v in nodes), share)


def _warnings(scenario: Scenario, forest: Forest, cords: Cords) -> Iterator[str]:
    for c, ways in sorted(_dark_after(forest, cords).items()):
        first = min(cords.places[way][0] for way in ways)
        yield (
            f"both feeds of {cords.sizes[ways].sum()} positions (first: {scenario.facility.positions[first].name}) "
            f"lie under the contingency {forest.nodes[c].name}: its loss takes them dark"
        )
    undated = [one.name for one in scenario.facility.racks if one.status == "planned" and one.available_from is None]
    if undated:
        what = f"rack {undated[0]} is" if len(undated) == 1 else f"{len(undated):,} racks ({_first(undated)}) are"
        yield f"{what} planned without available_from: never counted on"


def _first(names: Sequence[str]) -> str:
    """The first few of many names."""
    return ", ".join(names[:_NAMED]) + (", ..." if len(names) > _NAMED else "")


def _dark_after(forest: Forest, cords: Cords) -> dict[int, list[int]]:
    """For each contingency above both feeds of positions, the ways in which these are corded."""
    dark: dict[int, list[int]] = {}
    for way, feeds in enumerate(cords.feeds):
        above = [forest.paths[feed] for feed, _ in feeds]
        for c in set(above[0]).intersection(*above[1:]) if len(above) > 1 else ():
            if forest.nodes[c].contingency:
                dark.setdefault(c, []).append(way)
    return dark
