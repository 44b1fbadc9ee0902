"""examples/README.md: what it shows is what the commands print."""

from __future__ import annotations

import runpy
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.cli.commands import Run
from tests.cli.shown import LEFT_OUT, require_shown
from tests.docs.pages import ROOT, code, marked, page

PAGE = "examples/README.md"
SECTIONS = {marker: code(text) for marker, text in marked(PAGE).items()}
COMMANDS = [
    marker
    for marker, block in SECTIONS.items()
    if block.startswith("$ capalloc ")
    and not marker.startswith(("mine ", "exchange "))  # test_cli_guide, test_cli_exchange
]


@pytest.mark.parametrize("marker", COMMANDS)
def test_the_output_shown_is_the_real_one(
    run: Run, monkeypatch: pytest.MonkeyPatch, example_file: Callable[[str], Path], marker: str
) -> None:
    require_shown(run, monkeypatch, SECTIONS[marker], example_file)


def test_the_tiny_scenario_is_shown_as_it_is() -> None:
    scenario = (ROOT / "examples" / "tiny.yaml").read_text(encoding="utf-8")
    assert yaml.safe_load(SECTIONS["tiny.yaml"]) == yaml.safe_load(scenario)


def test_the_list_of_moves_shown_is_the_real_one(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, example_file: Callable[[str], Path]
) -> None:
    moves = tmp_path / "moves.csv"
    require_shown(run, monkeypatch, f"{SECTIONS['diff'].splitlines()[0]} -o {moves}\n", example_file)
    printed = moves.read_text(encoding="utf-8")
    for part in SECTIONS["diff moves.csv"].split(LEFT_OUT):
        assert part in printed


def test_every_example_has_its_question() -> None:
    files = {path.name for path in (ROOT / "examples").iterdir() if path.suffix in (".yaml", ".py")}
    assert files
    assert all(f"`{name}`](#" in page(PAGE) for name in files)


def test_the_requests_of_the_example_are_shown_as_they_are() -> None:
    assert SECTIONS["placement requests.csv"] == (ROOT / "examples" / "placement" / "requests.csv").read_text()


def test_the_script_is_shown_as_it_is() -> None:
    assert SECTIONS["plan_tiny.py"] == (ROOT / "examples" / "plan_tiny.py").read_text()


def test_the_script_prints_what_is_shown(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    script = ROOT / "examples" / "plan_tiny.py"
    monkeypatch.setattr("sys.argv", [str(script)])
    runpy.run_path(str(script), run_name="__main__")
    assert capsys.readouterr().out == SECTIONS["plan_tiny.py output"].partition("\n")[2]


def test_the_python_shown_for_solving_runs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    exec(SECTIONS["solve python"], {})
    *stages, first, again = capsys.readouterr().out.splitlines()
    assert stages
    assert first == again
    assert first.split()[0] in ("optimal", "gap_reached")


def test_the_python_shown_for_placing_runs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    exec(SECTIONS["placement python"].replace("examples/", f"{ROOT}/examples/"), {})
    answer, floor = capsys.readouterr().out.splitlines()
    assert answer == "60.0 60.0 ['infer', 'dense']"
    assert floor.endswith("] 1")
    assert len((tmp_path / "placed.csv").read_text().splitlines()) == 1 + 15
