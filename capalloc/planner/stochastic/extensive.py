"""The extensive form of a two-stage program: every block in one program, with the first stage the same in all.

The first block is the scenario itself, over classes that every block's classes are made of (their common refinement).
The others have as many racks of each of their own classes serve each demand in the first stage: where it cannot be in
one of them, it is in none (nonanticipativity; J. R. Birge and F. Louveaux, Introduction to Stochastic Programming, 2nd
ed., Springer 2011, doi:10.1007/978-1-4614-0237-4).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from ortools.math_opt.python import mathopt

from capalloc.planner.lp.deadline import Deadline
from capalloc.planner.lp.linear import NONE
from capalloc.planner.lp.parallel import side_by_side
from capalloc.planner.lp.program import Answer, Bools, Floats, Ints, Program
from capalloc.planner.stochastic.block import Block, Recourse, block_of
from capalloc.planner.stochastic.measure import Measure
from capalloc.planner.stochastic.parts import Parts, at_risk
from capalloc.reduction.classes import Reduction
from capalloc.reduction.counts import Counts

_COUNTS = 1e-3
"""Share of an average sample's weight up to which one counts for next to nothing."""


@dataclass(frozen=True, slots=True)
class Search:
    """How is searched."""

    deadline: Deadline
    seed: int = 0
    gap: float = 1e-6
    most_whole_columns: int = 6000
    """Columns up to which whole racks are searched for at once."""
    cuts_gap: float = 3e-6
    """Relative gap that is near enough, above that: a hundredth of what plans of samples leave open."""
    rounds: int = 6
    """Most first stages whose cuts are made in a row, above that: before the whole program is solved, and after."""

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


@dataclass(frozen=True, slots=True)
class Relaxed:
    """The best in parts of racks."""

    values: Floats | None
    duals: Floats | None
    shares: Floats
    """(N,) what one more dollar of a sample counts there."""
    bound_usd: float
    """No first stage is worth more."""


class Extensive:
    """The extensive form of a scenario and its samples, over a reduction of the scenario that all can be read from."""

    def __init__(self, reduction: Reduction, samples: Sequence[Block], first: int) -> None:
        self.reduction, self.samples = reduction, samples
        self.root = block_of(reduction, first)
        self.parts = Parts()
        for block in (self.root, *samples):
            self.parts.add(block.program)
        self._at: list[Ints] = []
        """For each sample, the class there that each class of the root lies in; -1 for none."""
        self._links = [self._link(number, block) for number, block in enumerate(samples, start=1)]

    @property
    def columns(self) -> int:
        """Columns, without those of a measure."""
        return self.parts.columns

    def best(self, measure: Measure, search: Search) -> Chosen:
        """The first stage that is best over the samples, in whole racks, from the whole program at once."""
        answer, base = self._solved(measure, search, whole=True)
        return Chosen(None if answer.values is None else self.counts(answer.values), answer.bound + base)

    def relaxed(self, measure: Measure, search: Search) -> Relaxed:
        """The whole program in parts of racks."""
        answer, base = self._solved(measure, search, whole=False)
        shares = np.full(len(self.samples), (1 - measure.weight) / len(self.samples))
        if measure.weight and answer.duals is not None:
            shares += answer.duals[self.parts.rows :] / self.scale  # rows of the worst outcomes come last
        return Relaxed(answer.values, answer.duals, shares, answer.bound + base)

    def of_forecast(self, search: Search) -> Counts | None:
        """The first stage that is best in the scenario itself, of those that can be in every sample."""
        near = self.beginnings()
        money = np.concatenate((self.root.program.usd, np.zeros(near.columns - len(self.root.program.usd))))
        program = near.parts.program(self.root.program.usd_per_cost, money, near.whole(near.columns))
        answer = search.solved(program)
        return None if answer.values is None else self.counts(answer.values)

    def _solved(self, measure: Measure, search: Search, whole: bool) -> tuple[Answer, float]:
        """The best over the samples; USD to add to its bound."""
        parts, share = self.parts.copy(), (1 - measure.weight) / len(self.samples)
        usd = [np.zeros_like(self.root.program.usd), *(share * block.program.usd for block in self.samples)]
        if measure.weight:
            begun = zip(parts.begins[1:], self.samples, strict=True)
            worth = [(begin, block.program.usd, block.base_usd) for begin, block in begun]
            usd.append(at_risk(parts, worth, measure, self.scale))
        integer = self.whole(parts.columns) if whole else np.zeros(parts.columns, dtype=bool)
        answer = search.solved(parts.program(self.scale, np.concatenate(usd), integer))
        return answer, sum(block.base_usd for block in self.samples) * share

    def beginnings(self) -> Extensive:
        """The same with the first stages of the samples alone."""
        return Extensive(self.reduction, _distinct(block.beginning for block in self.samples), self.root.first)

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

    def seen_by_root(self, number: int, slopes: Floats) -> Floats:
        """What one more rack of each column of the root is worth in a sample, (columns that serve first,)."""
        block, at = self.samples[number], self._at[number]
        padded = np.concatenate((slopes, np.zeros((1, *slopes.shape[1:]))))
        index = [block.demands.index(name) for name in self.root.demands]
        return np.asarray(padded[at][:, index][self.root.serve != NONE])

    @property
    def root_columns(self) -> Ints:
        """Columns of the scenario itself that tell whom racks serve in the first stage."""
        columns: Ints = self.root.serve[self.root.serve != NONE]
        return columns

    def cuts_at(self, best: Relaxed) -> Iterator[tuple[int, float, Floats, Floats]]:
        """Samples with their worth, what one more rack of each root column is worth there, and the racks of these.

        By the duals of what ties the samples to the scenario's first stage. Nothing is told of samples that count for
        next to nothing: their own later periods need not be best then.
        """
        if best.values is None or best.duals is None:
            return
        for number in np.flatnonzero(best.shares * len(self.samples) > _COUNTS).tolist():
            (rows, columns), block = self._links[number], self.samples[number]
            begin = self.parts.begins[number + 1]
            own = best.values[begin : begin + len(block.program.usd)]
            slopes = np.zeros(len(self.root.program.usd))
            np.subtract.at(slopes, columns, best.duals[rows] / best.shares[number])
            usd = float(block.program.usd @ own) + block.base_usd
            yield number, usd, slopes[self.root_columns], best.values[self.root_columns]

    @property
    def scale(self) -> float:
        """USD in a unit of the solver's money."""
        return self.root.program.usd_per_cost

    def whole(self, columns: int) -> Bools:
        """(columns,) whole racks in the first stage: whom they serve, and what else each block counts then."""
        whole = np.concatenate([block.whole for block in (self.root, *self.samples)])
        serve = self.root.serve
        whole[serve[serve != NONE]] = True
        return np.concatenate((whole, np.zeros(columns - len(whole), dtype=bool)))

    def counts(self, values: Floats) -> Counts:
        """A first stage of values of the columns."""
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
        rows = self.parts.rows + np.arange(int(np.prod(shape))).reshape(shape)
        self.parts.add_rows(rows.size)
        mine = np.stack([rows[at, names.index(name)] for name in self.root.demands], axis=1)
        self.parts.put(mine, self.root.serve, 1.0)
        shift = self.parts.begins[number]
        for d, name in enumerate(block.demands):
            own = np.where(block.serve[:, d] == NONE, NONE, block.serve[:, d] + shift)
            self.parts.put(rows[:-1, names.index(name)], own, -1.0)
        exists = self.root.serve != NONE
        return mine[exists], self.root.serve[exists]


def _distinct(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """Each block once."""
    return tuple({block.key: block for block in blocks}.values())
