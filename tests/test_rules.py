"""From each rule to its homes: where the planner, the exact model and the two checkers keep it, and what tests it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from capalloc.exact import rules as exact_rules
from capalloc.exact.rules import exclusivity as exact_exclusivity
from capalloc.planner.model import rules as planner_rules
from capalloc.schema.rules import Rule
from capalloc.verify import checks
from capalloc.verify.placed.verdict import CHECKS as PLACED
from tests.differential.binding import BINDINGS
from tests.differential.mutations import MUTATIONS

Code = Callable[..., Any]


@dataclass(frozen=True)
class Homes:
    """The functions that keep one rule."""

    planner: tuple[Code, ...]
    exact: tuple[Code, ...]
    placement: str = ""
    """Why placements, which know of no demands and no periods, have no such rule; empty where they do."""

    def modules(self, room: str) -> set[str]:
        """Last names of the modules in which a room keeps the rule."""
        return {code.__module__.rpartition(".")[2] for code in getattr(self, room)}


NO_DEMANDS, NO_PERIODS = "placements know of no demands", "placements are of one day"
planner, exact = planner_rules, exact_rules
PACKING = Homes((planner.packing.add,), (exact.packing.add,))

HOMES: dict[Rule, Homes] = {
    Rule.EXCLUSIVITY: Homes((planner.exclusivity.add,), (exact_exclusivity.add,), NO_DEMANDS),
    Rule.AVAILABILITY: Homes((planner.availability.may_serve,), (exact.availability.may_serve,)),
    Rule.COMPATIBILITY: Homes(
        (planner.compatibility.may_serve, planner.compatibility.add),
        (exact.compatibility.may_serve, exact.compatibility.add),
        NO_DEMANDS,
    ),
    Rule.WHERE: Homes((planner.where.may_serve,), (exact.where.may_serve, exact.where.add), NO_DEMANDS),
    Rule.POWER: PACKING,
    Rule.FAILOVER: PACKING,
    Rule.SUPPLY: PACKING,
    Rule.COOLING: PACKING,
    Rule.RAMP: Homes((planner.ramp.add,), (exact.ramp.add,), NO_DEMANDS),
    Rule.BRING_UP: Homes((planner.bring_up.add_racks, planner.bring_up.add_mw), (exact.bring_up.add,), NO_PERIODS),
    Rule.ISOLATION: Homes(
        (planner.isolation.add, planner.isolation.keep_others_out), (exact.isolation.add,), NO_DEMANDS
    ),
    Rule.LOCALITY: Homes((planner.locality.add,), (exact.locality.may_serve, exact.locality.add)),
    Rule.SPREAD: Homes((planner.spread.add,), (exact.spread.add,), NO_DEMANDS),
    Rule.POSITION: Homes((planner.position.add,), (exact.position.add,)),
    Rule.PINS: Homes(
        (planner.pins.may_serve, planner.pins.must_serve, planner.pins.add),
        (exact.pins.may_serve, exact.pins.add),
    ),
    Rule.HAND_OVER: Homes(
        (
            planner.hand_over.may_serve,
            planner.hand_over.add,
            planner.moves.add,
            planner.moves.add_budget,
            planner.moves.add_foresight,
        ),
        (exact.hand_over.may_serve, exact.hand_over.add, exact.hand_over.add_moves),
        NO_PERIODS,
    ),
    Rule.TERM: Homes((planner.term.may_serve,), (exact.term.may_serve,), NO_DEMANDS),
    Rule.BUFFER: Homes((planner.buffer.add,), (exact.buffer.add, exact.buffer.add_held_once), NO_DEMANDS),
}
FAMILIES = {
    "packing": {Rule.POWER, Rule.FAILOVER, Rule.SUPPLY, Rule.COOLING},
    "moves": {Rule.HAND_OVER},
}
"""Modules that are named after no single rule."""


def _listed_by_planner() -> set[Code]:
    """Every function of a rule that the planner calls when it builds a model."""
    families = (planner.LOADS, planner.DELIVERY, planner.SERVICE, planner.SITE, planner.GROUPS)
    adds = [add for family in families for add in family]
    each = [code for add in adds if isinstance(add, planner.EachDemand) for code in add.adds]
    return {*planner.MAY_SERVE, *each, *(add for add in adds if not isinstance(add, planner.EachDemand))}


def _listed_by_exact() -> set[Code]:
    return {*exact.MAY_SERVE, *exact.SINGLE, *exact.GROUPS}


def test_every_rule_has_its_homes_and_a_sentence() -> None:
    assert list(HOMES) == list(Rule)
    assert all(rule.sentence for rule in Rule)


@pytest.mark.parametrize("rule", Rule)
@pytest.mark.parametrize("room", ["planner", "exact"])
def test_homes_bear_the_name_of_the_rule_or_of_its_family(rule: Rule, room: str) -> None:
    own = rule.value.replace("-", "_")
    modules = HOMES[rule].modules(room)
    assert modules, f"{room} does not keep {rule}"
    assert all(module == own or rule in FAMILIES[module] for module in modules)


def test_all_that_the_planner_lists_belongs_to_a_rule_but_money() -> None:
    homes = {code for home in HOMES.values() for code in home.planner}
    assert {code.__module__ for code in _listed_by_planner() - homes} == {"capalloc.planner.model.money"}
    # a bound of columns is no list: racks that stand and are pinned
    assert homes - _listed_by_planner() == {planner.pins.must_serve}


def test_all_that_the_exact_model_lists_belongs_to_a_rule() -> None:
    homes = {code for home in HOMES.values() for code in home.exact}
    assert _listed_by_exact() <= homes
    called = {exact.spread.add, exact.buffer.add_held_once, exact_exclusivity.add}  # by hand, in their place
    assert homes - _listed_by_exact() == called


def test_every_rule_has_a_check_of_plans_that_bears_its_name() -> None:
    for rule, check in checks.CHECKS.items():
        assert check.__module__ == f"{checks.__name__}.{rule.value.replace('-', '_')}"


def test_placements_check_a_rule_or_say_why_not() -> None:
    assert {rule for rule, homes in HOMES.items() if not homes.placement} == set(PLACED)


def test_every_rule_has_a_scenario_in_which_it_binds_and_a_smallest_step_over_it() -> None:
    assert set(BINDINGS) == set(MUTATIONS) == set(Rule)
