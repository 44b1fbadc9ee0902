"""The extensive form of a two-stage program: every block in one program, with the first stage the same in all.

The first block is the scenario itself, over classes that every block's classes are made of (their common refinement).
The others have as many racks of each of their own classes serve each demand in the first stage: where it cannot be in
one of them, it is in none (nonanticipativity; J. R. Birge and F. Louveaux, Introduction to Stochastic Programming, 2nd
ed., Springer 2011, doi:10.1007/978-1-4614-0237-4). Bad outcomes count by their conditional value at risk (R. T.
Rockafellar and S. Uryasev, Optimization of Conditional Value-at-Risk, Journal of Risk 2(3), 2000,
doi:10.21314/JOR.2000.038).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np
from ortools.math_opt.python import mathopt

from capalloc.planner.lp.deadline import Deadline
from capalloc.planner.lp.linear import NONE
from capalloc.planner.lp.parallel import side_by_side
from capalloc.planner.lp.program import Answer, Bools, Floats, Ints, Program
from capalloc.planner.stochastic.block import Block, Recourse, block_of
from capalloc.reduction.classes import Reduction
from capalloc.reduction.counts import Counts


@dataclass(frozen=True, slots=True)
class Measure:
    """What is maximised of outcomes: ``1 - weight`` times their mean and ``weight`` times the CVaR at ``alpha``.

    CVaR is the mean of the worst outcomes, a share of ``1 - alpha`` of all.
    """

    alpha: float
    weight: float

    def value(self, usd: Floats) -> tuple[float, float]:
        """The measure of equally likely (N,) outcomes, and their value at risk."""
        worst, tail = np.sort(usd), (1 - self.alpha) * len(usd)
        share = np.clip(tail - np.arange(len(usd)), 0.0, 1.0)
        at_risk = float(worst[int(np.flatnonzero(share)[-1])])
        return (1 - self.weight) * float(usd.mean()) + self.weight * float(worst @ share / tail), at_risk

    def of(self, usd: Floats, threshold_usd: float) -> Floats:
        """(N,) what each outcome counts, whose mean is the measure where the threshold is the value at risk."""
        tail = threshold_usd - np.maximum(threshold_usd - usd, 0.0) / (1 - self.alpha)
        return (1 - self.weight) * usd + self.weight * tail


@dataclass(frozen=True, slots=True)
class Search:
    """How is searched."""

    deadline: Deadline
    seed: int = 0
    gap: float = 1e-6
    most_whole_columns: int = 6000
    """Columns up to which whole racks are searched for at once."""
    rounds: int = 6
    """Most first stages whose cuts are made, above that."""

    def solved(self, program: Program) -> Answer:
        """What HiGHS says."""
        return program.solve(mathopt.SolverType.HIGHS, gap=self.gap, seed=self.seed, deadline=self.deadline)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The best first stage."""

    counts: Counts | None
    """By class of the refined reduction and window; nobody serves after the first stage. None where there is none."""
    bound_usd: float
    """No first stage is worth more."""


