"""Ctrl-C: the first asks for what there is, a second one ends the program."""

from __future__ import annotations

import json
import re
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from capalloc.cli.interrupt import cancelled_by_interrupt
from capalloc.formats.expand import expand
from capalloc.synthetic.generate import generate

Python = Callable[..., subprocess.Popen[str]]


def test_the_first_sets_the_token_and_the_second_is_raised(capsys: pytest.CaptureFixture[str]) -> None:
    before = signal.getsignal(signal.SIGINT)
    with cancelled_by_interrupt("the best plan so far") as cancel:
        assert not cancel.cancelled
        signal.raise_signal(signal.SIGINT)
        assert cancel.cancelled
        assert capsys.readouterr().err.startswith("capalloc: stopping; keeping the best plan so far")
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


def test_one_that_is_ignored_stays_so() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with cancelled_by_interrupt() as cancel:
            signal.raise_signal(signal.SIGINT)
        assert not cancel.cancelled
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


@pytest.fixture
def planning(python: Python, tmp_path: Path) -> subprocess.Popen[str]:
    """Six hundred seconds without a gap: whole racks are searched for when the signal comes."""
    expand(generate(200, halls=2, periods=6, demands=6, seed=1), tmp_path / "site")
    code = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "  # whatever we inherited
    code += "from capalloc.cli import main; main()"
    scenario = str(tmp_path / "site" / "scenario.yaml")
    kept = ("-o", "plan.json")
    return python("-c", code, "plan", scenario, "--json", "--gap", "0", "--time-limit", "600", *kept)


def test_the_plan_is_kept_where_the_reader_of_stderr_is_gone(planning: subprocess.Popen[str], tmp_path: Path) -> None:
    """Ctrl-C in ``capalloc plan ... 2>&1 | tee log`` ends ``tee`` as well."""
    with planning as process:
        assert process.stderr is not None
        assert any("planning racks" in line for line in process.stderr)
        process.stderr.close()
        process.send_signal(signal.SIGINT)
        assert process.stdout is not None
        assert json.loads(process.stdout.read())["termination"]["reason"] == "interrupted"
    assert process.returncode == 0
    assert json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))["termination"]["reason"] == "interrupted"


def test_an_interrupted_plan_is_shown_and_says_so(planning: subprocess.Popen[str]) -> None:
    with planning as process:
        assert process.stderr is not None
        said = [process.stderr.readline() for _ in range(3)]
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()
    assert said[-1] == "capalloc: planning racks by class and period\n"
    assert process.returncode == 0
    assert json.loads(out)["termination"]["reason"] == "interrupted"
    assert "capalloc: stopping; keeping the best plan so far" in err
    told = (
        r"stopped: the best plan so far, \$[\d.]+[BM], gap [\d.]+ %, verified(, before the order .* decided)?; written"
    )
    assert re.search(told + " to plan.json", err)
