"""Slurm's own controller takes what is exported, and says of it what the plan says."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest

from capalloc.analysis.base import Base, planned_base
from capalloc.exports.slurm import slurm_files
from capalloc.formats import load_scenario
from capalloc.schema.plan import Assignment, Plan
from tests.exports.slurm.controller import Controller, controller

_YEARS = 100
"""By which plans are moved, so that no day of theirs is in the past."""


def _later(day: date) -> date:
    return day.replace(year=day.year + _YEARS)


def _moved(base: Base) -> Base:
    spans = [
        Assignment(rack=one.rack, demand=one.demand, start=_later(one.start), until=_later(one.until))
        for one in base.plan.assignments
    ]
    plan = base.plan.model_copy(update={"assignments": tuple(spans)})
    moved = Base(base.scenario, plan)
    moved.__dict__["roster"] = base.roster
    return moved


def _written(base: Base, folder: Path) -> Controller:
    for name, text in slurm_files(base).files.items():
        (folder / name).write_text(text)
    return controller(folder)


def _wanted(plan: Plan) -> dict[str, set[tuple[str, str, str]]]:
    """By demand: (rack, first moment, end) of each assignment."""
    wanted: dict[str, set[tuple[str, str, str]]] = defaultdict(set)
    for one in plan.assignments:
        wanted[one.demand].add((one.rack, f"{one.start}T00:00:00", f"{one.until}T00:00:00"))
    return wanted


@pytest.mark.parametrize("example", ["tiny", "colossus1-anthropic"])
def test_the_controller_has_the_racks_of_each_demand_on_the_days_of_the_plan(example: str, tmp_path: Path) -> None:
    base = _moved(planned_base(load_scenario(f"examples/{example}.yaml")))
    slurm = _written(base, tmp_path)
    with slurm.started():
        slurm.run("sh", "reservations.sh")
        found: dict[str, set[tuple[str, str, str]]] = defaultdict(set)
        for name, words in slurm.shown("reservation").items():
            nodes = slurm.names(words["Nodes"])
            found[name.split("_")[0]] |= {(node, words["StartTime"], words["EndTime"]) for node in nodes}
        assert found == _wanted(base.plan)
        assert set(slurm.shown("partition")) == {*found, "own"}
    assert slurm.complaints() == []
