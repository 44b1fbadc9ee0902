"""Running the command line in the test's own process."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import capalloc
from capalloc.cli import main
from tests.cli.commands import Ended, Python, Run

ROOT = Path(__file__).parents[2]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Call ``capalloc`` with the given arguments."""

    def call(*arguments: str | Path) -> Ended:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Ended(ended.value.code or 0, captured.out, captured.err)

    return call


@pytest.fixture
def python(tmp_path: Path) -> Python:
    """Start a fresh interpreter in an empty folder, with the very package that this test imported."""
    home = {"PYTHONPATH": str(Path(capalloc.__file__).parents[1])}

    def start(*arguments: str, stdin: int | None = None) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, *arguments],
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=tmp_path,
            env=os.environ | home,
        )

    return start


@pytest.fixture
def tiny() -> Path:
    """The example that every page of the README starts from."""
    return ROOT / "examples" / "tiny.yaml"


@pytest.fixture
def plan(example_file: Callable[[str], Path], tmp_path: Path) -> Path:
    """A plan of the tiny example."""
    return Path(shutil.copyfile(example_file("tiny"), tmp_path / "plan.json"))


@pytest.fixture
def bad_folder() -> Path:
    """Inputs with one error each."""
    return ROOT / "tests" / "bad"
