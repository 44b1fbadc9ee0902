"""What demands get in each case of a what-if, from the base plan and what the case changes of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, product, takewhile

import numpy as np

from capalloc.analysis.picture.runs import changes
from capalloc.calendar import Period
from capalloc.instance.model import Floats
from capalloc.schema.plan import Plan
from capalloc.schema.scenario import Scenario
from capalloc.schema.whatif import CaseAnswer


@dataclass(frozen=True, slots=True)
class Delivered:
    """kW of D demands over T periods."""

    demands: tuple[str, ...]
    kw: Floats
    """(D, T)"""


def demands_of(plan: Plan, cases: Sequence[CaseAnswer]) -> tuple[str, ...]:
    """Every demand that the base plan or a case serves, the base plan's first."""
    planned = (row.demand for row in plan.demands)
    changed = (change.demand for case in cases for change in case.changes)
    return tuple(dict.fromkeys([*planned, *changed]))


def delivered_in_base(plan: Plan, demands: Sequence[str]) -> Delivered:
    """What the base plan delivers."""
    number = {name: d for d, name in enumerate(demands)}
    when = {label: t for t, label in enumerate(plan.periods)}
    kw = np.zeros((len(demands), len(plan.periods)))
    for row in plan.demands:
        kw[number[row.demand], when[row.period]] = row.delivered_kw
    return Delivered(tuple(demands), kw)


def delivered_in(case: CaseAnswer, base: Delivered, periods: Sequence[Period]) -> Delivered:
    """What a case that has a plan delivers."""
    number = {name: d for d, name in enumerate(base.demands)}
    kw = base.kw.copy()
    for change in case.changes:
        inside = [period.index for period in periods if period.inside(change.start, change.until)]
        kw[number[change.demand], inside] = change.kw[1]
    return Delivered(base.demands, kw)


@dataclass(frozen=True, slots=True)
class Grid:
    """Cases as rows and columns; one row where they are no grid."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    place: dict[str, tuple[str, str]]
    """Row and column of each case by name."""

    @property
    def row_head(self) -> str:
        """What all rows begin with, such as ``notice:lease:``."""
        return _begin(self.rows)

    @property
    def column_head(self) -> str:
        """The same of columns."""
        return _begin(self.columns)


def _begin(names: Sequence[str]) -> str:
    alike = takewhile(lambda signs: len(set(signs)) == 1, zip(*names, strict=False))
    begin = "".join(signs[0] for signs in alike)
    return begin[: begin.rfind(":") + 1]


def grid_of(names: Sequence[str]) -> Grid | None:
    """Rows and columns where each case is two changes and every pair of them is there; None where it is not so."""
    parts = [name.split("+") for name in names]
    if not all(len(one) == 2 for one in parts):
        return None
    rows, columns = (tuple(dict.fromkeys(one[side] for one in parts)) for side in (0, 1))
    if min(len(rows), len(columns)) < 2 or sorted(map(tuple, parts)) != sorted(product(rows, columns)):
        return None
    return Grid(rows, columns, {name: (one[0], one[1]) for name, one in zip(names, parts, strict=True)})


@dataclass(frozen=True, slots=True)
class CaseDemand:
    """A demand that the base plan or a case serves, as a layer of the charts."""

    name: str
    contract: bool
    prospect: bool = False


def case_demands(scenario: Scenario, names: Sequence[str]) -> list[CaseDemand]:
    """Demands by name; what is no workload of the scenario is a contract, one that a case signs among them."""
    workloads = {one.name for one in scenario.workloads}
    return [CaseDemand(name, name not in workloads) for name in names]


@dataclass(frozen=True, slots=True)
class Box:
    """What a layer gets in periods [first, end), on top of the layers below it."""

    layer: int
    first: int
    end: int
    low_kw: float
    high_kw: float


def boxes_of(kw: Floats) -> Iterator[Box]:
    """Layers one on the other, (L, T), the lowest first, each in as few boxes as its borders have steps."""
    high = kw.cumsum(axis=0)
    low = high - kw
    for layer in range(len(kw)):
        for first, end in _runs(low[layer], high[layer]):
            if kw[layer, first] > 0:
                yield Box(layer, first, end, float(low[layer, first]), float(high[layer, first]))


def steps_of(kw: Floats) -> Iterator[tuple[int, float]]:
    """Periods from which on all layers together get something else, (L, T), with what they get."""
    total = kw.sum(axis=0)
    yield from ((first, float(total[first])) for first, _ in _runs(total))


def _runs(*rows: Floats) -> Iterator[tuple[int, int]]:
    """Periods [first, end) in which no row changes."""
    at = [*changes(*rows), len(rows[0])]
    yield from pairwise(at)
