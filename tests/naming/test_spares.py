"""Spares stay the same racks while they can, as many as were held, on racks that the demand may use."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from capalloc.analysis.base import planned_base
from capalloc.instance.compile import compile_scenario
from capalloc.instance.model import NOBODY, Instance
from capalloc.naming.spares import hold_spares, steady_spares
from capalloc.roster.roster import Roster
from capalloc.verify import verify
from tests.byhand import by_hand, contract, facility, workload

OWN, LEASE = 0, 1


def site(**changes: Any) -> Instance:
    return compile_scenario(by_hand(horizon={"start": "2026-05", "end": "2026-08"}, **changes))


def roster(instance: Instance, serving: dict[int, list[int]], spares: dict[int, list[int]]) -> Roster:
    """Ten racks over three months, of which some serve or are held for demands."""
    shape = (len(instance.racks.names), 3)
    found = Roster(
        serving=np.full(shape, NOBODY),
        off=np.zeros(shape, dtype=bool),
        buffer=np.full(shape, NOBODY),
        position=instance.racks.position.copy(),
    )
    for rows, said in ((found.serving, serving), (found.buffer, spares)):
        for rack, months in said.items():
            rows[rack] = months
    return found


def held(one: Roster, demand: int = OWN) -> list[list[int]]:
    """Racks that are held for a demand, month by month."""
    return [np.flatnonzero(one.buffer[:, t] == demand).tolist() for t in range(one.buffer.shape[1])]


def test_a_spare_that_wanders_stays_on_the_rack_that_is_idle_longest() -> None:
    # Rack 0 serves from June on; 1 is idle in all months, and so are 2 to 9.
    wandering = roster(
        site(), {0: [NOBODY, OWN, OWN]}, {0: [OWN, NOBODY, NOBODY], 5: [NOBODY, OWN, NOBODY], 3: [NOBODY, NOBODY, OWN]}
    )
    steady_spares(site(), wandering)
    assert held(wandering) == [[1], [1], [1]]


def test_as_many_are_held_in_each_month_as_before_and_those_that_stay_are_idle_longest() -> None:
    serving = {r: [NOBODY, OWN, OWN] for r in range(8)} | {8: [NOBODY, NOBODY, OWN]}
    fewer = roster(site(), serving, {8: [OWN, OWN, NOBODY], 9: [OWN, NOBODY, OWN], 0: [OWN, NOBODY, NOBODY]})
    steady_spares(site(), fewer)
    assert held(fewer) == [[0, 8, 9], [9], [9]]


def test_spares_of_two_demands_take_no_rack_from_each_other() -> None:
    serving = {r: [OWN] * 3 for r in range(7)}
    two = roster(site(), serving, {7: [OWN, LEASE, LEASE], 8: [LEASE, OWN, NOBODY], 9: [NOBODY, NOBODY, OWN]})
    steady_spares(site(), two)
    assert (held(two), held(two, LEASE)) == ([[7], [7], [7]], [[8], [8], [8]])


def test_where_few_racks_suit_a_demand_it_keeps_them() -> None:
    # Racks 0 to 3 stand in the lease's row, all but 0 serve it; own may be anywhere, and would take 0 as the first.
    instance = site(contracts=[contract(where={"row": ["r0"]})])
    serving = {r: [LEASE] * 3 for r in (1, 2, 3)}
    two = roster(instance, serving, {0: [LEASE] * 3, 5: [OWN, NOBODY, OWN], 6: [NOBODY, OWN, NOBODY]})
    steady_spares(instance, two)
    assert (held(two), held(two, LEASE)) == ([[5], [5], [5]], [[0], [0], [0]])  # from the first month on


def test_a_rack_that_is_off_dedicated_or_elsewhere_is_no_spare() -> None:
    tables = facility()
    tables["racks"][1] |= {"tenant": "Tenant"}
    tables["racks"][2] |= {"available_until": "2026-06"}
    instance = site(facility=tables, workloads=[workload(where={"row": ["r0"]})])
    wandering = roster(instance, {}, {0: [OWN, NOBODY, NOBODY], 2: [NOBODY] * 3, 3: [NOBODY, OWN, OWN]})
    wandering.off[0, 1:] = True
    steady_spares(instance, wandering)
    assert held(wandering) == [[3], [3], [3]]


@pytest.mark.parametrize("share", [0.1, 0.25])
def test_a_plan_with_spares_keeps_every_rule_and_they_do_not_wander(share: float) -> None:
    base = planned_base(by_hand(workloads=[workload(buffer_share=share)]))
    assert verify(base.scenario, base.plan).verdict == "ok"
    idle, spares = base.roster.serving == NOBODY, base.roster.buffer == OWN
    for t in range(1, idle.shape[1]):
        still = (spares[:, t - 1] & idle[:, t]).sum()
        assert (spares[:, t] & ~spares[:, t - 1]).sum() == max(spares[:, t].sum() - still, 0)


def test_as_many_are_held_as_a_buffer_asks_for_in_each_month() -> None:
    # a quarter of five racks are two, of four one; rack 9 is off
    instance = site(workloads=[workload(buffer_share=0.25)])
    serving = {r: [OWN, OWN, NOBODY] for r in range(4)} | {4: [OWN, NOBODY, NOBODY]}
    bare = roster(instance, serving, {})
    bare.off[9] = True
    hold_spares(instance, bare)
    assert held(bare) == [[5, 6], [4], []]


def test_a_demand_that_may_use_few_racks_is_held_its_own_first() -> None:
    # Racks 0 to 3 stand in the lease's row, and all but 0 serve it; own may be anywhere, and would take 0 as the first.
    buffers = {
        "workloads": [workload(buffer_share=0.2)],
        "contracts": [contract(where={"row": ["r0"]}, buffer_share=0.2)],
    }
    instance = site(**buffers)
    bare = roster(instance, {r: [LEASE] * 3 for r in (1, 2, 3)} | {4: [OWN] * 3}, {})
    hold_spares(instance, bare)
    assert (held(bare), held(bare, LEASE)) == ([[5], [5], [5]], [[0], [0], [0]])
