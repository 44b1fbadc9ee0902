"""The most that whole columns can be worth within limits: a small integer program, with a proven bound.

Columns that no limit tells apart are one; limits that everything together keeps are left out. What is left goes to
CP-SAT on one thread, whose time is counted in work done, so that the same program has the same answer.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from ortools.sat.python import cp_model

from capalloc.background import Background
from capalloc.cancel import CancelToken
from capalloc.errors import InternalError
from capalloc.instance.model import Bools, Ints

_WORK = 4.0
"""CP-SAT's deterministic time, about seconds."""


@dataclass(frozen=True, slots=True)
class Entries:
    """What columns put on limits: ``amount[i]`` for each unit of ``column[i]`` on ``limit[i]``; no pair twice."""

    limit: Ints
    column: Ints
    amount: Ints

    def loads(self, counts: Ints, limits: int) -> Ints:
        """(M,) what counts (C,) of the columns put on each limit."""
        return _sums(self.limit, self.amount * counts[self.column], limits)

    def most(self, upper: Ints, limits: int) -> Ints:
        """(M,) what columns up to ``upper`` put on each limit at most."""
        return _sums(self.limit, np.maximum(self.amount, 0) * upper[self.column], limits)

    def where(self, chosen: Bools) -> Entries:
        """Some of them."""
        return Entries(self.limit[chosen], self.column[chosen], self.amount[chosen])


def _sums(limit: Ints, amounts: Ints, limits: int) -> Ints:
    sums = np.zeros(limits, dtype=np.int64)
    np.add.at(sums, limit, amounts)
    return sums


@dataclass(frozen=True, slots=True)
class Most:
    """The best counts that were found, what they are worth, and what no counts can be worth more than."""

    counts: Ints
    worth: int
    bound: int


@dataclass(frozen=True, slots=True)
class Packing:
    """Whole columns x (C,), at most ``upper``, with entries @ x <= ``left`` (M,), of the most ``worth`` @ x."""

    upper: Ints
    worth: Ints
    entries: Entries
    left: Ints

    def signatures(self) -> list[bytes]:
        """For each column its worth and what it puts on limits that can bind: equal columns are interchangeable."""
        kept = self.binding_entries()
        order = np.lexsort((kept.limit, kept.column))
        table = np.column_stack((kept.limit, kept.amount))[order]
        borders = np.searchsorted(kept.column[order], np.arange(len(self.upper) + 1))
        parts = [table[begin:end].tobytes() for begin, end in pairwise(borders.tolist())]
        return [part + worth.tobytes() for part, worth in zip(parts, self.worth, strict=True)]

    def binding_entries(self) -> Entries:
        """Entries of the limits that can bind."""
        binds = self.entries.most(self.upper, len(self.left)) > self.left
        return self.entries.where(binds[self.entries.limit])

    def solve(self, cancel: CancelToken | None = None) -> Most:
        """The most, or the best that was found in time with a bound."""
        of, first = _numbered(self.signatures())
        upper = np.bincount(of, weights=self.upper, minlength=len(first)).astype(np.int64)
        number = np.full(len(self.upper), -1)
        number[first] = np.arange(len(first))
        kept = self.binding_entries()
        kept = kept.where(number[kept.column] >= 0)
        merged = Entries(kept.limit, number[kept.column], kept.amount)
        found, bound = _program(upper, self.worth[first], merged, self.left, cancel)
        counts = _dealt(found, of, self.upper)
        return Most(counts, int(counts @ self.worth), bound)


def _numbered(keys: list[bytes]) -> tuple[Ints, Ints]:
    """(C,) number of each key, and the first place of each number."""
    known: dict[bytes, int] = {}
    of = np.array([known.setdefault(key, len(known)) for key in keys], dtype=np.int64)
    first = np.unique(of, return_index=True)[1] if len(of) else np.zeros(0, dtype=np.int64)
    return of, first


def _dealt(found: Ints, of: Ints, upper: Ints) -> Ints:
    """(C,) counts of merged columns given back to the columns, the first ones filled first."""
    counts, left = np.zeros_like(upper), found.copy()
    for c, group in enumerate(of.tolist()):
        counts[c] = min(int(upper[c]), int(left[group]))
        left[group] -= counts[c]
    return counts


def _program(upper: Ints, worth: Ints, entries: Entries, left: Ints, cancel: CancelToken | None) -> tuple[Ints, int]:
    """The best whole columns, and a bound on their worth."""
    everything = int(upper @ worth)
    if not len(entries.limit):
        return upper, everything
    model, unit = cp_model.CpModel(), math.gcd(*worth.tolist()) or 1
    columns = [model.new_int_var(0, int(most), "") for most in upper]
    _limit(model, columns, entries, left)
    model.maximize(cp_model.LinearExpr.weighted_sum(columns, (worth // unit).tolist()))
    solver = _solver()

    def listen() -> None:
        if cancel is not None and cancel.cancelled:
            solver.stop_search()

    code = Background(lambda: solver.solve(model)).result(listen)
    if code == cp_model.UNKNOWN:
        return np.zeros_like(upper), everything
    if code not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        raise InternalError(f"CP-SAT ended with {solver.status_name(code)}: {model.validate()}")
    found = np.array([solver.value(column) for column in columns], dtype=np.int64)
    bound = math.floor(solver.best_objective_bound + 1e-6) * unit
    return found, int(found @ worth) if code == cp_model.OPTIMAL else min(bound, everything)


def _limit(model: Any, columns: list[Any], entries: Entries, left: Ints) -> None:
    """A row for each limit that has entries, in whole steps of what its columns put on it."""
    order = np.argsort(entries.limit, kind="stable")
    numbers, begin = np.unique(entries.limit[order], return_index=True)
    for number, part in zip(numbers.tolist(), np.split(order, begin[1:]), strict=True):
        amounts = entries.amount[part]
        step = math.gcd(*amounts.tolist())
        terms = [columns[c] for c in entries.column[part].tolist()]
        load = cp_model.LinearExpr.weighted_sum(terms, (amounts // step).tolist())
        model.add(load <= max(int(left[number]), 0) // step)


def _solver() -> Any:
    solver = cp_model.CpSolver()
    solver.parameters.catch_sigint_signal = False  # signals are the business of who owns the process
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 2
    solver.parameters.max_deterministic_time = _WORK
    return solver
