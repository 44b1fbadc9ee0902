"""What the core keeps up move by move is what is recounted from what stands."""

from __future__ import annotations

import random

import numpy as np
import pytest

from capalloc.placement.core.annealing import anneal
from capalloc.placement.core.moves import clear, undo
from capalloc.placement.core.neighbourhood import PUT_OUT
from capalloc.placement.core.records import Cell, Entry, Group, Header, Slot
from tests.placement.random_cases import random_case
from tests.placement.reference import Reference, Stands, kept, recounted

CASES = range(300, 360)
MOVES = 120


def test_every_sum_is_kept_up_through_puts_clears_and_undos() -> None:
    puts = 0
    for reference in (Reference.of(random_case(seed)) for seed in CASES):
        dice, m = random.Random(reference.case.seed), reference.memory.m
        marks: list[tuple[int, Stands]] = []
        for _ in range(MOVES if len(reference.problem.cells) else 0):
            move = dice.random()
            if move < 0.7:
                marks.append((int(m[Header.LOG_END]), reference.stands()))
                puts += reference.put_somewhere(dice)
            elif move < 0.85:
                marks.append((int(m[Header.LOG_END]), reference.stands()))
                reference.clear_one(dice)
            elif marks:
                mark, before = marks[dice.randrange(len(marks))]
                marks = [one for one in marks if one[0] < mark]
                undo(m, reference.memory.w, mark)
                assert reference.stands() == before, reference.case.seed
            _is_sound(reference)
    assert puts > 10 * len(CASES)


def test_all_taken_away_in_any_order_leaves_the_empty_plan() -> None:
    for reference in (Reference.of(random_case(seed)) for seed in CASES):
        dice, before = random.Random(reference.case.seed), kept(reference)
        for _ in range(MOVES if len(reference.problem.cells) else 0):
            reference.put_somewhere(dice)
        for number in dice.sample(range(len(reference.groups.racks)), len(reference.groups.racks)):
            clear(reference.memory.m, reference.memory.w, reference.group(number))
        assert kept(reference) == before, reference.case.seed
        assert reference.stands() == Stands()


@pytest.mark.parametrize("refills", [0, 50])
def test_annealing_leaves_sound_records_and_the_best_that_it_tells(refills: int) -> None:
    moved = 0
    for reference in (Reference.of(random_case(seed)) for seed in CASES):
        if not len(reference.problem.cells) or not reference.groups.racks.any():
            continue
        m, w, score = reference.memory.m, reference.memory.w, np.zeros(2)
        score[:] = _worth(reference)
        best, out, changes = m.copy(), np.zeros(PUT_OUT, dtype=np.int64), np.zeros(2)
        anneal(m, w, best, score, out, changes, 400, 1.0, 0.99, refills)
        _is_sound(reference)
        assert score[0] == pytest.approx(_worth(reference))
        m[:] = best
        _is_sound(reference)
        assert score[1] == pytest.approx(_worth(reference))
        assert score[1] >= score[0] - 1e-9
        moved += bool(reference.stands())
    assert moved > len(CASES) // 2


def _worth(reference: Reference) -> float:
    placed, groups = reference.memory[Group.PLACED], reference.groups
    whole = [bonus for bonus, racks, stands in zip(groups.bonus, groups.racks, placed, strict=True) if racks == stands]
    return float(sum(groups.gain * placed) + sum(whole))


def _is_sound(reference: Reference) -> None:
    assert kept(reference) == recounted(reference, reference.stands()), reference.case.seed
    _lists_agree(reference)
    _the_waiting_are_those_with_racks_missing(reference)


def _lists_agree(reference: Reference) -> None:
    """Groups know what they placed and where; entries and the lists of cells name each other."""
    m, listed = reference.memory.m, 0
    for number in range(len(reference.groups.racks)):
        group = reference.group(number)
        entries = [m[group + Group.FIRST_ENTRY] + Entry.SIZE * i for i in range(m[group + Group.ENTRIES])]
        assert m[group + Group.PLACED] == sum(m[entry + Entry.RACKS] for entry in entries)
        stands = {int(m[m[entry + Entry.CELL] + Cell.CONTAINERS + m[group + Group.LEVEL]]) for entry in entries} or {0}
        assert stands == {int(m[group + Group.STANDS_IN])}
        for entry in entries:
            slot = m[entry + Entry.SLOT]
            assert (m[slot + Slot.ENTRY], m[slot + Slot.GROUP]) == (entry, group)
            first = m[m[entry + Entry.CELL] + Cell.SLOTS]
            assert first <= slot < first + Slot.SIZE * m[m[entry + Entry.CELL] + Cell.SLOTS_USED]
        listed += len(entries)
    assert listed == sum(m[reference.cell(cell) + Cell.SLOTS_USED] for cell in range(len(reference.problem.cells)))


def _the_waiting_are_those_with_racks_missing(reference: Reference) -> None:
    m = reference.memory.m
    waiting = m[m[Header.MISSING] : m[Header.MISSING_END]].tolist()
    expected = [reference.group(number) for number in range(len(reference.groups.racks)) if reference.missing(number)]
    assert sorted(waiting) == expected, reference.case.seed
    assert all(m[m[group + Group.MISSING]] == group for group in waiting)
    assert all(
        m[reference.group(n) + Group.MISSING] == 0
        for n in range(len(reference.groups.racks))
        if not reference.missing(n)
    )
