"""Sites that several tests ask about."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from capalloc.analysis.base import Base, base_of
from capalloc.schema.plan import Plan
from capalloc.schema.scenario import Scenario


@pytest.fixture(scope="session")
def colossus(example: Callable[[str], tuple[Scenario, Plan]]) -> Base:
    """Colossus 1 as the example plans it."""
    return base_of(*example("colossus1-anthropic"))
