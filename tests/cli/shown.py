"""What pages show of a command, against what it prints."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.cli.commands import Run
from tests.docs.pages import ROOT

LEFT_OUT = "…\n"
_PLAN = "plan.json"
_PICTURES = (".html", ".svg", ".png", ".pdf")
"""What files end in that a block's command writes."""


def require_shown(run: Run, monkeypatch: pytest.MonkeyPatch, shown: str, plan_of: Callable[[str], Path]) -> None:
    """Run the command of a console block: all that the block shows is printed, in its order; ``…`` is left out.

    A command that reads ``plan.json`` reads a plan of its scenario, one that reads ``NAME.json`` a plan of the example,
    of which ``plan_of`` has the file by name.
    Pages, pictures and answers are written elsewhere; pages and pictures are there then.
    """
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "100")
    line, _, text = shown.partition("\n")
    prompt, program, command, *arguments = line.split()
    assert (prompt, program) == ("$", "capalloc")
    with TemporaryDirectory() as folder:
        given = [_placed(word, Path(folder), before == "-o") for before, word in pairwise(["", *arguments])]
        scenario = next((word for word in arguments if word.endswith((".yaml", ".json"))), "")
        ended = run(command, *(_planned(word, scenario, plan_of) for word in given), "--quiet")
        assert all(Path(word).stat().st_size for word in given if word.endswith(_PICTURES))
    assert ended.code == 0
    printed = without_time(ended.out)
    for part in filter(None, without_time(text).split(LEFT_OUT)):
        assert part in printed
        printed = printed.partition(part)[2]


def _placed(word: str, folder: Path, written: bool) -> str:
    """An argument; where it names a page, a picture or what else is written, its path in a folder."""
    return str(folder / word) if written or word.endswith(_PICTURES) else word


def _planned(word: str, first: str, plan_of: Callable[[str], Path]) -> str:
    """An argument; where it names a plan, the path of one that has been made, of the ``first`` one or of an example."""
    scenario = first if word == _PLAN else f"examples/{word.removesuffix('.json')}.yaml"
    if not word.endswith(".json") or not (ROOT / scenario).is_file():
        return word
    return str(plan_of(Path(scenario).stem))


def without_time(page: str) -> str:
    """The page without the line that differs from run to run."""
    return re.sub(r"^Time .*\n", "", page, flags=re.MULTILINE)
