"""What a question says of itself that is odd and yet no error."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.commands import Run

ROOT = Path(__file__).parents[2]
TINY = ROOT / "examples" / "tiny.yaml"


def test_a_supply_far_above_its_node_is_doubted(run: Run) -> None:
    """FORMATS takes MW in a case, where every file of a supply has kW."""
    ended = run("whatif", TINY, "supply:feeder:450:2026-07", "-q", "--jobs", "1")
    assert ended.code == 0
    assert "found 450,000 kW into 'feeder', which is rated" in ended.err
    assert "a case says MW, not kW" in ended.err
    assert "warning" not in run("whatif", TINY, "supply:feeder:0.5:2026-07", "-q", "--jobs", "1").err


@pytest.mark.parametrize("command", ["plan", "explain"])
def test_displacing_without_a_prospect_says_that_it_does_nothing(run: Run, command: str) -> None:
    ended = run(command, TINY, "-q", "--allow-displacing")
    assert "--allow-displacing does nothing without --prospect NAME" in ended.err


def test_plans_of_two_scenarios_say_so_first(run: Run, tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    assert run("plan", TINY, "-q", "-o", plan).code == 0
    other = tmp_path / "other.json"
    other.write_text(plan.read_text(encoding="utf-8").replace('"scenario": "tiny"', '"scenario": "big"'), "utf-8")
    first = run("diff", plan, other, "-q").out.splitlines()[0]
    assert first.startswith("The first plan is of scenario 'tiny', the second of 'big'")
    assert "scenario" not in run("diff", plan, plan, "-q").out
