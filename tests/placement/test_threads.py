"""Placing in threads: several at once give the same as one after the other; a token ends one and leaves the others."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date

from benchmarks.placement.room import room
from capalloc.cancel import CancelToken
from capalloc.placing import place
from capalloc.progress import Progress
from capalloc.schema.placing import Placing
from capalloc.verify.placed import verify_placed

ON = date(2026, 6, 1)
FACILITY, REQUESTS = room(rooms=1, requests=150, seed=3)
LONG = 600.0
"""Seconds that no test waits."""


def constructed(seed: int) -> Placing:
    placing = place(FACILITY, REQUESTS, seed=seed, time_limit=0.0, on=ON)
    return placing.replace(seconds_core=0.0, seconds_total=0.0)


def test_several_at_once_give_the_same_as_one_after_the_other() -> None:
    alone = [constructed(seed) for seed in range(4)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(constructed, range(4))) == alone


def test_a_token_ends_the_search_from_another_thread_with_the_best_there_is() -> None:
    cancel, heard = CancelToken(), []

    def hear(progress: Progress) -> None:
        heard.append(progress)
        if progress.best is not None:
            threading.Thread(target=cancel.cancel).start()

    begun = time.perf_counter()
    placing = place(FACILITY, REQUESTS, objective="kw", time_limit=LONG, on=ON, cancel=cancel, progress=hear)
    assert time.perf_counter() - begun < LONG / 10
    assert verify_placed(FACILITY, REQUESTS, placing.placed, on=ON) == ()
    told = [progress for progress in heard if progress.best is not None]
    assert all(progress.stage == "place" and progress.bound and progress.seconds_left for progress in told)
    assert placing.objective >= max(progress.best or 0.0 for progress in told)
    assert [progress.stage for progress in heard if progress.best is None] == [
        *("lower", "compile", "bound", "place", "verify")
    ]


def test_a_token_that_was_set_before_leaves_the_constructive_answer_and_other_searches_alone() -> None:
    cancel = CancelToken()
    cancel.cancel()
    with ThreadPoolExecutor(2) as pool:
        other = pool.submit(place, FACILITY, REQUESTS, objective="kw", time_limit=1.0, on=ON)
        found = place(FACILITY, REQUESTS, objective="kw", time_limit=LONG, on=ON, cancel=cancel)
    assert found.objective >= place(FACILITY, REQUESTS, objective="kw", time_limit=0.0, on=ON).objective
    assert other.result().seconds_core > 0.5
