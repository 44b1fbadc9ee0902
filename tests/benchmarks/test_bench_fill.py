"""What peers keep of the room that is left: as counted anew, and as the placement core sees it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date

import pytest

from benchmarks.placement.cells import Cells, cells_of
from benchmarks.placement.colossus import colossus
from benchmarks.placement.families import Instance
from benchmarks.placement.fill import Fill
from benchmarks.placement.room import room
from benchmarks.placement.tree import tree
from capalloc.placement.core.moves import put
from tests.placement.case import Case
from tests.placement.reference import Reference

SMALL: dict[str, Instance] = {
    "room": room(rooms=1, requests=90, seed=4),
    "tree": tree(160, seed=4),
    "colossus": colossus(190, seed=4),
}
OFTEN = 20


def drawn(cells: Cells, fill: Fill, instance: Instance) -> Iterator[tuple[int, int, int]]:
    """(request, cell, racks): every request in turn in cells that are drawn, as far as it fits there, 0 too."""
    dice = random.Random(4)
    for number, request in enumerate(instance[1]):
        missing = request.racks
        for cell in dice.sample(range(len(cells.free)), min(8, len(cells.free))):
            racks = min(missing, fill.fit(request, cell))
            missing -= racks
            yield number, cell, racks
            if missing == 0:
                break


@pytest.mark.parametrize("family", SMALL)
def test_what_fits_is_kept_up_as_racks_come_and_go(family: str) -> None:
    instance = SMALL[family]
    cells, requests = cells_of(*instance), instance[1]
    fill, anew, kinds = Fill(cells), Fill(cells), requests[:5]
    for number, cell, racks in drawn(cells, fill, instance):
        fill.put(requests[number], cell, racks)
        for request in kinds:
            fill.fits(request)
        if number % 3 == 0:
            fill.put(requests[number], cell, -racks)
        else:
            anew.put(requests[number], cell, racks)
    for request in kinds:
        assert fill.fits(request).tolist() == anew.fits(request).tolist()
        assert fill.fits(request).tolist() == [anew.fit(request, cell) for cell in range(len(cells.free))]


@pytest.mark.parametrize("family", SMALL)
def test_peers_and_the_core_see_the_same_room(family: str) -> None:
    # Up to what is missing of a request: limits that no choice of racks reaches are left out.
    facility, requests = SMALL[family]
    cells = cells_of(facility, requests)
    reference = Reference.of(Case(0, facility, tuple(requests), (), "racks", "none", date(2026, 6, 1)))
    index = {place.name: p for p, place in enumerate(facility.positions)}
    cell_of = [int(reference.problem.cell_of[index[names[0]]]) for names in cells.positions]
    fill, some = Fill(cells), 0
    for number, cell, racks in drawn(cells, fill, SMALL[family]):
        missing = reference.missing(number)
        fits = min(fill.fit(requests[number], cell), missing)
        assert reference.fits(number, cell_of[cell], missing) == fits
        some += fits < missing
        fill.put(requests[number], cell, racks)
        if racks:
            put(reference.memory.m, reference.memory.w, reference.group(number), reference.cell(cell_of[cell]), racks)
    assert some > OFTEN
