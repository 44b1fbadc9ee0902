"""``capalloc impact``: what happens while something is out of service."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from capalloc.report.figures import DASH
from capalloc.schema.impact import Impact
from tests.cli.commands import Run


@pytest.fixture
def plan(run: Run, tiny: Path, tmp_path: Path) -> Path:
    """A plan of the tiny example."""
    path = tmp_path / "plan.json"
    assert run("plan", tiny, "-o", path, "-q").code == 0
    return path


def squeezed(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines()]


def test_a_ups_that_is_out_leaves_its_racks_on_one_feed(run: Run, tiny: Path, plan: Path) -> None:
    ended = run("impact", tiny, plan, "ups1", "--period", "2026-07", "-q")
    lines = squeezed(ended.out)
    assert (ended.code, ended.err) == (0, "")
    assert "Out ups1 (contingency node)" in lines
    assert "Dark no rack" in lines
    assert "At stake nothing" in lines
    # Row 1 hangs on ups1 and ups2, row 2 on ups1 and ups3: 7 racks of the lease at 100 kW, one of inference at 80 kW.
    assert "One feed 8 racks: 1 of inference, 7 of lease; 780.0 kW" in lines
    # In July ups2 takes all of row 1, four racks at 80 kW, and its half of row 3, 80 kW.
    assert "ups2, ups3 240.0 400.0 500.0 80.0 %" in lines
    assert f"2026-07 0 0.0 780.0 {DASH} ups2 80.0 % yes" in lines


def test_json_is_the_documented_record(run: Run, tiny: Path, plan: Path) -> None:
    ended = run("impact", tiny, plan, "ups1", "row:h1/r1", "--json", "-q")
    answer = Impact.model_validate_json(ended.out)
    assert answer.nodes == ("ups1", "row:h1/r1")
    assert answer.period == "2026-05"
    assert json.loads(ended.out)["windows"] == []
    assert run("impact", tiny, plan, "ups1", "row:h1/r1", "--json", "-q").out == ended.out
