"""The exact optimum of a case by CP-SAT: how many racks of each request stand on each kind of position."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ortools.sat.python import cp_model

from capalloc.schema.facility import Position
from capalloc.schema.request import Placed, Request
from tests.placement.case import Case
from tests.placement.rows import Row, exact

PLACE: dict[str, Callable[[Position], str | None]] = {
    "row": lambda place: f"{place.hall}/{place.row}",
    "fabric_block": lambda place: place.fabric_block,
    "hall": lambda place: place.hall,
    "none": lambda place: "",
}
"""What a position lies in, at the level that a request keeps together; None: in nothing."""
_SECONDS = 120.0


@dataclass(frozen=True)
class Best:
    """A placement that no other beats."""

    worth: Fraction
    """The objective, what stood before included."""
    placed: tuple[Placed, ...]
    """What stood before included."""


class _Model:
    """Variables are counts by (request, kind of position): positions of one kind are the same to every rule."""

    def __init__(self, case: Case) -> None:
        self.case, self.cp = case, cp_model.CpModel()
        free = _free(case)
        rows = [(row, most - load) for row, load, most in case.limits if _binds(case, free, row, most - load)]
        self.kinds = _kinds(case, free, [row for row, _ in rows])
        self.standing: dict[str, list[Position]] = defaultdict(list)
        for line in case.occupied:
            self.standing[line.request].append(case.positions[line.position])
        self.count: dict[str, dict[Hashable, cp_model.IntVar]] = {}
        self.added: dict[str, cp_model.IntVar] = {}
        """Racks of each request, wherever they go: most of what is asked is the same everywhere."""
        self.whole: dict[str, cp_model.IntVar] = {}
        for request in case.requests:
            self._request(request)
        for kind, places in self.kinds.items():
            self.cp.add(sum(counts[kind] for counts in self.count.values()) <= len(places))
        for row, left in rows:
            self._limit(row, left)

    def _request(self, request: Request) -> None:
        """What is missing of a request: together with what stands, and whole where it asks for that."""
        missing = request.racks - len(self.standing[request.name])
        counts = {
            kind: self.cp.new_int_var(0, most, f"{request.name} on {places[0].name}")
            for kind, places in self.kinds.items()
            for most in (min(missing, len(places)) if self.case.suits(request, places[0].name) else 0,)
        }
        added = self.cp.new_int_var(0, missing, f"{request.name} added")
        self.cp.add(added == sum(counts.values()))
        self.count[request.name], self.added[request.name] = counts, added
        self._together(request, counts, missing)
        whole = self.cp.new_bool_var(f"{request.name} whole")
        self.whole[request.name] = whole
        self.cp.add(added >= missing * whole)
        if request.all_or_nothing:
            self.cp.add(added <= missing * whole)

    def _together(self, request: Request, counts: dict[Hashable, cp_model.IntVar], missing: int) -> None:
        of_kind = {kind: PLACE[request.together](places[0]) for kind, places in self.kinds.items()}
        stands = {PLACE[request.together](place) for place in self.standing[request.name]}
        names = sorted({name for name in of_kind.values() if name is not None})
        chosen = {name: self.cp.new_bool_var(f"{request.name} in {name}") for name in names}
        self.cp.add_at_most_one(chosen.values())
        for name, here in chosen.items():
            if stands - {name}:
                self.cp.add(here == 0)
            self.cp.add(sum(counts[kind] for kind in counts if of_kind[kind] == name) <= missing * here)
        for kind, count in counts.items():
            if of_kind[kind] is None:
                self.cp.add(count == 0)

    def _limit(self, row: Row, left: Fraction) -> None:
        """What is added stays within what is left."""
        weights = {kind: row.weights.get(places[0].name, Fraction(0)) for kind, places in self.kinds.items()}
        everywhere = min(weights.values(), default=Fraction(0))
        terms = []
        for request in self.case.requests:
            asked, counts = self.case.asked(row, request), self.count[request.name]
            terms.append((asked * everywhere, self.added[request.name]))
            terms += [(asked * (weight - everywhere), counts[kind]) for kind, weight in weights.items()]
        scale = math.lcm(left.denominator, *(each.denominator for each, _ in terms))
        self.cp.add(sum(int(each * scale) * count for each, count in terms) <= int(left * scale))

    def maximise(self) -> Best:
        """Solve to the proven optimum."""
        worth = list(self._worth())
        scale = math.lcm(*(each.denominator for each, _ in worth))
        self.cp.maximize(sum(int(each * scale) * variable for each, variable in worth))
        solver = cp_model.CpSolver()
        solver.parameters.num_workers, solver.parameters.random_seed = 1, 0
        solver.parameters.max_time_in_seconds = _SECONDS
        status = solver.solve(self.cp)
        assert status == cp_model.OPTIMAL, (self.case.seed, solver.status_name(status))
        placed = (*self.case.occupied, *self._lines(solver))
        best = Best(self.case.worth(placed), placed)
        assert best.worth == self.case.worth(self.case.occupied) - self._already() + Fraction(
            round(solver.objective_value), scale
        )
        return best

    def _already(self) -> Fraction:
        """Requests that stood whole before, which the objective counts once more."""
        stand = sum(len(self.standing[request.name]) == request.racks for request in self.case.requests)
        return Fraction(stand if self.case.objective == "requests" else 0)

    def _worth(self) -> Iterator[tuple[Fraction, cp_model.IntVar]]:
        for request in self.case.requests:
            if self.case.objective == "requests":
                yield Fraction(1), self.whole[request.name]
                continue
            worth = {"racks": Fraction(1), "kw": self.case.draw_kw(request), "value": exact(request.value)}
            yield worth[self.case.objective], self.added[request.name]

    def _lines(self, solver: cp_model.CpSolver) -> Iterator[Placed]:
        free = {kind: iter(places) for kind, places in self.kinds.items()}
        for request, counts in self.count.items():
            for kind, count in counts.items():
                yield from (Placed(request=request, position=next(free[kind]).name) for _ in range(solver.value(count)))


def _free(case: Case) -> list[Position]:
    """Positions that may take a rack."""
    taken = {line.position for line in case.occupied} | case.own.keys()
    return [place for name, place in case.positions.items() if name not in taken and case.power.lit(place)]


def _binds(case: Case, free: Sequence[Position], row: Row, left: Fraction) -> bool:
    """Whether the heaviest rack on every free position would be more than is left."""
    heaviest = max(case.asked(row, request) for request in case.requests)
    return heaviest * sum(row.weights.get(place.name, 0) for place in free) > left


def _kinds(case: Case, free: Sequence[Position], rows: Sequence[Row]) -> dict[Hashable, list[Position]]:
    """Positions together that neither a limit nor a request tells apart."""
    levels = sorted({request.together for request in case.requests})
    kinds: dict[Hashable, list[Position]] = defaultdict(list)
    for place in free:
        inside = tuple(PLACE[level](place) for level in levels)
        kinds[inside, place.cooling, tuple(row.weights.get(place.name, 0) for row in rows)].append(place)
    return dict(kinds)


def best_of(case: Case) -> Best:
    """The optimum of a case without faults."""
    return _Model(case).maximise()
