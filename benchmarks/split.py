"""Random partition after POP (Narayanan et al., SOSP 2021, doi:10.1145/3477132.3483588).

Racks are split at random into parts of equal size; every limit, commitment, want and fee in proportion.
Each part is solved by itself, and what the parts found is put together.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any, TypeVar

import numpy as np
from ortools.math_opt.python import mathopt

from capalloc.instance.compile import compile_scenario
from capalloc.instance.model import NOBODY, Instance
from capalloc.planner.bounds.group_draw import with_cuts
from capalloc.planner.model.by_class import ModelByClass
from capalloc.planner.model.columns import MONEY_ALONE
from capalloc.reduction.classes import reduce_instance
from capalloc.roster.roster import Roster
from capalloc.schema.demand import Contract, Demand, Workload
from capalloc.schema.event import Outage
from capalloc.schema.record import Record
from capalloc.schema.scenario import Scenario

from .unreduced import Found, Way, answer, as_plan, refuse_large, roster_of

_R = TypeVar("_R", bound=Record)
PARTS = 4
_HIGHS = Way(mathopt.SolverType.HIGHS, integer=True)
_SPLIT = frozenset(
    [
        "rated_kw",
        "failover_kw",
        "static_load_kw",
        "kw",
        "liquid_kw",
        "air_kw",
        "total_kw",
        "mw",
        "flexible_mw",
        "usd_per_month",
        "reserve_mw",
        "mw_per_period",
    ]
)
"""Amounts that every part has its share of."""
_SPLIT_WHOLE = frozenset(
    ["gpus", "racks", "min", "up_to_gpus", "racks_per_period", "max_moves_per_period", "min_racks"]
)
"""Counts that every part has its share of, rounded up."""


def solve_split(scenario: Scenario, gap: float, time_limit: float, seed: int) -> Found:
    """Solve the parts one after the other, each in its share of the time that is left."""
    whole = compile_scenario(scenario)
    roster = _nothing(whole)
    build_s = solve_s = 0.0
    found = False
    for number, part in enumerate(parts_of(scenario, Random(seed))):
        begun = time.perf_counter()
        instance = compile_scenario(part)
        reduction = reduce_instance(instance, by_row=True)
        refuse_large(reduction)
        built = with_cuts(ModelByClass(reduction, MONEY_ALONE))
        model = mathopt.Model.from_model_proto(built.linear.program().message())
        build_s += time.perf_counter() - begun
        left = (time_limit - build_s - solve_s) / (PARTS - number)
        begun = time.perf_counter()
        result = answer(model, _HIGHS, gap, left, seed)
        solve_s += time.perf_counter() - begun
        if result.has_primal_feasible_solution():
            values = np.fromiter(result.variable_values().values(), dtype=float)
            _join(whole, roster, instance, roster_of(built, values))
            found = True
    return Found(build_s, solve_s, None, as_plan(scenario, whole, roster, None) if found else None)


def parts_of(scenario: Scenario, rng: Random) -> Iterator[Scenario]:
    """The parts of a scenario."""
    site = scenario.facility
    racks = rng.sample(site.racks, len(site.racks))
    stands = {rack.position for rack in racks}
    free = [position.name for position in site.positions if position.name not in stands]
    rng.shuffle(free)
    for number in range(PARTS):
        mine = frozenset(rack.name for rack in racks[number::PARTS])
        places = {rack.position for rack in racks[number::PARTS]} | set(free[number::PARTS])
        positions = tuple(position for position in site.positions if position.name in places)
        facility = site.model_copy(
            update={
                "racks": tuple(rack for rack in site.racks if rack.name in mine),
                "positions": positions,
                "power": _all_split(site.power),
                "supplies": _all_split(site.supplies),
                "cooling": _all_split(site.cooling),
            }
        )
        rows = {position.row_key for position in positions}
        yield scenario.model_copy(
            update={
                "facility": facility,
                "contracts": tuple(_demand(contract) for contract in scenario.contracts),
                "workloads": tuple(_demand(workload) for workload in scenario.workloads),
                "events": tuple(
                    event
                    for event in scenario.events
                    if not isinstance(event, Outage) or event.row is None or event.row in rows
                ),
                "policy": _split(scenario.policy, bring_up=_split(scenario.policy.bring_up)),
            }
        )


def _demand(demand: Demand) -> Demand:
    changes: dict[str, Any] = {"locality": demand.locality and _split(demand.locality)}
    if isinstance(demand, Contract):
        changes |= {"ramp": _all_split(demand.ramp), "fee": _split(demand.fee)}
    if isinstance(demand, Workload):
        changes |= {"demand": _all_split(demand.demand), "value": _all_split(demand.value)}
    return _split(demand, **changes)


def _all_split(records: Sequence[_R]) -> tuple[_R, ...]:
    return tuple(_split(record) for record in records)


def _split(record: _R, **changes: Any) -> _R:
    """The record with its amounts divided by the number of parts."""
    for name in type(record).model_fields:
        value = getattr(record, name)
        if isinstance(value, int | float) and name in _SPLIT:
            changes[name] = value / PARTS
        elif isinstance(value, int | float) and name in _SPLIT_WHOLE:
            changes[name] = math.ceil(value / PARTS)
    return record.model_copy(update=changes)


def _nothing(instance: Instance) -> Roster:
    shape = (len(instance.racks.names), len(instance.periods))
    return Roster(
        serving=np.full(shape, NOBODY),
        off=np.zeros(shape, dtype=bool),
        buffer=np.full(shape, NOBODY),
        position=instance.racks.position.copy(),
    )


def _join(whole: Instance, roster: Roster, part: Instance, found: Roster) -> None:
    """Write what a part's racks do into the roster of the whole; demands have the same numbers in both."""
    index = {name: r for r, name in enumerate(whole.racks.names)}
    place = {name: p for p, name in enumerate(whole.positions.names)}
    mine = [index[name] for name in part.racks.names]
    roster.serving[mine] = found.serving
    roster.off[mine] = found.off
    roster.buffer[mine] = found.buffer
    roster.position[mine] = [place[part.positions.names[p]] if p >= 0 else -1 for p in found.position]
