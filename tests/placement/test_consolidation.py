"""Consolidation moves groups where less is open and UPS load more evenly; what is placed stays placed."""

from __future__ import annotations

from datetime import date

import numpy as np

from capalloc.placement.core.consolidation import consolidate
from capalloc.placement.core.construct import FIRST_FIT, construct
from capalloc.placement.core.index import index_of
from capalloc.placement.core.moves import ALL, put
from capalloc.placement.core.records import Group, Header
from capalloc.placement.problem.layout import LEVELS
from capalloc.schema.facility import Facility, Position, PowerNode
from capalloc.schema.request import Request
from tests.placement.case import Case
from tests.placement.faults import rejections
from tests.placement.random_cases import random_case
from tests.placement.reference import Reference, kept, recounted

CASES = range(500, 580)
STEPS = 400
OFTEN = 10


def test_consolidation_keeps_every_rack_and_every_rule_and_opens_nothing_more() -> None:
    moved = 0
    for reference in (Reference.of(random_case(seed)) for seed in CASES):
        _construct(reference)
        m, placed, before = reference.memory.m, reference.memory[Group.PLACED].tolist(), _open(reference)
        moved += consolidate(m, reference.memory.w, STEPS) if len(reference.groups.racks) else 0
        assert reference.memory[Group.PLACED].tolist() == placed, reference.case.seed
        assert _open(reference) <= before, reference.case.seed
        assert rejections(reference.case, reference.lines()) == [], reference.case.seed
        assert kept(reference) == recounted(reference, reference.stands()), reference.case.seed
    assert moved > OFTEN


def test_two_groups_in_two_blocks_are_moved_into_one() -> None:
    reference = _two_rows(("b1", "b2"), (0.5, 0.5), together="row")
    for number in (0, 1):
        put(reference.memory.m, reference.memory.w, reference.group(number), reference.cell(number), 1)
    assert _open(reference) == (2, 2, 1)
    assert consolidate(reference.memory.m, reference.memory.w, STEPS) == 1
    assert _open(reference) == (1, 1, 1)


def test_two_groups_on_one_ups_are_moved_apart_where_nothing_more_opens() -> None:
    # Of 100 kW each UPS carries 15 and 5 together: 0.15^2 + 0.05^2 = 0.025. Apart 10 and 10: 2 x 0.1^2 = 0.02.
    reference = _two_rows(("b1", "b1"), (0.75, 0.25), rows=("r1", "r1"))
    for number in (0, 1):
        put(reference.memory.m, reference.memory.w, reference.group(number), reference.cell(0), 1)
    assert consolidate(reference.memory.m, reference.memory.w, STEPS) == 1
    assert sorted(cell for _, cell, _ in reference.stands()) == [0, 1]


def test_where_nothing_gets_better_nothing_moves() -> None:
    reference = _two_rows(("b1", "b2"), (0.5, 0.5), together="row")
    for number in (0, 1):
        put(reference.memory.m, reference.memory.w, reference.group(number), reference.cell(0), 1)
    assert consolidate(reference.memory.m, reference.memory.w, STEPS) == 0


def _two_rows(
    blocks: tuple[str, str], splits: tuple[float, float], rows: tuple[str, str] = ("r1", "r2"), together: str = "none"
) -> Reference:
    """Two places of two positions each and two groups of a rack of 10 kW; two UPS of 100 kW feed each position."""
    power = (
        PowerNode(name="grid", kind="utility", rated_kw=1000.0),
        *(PowerNode(name=f"ups{u}", kind="ups", parent="grid", rated_kw=100.0, contingency=True) for u in (1, 2)),
    )
    positions = tuple(
        Position(
            name=f"p{i}",
            hall="h",
            row=rows[i // 2],
            index=i,
            feed_a="ups1",
            feed_b="ups2",
            split_a=splits[i // 2],
            fabric_block=blocks[i // 2],
        )
        for i in range(4)
    )
    facility = Facility(name="pair", rack_types=(), power=power, positions=positions, racks=())
    requests = tuple(
        Request.model_validate({"name": name, "racks": 1, "power_kw": 10.0, "together": together}) for name in "ab"
    )
    return Reference.of(Case(0, facility, requests, (), "racks", "nameplate", date(2026, 6, 1)))


def _construct(reference: Reference) -> None:
    """First fit of one group after the other."""
    order = np.arange(len(reference.groups.racks))
    last = np.zeros(len(LEVELS), dtype=np.int64)
    records = np.array(reference.memory.places[Group], dtype=np.int64)[order]
    index = index_of(reference.memory.m, reference.memory.w, range(len(LEVELS)))
    construct(reference.memory.m, reference.memory.w, records, index, last, FIRST_FIT, ALL)


def _open(reference: Reference) -> tuple[int, int, int]:
    """Blocks, rows and halls with racks."""
    rows, blocks, halls = reference.memory.m[Header.OPEN : Header.OPEN + 3].tolist()
    return blocks, rows, halls
