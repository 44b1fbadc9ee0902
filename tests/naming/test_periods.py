"""Racks are named as the slow twin names them; and what both should keep is counted from what they say."""

from __future__ import annotations

import numpy as np

from capalloc.instance.model import NOBODY
from capalloc.naming.periods import Named, name_periods
from tests.naming.reference import Namer, Task, task

TASKS, OFTEN = range(300), 30


def _by_arrays(asked: Task) -> Named | None:
    return name_periods(asked.state(), asked.targets)


def _named() -> list[tuple[Task, Named]]:
    found = [(task(seed), _by_arrays(task(seed))) for seed in TASKS]
    return [(asked, named) for asked, named in found if named is not None]


def test_arrays_are_named_as_the_twin_does() -> None:
    lacking = 0
    for seed in TASKS:
        by_arrays, by_twin = _by_arrays(task(seed)), Namer(task(seed)).named()
        lacking += by_twin is None
        assert (by_arrays is None) == (by_twin is None), seed
        if by_arrays is not None and by_twin is not None:
            for ours, theirs in zip(by_arrays, by_twin, strict=True):
                assert ours.tolist() == theirs.tolist(), seed
    assert OFTEN < lacking < len(TASKS) - OFTEN


def test_the_counts_are_met() -> None:
    for asked, named in _named():
        class_of = np.array([rack.rack_class for rack in asked.racks])
        for rack_class in range(asked.shape[0]):
            there = class_of == rack_class
            assert named.off[there].sum(axis=0).tolist() == asked.targets.off[rack_class].tolist()
            for demand in range(asked.shape[1]):
                serve, hold = asked.targets.serve[rack_class, demand], asked.targets.hold[rack_class, demand]
                assert (named.serving[there] == demand).sum(axis=0).tolist() == serve.tolist()
                assert (named.buffer[there] == demand).sum(axis=0).tolist() == hold.tolist()
        busy, held = named.serving != NOBODY, named.buffer != NOBODY
        assert not (busy & named.off | busy & held | held & named.off).any()


def test_no_more_racks_leave_than_the_counts_ask() -> None:
    for asked, named in _named():
        before = np.array([NOBODY if rack.serves is None else rack.serves for rack in asked.racks])
        class_of = np.array([rack.rack_class for rack in asked.racks])
        for t in range(asked.shape[2]):
            for rack_class in range(asked.shape[0]):
                for demand in range(asked.shape[1]):
                    held = (class_of == rack_class) & (before == demand)
                    stay = (held & (named.serving[:, t] == demand)).sum()
                    assert stay == min(held.sum(), asked.targets.serve[rack_class, demand, t])
            before = named.serving[:, t]


def test_a_rack_that_cools_goes_to_no_other_demand() -> None:
    waited = 0
    for asked, named in _named():
        for place, rack in enumerate(asked.racks):
            last, left, serves = rack.last, rack.left, rack.serves
            for t, now in enumerate(named.serving[place].tolist()):
                cools = t < asked.ready[rack.rack_class] if left is None else bool(asked.targets.cools_at[left, t])
                if serves is not None and now != serves:
                    left, cools = t, bool(asked.targets.cools_at[t, t])
                assert now in (NOBODY, last) or last is None or not cools
                waited += cools and now == NOBODY
                last, serves = (last, None) if now == NOBODY else (now, now)
    assert waited > OFTEN


def test_a_spare_stays_with_its_demand_while_the_count_allows() -> None:
    stayed = 0
    for asked, named in _named():
        class_of = np.array([rack.rack_class for rack in asked.racks])
        for t in range(1, asked.shape[2]):
            idle = (named.serving[:, t] == NOBODY) & ~named.off[:, t]
            for rack_class in range(asked.shape[0]):
                for demand in range(asked.shape[1]):
                    may = (class_of == rack_class) & (named.buffer[:, t - 1] == demand) & idle
                    stay = (may & (named.buffer[:, t] == demand)).sum()
                    assert stay == min(may.sum(), asked.targets.hold[rack_class, demand, t])
                    stayed += int(stay)
    assert stayed > OFTEN


def test_departures_are_from_the_block_with_fewest_of_the_demand() -> None:
    # One class of two blocks with 3 and 2 racks that serve. As 4, 3 and 2 remain, the second block goes first.
    serve = np.array([[[4, 3, 2]]])
    asked = _five(serve)
    named = _by_arrays(asked)
    assert named is not None
    assert named.serving.T.tolist() == [[0, 0, 0, 0, -1], [0, 0, 0, -1, -1], [0, 0, -1, -1, -1]]


def test_a_free_block_that_a_demand_fills_comes_before_a_larger_one() -> None:
    # Blocks of 3 and 2 racks, all idle; 2 racks are asked for: they fill the second block.
    asked = _five(np.array([[[2]]]))
    for rack in asked.racks:
        rack.serves = rack.last = None
    named = _by_arrays(asked)
    assert named is not None
    assert named.serving.T.tolist() == [[-1, -1, -1, 0, 0]]


def _five(serve: np.ndarray) -> Task:
    """Three racks in one block and two in another that all serve the one demand."""
    asked, periods = task(0), serve.shape[2]
    asked.racks[:] = [type(asked.racks[0])(0, block, block, serves=0, last=0) for block in (0, 0, 0, 1, 1)]
    none = np.zeros((1, periods), dtype=np.int64)
    on = np.ones((1, periods), dtype=bool)
    asked.targets = type(asked.targets)(
        serve, np.zeros_like(serve), none, on, on, np.zeros((periods, periods), dtype=bool)
    )
    asked.ready = [0]
    return asked
