"""The shell completes commands, options, kinds and the names of what ships."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.commands import Python


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("capalloc pl", {"plan", "place"}),
        ("capalloc plan site.yaml --prosp", {"--prospect"}),
        ("capalloc schema ra", {"rack_type"}),
        ("capalloc init --from col", {"colo-2n", "colossus1"}),
        ("capalloc init --rack-type gb", {"gb200-nvl72", "gb300-nvl72"}),
        ("capalloc init --redundancy 2", {"2n"}),
        ("capalloc slots --rack-type mi", {"mi355x-128"}),
        ("capalloc export sl", {"slurm"}),
        ("capalloc plan si", set()),  # none of ours: the shell completes the names of files
    ],
)
def test_bash_is_told_how_a_line_may_go_on(
    python: Python, monkeypatch: pytest.MonkeyPatch, line: str, found: set[str]
) -> None:
    monkeypatch.setenv("_CAPALLOC_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", line)
    monkeypatch.setenv("COMP_CWORD", str(len(line.split()) - 1))
    with python("-m", "capalloc") as process:
        out, err = process.communicate()
    assert (set(out.split()), err) == (found, "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_the_script_of_a_shell_is_shown(python: Python, monkeypatch: pytest.MonkeyPatch, shell: str) -> None:
    monkeypatch.setenv("_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION", "1")
    with python("-m", "capalloc", "--show-completion", shell) as process:
        out, _ = process.communicate()
    assert process.returncode == 0
    assert "_CAPALLOC_COMPLETE" in out


def test_bash_takes_the_script_and_falls_back_to_files(
    python: Python, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if shutil.which("bash") is None:
        pytest.skip("bash is not installed, whose completion is tried here")
    monkeypatch.setenv("_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION", "1")
    with python("-m", "capalloc", "--show-completion", "bash") as process:
        script, _ = process.communicate()
    (tmp_path / "completion.sh").write_text(script)
    asked = f"source {tmp_path / 'completion.sh'} && complete -p capalloc"
    told = subprocess.run(["bash", "-c", asked], capture_output=True, text=True, check=True, timeout=30)
    assert "-o default" in told.stdout


def test_completion_is_installed_where_the_shell_looks_for_it(
    python: Python, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION", "1")
    with python("-m", "capalloc", "--install-completion", "bash") as process:
        out, _ = process.communicate()
    assert process.returncode == 0
    assert "completion installed" in out
    (script,) = (tmp_path / ".bash_completions").iterdir()
    assert str(script) in (tmp_path / ".bashrc").read_text()
