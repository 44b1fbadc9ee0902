"""A signal at any moment: a sentence that is true of the disk, an exit code, no traceback."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import capalloc
from capalloc.formats import load_plan, load_scenario
from capalloc.formats.expand import expand
from capalloc.synthetic.generate import generate
from capalloc.verify import verify

EACH = 4
_READY = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from capalloc.cli import main
print("ready", flush=True)
main()
"""
"""What `capalloc` is, after a word by which a test knows that the interpreter has come to it."""
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(capalloc.__file__).parents[1])}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty racks of which a plan takes long to be proven."""
    folder = tmp_path_factory.mktemp("site")
    expand(generate(60, halls=2, periods=6, demands=4, seed=2), folder)
    (folder / "requests.csv").write_text(
        "request,racks,power_kw,cooling_kw,together,all_or_nothing,value\nq,2,40,40,row,yes,1\n", encoding="utf-8"
    )
    return folder


def _ended(site: Path, out: Path, arguments: list[str], after_s: float, number: signal.Signals) -> tuple[int, str]:
    """Exit code and stderr of a command that gets a signal so many seconds after its first line ran."""
    with subprocess.Popen(
        [sys.executable, "-c", _READY, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=out,
        env=ENVIRONMENT,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(after_s)
        process.send_signal(number)
        _, err = process.communicate(timeout=60)
    return process.returncode, err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "term"])
@pytest.mark.parametrize("command", ["plan", "place", "explain", "check"])
def test_a_signal_at_any_moment_ends_with_a_true_sentence(
    command: str, number: signal.Signals, site: Path, tmp_path: Path
) -> None:
    scenario = str(site / "scenario.yaml")
    arguments = {
        "plan": ["plan", scenario, "-o", "plan.json", "--gap", "0", "--time-limit", "2"],
        "place": ["place", str(site), str(site / "requests.csv"), "-o", "placed.csv"],
        "explain": ["explain", scenario],
        "check": ["check", scenario, str(tmp_path / "missing.json")],
    }[command]
    dice = random.Random(command)
    for _ in range(EACH):
        code, err = _ended(site, tmp_path, arguments, dice.uniform(0.005, 1.5), number)
        assert "Traceback" not in err
        assert code in (0, 1, 2, 130), err
        assert "internal error" not in err
        written = {path.name for path in tmp_path.iterdir()}
        if code == 130:
            said = err.splitlines()[-1]
            assert said.startswith("capalloc: interrupted; "), err
            assert ("every file is as it was" in said) == (not written)
        assert written <= {"plan.json", "placed.csv"}
        if "plan.json" in written:
            assert verify(load_scenario(scenario), load_plan(tmp_path / "plan.json")).verdict == "ok"
            (tmp_path / "plan.json").unlink()
        (tmp_path / "placed.csv").unlink(missing_ok=True)


def test_sigterm_keeps_the_best_plan(site: Path, tmp_path: Path) -> None:
    arguments = ["plan", str(site / "scenario.yaml"), "-o", "plan.json", "--gap", "0", "--time-limit", "600"]
    code, err = _ended(site, tmp_path, arguments, 4.0, signal.SIGTERM)
    assert code == 0, err
    assert "capalloc: stopping; keeping the best plan so far" in err
    kept = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))
    assert kept["termination"]["reason"] == "interrupted"
