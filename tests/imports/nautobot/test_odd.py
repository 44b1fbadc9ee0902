"""Answers in which anything may stand anywhere: a scenario that loads, or one sentence, and never a traceback."""

from __future__ import annotations

import copy
import json
import random
from pathlib import Path
from typing import Any

import pytest

from capalloc.errors import ScenarioError
from capalloc.formats import expand, load_scenario
from capalloc.imports.inventory.convert import scenario_of
from capalloc.imports.inventory.mapping import MappingFile
from capalloc.imports.missing import Tally
from capalloc.imports.nautobot.folder import read_folder
from capalloc.imports.nautobot.reading import inventory_of

RECORDED = Path(__file__).parent / "recorded" / "json"
ODD: tuple[Any, ...] = (
    *(None, "", 0, -1, 1e308, float("nan"), 10**30, True, "NaN", "1e999", "=1+1", "a\nb", "\u202e"),
    *([], {}, ["a"], [{}], {"id": None}, {"id": ["x"]}, {"name": "y"}, {"name": {}}, {"value": None}),
)


@pytest.fixture(scope="module")
def answers() -> dict[str, Any]:
    return {path.stem: json.loads(path.read_text()) for path in sorted(RECORDED.glob("*.json"))}


@pytest.mark.parametrize("seed", range(60))
def test_odd_values_are_refused_or_left_out(seed: int, answers: dict[str, Any], tmp_path: Path) -> None:
    chance, changed = random.Random(seed), copy.deepcopy(answers)
    filled = ("racks", "power-feeds", "power-panels", "locations", "rack-reservations", "power-ports")
    for _ in range(4):
        one = chance.choice(changed[chance.choice(filled)]["results"])
        one[chance.choice(list(one))] = chance.choice(ODD)
    for name, answer in changed.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(answer))
    if any(lost(one, name) for name, answer in changed.items() for one in answer["results"]):
        with pytest.raises(ScenarioError, match=r"results\.\d+: has no (id|name)"):
            read_folder(tmp_path)
        return
    scenario = scenario_of(inventory_of(read_folder(tmp_path)), MappingFile(), Tally())
    expand(scenario, tmp_path / "site")
    assert load_scenario(tmp_path / "site" / "scenario.yaml").facility == scenario.facility


def lost(one: dict[str, Any], endpoint: str) -> bool:
    """Whether an object lacks what tells it from others."""
    named = endpoint in {"locations", "racks", "power-panels", "power-feeds"}
    return not one["id"] or (named and not one["name"])
