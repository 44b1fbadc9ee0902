"""Placement as one integer program: counts of each kind of request by cell, and of the requests in each unit.

Equal requests are one kind, equal positions are one cell, and a count never exceeds what its cell could take alone:
there is as little symmetry, and as tight a relaxation, as counts by row allow. A plain program is the textbook's: every
request is a kind, with one binary for each row, block, hall or site that it may stand in, and counts of its own.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from capalloc.errors import TooLargeError
from capalloc.planner.lp.program import Program
from capalloc.schema.request import PlacementObjective, Request

from .cells import Cells, Floats, Taken
from .fill import Fill
from .kinds import Kind, disaggregated, kinds_of

MOST_COLUMNS = 500_000
"""Beyond that no solver here finds anything in minutes."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Columns of a kind in a unit that all racks of a request stand in."""

    kind: Kind
    racks: dict[int, int]
    """Column of the racks in each cell."""
    requests: int | None
    """Column of the requests; None where racks are placed singly."""
    whole: int | None
    """Column of the requests that are placed whole, where these count and may be fewer."""


@dataclass(slots=True)
class Monolith:
    """The program of placing requests on cells."""

    cells: Cells
    requests: Sequence[Request]
    objective: PlacementObjective
    plain: bool = False
    kinds: list[Kind] = field(init=False)
    choices: list[Choice] = field(default_factory=list)
    _upper: list[float] = field(default_factory=list)
    _worth: list[float] = field(default_factory=list)
    _rows: list[tuple[dict[int, float], float, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        fill = Fill(self.cells)
        self.kinds = kinds_of(self.requests, plain=self.plain)
        for kind in self.kinds:
            self._add_kind(kind, fill)
        self._add_limits()

    def program(self) -> Program:
        """The program; money stands for worth."""
        rows = [np.full(len(entries), number) for number, (entries, _, _) in enumerate(self._rows)]
        return Program(
            usd_per_cost=1.0,
            lower=np.zeros(len(self._upper)),
            upper=np.array(self._upper),
            usd=np.array(self._worth),
            integer=np.ones(len(self._upper), dtype=bool),
            row_lower=np.array([lower for _, lower, _ in self._rows]),
            row_upper=np.array([upper for _, _, upper in self._rows]),
            rows=np.concatenate(rows),
            columns=np.array([column for entries, _, _ in self._rows for column in entries]),
            values=np.array([value for entries, _, _ in self._rows for value in entries.values()]),
        )

    def taken(self, values: Floats) -> list[Taken]:
        """What the values of the columns place."""
        numbers = {kind.first: iter(kind.numbers) for kind in self.kinds}
        counts = values.round().astype(int).tolist()
        return [
            one
            for choice in self.choices
            for one in disaggregated(
                numbers[choice.kind.first],
                choice.kind.request.racks,
                ((cell, counts[column]) for cell, column in choice.racks.items()),
            )
        ]

    def values(self, taken: Sequence[Taken]) -> Floats:
        """Values of the columns that place this."""
        first = {number: kind.first for kind in self.kinds for number in kind.numbers}
        here: dict[tuple[int, int], Counter[int]] = defaultdict(Counter)
        for number, cell, racks in taken:
            here[first[number], cell][number] += racks
        values = np.zeros(len(self._upper))
        for choice in self.choices:
            in_unit = Counter[int]()
            for cell, column in choice.racks.items():
                in_cell = here.get((choice.kind.first, cell), Counter())
                in_unit.update(in_cell)
                values[column] = in_cell.total()
            if choice.requests is not None:
                values[choice.requests] = len(in_unit)
            if choice.whole is not None:
                values[choice.whole] = in_unit.total() // choice.kind.request.racks
        return values

    def _add_kind(self, kind: Kind, fill: Fill) -> None:
        """Its columns in each unit, and no more requests than there are."""
        fits = np.minimum(fill.fits(kind.request), kind.racks).tolist()
        begun = len(self.choices)
        for members in self._units(kind):
            most = {cell: fits[cell] for cell in members if fits[cell] > 0}
            if most and (kind.singly or not kind.request.all_or_nothing or sum(most.values()) >= kind.request.racks):
                self.choices.append(self._choice(kind, most))
        if len(self._upper) > MOST_COLUMNS:
            raise TooLargeError(f"more than {MOST_COLUMNS:,} counts")
        mine = self.choices[begun:]
        if kind.singly:
            self._row(dict.fromkeys((column for one in mine for column in one.racks.values()), 1.0), upper=kind.racks)
        else:
            self._row({one.requests: 1.0 for one in mine if one.requests is not None}, upper=len(kind.numbers))

    def _units(self, kind: Kind) -> Iterator[list[int]]:
        """Cells of each unit; racks placed singly see the site as one."""
        units: dict[int, list[int]] = defaultdict(list)
        for cell, unit in enumerate(self.cells.units["none" if kind.singly else kind.request.together].tolist()):
            units[unit].append(cell)
        return (members for unit, members in units.items() if unit >= 0)

    def _choice(self, kind: Kind, most: dict[int, int]) -> Choice:
        """The columns and rows of a kind in a unit."""
        racks = kind.request.racks
        counts = {cell: self._column(racks_most, kind.worth(self.objective)) for cell, racks_most in most.items()}
        by_requests = self.objective == "requests" and racks > 1
        requests = whole = None
        minus_racks = dict.fromkeys(counts.values(), -1.0)
        if not kind.singly:
            complete = kind.request.all_or_nothing
            fit = sum(most.values()) // racks if complete else len(kind.numbers)
            requests = self._column(min(len(kind.numbers), fit), float(by_requests and complete))
            self._row({requests: float(racks), **minus_racks}, lower=0.0, upper=0.0 if complete else np.inf)
        if by_requests and not kind.request.all_or_nothing:
            whole = self._column(len(kind.numbers), 1.0)
            self._row({whole: float(racks), **minus_racks}, upper=0.0)
        return Choice(kind, counts, requests, whole)

    def _add_limits(self) -> None:
        """Positions of each cell, and kW of each limit."""
        in_cell: dict[int, dict[int, float]] = defaultdict(dict)
        on_limit: dict[int, dict[int, float]] = defaultdict(dict)
        for choice in self.choices:
            only = np.array(list(choice.racks))
            loads = self.cells.loads(choice.kind.request, only).tolist()
            for (cell, column), limits, kws in zip(
                choice.racks.items(), self.cells.limits[only].tolist(), loads, strict=True
            ):
                in_cell[cell][column] = 1.0
                for limit, kw in zip(limits, kws, strict=True):
                    if kw:
                        on_limit[limit][column] = kw
        for cell, entries in in_cell.items():
            self._row(entries, upper=float(self.cells.free[cell]))
        for limit, entries in on_limit.items():
            self._row(entries, upper=float(self.cells.limit_kw[limit]))

    def _column(self, upper: float, worth: float) -> int:
        self._upper.append(float(upper))
        self._worth.append(worth)
        return len(self._upper) - 1

    def _row(self, entries: dict[int, float], lower: float = -np.inf, upper: float = np.inf) -> None:
        if entries:
            self._rows.append((dict(sorted(entries.items())), lower, float(upper)))
