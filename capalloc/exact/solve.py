"""The exact planner: CP-SAT over single racks with every rule in full, the reference for tiny scenarios."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np
from ortools.sat.python import cp_model

from capalloc.background import Background
from capalloc.cancel import CancelToken
from capalloc.errors import InternalError
from capalloc.exact.literals import literals_of
from capalloc.exact.model import ExactModel
from capalloc.exact.money import Money, money_of
from capalloc.exact.params import ExactParams
from capalloc.exact.rules import add_rules
from capalloc.instance.model import NOBODY, Bools, Instance, Ints
from capalloc.roster.roster import Roster
from capalloc.schema.status import Status

_STATUS = {
    cp_model.OPTIMAL: Status.OPTIMAL,
    cp_model.FEASIBLE: Status.FEASIBLE,
    cp_model.INFEASIBLE: Status.INFEASIBLE,
    cp_model.UNKNOWN: Status.UNKNOWN,
}
_DEFAULTS = ExactParams()


@dataclass(frozen=True, slots=True)
class ExactResult:
    """What the exact planner found."""

    status: Status
    roster: Roster | None
    """The best roster; None when there is none or none was found in time."""
    objective_usd: float
    """Discounted USD of the roster as the model counts them; -inf without one."""
    bound_usd: float
    """Proven upper bound on the objective, discounted USD; -inf when infeasible, inf when nothing is known."""
    interrupted: bool = False
    """Somebody asked for what there was."""


def solve_exact(instance: Instance, params: ExactParams = _DEFAULTS, cancel: CancelToken | None = None) -> ExactResult:
    """Plan single racks to the optimum; a token that is set ends the search with the best roster there is.

    Among plans of equal worth it takes one with the racks of earlier accepted types, then with fewest racks off,
    fewest departures, and fewest deliveries left without a position. It searches on one thread, so the same seed
    gives the same answer unless the time limit is reached. Raises TooLargeError for more than a tiny scenario.
    """
    begun = time.monotonic()
    exact = exact_model(instance)
    money = money_of(exact)
    exact.model.maximize(money.value)
    solver = _solver(params.seed, params.time_limit)
    status = _solve(exact, solver, cancel)
    if status not in (Status.OPTIMAL, Status.FEASIBLE):
        bound = -np.inf if status is Status.INFEASIBLE else np.inf
        return ExactResult(status, None, -np.inf, bound, _cut_short(status, cancel))
    bound = money.usd(solver.best_objective_bound) + money.slack_usd
    worth = round(solver.objective_value)
    roster = _roster(exact, solver)
    left = params.time_limit - (time.monotonic() - begun)
    if status is Status.OPTIMAL and left > 0:
        again = _solver(params.seed, left)
        roster = _best_of_equals(exact, money, worth, solver, again, cancel) or roster
    return ExactResult(status, roster, money.usd(worth), bound, _cut_short(status, cancel))


def _cut_short(status: Status, cancel: CancelToken | None) -> bool:
    return status in (Status.FEASIBLE, Status.UNKNOWN) and cancel is not None and cancel.cancelled


def exact_model(instance: Instance) -> ExactModel:
    """The model with every rule and no objective."""
    exact = literals_of(instance)
    add_rules(exact)
    return exact


@dataclass(frozen=True, slots=True)
class Decisions:
    """What a plan decides, by indices; unlike a Roster it can also say what no rule allows."""

    stand: frozenset[tuple[int, int]] = frozenset()
    """(r, p) of deliveries that are placed."""
    serve: frozenset[tuple[int, int, int]] = frozenset()
    """(r, d, t)"""
    off: frozenset[tuple[int, int]] = frozenset()
    """(r, t)"""
    hold: frozenset[tuple[int, int, int]] = frozenset()
    """(r, d, t) racks held as a demand's buffer."""


def decisions_of(instance: Instance, roster: Roster) -> Decisions:
    """What a roster decides."""

    def entries(table: Ints) -> frozenset[tuple[int, int, int]]:
        return frozenset((r, int(table[r, t]), t) for r, t in zip(*_indices(table != NOBODY), strict=True))

    placed = frozenset((r, int(roster.position[r])) for r in instance.deliveries.tolist() if roster.position[r] >= 0)
    off = frozenset(zip(*_indices(roster.off), strict=True))
    return Decisions(placed, entries(roster.serving), off, entries(roster.buffer))


