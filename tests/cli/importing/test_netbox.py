"""``capalloc import netbox``."""

from __future__ import annotations

from pathlib import Path

from capalloc.formats import load_scenario
from tests.cli.commands import Run

SITE = Path(__file__).parents[2] / "imports" / "netbox" / "fields"


def test_a_folder_of_csv_files_becomes_a_scenario_that_loads(run: Run, tmp_path: Path) -> None:
    ended = run("import", "netbox", SITE, "-o", tmp_path / "site")
    assert (ended.code, ended.err) == (0, "")
    assert len(load_scenario(tmp_path / "site" / "scenario.yaml").facility.positions) == 4
    assert "Everything came across" in (tmp_path / "site" / "import.md").read_text()


def test_a_folder_without_feeds_is_refused_in_one_sentence(run: Run, tmp_path: Path) -> None:
    ended = run("import", "netbox", tmp_path, "-o", tmp_path / "site")
    assert ended.code == 2
    assert "has no power_feeds.csv; export it from NetBox's list of power feeds" in ended.err
