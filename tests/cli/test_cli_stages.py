"""Progress on stderr."""

from __future__ import annotations

import io
import os
import pty
import subprocess
import sys
import time
from pathlib import Path

import pytest

from capalloc.cli.stages import SENTENCES, stages
from capalloc.progress import Progress
from capalloc.solve import solve
from tests.byhand import by_hand


class Terminal(io.StringIO):
    """A stderr that calls itself a terminal."""

    def isatty(self) -> bool:
        return True


def test_off_a_terminal_each_stage_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    with stages() as progress:
        progress(Progress("compile"))
        progress(Progress("compile"))
        progress(Progress("a stage without a sentence"))
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == "capalloc: compiling racks, power and demands\ncapalloc: a stage without a sentence\n"


def test_quiet_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with stages(quiet=True) as progress:
        progress(Progress("compile"))
    assert capsys.readouterr().err == ""


def test_on_a_terminal_a_spinner_shows_the_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm-256color")
    with stages() as progress:
        progress(Progress("verify"))
    assert "checking the plan rule by rule" in terminal.getvalue()
    assert "\n\n" not in terminal.getvalue()


def test_on_a_terminal_figures_follow_the_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "200")
    with stages() as progress:
        progress(Progress("plan", best=900.0, bound=1000.0, gap=0.1, seconds_left=12.0))
    shown = "planning racks by class and period, best 900, bound 1,000, gap 10.000%, 12 s left"
    assert shown in terminal.getvalue()


def test_seconds_left_run_down_between_two_words(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal, now = Terminal(), 100.0
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setattr(time, "monotonic", lambda: now)
    with stages() as progress:
        progress(Progress("plan", seconds_left=12.0))
        now = 105.0
    assert "planning racks by class and period, 7 s left" in terminal.getvalue()


def test_when_none_are_left_the_seconds_that_have_gone_by_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal, now = Terminal(), 100.0
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setattr(time, "monotonic", lambda: now)
    with stages() as progress:
        now = 150.0
        progress(Progress("plan", seconds_left=10.0))
        now = 164.0
    assert "planning racks by class and period, 64 s so far, ending" in terminal.getvalue()
    assert " 0 s left" not in terminal.getvalue()


def test_every_stage_of_a_plan_has_its_sentence() -> None:
    heard: list[str] = []
    solve(by_hand(), progress=lambda progress: heard.append(progress.stage))
    assert "priority" in heard
    assert set(heard) <= set(SENTENCES)


def test_a_plan_on_a_terminal_keeps_to_one_line(tiny: Path) -> None:
    """A real terminal of 60 columns: no line of progress is longer, none stays behind, results are elsewhere."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "60"}
    command = [sys.executable, "-m", "capalloc", "plan", str(tiny)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=theirs, env=environment) as process:
        os.close(theirs)
        told = _heard(ours)
        assert process.stdout is not None
        shown = process.stdout.read().decode()
    assert process.returncode == 0
    assert "Scenario     tiny" in shown
    assert "reading the scenario" in told
    assert all(told.count(word) <= told.count("\r") for word in ("planning racks", "checking the plan"))
    assert told.count("\n") <= told.count("\x1b[1A") + told.count("capalloc:") + 1


def _heard(terminal: int) -> str:
    """All that is written to a terminal until its other end is closed."""
    parts = []
    while True:
        try:
            part = os.read(terminal, 65536)
        except OSError:  # Linux answers so when the other end is closed
            break
        if not part:
            break
        parts.append(part)
    os.close(terminal)
    return b"".join(parts).decode()
