"""A small site and scenario as files, to be changed by each test."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from capalloc.errors import Problem, ScenarioError
from capalloc.formats import load_scenario

SCENARIO = """\
scenario: small
facility: site
horizon: {start: 2026-05, end: 2026-11, period: month}
workloads:
  - name: train
    rack_types: [hgx]
    demand: [{from: 2026-05, racks: 1}, {from: 2026-09, racks: 0}]
    value: [{usd_per_gpu_hour: 2}]
contracts:
  - name: ant
    tenant: Ant
    rack_types: [hgx]
    ramp: [{from: 2026-06, mw: 0.08}, {from: 2026-08, mw: 0.16}]
    until: 2026-10
    fee: {usd_per_month: 1e6}
    termination: {notice_days: 30, by: tenant}
"""
FACILITY = """\
facility: site
rack_types:
  - {name: hgx, gpu: H100, gpus: 64, nameplate_kw: 80, expected_kw: 68, idle_kw: 20,
     liquid_fraction: 0.7, cooling: liquid}
"""
POWER = """\
name,kind,parent,rated_kw,contingency
grid,utility,,400,
ups1,ups,grid,200,yes
ups2,ups,grid,200,yes
"""
POSITIONS = """\
name,hall,row,index,feed_a,feed_b,cooling
p1,h1,r1,1,ups1,ups2,liquid
p2,h2,r1,2,ups1,ups2,liquid
"""
RACKS = """\
name,rack_type,position
k1,hgx,p1
k2,hgx,p2
"""
TABLES = {"power": POWER, "positions": POSITIONS, "racks": RACKS}


class Files:
    """A folder with a scenario that loads; ``change`` makes it another one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.scenario = folder / "scenario.yaml"
        self.write("scenario.yaml", SCENARIO)
        self.write("site/facility.yaml", FACILITY)
        for name, text in TABLES.items():
            self.write(f"site/{name}.csv", text)

    def write(self, name: str, text: str) -> Path:
        """Writes a file of the folder."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def change(self, name: str, old: str, new: str) -> None:
        """Replaces the one place where ``old`` stands in a file."""
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, (name, old)
        path.write_text(text.replace(old, new), encoding="utf-8")

    def append(self, name: str, text: str) -> None:
        """Adds lines to a file."""
        with (self.folder / name).open("a", encoding="utf-8") as stream:
            stream.write(text)

    def problems(self) -> list[tuple[str, int, str, str]]:
        """(file relative to the folder, line, key, message) of each problem that loading raises."""
        with pytest.raises(ScenarioError) as raised:
            load_scenario(self.scenario)
        return [self._place(problem) for problem in raised.value.problems]

    def problem(self) -> tuple[str, int, str, str]:
        """The only problem that loading raises."""
        (only,) = self.problems()
        return only

    def _place(self, problem: Problem) -> tuple[str, int, str, str]:
        file = Path(problem.file)
        shown = file.relative_to(self.folder) if file.is_relative_to(self.folder) else file
        return shown.as_posix(), problem.line, problem.key, problem.message


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """The folder of a scenario that loads."""
    return Files(tmp_path)


@pytest.fixture
def library(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], Path]:
    """Writes a model into a library that stands in for the shipped one."""
    folder = tmp_path_factory.mktemp("models")
    monkeypatch.setattr("capalloc.formats.library.library_folder", lambda: folder)

    def write(name: str, text: str) -> Path:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write
