"""The README says what the program does."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
import yaml

from capalloc.schema.rules import Rule
from tests.cli.commands import Run

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


@pytest.mark.parametrize(
    ("marker", "name"), [("tiny output", "plan"), ("placement output", "place"), ("slots output", "slots")]
)
def test_the_output_shown_is_the_real_one(run: Run, monkeypatch: pytest.MonkeyPatch, marker: str, name: str) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "100")
    line, _, shown = block(marker).partition("\n")
    prompt, program, command, *arguments = line.split()
    assert (prompt, program, command) == ("$", "capalloc", name)
    ended = run(command, *arguments, "--quiet")
    assert ended.code == 0
    assert without_time(shown) == without_time(ended.out)


def test_the_python_shown_for_placing_runs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    exec(block("placement python").replace("examples/", f"{ROOT}/examples/"), {})
    answer, floor = capsys.readouterr().out.splitlines()
    assert answer == "60.0 60.0 ['infer', 'dense']"
    assert floor.endswith("] 1")
    assert len((tmp_path / "placed.csv").read_text().splitlines()) == 1 + 15


def without_time(page: str) -> str:
    """The page without the line that differs from run to run."""
    return re.sub(r"^Time .*\n", "", page, flags=re.MULTILINE)
