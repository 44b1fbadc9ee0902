"""Where no plan exists, ``capalloc plan`` says what conflicts and how to look further."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.commands import Run

_SITE = """
scenario: slip
facility: colossus1
horizon: {start: 2026-05, end: 2026-07}
workloads: [{preset: grok-training}]
policy: {reserve_mw: 900}
"""


def test_the_first_conflict_is_said_with_the_command_that_explains_it(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "slip.yaml"
    path.write_text(_SITE)
    ended = run("plan", str(path), "--json", "-q")
    assert ended.code == 1
    detail = json.loads(ended.out)["termination"]["detail"]
    assert detail.startswith("no plan keeps the reserve of the site (900 MW of headroom kept, of ")
    assert f"`capalloc explain {path}`" in detail
    assert not any(word in detail for word in ("pin", "freeze", "commitment"))


def test_the_command_that_explains_asks_the_same_question(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a site" / "slip.yaml"
    path.parent.mkdir()
    prospect = "{preset: anthropic, name: new one, probability: 0.5}"
    path.write_text(_SITE + f"contracts: [{prospect}]\n")
    ended = run("plan", str(path), "--json", "-q", "--prospect", "new one", "--allow-displacing")
    detail = json.loads(ended.out)["termination"]["detail"]
    assert f"`capalloc explain '{path}' --prospect 'new one' --allow-displacing`" in detail
