"""What the core keeps up move by move is what is recounted from what stands."""

from __future__ import annotations

import random

import numpy as np
import pytest

from capalloc.placement.core.annealing import anneal
from capalloc.placement.core.moves import clear, undo
from capalloc.placement.core.neighbourhood import PUT_OUT
from capalloc.placement.core.records import Cell, Entry, Group, Header, Slot
from tests.placement.random_cases import drawn
from tests.placement.reference import Desk, Stands, kept, recounted

CASES = range(300, 360)
MOVES = 120


def test_every_sum_is_kept_up_through_puts_clears_and_undos() -> None:
    puts = 0
    for desk in (Desk.of(drawn(seed)) for seed in CASES):
        dice, m = random.Random(desk.case.seed), desk.memory.m
        marks: list[tuple[int, Stands]] = []
        for _ in range(MOVES if len(desk.problem.cells) else 0):
            move = dice.random()
            if move < 0.7:
                marks.append((int(m[Header.LOG_END]), desk.stands()))
                puts += desk.put_somewhere(dice)
            elif move < 0.85:
                marks.append((int(m[Header.LOG_END]), desk.stands()))
                desk.clear_one(dice)
            elif marks:
                mark, before = marks[dice.randrange(len(marks))]
                marks = [one for one in marks if one[0] < mark]
                undo(m, desk.memory.w, mark)
                assert desk.stands() == before, desk.case.seed
            _is_sound(desk)
    assert puts > 10 * len(CASES)


def test_all_taken_away_in_any_order_leaves_the_empty_plan() -> None:
    for desk in (Desk.of(drawn(seed)) for seed in CASES):
        dice, before = random.Random(desk.case.seed), kept(desk)
        for _ in range(MOVES if len(desk.problem.cells) else 0):
            desk.put_somewhere(dice)
        for number in dice.sample(range(len(desk.groups.racks)), len(desk.groups.racks)):
            clear(desk.memory.m, desk.memory.w, desk.group(number))
        assert kept(desk) == before, desk.case.seed
        assert desk.stands() == Stands()


@pytest.mark.parametrize("refills", [0, 50])
def test_annealing_leaves_sound_records_and_the_best_that_it_tells(refills: int) -> None:
    moved = 0
    for desk in (Desk.of(drawn(seed)) for seed in CASES):
        if not len(desk.problem.cells) or not desk.groups.racks.any():
            continue
        m, w, score = desk.memory.m, desk.memory.w, np.zeros(2)
        score[:] = _worth(desk)
        best, out, changes = m.copy(), np.zeros(PUT_OUT, dtype=np.int64), np.zeros(2)
        anneal(m, w, best, score, out, changes, 400, 1.0, 0.99, refills)
        _is_sound(desk)
        assert score[0] == pytest.approx(_worth(desk))
        m[:] = best
        _is_sound(desk)
        assert score[1] == pytest.approx(_worth(desk))
        assert score[1] >= score[0] - 1e-9
        moved += bool(desk.stands())
    assert moved > len(CASES) // 2


def _worth(desk: Desk) -> float:
    placed, groups = desk.memory[Group.PLACED], desk.groups
    whole = [bonus for bonus, racks, stands in zip(groups.bonus, groups.racks, placed, strict=True) if racks == stands]
    return float(sum(groups.gain * placed) + sum(whole))


def _is_sound(desk: Desk) -> None:
    assert kept(desk) == recounted(desk, desk.stands()), desk.case.seed
    _lists_agree(desk)
    _the_waiting_are_those_with_racks_missing(desk)


def _lists_agree(desk: Desk) -> None:
    """Groups know what they placed and where; entries and the lists of cells name each other."""
    m, listed = desk.memory.m, 0
    for number in range(len(desk.groups.racks)):
        group = desk.group(number)
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
    assert listed == sum(m[desk.cell(cell) + Cell.SLOTS_USED] for cell in range(len(desk.problem.cells)))


def _the_waiting_are_those_with_racks_missing(desk: Desk) -> None:
    m = desk.memory.m
    waiting = m[m[Header.MISSING] : m[Header.MISSING_END]].tolist()
    expected = [desk.group(number) for number in range(len(desk.groups.racks)) if desk.missing(number)]
    assert sorted(waiting) == expected, desk.case.seed
    assert all(m[m[group + Group.MISSING]] == group for group in waiting)
    assert all(m[desk.group(n) + Group.MISSING] == 0 for n in range(len(desk.groups.racks)) if not desk.missing(n))
