"""Small integer programs by CP-SAT on one thread; its time is counted in work, so that equal programs end alike."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from ortools.sat.python import cp_model

from capalloc.background import Background
from capalloc.cancel import CancelToken
from capalloc.errors import InternalError
from capalloc.instance.model import Ints

_WORK = 2.0
"""CP-SAT's deterministic time for one program, about seconds."""


@dataclass(frozen=True, slots=True)
class Block:
    """Whole columns x (n,), at most ``upper``, within limits ``left`` (m,), of the most ``worth`` @ x."""

    upper: Ints
    worth: Ints
    table: Ints
    """(entries, 3) limit, column and amount, sorted by limit."""
    left: Ints

    @property
    def key(self) -> bytes:
        """Equal programs have the same."""
        return b"|".join(part.tobytes() for part in (self.upper, self.worth, self.table, self.left))


class Search:
    """Solves blocks, each once; a token that is set ends it with what there is."""

    def __init__(self, cancel: CancelToken | None = None) -> None:
        self._cancel = cancel
        self._known: dict[bytes, tuple[Ints, int]] = {}

    @property
    def goes_on(self) -> bool:
        """Nobody has asked for what there is."""
        return self._cancel is None or not self._cancel.cancelled

    def best(self, block: Block) -> tuple[Ints, int]:
        """(n,) the best counts that were found, and what none can be worth more than."""
        key = block.key
        if key not in self._known:
            found = self._solved(block)
            if not self.goes_on:
                return found
            self._known[key] = found
        return self._known[key]

    def _solved(self, block: Block) -> tuple[Ints, int]:
        model, unit = cp_model.CpModel(), math.gcd(*block.worth.tolist()) or 1
        columns = [model.new_int_var(0, int(most), "") for most in block.upper]
        _limit(model, columns, block)
        model.maximize(cp_model.LinearExpr.weighted_sum(columns, (block.worth // unit).tolist()))
        solver, everything = _solver(), int(block.upper @ block.worth)
        code = Background(lambda: solver.solve(model)).result(lambda: None if self.goes_on else solver.stop_search())
        if code == cp_model.UNKNOWN:
            return np.zeros_like(block.upper), everything
        if code not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            raise InternalError(f"CP-SAT ended with {solver.status_name(code)}: {model.validate()}")
        found = np.array([solver.value(column) for column in columns], dtype=np.int64)
        if code == cp_model.OPTIMAL:
            return found, int(found @ block.worth)
        return found, min(math.floor(solver.best_objective_bound + 1e-6) * unit, everything)


def _limit(model: Any, columns: list[Any], block: Block) -> None:
    """A row for each limit, in whole steps of what its columns put on it."""
    borders = np.flatnonzero(np.diff(block.table[:, 0], prepend=-1))
    for part in np.split(block.table, borders[1:]):
        amounts, step = part[:, 2], math.gcd(*part[:, 2].tolist())
        load = cp_model.LinearExpr.weighted_sum([columns[c] for c in part[:, 1].tolist()], (amounts // step).tolist())
        model.add(load <= max(int(block.left[part[0, 0]]), 0) // step)


def _solver() -> Any:
    solver = cp_model.CpSolver()
    solver.parameters.catch_sigint_signal = False  # signals are the business of who owns the process
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 2
    solver.parameters.max_deterministic_time = _WORK
    return solver
