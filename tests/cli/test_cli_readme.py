"""The README says what the program does."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.main import get_group

from capalloc.cli.app import app
from capalloc.schema.rules import Rule
from tests.cli.commands import Run
from tests.cli.shown import require_shown
from tests.docs.pages import ROOT, code, marked, page

SECTIONS = marked("README.md")
MOST_LINES = 150


def test_it_fits_a_few_screens() -> None:
    assert len(page("README.md").splitlines()) <= MOST_LINES


@pytest.mark.parametrize("rule", list(Rule))
def test_every_rule_has_its_line(rule: Rule) -> None:
    assert f"| {rule.value} | {rule.sentence} |" in SECTIONS["rules"].splitlines()


def test_the_rule_table_has_no_other_line() -> None:
    assert len(SECTIONS["rules"].splitlines()) == 2 + len(Rule)


def test_the_first_command_installs_and_plans_a_site_that_is_nobodys() -> None:
    assert code(SECTIONS["plan command"]) == (
        "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/capalloc plan examples/tiny.yaml\n"
    )


def test_the_example_that_leads_is_the_first_command_s() -> None:
    first = code(SECTIONS["plan command"]).split()[-1]
    assert code(SECTIONS["tiny output"]).startswith(f"$ capalloc plan {first}\n")
    assert "Colossus" not in page("README.md").partition("<!-- tiny output -->")[0]


def test_the_test_command_installs_the_test_extra_and_runs_everything() -> None:
    command = code(SECTIONS["test command"])
    assert len(command.splitlines()) == 1
    assert ".venv/bin/pip install '.[test]'" in command
    assert (ROOT / command.split()[-1]).is_file()


def test_ci_runs_what_stands_in_the_readme() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert "<!-- test command -->" in script.read_text(encoding="utf-8")


@pytest.mark.parametrize("command", sorted(get_group(app).commands))
def test_every_command_has_its_line_and_the_line_its_options(command: str) -> None:
    (line,) = [line for line in page("README.md").splitlines() if line.startswith(f"| `capalloc {command}")]
    options = {option for parameter in get_group(app).commands[command].params for option in parameter.opts}
    assert set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", line)) <= options


def test_the_output_shown_is_the_real_one(
    run: Run, monkeypatch: pytest.MonkeyPatch, example_file: Callable[[str], Path]
) -> None:
    require_shown(run, monkeypatch, code(SECTIONS["tiny output"]), example_file)


def test_the_python_shown_runs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    exec(code(SECTIONS["python"]).replace("examples/", f"{ROOT}/examples/"), {})
    assert capsys.readouterr().out.split()[1] == "ok"
    assert (tmp_path / "plan.json").is_file()
