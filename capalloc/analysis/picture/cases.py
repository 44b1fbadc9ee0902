"""What demands get in each case of a what-if, from the base plan and what the case changes of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, product

import numpy as np

from capalloc.calendar import Period
from capalloc.instance.model import Floats
from capalloc.schema.plan import Plan
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


def grid_of(names: Sequence[str]) -> Grid | None:
    """Rows and columns where each case is two changes and every pair of them is there; None where it is not so."""
    parts = [name.split("+") for name in names]
    if not all(len(one) == 2 for one in parts):
        return None
    rows, columns = (tuple(dict.fromkeys(one[side] for one in parts)) for side in (0, 1))
    if min(len(rows), len(columns)) < 2 or sorted(map(tuple, parts)) != sorted(product(rows, columns)):
        return None
    return Grid(rows, columns, {name: (one[0], one[1]) for name, one in zip(names, parts, strict=True)})


def runs_of(kw: Floats) -> Iterator[tuple[int, int, Floats]]:
    """Periods [first, end) in which all demands get the same, (D, T), with what they get."""
    differs = np.flatnonzero((kw[:, 1:] != kw[:, :-1]).any(axis=0)) + 1
    borders = [0, *differs.tolist(), kw.shape[1]]
    for first, end in pairwise(borders):
        yield first, end, kw[:, first]