class Extensive:
    """The extensive form of a scenario and its samples, over a reduction of the scenario that all can be read from."""

    def __init__(self, reduction: Reduction, samples: Sequence[Block], first: int) -> None:
        self.reduction, self.samples = reduction, samples
        self.root = block_of(reduction, first)
        self._parts = _Parts()
        for block in (self.root, *samples):
            self._parts.add(block.program)
        self._at: list[Ints] = []
        """For each sample, the class there that each class of the root lies in; -1 for none."""
        self._links = [self._link(number, block) for number, block in enumerate(samples, start=1)]

    @property
    def columns(self) -> int:
        """Columns, without those of a measure."""
        return self._parts.columns

    def best(self, measure: Measure, search: Search) -> Chosen:
        """The first stage that is best over the samples, in whole racks.

        A large one is found in parts of racks first, and in whole ones by cuts from there.
        """
        if self.columns <= search.most_whole_columns:
            answer, base = self._solved(measure, search, whole=True)
            return Chosen(None if answer.values is None else self._counts(answer.values), answer.bound + base)
        answer, base = self._solved(measure, search, whole=False)
        counts = None if answer.values is None or answer.duals is None else self._by_cuts(measure, search, answer)
        return Chosen(counts, answer.bound + base)

    def bound_usd(self, measure: Measure, search: Search) -> float:
        """USD of the measure that no first stage passes."""
        answer, base = self._solved(measure, search, whole=False)
        return answer.bound + base

    def of_forecast(self, search: Search) -> Counts | None:
        """The first stage that is best in the scenario itself, of those that can be in every sample."""
        near = self._beginnings()
        money = np.concatenate((self.root.program.usd, np.zeros(near.columns - len(self.root.program.usd))))
        program = near._parts.program(self.root.program.usd_per_cost, money, near._whole(near.columns))
        answer = search.solved(program)
        return None if answer.values is None else self._counts(answer.values)

    def _solved(self, measure: Measure, search: Search, whole: bool) -> tuple[Answer, float]:
        """The best over the samples; USD to add to its bound."""
        parts, share = self._parts.copy(), (1 - measure.weight) / len(self.samples)
        usd = [np.zeros_like(self.root.program.usd), *(share * block.program.usd for block in self.samples)]
        if measure.weight:
            begun = zip(parts.begins[1:], self.samples, strict=True)
            worth = [(begin, block.program.usd, block.base_usd) for begin, block in begun]
            usd.append(_at_risk(parts, worth, measure, self.scale))
        integer = self._whole(parts.columns) if whole else np.zeros(parts.columns, dtype=bool)
        answer = search.solved(parts.program(self.scale, np.concatenate(usd), integer))
        return answer, sum(block.base_usd for block in self.samples) * share

    def _beginnings(self) -> Extensive:
        """The same with the first stages of the samples alone."""
        return Extensive(self.reduction, _distinct(block.beginning for block in self.samples), self.root.first)

    def _by_cuts(self, measure: Measure, search: Search, answer: Answer) -> Counts | None:
        """Whole racks of a first stage, by the L-shaped method with a cut for each sample.

        The first cuts are at the best first stage in parts of racks, by the duals of what ties the samples to it.
        """
        assert answer.values is not None
        assert answer.duals is not None
        serve = self.root.serve[self.root.serve != NONE]
        master = _Master(self, measure, answer.values[serve])
        for number, (rows, columns) in enumerate(self._links):
            block, begin = self.samples[number], self._parts.begins[number + 1]
            own = answer.values[begin : begin + len(block.program.usd)]
            slopes = np.zeros(len(self.root.program.usd))
            np.subtract.at(slopes, columns, answer.duals[rows])
            master.cut(number, float(block.program.usd @ own) + block.base_usd, slopes[serve], answer.values[serve])
        forecast = self.of_forecast(search)
        best, most = None, -np.inf
        for _ in range(search.rounds):
            counts = forecast if forecast is not None else master.next(search)
            forecast, found = None, None if counts is None else self.recourse(counts)
            if counts is None or found is None:
                continue
            racks = counts.serve[:, :, : self.root.first][self.root.serve != NONE]
            for number, one in enumerate(found):
                master.cut(number, one.usd, self._seen_by_root(number, one.slopes), racks)
            worth, _ = measure.value(np.array([one.usd for one in found]))
            if worth > most:
                best, most = counts, worth
            if master.bound - most <= search.gap * abs(most):
                break
        return best

    def recourse(self, counts: Counts) -> list[Recourse] | None:
        """What each sample is worth after a first stage; None where it cannot be in one."""
        calls = [partial(self._recourse, number, counts) for number in range(len(self.samples))]
        found = [one for one in side_by_side(calls) if one is not None]
        return found if len(found) == len(calls) else None

    def _recourse(self, number: int, counts: Counts) -> Recourse | None:
        block, at = self.samples[number], self._at[number]
        own = np.zeros((block.serve.shape[0] + 1, *block.serve.shape[1:]), dtype=np.int64)
        for d, name in enumerate(self.root.demands):
            np.add.at(own[:, block.demands.index(name)], at, counts.serve[:, d, : self.root.first])
        return None if own[-1].any() else block.recourse(own[:-1])

    def _seen_by_root(self, number: int, slopes: Floats) -> Floats:
        """What one more rack of each column of the root is worth in a sample, (columns that serve first,)."""
        block, at = self.samples[number], self._at[number]
        padded = np.concatenate((slopes, np.zeros((1, *slopes.shape[1:]))))
        index = [block.demands.index(name) for name in self.root.demands]
        return np.asarray(padded[at][:, index][self.root.serve != NONE])

    @property
    def scale(self) -> float:
        """USD in a unit of the solver's money."""
        return self.root.program.usd_per_cost

    def _whole(self, columns: int) -> Bools:
        """(columns,) whole racks in the first stage: whom they serve, and what else each block counts then."""
        whole = np.concatenate([block.whole for block in (self.root, *self.samples)])
        serve = self.root.serve
        whole[serve[serve != NONE]] = True
        return np.concatenate((whole, np.zeros(columns - len(whole), dtype=bool)))

    def _counts(self, values: Floats) -> Counts:
        classes, windows = len(self.reduction.classes.size), len(self.reduction.instance.periods)
        padded = np.append(values, 0.0)
        serve = np.zeros((classes, self.root.serve.shape[1], windows), dtype=np.int64)
        serve[:, :, : self.root.first] = np.rint(padded[self.root.serve])
        none = np.zeros((classes, windows), dtype=np.int64)
        place = np.where(self.reduction.classes.delivery >= 0, serve.max(axis=(1, 2), initial=0), 0)
        return Counts(serve, none, np.zeros_like(serve), place)

    def _link(self, number: int, block: Block) -> tuple[Ints, Ints]:
        """As many racks of each class of a block serve each demand in the first stage as the root has it.

        Returns rows and the columns of the root that they have.
        """
        classes, places = self.reduction.classes, self.reduction.position_classes
        racks = np.array([members[0] for members in classes.racks], dtype=np.int64)
        position = np.array([places.members[q][0] for q in classes.position_class], dtype=np.int64)
        at = block.classes_at(racks, position)
        self._at.append(at)
        names = tuple(dict.fromkeys((*self.root.demands, *block.demands)))
        shape = (block.serve.shape[0] + 1, len(names), self.root.first)
        rows = self._parts.rows + np.arange(int(np.prod(shape))).reshape(shape)
        self._parts.add_rows(rows.size)
        mine = np.stack([rows[at, names.index(name)] for name in self.root.demands], axis=1)
        self._parts.put(mine, self.root.serve, 1.0)
        shift = self._parts.begins[number]
        for d, name in enumerate(block.demands):
            own = np.where(block.serve[:, d] == NONE, NONE, block.serve[:, d] + shift)
            self._parts.put(rows[:-1, names.index(name)], own, -1.0)
        exists = self.root.serve != NONE
        return mine[exists], self.root.serve[exists]


