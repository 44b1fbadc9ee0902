"""``capalloc plan --hedge``: what it prints, what it writes, and what does not go with it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from capalloc import load_plan, load_scenario, verify
from tests.cli.commands import Run
from tests.docs.pages import ROOT

DOUBTS = """
uncertainty:
  supplies: [{supply: second, delay_days: {p10: 0, p90: 60}}]
  failures: [{rack_type: rack, yearly: 0.5, repair_days: 20}]
  samples: 4
"""


@pytest.fixture
def unsure(tmp_path: Path) -> Path:
    examples = ROOT / "examples"
    shutil.copytree(examples / "tiny", tmp_path / "tiny")
    scenario = tmp_path / "tiny.yaml"
    scenario.write_text((examples / "tiny.yaml").read_text() + DOUBTS)
    return scenario


def test_it_tells_what_is_decided_and_expected_and_writes_a_plan_of_the_scenario(run: Run, unsure: Path) -> None:
    plan = unsure.with_suffix(".json")
    page = unsure.with_suffix(".html")
    ended = run("plan", unsure, "--hedge", "-o", plan, "--report", page)
    assert ended.code == 0
    assert '<section id="hedge"' in page.read_text(encoding="utf-8")
    assert "Hedged over 4 samples (seed 1): decided until 2026-06, planned again after" in ended.out
    assert "Worth of hedging" in ended.out
    assert "ok: every rule holds" in ended.out
    assert verify(load_scenario(unsure), load_plan(plan)).verdict == "ok"


def test_json_is_what_is_expected_of_the_plan(run: Run, unsure: Path) -> None:
    plan = unsure.with_suffix(".json")
    ended = run("plan", unsure, "--hedge", "--json", "-q", "-o", plan)
    found = json.loads(ended.out)
    assert found["about"]["objective_usd"] == load_plan(plan).objective_usd
    assert (found["samples"], found["decide_until"], found["unkept"]) == (4, "2026-06", [])
    assert found["counted_usd"] <= found["bound_usd"]
    assert found["fresh"]["wait_and_see"]["usd"] >= found["fresh"]["hedged"]["usd"]


@pytest.mark.parametrize("words", [["--exact"], ["--prospect", "x"], ["--allow-displacing"]])
def test_what_samples_decide_does_not_go_with_it(run: Run, unsure: Path, words: list[str]) -> None:
    ended = run("plan", unsure, "--hedge", *words)
    assert ended.code == 2
    assert f"{words[0]}: found together with --hedge" in ended.err


def test_a_scenario_in_which_nothing_is_unsure_is_refused(run: Run) -> None:
    ended = run("plan", ROOT / "examples" / "tiny.yaml", "--hedge")
    assert ended.code == 2
    assert "uncertainty: is missing" in ended.err
