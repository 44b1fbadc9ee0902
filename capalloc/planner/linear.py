"""A linear model held as arrays, handed to OR-Tools' MathOpt as one message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.math_opt import model_pb2
from ortools.math_opt.python import mathopt

from capalloc.planner.interruptible import interruptible
from capalloc.planner.silence import silent_stdout

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Values = NDArray[Any] | float
NONE = -1
"""Marks a column that does not exist in an array of columns."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a solver said. ``values`` is None when it found nothing."""

    status: str
    """``optimal``, ``feasible``, ``infeasible``, ``unknown``, or ``imprecise``: nothing that may be relied on."""
    values: Floats | None
    bound: float
    """Proven upper bound on the maximised objective, in USD."""
    duals: Floats | None = None
    """(rows,) USD per unit of each row, for a linear model solved to its end."""


@dataclass(frozen=True, slots=True)
class Held:
    """Narrower bounds of some columns, for one solve."""

    columns: Ints
    lower: Floats
    upper: Floats
    loose: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    """Whole columns that may take fractions in this solve."""


@dataclass(slots=True)
class LinearModel:
    """Columns and rows, maximised. Names carry the meaning of a row into a dump.

    Money is given and returned in USD; the solver sees it divided by ``usd_per_cost``, so that its coefficients are
    of like size.
    """

    usd_per_cost: float
    lower: list[Floats] = field(default_factory=list)
    upper: list[Floats] = field(default_factory=list)
    usd: list[Floats] = field(default_factory=list)
    whole: list[NDArray[np.bool_]] = field(default_factory=list)
    row_lower: list[Floats] = field(default_factory=list)
    row_upper: list[Floats] = field(default_factory=list)
    entries: list[tuple[Ints, Ints, Floats]] = field(default_factory=list)
    row_names: list[str] = field(default_factory=list)
    counted: list[Ints] = field(default_factory=list)
    """Arrays of whole columns, as :meth:`add_columns` returned them."""
    columns: int = 0
    rows: int = 0

    def add_columns(
        self, exists: NDArray[np.bool_], upper: Values, *, lower: Values = 0.0, usd: Values = 0.0, whole: bool = False
    ) -> Ints:
        """One column for each True of ``exists``; returns their numbers in its shape, NONE elsewhere."""
        count = int(exists.sum())
        numbers = np.full(exists.shape, NONE, dtype=np.int64)
        numbers[exists] = np.arange(self.columns, self.columns + count)
        for store, value in ((self.lower, lower), (self.upper, upper), (self.usd, usd)):
            store.append(np.broadcast_to(np.asarray(value, dtype=float), exists.shape)[exists])
        self.whole.append(np.full(count, whole))
        self.columns += count
        if whole:
            self.counted.append(numbers)
        return numbers

    def add_rows(self, count: int, name: str, *, lower: Values = -np.inf, upper: Values = np.inf) -> Ints:
        """``count`` empty rows; fill them with :meth:`put`."""
        numbers = np.arange(self.rows, self.rows + count)
        self.row_lower.append(np.broadcast_to(np.asarray(lower, dtype=float), (count,)).copy())
        self.row_upper.append(np.broadcast_to(np.asarray(upper, dtype=float), (count,)).copy())
        self.row_names += [f"{name}[{i}]" for i in range(count)]
        self.rows += count
        return numbers

    def put(self, rows: Ints, columns: Ints, values: Values) -> None:
        """Add coefficients; the three broadcast together, and columns that do not exist are passed over."""
        r, c, v = np.broadcast_arrays(rows, columns, np.asarray(values, dtype=float))
        keep = (c >= 0) & (v != 0)
        self.entries.append((r[keep], c[keep], v[keep]))

    def matrix(self) -> tuple[Ints, Ints, Floats]:
        """Rows, columns and values in row order, with coefficients of one place added up."""
        if not self.entries:
            return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)
        r, c, v = (np.concatenate(parts) for parts in zip(*self.entries, strict=True))
        keys, inverse = np.unique(r * max(self.columns, 1) + c, return_inverse=True)
        total: Floats = np.bincount(inverse.reshape(-1), weights=v, minlength=len(keys)).astype(np.float64)
        return keys // max(self.columns, 1), keys % max(self.columns, 1), total

    def message(self, relax: bool, held: Held | None = None) -> model_pb2.ModelProto:
        """The model as a MathOpt message."""
        proto = model_pb2.ModelProto()
        lower, upper = _flat(self.lower), _flat(self.upper)
        whole = np.concatenate(self.whole) if self.whole and not relax else np.zeros(self.columns, bool)
        if held is not None:
            whole[held.loose] = False
            lower[held.columns] = np.maximum(lower[held.columns], held.lower)
            upper[held.columns] = np.minimum(upper[held.columns], held.upper)
        proto.variables.ids.extend(range(self.columns))
        proto.variables.lower_bounds.extend(lower)
        proto.variables.upper_bounds.extend(upper)
        proto.variables.integers.extend(whole)
        cost = _flat(self.usd) / self.usd_per_cost
        paid = np.flatnonzero(cost)
        proto.objective.maximize = True
        proto.objective.linear_coefficients.ids.extend(paid)
        proto.objective.linear_coefficients.values.extend(cost[paid])
        proto.linear_constraints.ids.extend(range(self.rows))
        proto.linear_constraints.lower_bounds.extend(_flat(self.row_lower))
        proto.linear_constraints.upper_bounds.extend(_flat(self.row_upper))
        rows, columns, values = self.matrix()
        proto.linear_constraint_matrix.row_ids.extend(rows)
        proto.linear_constraint_matrix.column_ids.extend(columns)
        proto.linear_constraint_matrix.coefficients.extend(values)
        return proto

    def value(self, values: Floats) -> float:
        """Objective of a vector of column values, in USD."""
        return float(_flat(self.usd) @ values)

    def solve(
        self,
        solver: mathopt.SolverType,
        *,
        relax: bool,
        time_limit: float | None = None,
        gap: float = 0.0,
        seed: int = 0,
        node_limit: int | None = None,
        held: Held | None = None,
    ) -> Answer:
        """Solve with a MathOpt solver; those used here search on one thread, so the answer is repeatable."""
        model = mathopt.Model.from_model_proto(self.message(relax, held))
        parameters = mathopt.SolveParameters(
            time_limit=None if time_limit is None else timedelta(seconds=time_limit),
            relative_gap_tolerance=None if relax else gap,
            random_seed=seed,
            node_limit=node_limit,
        )
        with silent_stdout():
            result = interruptible(lambda: mathopt.solve(model, solver, params=parameters))
        return self._answer(result, relax)

    def _answer(self, result: mathopt.SolveResult, relax: bool) -> Answer:
        reason, known = result.termination.reason, mathopt.TerminationReason
        status = {
            known.OPTIMAL: "optimal",
            known.FEASIBLE: "feasible",
            known.INFEASIBLE: "infeasible",
            known.INFEASIBLE_OR_UNBOUNDED: "infeasible",
            known.NO_SOLUTION_FOUND: "unknown",
            known.IMPRECISE: "imprecise",
            known.NUMERICAL_ERROR: "imprecise",
        }.get(reason)
        if status is None:
            raise RuntimeError(f"the solver ended with {reason}: {result.termination.detail}")
        if status == "imprecise":
            return Answer(status, None, np.inf)
        bound = result.termination.objective_bounds.dual_bound * self.usd_per_cost
        if not result.has_primal_feasible_solution():
            return Answer(status, None, bound)
        primal = result.variable_values()
        values = np.fromiter(primal.values(), dtype=float, count=len(primal))
        duals = None
        if relax and status == "optimal":
            dual = result.dual_values()
            duals = np.fromiter(dual.values(), dtype=float, count=len(dual)) * self.usd_per_cost
        return Answer(status, values, bound, duals)


def _flat(parts: Sequence[Floats]) -> Floats:
    return np.concatenate(parts) if parts else np.zeros(0)
