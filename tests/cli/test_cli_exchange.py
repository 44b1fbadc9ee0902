"""examples/EXCHANGE.md and the newcomer's way in examples/README.md: what their commands print is what they show.

The blocks of a section run in its order in a folder of their own, where ``examples`` and ``plan.json``, the plan of
``examples/tiny.yaml``, are. Lines that begin with ``$ capalloc`` are commands of ours, others are the shell's.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.cli.commands import Run
from tests.cli.shown import LEFT_OUT, without_time
from tests.docs.pages import ROOT, code, page

_BLOCK = re.compile(r"^<!-- exchange \$ .+? -->\n(.*?)^<!-- end -->$", re.MULTILINE | re.DOTALL)
SECTIONS = {
    head: blocks
    for name in ("examples/EXCHANGE.md", "examples/README.md")
    for head, _, text in (part.partition("\n") for part in page(name).split("\n## "))
    if (blocks := [code(block) for block in _BLOCK.findall(text)])
}


@pytest.mark.parametrize("section", SECTIONS)
def test_commands_of_a_section_print_what_it_shows(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, section: str
) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    assert run("plan", "examples/tiny.yaml", "-o", "plan.json", "-q").code == 0
    for block in SECTIONS[section]:
        for command in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            line, _, shown = command.partition("\n")
            printed = without_time(printed_by(run, line))
            for part in filter(None, without_time(shown).split(LEFT_OUT)):
                assert part in printed, line
                printed = printed.partition(part)[2]


def printed_by(run: Run, line: str) -> str:
    """What a command prints on stdout."""
    if line.startswith("capalloc ") and "|" not in line:
        ended = run(*line.split()[1:])
        assert ended.code == 0, ended.err
        return ended.out
    return subprocess.run(line, shell=True, check=True, capture_output=True, text=True, timeout=60).stdout
