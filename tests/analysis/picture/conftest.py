"""Plans that several figures are computed of."""

from __future__ import annotations

from pathlib import Path

import pytest

from capalloc import load_scenario, solve
from capalloc.analysis.picture import Pictured

EXAMPLES = Path(__file__).parents[3] / "examples"


@pytest.fixture(scope="session")
def tiny() -> Pictured:
    """The tiny example with its plan."""
    scenario = load_scenario(EXAMPLES / "tiny.yaml")
    plan = solve(scenario).plan
    assert plan is not None
    return Pictured(scenario, plan)