class _Master:
    """First stages that can be in every sample, and what each sample is worth at most after them."""

    def __init__(self, extensive: Extensive, measure: Measure, start: Floats) -> None:
        self._near = extensive._beginnings()
        self._parts, self._scale = self._near._parts, extensive.scale
        root, count = extensive.root, len(extensive.samples)
        self._serve = root.serve[root.serve != NONE]
        nothing = np.zeros(self._parts.columns)
        self._worth = self._parts.add_columns(count, lower=-np.inf)
        share = (1 - measure.weight) / count
        usd = [nothing, np.full(count, share * self._scale)]
        if measure.weight:
            each = [(int(column), np.array([self._scale]), 0.0) for column in self._worth]
            usd.append(_at_risk(self._parts, each, measure, self._scale))
        self._usd, self.bound = np.concatenate(usd), np.inf

    def cut(self, number: int, usd: float, slopes: Floats, racks: Floats | Ints) -> None:
        """A sample is worth no more than ``usd`` plus what racks beside ``racks`` are worth there."""
        row = self._parts.add_rows(1, np.array([-np.inf]), np.array([(usd - slopes @ racks) / self._scale]))
        self._parts.put(row, self._worth[number], 1.0)
        self._parts.put(np.full(len(slopes), row[0]), self._serve, -slopes / self._scale)

    def next(self, search: Search) -> Counts | None:
        """The best first stage as far as the cuts tell."""
        whole = self._near._whole(self._parts.columns)
        answer = search.solved(self._parts.program(self._scale, self._usd, whole))
        self.bound = min(self.bound, answer.bound)
        return None if answer.values is None else self._near._counts(answer.values)