def accepts(exact: ExactModel, decisions: Decisions) -> bool:
    """Whether the model's rules allow the decisions as they are."""
    fixed = _fixed(exact, decisions)
    if fixed is None:
        return False
    exact.model.clear_hints()
    for literal, value in fixed:
        exact.model.add_hint(literal, value)
    solver = _solver(0, None)
    solver.parameters.fix_variables_to_their_hinted_value = True
    return _solve(exact, solver) in (Status.OPTIMAL, Status.FEASIBLE)


def _indices(flags: Bools) -> list[list[int]]:
    return [index.tolist() for index in np.nonzero(flags)]


def _fixed(exact: ExactModel, decisions: Decisions) -> list[tuple[Any, bool]] | None:
    """Values of the literals that the decisions fix; None when one of them has no literal."""
    standing = decisions.stand | {key for key, literal in exact.stand.items() if isinstance(literal, int)}
    kinds: tuple[tuple[Any, list[tuple[Any, bool, Any]]], ...] = (
        (decisions.stand, [(key, True, lit) for key, lit in exact.stand.items() if not isinstance(lit, int)]),
        (decisions.serve, [((s[0], *s[2:4]), s[:2] in standing, s.literal) for s in exact.serve]),
        (decisions.off, [((r, t), (r, p) in standing, lit) for (r, p, t), lit in exact.off.items()]),
        (decisions.hold, [(key, True, lit) for key, lit in exact.hold.items()]),
    )
    fixed = []
    for wanted, literals in kinds:
        if wanted - {key for key, here, _ in literals if here}:
            return None
        fixed += [(literal, here and key in wanted) for key, here, literal in literals]
    return fixed


def _solver(seed: int, time_limit: float | None) -> Any:
    solver = cp_model.CpSolver()
    solver.parameters.catch_sigint_signal = False  # signals are the business of who owns the process
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 2  # equal racks are many: the relaxation closes what search cannot
    solver.parameters.random_seed = seed
    if time_limit is not None:
        solver.parameters.max_time_in_seconds = max(time_limit, 0.0)
    return solver


def _solve(exact: ExactModel, solver: Any, cancel: CancelToken | None = None) -> Status:
    def listen() -> None:
        if cancel is not None and cancel.cancelled:
            solver.stop_search()

    code = Background(lambda: solver.solve(exact.model)).result(listen)
    if code not in _STATUS:
        raise InternalError(f"CP-SAT ended with {solver.status_name(code)}: {exact.model.validate()}")
    return _STATUS[code]


def _best_of_equals(
    exact: ExactModel, money: Money, worth: int, first: Any, solver: Any, cancel: CancelToken | None
) -> Roster | None:
    """Solve again among the plans of the same worth, for the tie-breaks in their order."""
    exact.model.add(money.value >= worth)
    exact.model.clear_hints()
    for s in exact.serve:
        exact.model.add_hint(s.literal, first.value(s.literal))
    exact.model.minimize(_ties(exact))
    return _roster(exact, solver) if _solve(exact, solver, cancel) in (Status.OPTIMAL, Status.FEASIBLE) else None


def _ties(exact: ExactModel) -> Any:
    """One number that ranks plans of equal worth: each criterion outweighs all of those after it."""
    kinds, demands = exact.instance.racks.type, exact.instance.demands
    rank = sum(demands[s.demand].types.index(int(kinds[s.rack])) * s.literal for s in exact.serve)
    unplaced = -sum(literal for literal in exact.stand.values() if not isinstance(literal, int))
    criteria = [(rank, 0), (sum(exact.off.values()), len(exact.off)), (sum(exact.leave.values()), len(exact.leave))]
    criteria.append((unplaced, len(exact.instance.deliveries)))
    total: Any = 0
    for criterion, most in criteria:
        total = total * (most + 1) + criterion
    return total


def _roster(exact: ExactModel, solver: Any) -> Roster:
    shape = (len(exact.instance.racks.names), len(exact.instance.periods))
    position = exact.instance.racks.position.copy()
    serving, buffer, off = np.full(shape, NOBODY), np.full(shape, NOBODY), np.zeros(shape, dtype=bool)
    for s in exact.serve:
        if solver.value(s.literal):
            serving[s.rack, s.period] = s.demand
    for (r, _, t), literal in exact.off.items():
        off[r, t] |= bool(solver.value(literal))
    for (r, d, t), literal in exact.hold.items():
        if solver.value(literal):
            buffer[r, t] = d
    for (r, p), literal in exact.stand.items():
        if not isinstance(literal, int) and solver.value(literal):
            position[r] = p
    return Roster(serving=serving, off=off, buffer=buffer, position=position)
