"""Sites that several tests ask about."""

from __future__ import annotations

from pathlib import Path

import pytest

from capalloc import load_scenario
from capalloc.analysis.base import Base, planned_base

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def colossus() -> Base:
    """Colossus 1 as the example plans it."""
    return planned_base(load_scenario(ROOT / "examples" / "colossus1-anthropic.yaml"))
