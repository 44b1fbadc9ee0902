"""A signal at any moment: a sentence that is true of the disk, an exit code, no traceback."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys

import pytest

from tests.cli.interrupts import COMMANDS, ENVIRONMENT, EXAMPLES, Bench, tries

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGKILL)
AGAIN = """
import os, signal, sys
from capalloc import ExactParams, explain, load_scenario, solve, surplus
signal.signal(signal.SIGINT, signal.default_int_handler)
tiny = load_scenario(sys.argv[1])
short = tiny.replace(contracts=tuple(one.replace(commitment="hard") for one in tiny.contracts))
heard, PLAN = 0, solve(tiny).plan
for ask in (lambda: solve(tiny, params=ExactParams()), lambda: explain(short), lambda: surplus(tiny, PLAN)):
    for _ in range(4):
        ask()
        try:
            os.kill(os.getpid(), signal.SIGINT)
            signal.pause()
        except KeyboardInterrupt:
            heard += 1
print(heard)
"""
"""Asks whatever asks CP-SAT; each time Ctrl-C follows."""


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench.set_up(tmp_path_factory.mktemp("bench"))


@pytest.mark.parametrize("command", COMMANDS)
def test_a_signal_at_any_moment_ends_with_a_true_sentence(command: str, bench: Bench) -> None:
    dice = random.Random(command)
    for number in SIGNALS:
        ended, faults = tries(bench, command, dice, number)
        assert faults == [], ended.err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["term", "ctrl-c"])
def test_the_best_plan_is_kept(bench: Bench, number: signal.Signals) -> None:
    ended = bench.run("long", bench.folder / number.name, 4.0, number)
    assert ended.code == 0, ended.err
    assert "capalloc: stopping; keeping the best plan so far" in ended.err
    kept = json.loads((bench.folder / number.name / "plan.json").read_text(encoding="utf-8"))
    assert kept["termination"]["reason"] == "interrupted"


def test_ctrl_c_works_after_cp_sat_as_before() -> None:
    """CP-SAT can hear SIGINT itself, and would keep its own handler: a notebook would end at the next Ctrl-C."""
    ended = subprocess.run(
        [sys.executable, "-c", AGAIN, EXAMPLES / "tiny.yaml"],
        capture_output=True,
        text=True,
        check=False,
        env=ENVIRONMENT,
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "12\n", "")


def test_ctrl_c_in_the_first_and_last_moments_ends_with_one_sentence_or_the_result() -> None:
    """Calls and returns of the modules around a command, each in turn: 109 of them where this was written."""
    found = subprocess.run(
        [sys.executable, "-m", "tests.cli.moments", "--version"], capture_output=True, text=True, check=True
    )
    moments = [json.loads(line) for line in found.stdout.splitlines()]
    assert len({one["where"] for one in moments}) > 50
    said = "capalloc: interrupted; every file is as it was\n"
    for one in moments:
        assert (one["code"], one["said"].count(said)) in ((0, 0), (130, 1)), one
        assert "Traceback" not in one["said"], one
        assert "Exception ignored" not in one["said"], one


IN_TEXT = """
import signal
import capalloc.cli
capalloc.cli._run = lambda _: eval("signal.raise_signal(signal.SIGINT)")
capalloc.cli.main()
"""
"""Ctrl-C in the midst of a text that is evaluated, as annotations are: Python then ends by the signal itself."""


def test_ctrl_c_inside_a_text_that_is_evaluated_ends_with_130() -> None:
    ended = subprocess.run([sys.executable, "-c", IN_TEXT], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (130, "capalloc: interrupted; every file is as it was\n")


IGNORED = """
import os, signal, time, weakref
from capalloc.cli import signals
signal.signal(signal.SIGINT, signal.default_int_handler)
signals.hear_all()
class Thing: pass
thing = Thing()
kept = weakref.ref(thing, lambda _: signal.raise_signal(signal.SIGINT))
try:
    del thing
    for _ in range(6000):
        time.sleep(0.01)
except KeyboardInterrupt:
    print("heard")
"""


def test_a_signal_is_heard_that_comes_where_python_ends_exceptions() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", IGNORED], capture_output=True, text=True, check=False, env=ENVIRONMENT
    )
    assert (ended.stdout, ended.stderr) == ("heard\n", "")
