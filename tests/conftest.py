"""What several rooms share: the plans of the examples, made once in a run."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from capalloc import load_plan, load_scenario, solve
from capalloc.formats.plans import dump_plan
from capalloc.schema.plan import Plan
from capalloc.schema.scenario import Scenario
from tests.shared import Shared

EXAMPLES = Path(__file__).parents[1] / "examples"

# Byte code is kept, whatever the environment asks: hundreds of interpreters that tests start would each compile again.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Shared:
    """What all workers of a run share."""
    return Shared(tmp_path_factory)


@pytest.fixture(scope="session")
def example_file(shared: Shared) -> Callable[[str], Path]:
    """The plan file of an example, as it is planned without options."""

    def planned(name: str) -> str:
        plan = solve(load_scenario(EXAMPLES / f"{name}.yaml")).plan
        assert plan is not None
        return dump_plan(plan)

    return lambda name: shared.file(f"{name}.json", lambda: planned(name))


@pytest.fixture(scope="session")
def example(example_file: Callable[[str], Path]) -> Callable[[str], tuple[Scenario, Plan]]:
    """An example and its plan."""
    made: dict[str, tuple[Scenario, Plan]] = {}

    def of(name: str) -> tuple[Scenario, Plan]:
        if name not in made:
            made[name] = load_scenario(EXAMPLES / f"{name}.yaml"), load_plan(example_file(name))
        return made[name]

    return of
