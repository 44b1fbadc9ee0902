"""``capalloc risk``: figures that do not depend on how they were computed, and refusals that say how to mend."""

from __future__ import annotations

import shutil
import signal
from pathlib import Path

import pytest

from capalloc.schema.risk import Risk
from tests.cli.commands import Python, Run, squeezed
from tests.docs.pages import ROOT
from tests.runner.dask import dask_cluster

UNSURE = ROOT / "examples/tiny-unsure.yaml"
SAMPLES = ("--samples", "6")
CODE = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from capalloc.cli import main; main()"


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "130")


def test_the_page_tells_spread_promises_and_what_matters(run: Run) -> None:
    ended = run("risk", UNSURE, *SAMPLES, "--jobs", "2")
    lines = squeezed(ended.out)
    assert ended.code == 0
    assert "tiny-unsure: 6 samples, seed 1; plans stand until 2026-06" in lines
    assert "capalloc: 6 of 6 samples followed" in ended.err
    for title in ("What the plan comes to", "What may be promised", "Shortfalls", "What matters most"):
        assert title in ended.out
    assert any(line.startswith("lease 2026-05 300.0 300.0 300.0 300.0 6") for line in lines)


def test_the_same_seed_gives_the_same_bytes_whatever_the_jobs(run: Run, tmp_path: Path) -> None:
    kept = tmp_path / "risk.json"
    asked = ("risk", UNSURE, "--samples", "3", "--json", "-q")
    two = run(*asked, "--jobs", "2", "-o", kept)
    one = run(*asked, "--jobs", "1")
    other = run(*asked, "--jobs", "1", "--seed", "2")
    assert one.out == two.out == kept.read_text(encoding="utf-8")
    assert other.out != one.out
    assert Risk.model_validate_json(one.out).plans[0].planned == 3


def test_plans_are_compared(run: Run, tmp_path: Path) -> None:
    plans = [tmp_path / "a.json", tmp_path / "b.json"]
    for plan, gap in zip(plans, ("0", "0.9"), strict=True):
        assert run("plan", UNSURE, "-q", "-o", plan, "--gap", gap).code == 0
    ended = run("risk", UNSURE, "--samples", "3", "--plan", plans[0], "--plan", plans[1], "-q")
    assert ended.code == 0
    assert "perfect information" in ended.out
    assert "Least regret against perfect information: " in ended.out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("examples/tiny.yaml",), "uncertainty: is missing: nothing in this scenario is unsure"),
        (("examples/tiny-unsure.yaml", "--samples", "0"), "greater than or equal to 1"),
        (
            ("examples/tiny-unsure.yaml", "--engine", "dask"),
            "--engine dask and --scheduler tcp://HOST:PORT go together",
        ),
        (("examples/tiny-unsure.yaml", "--plan", "no.json"), "no.json"),
        (("examples/tiny-unsure.yaml", "-o", "no/such/folder.json"), "does not exist; make it first"),
        (("examples/tiny-unsure.yaml", "-o", "README.md"), "README.md"),
        (("examples/tiny-unsure.yaml", "--prospect", "nobody"), "this scenario has no prospects"),
    ],
)
def test_what_is_wrong_is_refused_with_a_sentence(
    run: Run, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], says: str
) -> None:
    monkeypatch.chdir(ROOT)
    ended = run("risk", *words, "-q")
    assert ended.code == 2
    assert says in " ".join(ended.err.split())


def test_a_plan_of_another_scenario_is_refused(run: Run, tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    assert run("plan", ROOT / "examples/tiny.yaml", "-q", "-o", plan).code == 0
    ended = run("risk", UNSURE, "--plan", plan, "-q")
    assert ended.code == 2
    assert "was made for 'tiny', not for the scenario 'tiny-unsure' as it is" in ended.err


def test_ctrl_c_tells_of_the_samples_that_are_done(python: Python, tmp_path: Path) -> None:
    words = (str(UNSURE), "--samples", "2000", "--jobs", "2", "--json")
    with python("-c", CODE, "risk", *words) as process:
        assert process.stderr is not None
        lines: list[str] = []
        while "samples followed" not in (lines[-1] if lines else ""):
            lines.append(process.stderr.readline())
            assert lines[-1], lines
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()
    answer = Risk.model_validate_json(out)
    done = len(answer.plans[0].outcomes)
    assert process.returncode == 0
    assert 0 < done == 2000 - answer.undone < 2000
    assert "capalloc: stopping; keeping the samples that are done" in err
    assert f"capalloc: stopped with {done:,} of 2,000 samples followed; the figures are of these alone" in err


def test_a_cluster_answers_as_this_machine_does(run: Run, tmp_path: Path) -> None:
    here = run("risk", UNSURE, *SAMPLES, "--jobs", "1", "--json", "-q")
    many = ("risk", _two_outcomes(tmp_path), "--samples", "300", "--json", "-q")
    many_here = run(*many, "--jobs", "1")
    with dask_cluster(tmp_path) as cluster:
        asked = ("--engine", "dask", "--scheduler", cluster.address)
        there = run("risk", UNSURE, *SAMPLES, "--json", "-q", *asked)
        many_there = run(*many, *asked)
    assert (there.code, there.out) == (0, here.out)
    assert (many_there.code, many_there.out) == (0, many_here.out)
    assert Risk.model_validate_json(many_there.out).plans[0].planned == 300


def _two_outcomes(folder: Path) -> Path:
    """The same site, of which nothing is unsure but whether the second supply comes: many samples share plans."""
    shutil.copytree(ROOT / "examples/tiny", folder / "tiny")
    sure = UNSURE.read_text(encoding="utf-8").partition("uncertainty:")[0]
    slip = "{supply: second, delay_days: {min: 0, max: 0}, never: 0.5}"
    path = folder / "two.yaml"
    path.write_text(f"{sure}uncertainty:\n  supplies: [{slip}]\n", encoding="utf-8")
    return path
