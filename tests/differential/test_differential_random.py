"""Random tiny scenarios: all rules at once, and the class planner against the exact one."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from capalloc.exact.params import ExactParams
from capalloc.exact.solve import Decisions, accepts, decisions_of, exact_model, solve_exact
from capalloc.instance.compile import compile_scenario
from capalloc.instance.model import Instance
from capalloc.solve import solve
from tests.differential.plans import broken, plan_of
from tests.strategies import random_scenario

NEIGHBOURS = 25
CENT = 0.01


def _neighbour(instance: Instance, near: Decisions, rng: random.Random) -> Decisions:
    """The decisions with one to three racks doing something else in some period, or a delivery put elsewhere."""
    for _ in range(rng.randint(1, 3)):
        near = _stir(instance, near, rng) if rng.random() < 0.85 else _placed_elsewhere(instance, near, rng)
    return near


def _stir(instance: Instance, near: Decisions, rng: random.Random) -> Decisions:
    r, t = rng.randrange(len(instance.racks.names)), rng.randrange(len(instance.periods))
    serve = {entry for entry in near.serve if (entry[0], entry[2]) != (r, t)}
    hold = {entry for entry in near.hold if (entry[0], entry[2]) != (r, t)}
    off = near.off - {(r, t)}
    d = rng.randrange(len(instance.demands))
    match rng.choice(["serve", "serve", "serve", "idle", "off", "hold"]):
        case "serve":
            serve.add((r, d, t))
        case "off" if _may_be_off(near, instance, r, t):
            off |= {(r, t)}
        case "hold" if instance.demands[d].demand.buffer_share > 0 and instance.demands[d].in_term[t]:
            hold.add((r, d, t))
    return Decisions(near.stand, frozenset(serve), frozenset(off), frozenset(hold))


def _may_be_off(near: Decisions, instance: Instance, r: int, t: int) -> bool:
    """Whether listing the rack as off would say anything: it stands and could be powered."""
    stands = dict(near.stand) | {i: p for i, p in enumerate(instance.racks.position) if p >= 0}
    could = r in stands and instance.racks.usable[r, t] and instance.positions.ok[stands[r], t]
    return bool(could) and instance.scenario.policy.idle == "powered"


def _placed_elsewhere(instance: Instance, near: Decisions, rng: random.Random) -> Decisions:
    if not len(instance.deliveries):
        return near
    r, p = rng.choice(instance.deliveries.tolist()), rng.randrange(len(instance.positions.names))
    off = frozenset(entry for entry in near.off if entry[0] != r)
    return replace(near, off=off, stand=frozenset(entry for entry in near.stand if entry[0] != r) | {(r, p)})


@pytest.mark.parametrize("seed", range(60))
def test_exact_model_and_verifier_agree_near_the_optimum(seed: int) -> None:
    instance = compile_scenario(random_scenario(seed))
    exact, best = exact_model(instance), solve_exact(instance).roster
    start = Decisions() if best is None else decisions_of(instance, best)
    assert accepts(exact, start) or best is None
    rng = random.Random(seed)
    for _ in range(NEIGHBOURS):
        decisions = _neighbour(instance, start, rng)
        found = broken(instance, plan_of(instance, decisions))
        assert accepts(exact, decisions) == (not found), (decisions, found)


@pytest.mark.parametrize("seed", range(60))
def test_class_planner_is_as_good_as_its_bound_and_the_exact_optimum_allow(seed: int) -> None:
    scenario = random_scenario(1000 + seed)
    fast, exact = solve(scenario), solve(scenario, params=ExactParams())  # both are verified, or solve raises
    assert (fast.plan is None) == (exact.plan is None)
    if fast.plan is None or exact.plan is None:
        return
    beside = exact.plan.precedence
    assert (exact.plan.bound_usd if beside is None else beside.bound_usd) - exact.plan.objective_usd <= CENT
    assert fast.plan.objective_usd <= exact.plan.objective_usd + CENT
    assert fast.plan.bound_usd >= exact.plan.objective_usd - CENT
    assert fast.plan.objective_usd >= exact.plan.objective_usd - CENT  # on scenarios this small nothing is left over
