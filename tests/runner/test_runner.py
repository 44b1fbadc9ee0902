"""Many cases at once: in order, whatever happens to one of them or to a worker."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from capalloc.cancel import CancelToken
from capalloc.errors import NoAnswerError
from capalloc.runner import Ended, Engine, Standing, run
from capalloc.runner.here import Here
from capalloc.runner.processes import Processes
from tests.runner.work import FAILS, KILLS, SLEEPS, kills_once, times

ENGINES = [Here(), Processes(2)]


@pytest.mark.parametrize("engine", ENGINES, ids=["here", "processes"])
def test_answers_come_in_the_order_of_the_cases_and_are_heard_as_they_end(engine: Engine) -> None:
    heard: list[tuple[int, int, int]] = []

    def hear(number: int, ended: Ended[int], standing: Standing) -> None:
        heard.append((number, standing.done, standing.left))

    found = run([3, 1, 2, 5], 10, times, engine, heard=hear)
    assert [one and one.answer for one in found] == [30, 10, 20, 50]
    assert sorted(number for number, _, _ in heard) == [0, 1, 2, 3]
    assert [(done, left) for _, done, left in heard] == [(1, 3), (2, 2), (3, 1), (4, 0)]


@pytest.mark.parametrize("engine", ENGINES, ids=["here", "processes"])
def test_a_case_that_fails_leaves_the_others_alone(engine: Engine) -> None:
    found = run([1, FAILS, 2], 10, times, engine)
    assert found == (Ended(10), Ended(failure="ValueError: seven is too many"), Ended(20))


def test_what_is_known_is_not_computed() -> None:
    heard: list[int] = []
    found = run([1, FAILS, 2], 10, times, Here(), known={1: Ended(7)}, heard=lambda n, _, __: heard.append(n))
    assert found == (Ended(10), Ended(7), Ended(20))
    assert heard == [0, 2]


def test_a_case_that_kills_its_worker_twice_has_failed_and_the_others_are_answered() -> None:
    found = run([1, KILLS, 2, 3], 10, times, Processes(2))
    assert [one and one.answer for one in found] == [10, None, 20, 30]
    assert found[1] is not None
    assert found[1].failure == "its worker ended without a word, twice: out of memory, or killed"


def test_a_worker_that_dies_costs_nothing_but_time(tmp_path: Path) -> None:
    found = run([1, 2, 3, 4], tmp_path / "marker", kills_once, Processes(2))
    assert [one and one.answer for one in found] == [1, 2, 3, 4]


def test_workers_that_cannot_begin_are_said_to_instead_of_being_started_for_ever() -> None:
    with pytest.raises(NoAnswerError, match="no worker lives long enough"):
        run([KILLS] * 8, 10, times, Processes(1))


def test_a_case_that_does_not_end_is_ended() -> None:
    found = run([1, SLEEPS, 2], 10, times, Processes(2), patience_s=3.0)
    assert [one and one.answer for one in found] == [10, None, 20]
    assert found[1] == Ended(failure="did not end within 3 s")


def test_a_token_leaves_undone_what_is_at_work() -> None:
    token = CancelToken()
    found = run([1, SLEEPS, 2], 10, times, Processes(1), heard=lambda *_: token.cancel(), cancel=token)
    assert found == (Ended(10), None, None)


def test_what_is_at_work_here_hears_of_the_token(tmp_path: Path) -> None:
    token = CancelToken()

    def hear(number: int, ended: Ended[int], standing: Standing) -> None:
        token.cancel()

    assert run([0, 1], 10, times, Here(), heard=hear, cancel=token) == (Ended(0), None)


SCRIPT = """
import sys
from pathlib import Path
from capalloc.runner import run
from capalloc.runner.processes import Processes
from tests.runner.work import waits
if __name__ == "__main__":
    run([1, 2], Path(sys.argv[1]), waits, Processes(2))
"""


def test_workers_end_with_a_caller_that_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    caller = subprocess.Popen([sys.executable, script, tmp_path], env=os.environ | {"PYTHONPATH": _paths()})
    pids = [_read(tmp_path / f"{case}.pid") for case in (1, 2)]
    caller.send_signal(signal.SIGKILL)
    caller.wait()
    assert _gone(pids)


INTERRUPTED = """
import signal
from capalloc.runner import run
from capalloc.runner.processes import Processes
from tests.runner.work import times
if __name__ == "__main__":
    signal.signal(signal.SIGINT, lambda number, frame: None)
    print("ready", flush=True)
    print([ended.answer for ended in run([1, 2], 10, times, Processes(2))])
"""


def test_ctrl_c_is_no_business_of_workers_from_their_first_moment_on(tmp_path: Path) -> None:
    """A terminal sends it to the whole group; a worker that knew nothing of it yet died with a traceback."""
    script = tmp_path / "script.py"
    script.write_text(INTERRUPTED)
    with subprocess.Popen(
        [sys.executable, script],
        env=os.environ | {"PYTHONPATH": _paths()},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as caller:
        assert caller.stdout is not None
        assert caller.stdout.readline() == "ready\n"
        while caller.poll() is None:
            os.killpg(caller.pid, signal.SIGINT)
            time.sleep(0.03)
        out, err = caller.communicate()
    assert (out, err) == ("[10, 20]\n", "")


def _paths() -> str:
    return os.pathsep.join(filter(None, (str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH"))))


def _read(path: Path) -> int:
    """The number in a file that will be there soon."""
    for _ in range(600):
        if path.exists() and path.read_text():
            return int(path.read_text())
        time.sleep(0.05)
    raise AssertionError(f"{path} is not there")


def _gone(pids: list[int]) -> bool:
    """Whether all of some processes have ended, soon."""
    for _ in range(200):
        if not any(_runs(pid) for pid in pids):
            return True
        time.sleep(0.05)
    return False


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
