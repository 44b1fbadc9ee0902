"""A workbook says all that a scenario says."""

from __future__ import annotations

from pathlib import Path

import pytest

from capalloc.formats import load_scenario, scenario_sha256
from capalloc.imports.book import dump_book, load_book
from capalloc.schema.scenario import Scenario
from capalloc.synthetic.generate import generate

EXAMPLES = Path(__file__).parents[3] / "examples"
FILES = ("tiny", "colo-hall", "colossus1-anthropic", "colossus1-second-tenant", "grid-slip")


def through_a_book(scenario: Scenario, folder: Path) -> Scenario:
    path = folder / "book.xlsx"
    path.write_bytes(dump_book(scenario))
    return load_book(path)


@pytest.mark.parametrize("name", FILES)
def test_an_example_comes_back_from_its_workbook(name: str, tmp_path: Path) -> None:
    scenario = load_scenario(EXAMPLES / f"{name}.yaml")
    back = through_a_book(scenario, tmp_path)
    assert back == scenario
    assert scenario_sha256(back) == scenario_sha256(scenario)


def test_a_generated_site_comes_back_from_its_workbook(tmp_path: Path) -> None:
    scenario = generate(racks=300, halls=3, periods=6, demands=5, seed=4)
    assert through_a_book(scenario, tmp_path) == scenario


def test_the_same_scenario_gives_the_same_bytes() -> None:
    scenario = load_scenario(EXAMPLES / "tiny.yaml")
    assert dump_book(scenario) == dump_book(scenario)
