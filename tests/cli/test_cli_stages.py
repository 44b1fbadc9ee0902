"""Progress on stderr."""

from __future__ import annotations

import io
import sys

import pytest

from capalloc.cli.stages import stages
from capalloc.progress import Progress


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
