"""Every command line of tests/bad/questions ends with exit code 2 and a sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cli.commands import Run
from tests.docs.pages import ROOT

FILES = sorted((ROOT / "tests" / "bad" / "questions").glob("*.yaml"))
CASES = [case for path in FILES for case in yaml.safe_load(path.read_text(encoding="utf-8"))]
PLAN = "PLAN"
"""Stands for a plan of examples/tiny.yaml."""


@pytest.fixture(scope="module")
def plan_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plan of the tiny example."""
    from capalloc import load_scenario, save_plan, solve

    found = solve(load_scenario(ROOT / "examples" / "tiny.yaml")).plan
    assert found is not None
    path = tmp_path_factory.mktemp("plans") / "plan.json"
    save_plan(found, path)
    return path


@pytest.mark.parametrize("case", CASES, ids=[case["run"] for case in CASES])
def test_a_bad_question_is_refused_with_a_sentence(
    run: Run, plan_file: Path, monkeypatch: pytest.MonkeyPatch, case: dict[str, Any]
) -> None:
    monkeypatch.chdir(ROOT)
    ended = run(*(word.replace(PLAN, str(plan_file)) for word in case["run"].split()), "-q")
    assert (ended.code, ended.out) == (2, "")
    assert case["says"].replace(PLAN, str(plan_file)) in " ".join(ended.err.split())


def test_every_question_that_can_be_asked_badly_is() -> None:
    assert {path.stem for path in FILES} == {case["run"].split()[0] for case in CASES}
