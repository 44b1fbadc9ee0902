"""What pages show of a command, against what it prints."""

from __future__ import annotations

import re

import pytest

from tests.cli.commands import Run
from tests.docs.pages import ROOT

LEFT_OUT = "…\n"


def require_shown(run: Run, monkeypatch: pytest.MonkeyPatch, shown: str) -> None:
    """Run the command of a console block: all that the block shows is printed, in its order; ``…`` is left out."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "100")
    line, _, text = shown.partition("\n")
    prompt, program, command, *arguments = line.split()
    assert (prompt, program) == ("$", "capalloc")
    ended = run(command, *arguments, "--quiet")
    assert ended.code == 0
    printed = without_time(ended.out)
    for part in filter(None, without_time(text).split(LEFT_OUT)):
        assert part in printed
        printed = printed.partition(part)[2]


def without_time(page: str) -> str:
    """The page without the line that differs from run to run."""
    return re.sub(r"^Time .*\n", "", page, flags=re.MULTILINE)
