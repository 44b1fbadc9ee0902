"""``capalloc report`` of two plans: of one scenario, of two versions of it, of plans that do not fit."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.commands import Run


@pytest.fixture
def late(tiny: Path, tmp_path: Path) -> Path:
    """The tiny example with its last step a month later, and a month less."""
    shutil.copytree(tiny.parent / "tiny", tmp_path / "tiny")
    text = tiny.read_text(encoding="utf-8").replace("{from: 2026-07, mw: 0.9}", "{from: 2026-08, mw: 0.9}")
    path = tmp_path / "late.yaml"
    path.write_text(text.replace("end: 2026-11", "end: 2026-10"), encoding="utf-8")
    return path


@pytest.fixture
def late_plan(run: Run, late: Path, tmp_path: Path) -> Path:
    path = tmp_path / "late.json"
    assert run("plan", late, "-o", path, "-q").code == 0
    return path


@pytest.fixture
def page(tmp_path: Path) -> Path:
    return tmp_path / "both.html"


def test_two_plans_make_one_page_that_names_them(run: Run, tiny: Path, plan: Path, page: Path) -> None:
    ended = run("report", tiny, plan, plan, "-o", page, "-q")
    assert (ended.code, ended.out, ended.err) == (0, "", "")
    text = page.read_text(encoding="utf-8")
    assert "The two plans are the same: no rack, position or dollar differs" in text
    assert f"{plan.parent.name}/{plan.name}" in text
    assert str(plan) not in text  # a page is mailed: it tells nothing of whose machine made it


def test_plans_of_two_versions_of_a_scenario_need_both(
    run: Run, tiny: Path, plan: Path, late: Path, late_plan: Path, page: Path
) -> None:
    assert "2026-10" in late.read_text(encoding="utf-8")
    refused = run("report", late, plan, late_plan, "-o", page, "-q")
    assert refused.code == 2
    assert "or for another version of this one; --scenario takes the first plan's own" in refused.err
    assert "periods: found 6 from 2026-05 to 2026-10, expected 5" in refused.err
    assert not page.exists()
    ended = run("report", late, plan, late_plan, "--scenario", tiny, "-o", page, "-q")
    assert (ended.code, ended.err) == (0, "")
    text = page.read_text(encoding="utf-8")
    assert "Firm fees, notice from" in text  # known of both


def test_a_scenario_of_the_first_needs_a_second(run: Run, tiny: Path, plan: Path, page: Path) -> None:
    ended = run("report", tiny, plan, "--scenario", tiny, "-o", page)
    assert ended.code == 2
    assert "--scenario: is the scenario of the first of two plans; expected two plans, or leave it out" in ended.err


def test_a_rejected_plan_is_compared_and_the_page_says_so(
    run: Run, tiny: Path, plan: Path, page: Path, tmp_path: Path
) -> None:
    record = json.loads(plan.read_text(encoding="utf-8"))
    record["assignments"].clear()
    bad = tmp_path / "bad.json"
    bad.write_text(json.dumps(record), encoding="utf-8")
    ended = run("report", tiny, bad, plan, "-o", page, "-q")
    assert ended.code == 1
    assert ended.err == "capalloc: the independent check rejects a plan; the report says why\n"
    assert "The independent check rejects the first plan." in page.read_text(encoding="utf-8")