def _at_risk(parts: _Parts, worth: Sequence[tuple[int, Floats, float]], measure: Measure, scale: float) -> Floats:
    """Columns and rows of the mean of the worst outcomes, and what these columns count.

    An outcome is worth its third number, in USD, and columns from its first number on by its second.
    """
    count = len(worth)
    threshold, under = parts.add_columns(1, lower=-np.inf), parts.add_columns(count, lower=0.0)
    rows = parts.add_rows(count, np.full(count, -np.inf), np.array([base for _, _, base in worth]) / scale)
    parts.put(rows, threshold, 1.0)
    parts.put(rows, under, -1.0)
    for row, (begin, usd, _) in zip(rows, worth, strict=True):
        earns = np.flatnonzero(usd)
        parts.put(np.full(len(earns), row), begin + earns, -usd[earns] / scale)
    tail = np.full(count, -1 / (count * (1 - measure.alpha)))
    return measure.weight * scale * np.concatenate(([1.0], tail))


def _distinct(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """Each block once."""
    return tuple({block.key: block for block in blocks}.values())


_LISTS = ("lower", "upper", "row_lower", "row_upper", "entries", "begins")


@dataclass(slots=True)
class _Parts:
    """A program that is put together."""

    lower: list[Floats] = field(default_factory=list)
    upper: list[Floats] = field(default_factory=list)
    row_lower: list[Floats] = field(default_factory=list)
    row_upper: list[Floats] = field(default_factory=list)
    entries: list[tuple[Ints, Ints, Floats]] = field(default_factory=list)
    begins: list[int] = field(default_factory=list)
    """First column of each block."""
    columns: int = 0
    rows: int = 0

    def copy(self) -> _Parts:
        """The same, to which more may be added."""
        lists: dict[str, Any] = {name: list(getattr(self, name)) for name in _LISTS}
        return replace(self, **lists)

    def add(self, program: Program) -> None:
        """A block of its own."""
        self.begins.append(self.columns)
        self.entries.append((program.rows + self.rows, program.columns + self.columns, program.values))
        self.lower.append(program.lower)
        self.upper.append(program.upper)
        self.columns += len(program.lower)
        self.add_rows(len(program.row_lower), program.row_lower, program.row_upper)

    def add_columns(self, count: int, lower: float) -> Ints:
        """(count,) columns without an upper bound."""
        self.lower.append(np.full(count, lower))
        self.upper.append(np.full(count, np.inf))
        self.columns += count
        return np.arange(self.columns - count, self.columns)

    def add_rows(self, count: int, lower: Floats | None = None, upper: Floats | None = None) -> Ints:
        """(count,) rows; equal to 0 unless bounds are given."""
        self.row_lower.append(np.zeros(count) if lower is None else lower)
        self.row_upper.append(np.zeros(count) if upper is None else upper)
        self.rows += count
        return np.arange(self.rows - count, self.rows)

    def put(self, rows: Ints, columns: Ints, values: Floats | float) -> None:
        """Coefficients; columns that do not exist are passed over."""
        r, c, v = np.broadcast_arrays(rows, columns, np.asarray(values, dtype=float))
        keep = c != NONE
        self.entries.append((r[keep], c[keep], v[keep]))

    def program(self, usd_per_cost: float, usd: Floats, integer: Bools) -> Program:
        """The whole program."""
        r, c, v = (np.concatenate(part) for part in zip(*self.entries, strict=True))
        order = np.lexsort((c, r))
        lower, upper, row_lower, row_upper = (
            np.concatenate(part) for part in (self.lower, self.upper, self.row_lower, self.row_upper)
        )
        entries = r[order], c[order], v[order]
        return Program(usd_per_cost, lower, upper, usd, integer, row_lower, row_upper, *entries)
