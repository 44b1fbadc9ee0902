"""How many racks the core lets into a cell is what the limits as exact rows leave, but for rounding to whole watts."""

from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction

from capalloc.placement.core.moves import put
from capalloc.placement.core.records import Cell
from capalloc.placement.problem.layout import PlacementProblem
from capalloc.placement.problem.presolve import binding_problem
from tests.placement.random_cases import random_case
from tests.placement.reference import Reference
from tests.placement.rows import Row

CASES = range(400, 480)
ROUNDING_KW = Fraction(2, 1000)
"""Limits are rounded down to whole watts, loads up to whole milliwatts: together less than this."""
OFTEN = 20


def test_as_many_racks_fit_as_every_limit_leaves() -> None:
    seen: Counter[str] = Counter()
    for reference in (Reference.of(random_case(seed)) for seed in CASES):
        dice, cells = random.Random(reference.case.seed), len(reference.problem.cells)
        for _ in range(12 if cells else 0):
            reference.put_somewhere(dice)
            number, cell = dice.randrange(len(reference.groups.racks)), dice.randrange(cells)
            free = int(reference.memory.m[reference.cell(cell) + Cell.FREE])
            fits = reference.fits(number, cell, free)
            assert fits <= _left(reference, number, cell, free, Fraction(0)), (reference.case.seed, number, cell)
            assert fits >= _left(reference, number, cell, free, ROUNDING_KW), (reference.case.seed, number, cell)
            seen["all" if fits == free else "none" if fits == 0 else "some"] += 1
    assert all(seen[kind] >= OFTEN for kind in ("all", "some", "none")), seen


def _left(reference: Reference, number: int, cell: int, free: int, rounding: Fraction) -> int:
    """Racks of a request that every limit, less some rounding, leaves to a cell of so many free positions."""
    case, request = reference.case, reference.case.requests[number]
    position, lines = case.facility.positions[int(reference.problem.cells[cell][0])].name, reference.lines()
    if not case.suits(request, position):
        return 0
    rows = [(row, row.weights[position] * case.asked(row, request)) for row in case.rows if position in row.weights]
    takes = [(_room(row, case.load(row, lines), rounding), each) for row, each in rows if each > 0]
    return min([free, *(max(left // each, 0) for left, each in takes)])


def _room(row: Row, load: Fraction, rounding: Fraction) -> Fraction:
    return row.limit - load - rounding


def test_what_cannot_bind_is_all_that_is_left_out() -> None:
    # Puts go by the problem with less in it; all of it lets in as many racks at every step, up to what is missing.
    left_out = compared = 0
    for reference in (Reference.of(random_case(seed)) for seed in CASES):
        problem = binding_problem(reference.problem, reference.groups)
        left_out += _entries(reference.problem) - _entries(problem)
        lean, dice, cells = reference.on(problem), random.Random(reference.case.seed), len(reference.problem.cells)
        for _ in range(40 if cells else 0):
            number, cell = dice.randrange(len(reference.groups.racks)), dice.randrange(cells)
            racks = lean.fits(number, cell, lean.missing(number))
            assert reference.fits(number, cell, reference.missing(number)) == racks, (reference.case.seed, number, cell)
            compared += racks > 0
            if racks:
                for one in (lean, reference):
                    put(one.memory.m, one.memory.w, one.group(number), one.cell(cell), racks)
    assert compared > OFTEN * 5
    assert left_out > OFTEN * 5


def _entries(problem: PlacementProblem) -> int:
    """Loads, changes by losses, and zones that cells know of."""
    layout = problem.layout
    return len(layout.way_node) + len(layout.way_loss) + int((layout.cell_zone >= 0).sum())
