"""Calls on threads that are used again: nothing of one is left to the next, and one that is left behind is known."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
import weakref
from functools import partial
from typing import NoReturn

import pytest

from capalloc import background
from capalloc.background import _MOST_IDLE, Background, _idle, calls_at_work
from tests.waiting import wait_for_calls


def at_rest() -> None:
    """Wait for what other tests left behind, and begin with threads that are new."""
    wait_for_calls()
    _idle.clear()


def test_a_thread_that_has_ended_its_call_takes_the_next() -> None:
    at_rest()
    first = Background(threading.get_ident).result()
    assert {Background(threading.get_ident).result() for _ in range(50)} == {first}
    assert first != threading.get_ident()


def test_nothing_is_at_work_once_a_result_is_known() -> None:
    at_rest()
    for number in range(500):
        assert Background(partial(int, number)).result() == number
        assert calls_at_work() == 0


def test_calls_inside_of_calls_have_threads_of_their_own() -> None:
    def nested(depth: int) -> list[int]:
        inner = Background(lambda: nested(depth - 1)).result() if depth else []
        return [threading.get_ident(), *inner]

    idents = Background(lambda: nested(5)).result()
    assert len(set(idents)) == 6


def test_many_at_once_all_end_and_few_threads_are_kept() -> None:
    at_rest()
    together = threading.Barrier(3 * _MOST_IDLE, timeout=60)
    running = [Background(together.wait) for _ in range(3 * _MOST_IDLE)]
    assert sorted(one.result() for one in running) == list(range(3 * _MOST_IDLE))
    assert len(_idle) < 2 * _MOST_IDLE  # those that end at the same moment may all see a place
    assert Background(lambda: 1).result() == 1


@pytest.mark.parametrize("fault", [ValueError("no"), TimeoutError("late"), KeyboardInterrupt(), SystemExit(2)])
def test_what_a_call_raises_is_raised_where_its_result_is_asked_for(fault: BaseException) -> None:
    def call() -> None:
        raise fault

    running = Background(call)
    running.wait()
    assert running.ended(0.0)
    with pytest.raises(type(fault)) as heard:
        running.result()
    assert heard.value is fault
    assert Background(lambda: 3).result() == 3


def test_one_that_is_left_behind_is_at_work_until_it_ends() -> None:
    at_rest()
    free = threading.Event()
    left = Background(lambda: free.wait(60))

    def weary() -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        left.result(weary)
    assert not left.ended(0.0)
    assert calls_at_work() == 1
    assert Background(lambda: 4).result() == 4  # not behind it
    free.set()
    assert left.result() is True
    assert calls_at_work() == 0


def test_a_call_that_was_handed_over_as_the_interrupt_came_is_at_work(monkeypatch: pytest.MonkeyPatch) -> None:
    at_rest()
    worker, begun, free = background._idle_worker(), threading.Event(), threading.Event()

    class Interrupted:
        """Hands over, and is interrupted."""

        calls = property(lambda self: self)

        def put(self, call: background._Call[bool]) -> NoReturn:
            worker.calls.put(call)
            raise KeyboardInterrupt

    def waits() -> bool:
        begun.set()
        return free.wait(60)

    monkeypatch.setattr(background, "_idle_worker", Interrupted)
    with pytest.raises(KeyboardInterrupt):
        Background(waits)
    assert begun.wait(60)
    assert calls_at_work() == 1
    free.set()
    wait_for_calls()


class Held:
    """Something large."""

    def fails(self) -> None:
        raise MemoryError


def test_what_a_call_held_is_let_go() -> None:
    held = Held()
    gone = weakref.ref(held)
    assert Background(partial(type, held)).result() is Held
    del held
    Background(lambda: None).result()  # the thread has come back to its queue
    assert gone() is None


def test_what_a_failed_call_held_is_let_go_with_what_it_raised() -> None:
    at_rest()
    held = Held()
    gone = weakref.ref(held)
    running = Background(held.fails)
    with pytest.raises(MemoryError):
        running.result()
    del held, running
    gc.collect()
    assert gone() is None


@pytest.mark.skipif(sys.platform == "win32", reason="no signal of that kind is sent there")
def test_interrupts_at_any_moment_lose_no_call_and_leave_none_at_work() -> None:
    code = (
        "import random, signal, time\n"
        "from capalloc import background\n"
        "from capalloc.background import Background, calls_at_work\n"
        "def interrupted(_, frame):\n"
        "    signal.setitimer(signal.ITIMER_REAL, random.uniform(1e-5, 4e-4))\n"
        "    while frame is not None:\n"
        "        if frame.f_code.co_filename == background.__file__:\n"
        "            raise KeyboardInterrupt\n"
        "        frame = frame.f_back\n"
        "signal.signal(signal.SIGALRM, interrupted)\n"
        "heard, end = 0, time.monotonic() + 60\n"
        "signal.setitimer(signal.ITIMER_REAL, 1e-4)\n"
        "while heard < 2000 and time.monotonic() < end:\n"
        "    try:\n"
        "        while True:\n"
        "            assert Background(lambda: 5).result() == 5\n"
        "    except KeyboardInterrupt:\n"
        "        heard += 1\n"
        "signal.setitimer(signal.ITIMER_REAL, 0)\n"
        "assert Background(lambda: 6).result() == 6\n"
        "end = time.monotonic() + 30\n"
        "while calls_at_work() and time.monotonic() < end:\n"
        "    time.sleep(0.01)\n"
        "print(heard, calls_at_work())\n"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=120)
    assert ended.stdout.split() == ["2000", "0"], ended.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="there is no fork")
def test_a_forked_child_has_threads_of_its_own() -> None:
    code = (
        "import os\n"
        "from capalloc.background import Background\n"
        "Background(lambda: 1).result()\n"
        "child = os.fork()\n"
        "if not child:\n"
        "    os._exit(Background(lambda: 7).result())\n"
        "print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert ended.stdout.strip() == "7", ended.stderr
