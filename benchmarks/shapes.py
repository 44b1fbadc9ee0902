"""Sites of other shapes than the generator's; each alters a generated site by what a seed draws.

``python -m benchmarks.shapes SHAPE FOLDER RACKS HALLS MONTHS DEMANDS SEED`` writes one.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from random import Random

from capalloc.schema.scenario import Scenario


def _weeks(scenario: Scenario, dice: Random) -> Scenario:
    """Weeks, days between two demands of a rack, and a budget of moves."""
    racks, policy = len(scenario.facility.racks), scenario.policy
    moves = max(2, round(racks * dice.uniform(0.02, 0.08)))
    return scenario.replace(
        horizon=scenario.horizon.replace(period="week"),
        policy=policy.replace(handover_days=dice.randint(3, 14), max_moves_per_period=moves, priority="money"),
    )


def _breakers(scenario: Scenario, dice: Random) -> Scenario:
    """Breakers of every row's own, from 0.7 of what its racks draw at most."""
    power = []
    for node in scenario.facility.power:
        share = dice.uniform(0.7, 1.0) if node.kind == "busway" else 1.0
        failover = None if node.failover_kw is None else round(share * node.failover_kw, 1)
        power.append(node.replace(rated_kw=round(share * node.rated_kw, 1), failover_kw=failover))
    return scenario.replace(facility=scenario.facility.replace(power=tuple(power)))


def _mixed(scenario: Scenario, dice: Random) -> Scenario:
    """Rows of mixed types: a part of the racks change places with others that are cooled alike."""
    facility = scenario.facility
    cooling = {place.name: place.cooling for place in facility.positions}
    types = [rack.rack_type for rack in facility.racks]
    share = dice.uniform(0.1, 0.5)
    for kind in ("liquid", "air"):
        racks = [n for n, rack in enumerate(facility.racks) if rack.position and cooling[rack.position] == kind]
        moved = dice.sample(racks, int(share * len(racks)))
        for rack, taken in zip(moved, dice.sample([types[n] for n in moved], len(moved)), strict=True):
            types[rack] = taken
    mixed = tuple(rack.replace(rack_type=kind) for rack, kind in zip(facility.racks, types, strict=True))
    return scenario.replace(facility=facility.replace(racks=mixed))


def _priorities(scenario: Scenario, dice: Random) -> Scenario:
    """Up to five priorities over contracts and workloads."""
    return scenario.replace(
        contracts=tuple(contract.replace(priority=dice.randint(1, 5)) for contract in scenario.contracts),
        workloads=tuple(workload.replace(priority=dice.randint(0, 2)) for workload in scenario.workloads),
    )


def _money(scenario: Scenario, _: Random) -> Scenario:
    """Money decides alone: all that peers know."""
    return scenario.replace(policy=scenario.policy.replace(priority="money"))


SHAPES: dict[str, Callable[[Scenario, Random], Scenario]] = {
    "months": lambda scenario, _: scenario,
    "money": _money,
    "weeks": _weeks,
    "breakers": _breakers,
    "mixed": _mixed,
    "priorities": _priorities,
}
"""``months`` is a site as ``capalloc generate`` writes it."""


def main() -> int:
    """Write a site."""
    from capalloc.formats import expand
    from capalloc.synthetic.generate import generate

    shape, folder = sys.argv[1:3]
    racks, halls, months, demands, seed = map(int, sys.argv[3:])
    scenario = generate(racks=racks, halls=halls, periods=months, demands=demands, seed=seed)
    expand(SHAPES[shape](scenario, Random(seed)), folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
