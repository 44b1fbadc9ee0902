"""The exact optimum of a case by CP-SAT: how many racks of each request stand on each kind of position."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from ortools.sat.python import cp_model

from capalloc.schema.facility import Position
from capalloc.schema.request import Placed, Request

from .case import Case
from .rows import Row, exact

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
        self.kinds = _free_kinds(case)
        self.standing: dict[str, list[Position]] = defaultdict(list)
        for line in case.occupied:
            self.standing[line.request].append(case.positions[line.position])
        self.count: dict[str, dict[Hashable, cp_model.IntVar]] = {}
        self.whole: dict[str, cp_model.IntVar] = {}
        for request in case.requests:
            self._request(request)
        for kind, places in self.kinds.items():
            self.cp.add(sum(counts[kind] for counts in self.count.values()) <= len(places))
        for row, load, most in case.limits:
            self._limit(row, most - load)

    def _request(self, request: Request) -> None:
        """What is missing of a request: together with what stands, and whole where it asks for that."""
        missing = request.racks - len(self.standing[request.name])
        counts = {
            kind: self.cp.new_int_var(0, min(missing, len(places)), f"{request.name} on {places[0].name}")
            for kind, places in self.kinds.items()
        }
        self.count[request.name] = counts
        self._together(request, counts, missing)
        whole = self.cp.new_bool_var(f"{request.name} whole")
        self.whole[request.name] = whole
        self.cp.add(sum(counts.values()) >= missing * whole)
        if request.all_or_nothing:
            self.cp.add(sum(counts.values()) <= missing * whole)

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
        """What is added stays within what is left, where that can bind."""
        heaviest = max(row.asked(request) for request in self.case.requests)
        if heaviest * sum(len(places) * row.weights.get(places[0].name, 0) for places in self.kinds.values()) <= left:
            return
        terms = [
            (row.weights[places[0].name] * row.asked(request), self.count[request.name][kind])
            for request in self.case.requests
            for kind, places in self.kinds.items()
            if places[0].name in row.weights
        ]
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
            each = {"racks": 1.0, "kw": request.power_kw, "value": request.value}[self.case.objective]
            yield from ((exact(each), count) for count in self.count[request.name].values())

    def _lines(self, solver: cp_model.CpSolver) -> Iterator[Placed]:
        free = {kind: iter(places) for kind, places in self.kinds.items()}
        for request, counts in self.count.items():
            for kind, count in counts.items():
                yield from (Placed(request=request, position=next(free[kind]).name) for _ in range(solver.value(count)))


def _free_kinds(case: Case) -> dict[Hashable, list[Position]]:
    """Positions that may take a rack, those together that no rule tells apart."""
    taken = {line.position for line in case.occupied} | case.own.keys()
    kinds: dict[Hashable, list[Position]] = defaultdict(list)
    for place in case.facility.positions:
        if place.name not in taken and case.power.lit(place):
            where = (place.hall, place.row, place.fabric_block, place.cooling_zone)
            kinds[*where, place.feed_a, place.feed_b, place.split_a].append(place)
    return dict(kinds)


def best_of(case: Case) -> Best:
    """The optimum of a case without faults."""
    return _Model(case).maximise()
