"""What the core keeps up move by move is what is recounted from what stands."""

from __future__ import annotations

import random

import numpy as np
import pytest

from capalloc.placement.core import records as at
from capalloc.placement.core.moves import clear, undo
from capalloc.placement.core.search import PUT_OUT, anneal
from tests.placement.random_cases import drawn
from tests.placement.reference import Desk, Stands, kept, recounted

CASES = range(300, 360)
MOVES = 120


def test_every_sum_is_kept_up_through_puts_clears_and_undos() -> None:
    puts = 0
    for desk in (Desk.of(drawn(seed)) for seed in CASES):
        dice, m = random.Random(desk.case.seed), desk.memory.m
        marks: list[tuple[int, Stands]] = []
        for _ in range(MOVES if len(desk.plan.cells) else 0):
            move = dice.random()
            if move < 0.7:
                marks.append((int(m[at.LOGGED]), desk.stands()))
                puts += desk.put_somewhere(dice)
            elif move < 0.85:
                marks.append((int(m[at.LOGGED]), desk.stands()))
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
        for _ in range(MOVES if len(desk.plan.cells) else 0):
            desk.put_somewhere(dice)
        for number in dice.sample(range(len(desk.groups.racks)), len(desk.groups.racks)):
            clear(desk.memory.m, desk.memory.w, desk.group(number))
        assert kept(desk) == before, desk.case.seed
        assert desk.stands() == Stands()


@pytest.mark.parametrize("refills", [0, 50])
def test_annealing_leaves_sound_records_and_the_best_that_it_tells(refills: int) -> None:
    moved = 0
    for desk in (Desk.of(drawn(seed)) for seed in CASES):
        if not len(desk.plan.cells) or not desk.groups.racks.any():
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
    placed, groups = desk.memory.placed(), desk.groups
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
        entries = [m[group + at.FIRST] + at.ENTRY * i for i in range(m[group + at.ENTRIES])]
        assert m[group + at.PLACED] == sum(m[entry + at.COUNT] for entry in entries)
        stands = {int(m[m[entry + at.AT] + at.INSIDE + m[group + at.TOGETHER]]) for entry in entries} or {0}
        assert stands == {int(m[group + at.STANDS])}
        for entry in entries:
            slot = m[entry + at.SLOT]
            assert (m[slot], m[slot + 1]) == (entry, group)
            first = m[m[entry + at.AT] + at.LIST]
            assert first <= slot < first + at.SLOTTED * m[m[entry + at.AT] + at.LISTED]
        listed += len(entries)
    assert listed == sum(m[desk.cell(cell) + at.LISTED] for cell in range(len(desk.plan.cells)))


def _the_waiting_are_those_with_racks_missing(desk: Desk) -> None:
    m = desk.memory.m
    waiting = m[m[at.MISSING] : m[at.MISSING_END]].tolist()
    expected = [desk.group(number) for number in range(len(desk.groups.racks)) if desk.missing(number)]
    assert sorted(waiting) == expected, desk.case.seed
    assert all(m[m[group + at.WAITS]] == group for group in waiting)
    assert all(m[desk.group(n) + at.WAITS] == 0 for n in range(len(desk.groups.racks)) if not desk.missing(n))
