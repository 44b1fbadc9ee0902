"""The README says what the program does."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from capalloc.schema.rules import Rule

Run = Callable[..., object]
ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def between(marker: str) -> str:
    """The text between a marker and the next end."""
    found = re.search(rf"^<!-- {re.escape(marker)} -->\n(.*?)^<!-- end -->$", README, re.MULTILINE | re.DOTALL)
    assert found is not None, f"README.md has no <!-- {marker} -->"
    return found[1]


def block(marker: str) -> str:
    """The code block between a marker and the next end, without its fence."""
    return "".join(line for line in between(marker).splitlines(keepends=True) if not line.startswith("```"))


@pytest.mark.parametrize("rule", list(Rule))
def test_every_rule_has_its_line(rule: Rule) -> None:
    assert f"| {rule.value} | {rule.sentence} |" in between("rules").splitlines()


def test_the_rule_table_has_no_other_line() -> None:
    assert len(between("rules").splitlines()) == 2 + len(Rule)


def test_the_plan_command_is_the_one_that_was_promised() -> None:
    assert block("plan command") == (
        "python3 -m venv .venv && .venv/bin/pip install . "
        "&& .venv/bin/capalloc plan examples/colossus1-anthropic.yaml\n"
    )


def test_the_test_command_installs_the_test_extra_and_runs_everything() -> None:
    command = block("test command")
    assert len(command.splitlines()) == 1
    assert ".venv/bin/pip install '.[test]'" in command
    assert (ROOT / command.split()[-1]).is_file()


def test_ci_runs_what_stands_in_the_readme() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert "<!-- test command -->" in script.read_text(encoding="utf-8")


def test_the_tiny_scenario_is_shown_as_it_is() -> None:
    assert yaml.safe_load(block("tiny.yaml")) == yaml.safe_load((ROOT / "examples" / "tiny.yaml").read_text())


def test_the_requests_of_the_example_are_shown_as_they_are() -> None:
    assert block("placement requests.csv") == (ROOT / "examples" / "placement" / "requests.csv").read_text()


def test_the_output_shown_is_the_real_one(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "100")
    command, _, shown = block("tiny output").partition("\n")
    assert command == "$ capalloc plan examples/tiny.yaml"
    ended = run("plan", "examples/tiny.yaml", "--quiet")
    assert ended.code == 0
    assert without_time(shown) == without_time(ended.out)


def without_time(page: str) -> str:
    """The page without the line that differs from run to run."""
    return re.sub(r"^Time .*\n", "", page, flags=re.MULTILINE)
