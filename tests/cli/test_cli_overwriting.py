"""No command writes over a file that it was read from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.commands import Run

ROOT = Path(__file__).parents[2]


@pytest.fixture
def site(tmp_path: Path, run: Run) -> Path:
    """The tiny example as a folder of tables, with today's plan."""
    folder = tmp_path / "site"
    assert run("expand", ROOT / "examples" / "tiny.yaml", "-o", folder).code == 0
    assert run("plan", folder / "scenario.yaml", "-q", "-o", folder / "plan.json").code == 0
    with (folder / "scenario.yaml").open("a", encoding="utf-8") as stream:
        stream.write("incumbent: plan.json\n")
    return folder


@contextmanager
def unchanged(folder: Path) -> Iterator[None]:
    """Every file below a folder is as it was."""
    before = {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
    yield
    assert {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()} == before


@pytest.mark.parametrize("name", ["scenario.yaml", "facility.yaml", "power.csv", "racks.csv"])
def test_plan_writes_over_nothing_that_the_scenario_was_read_from(run: Run, site: Path, name: str) -> None:
    with unchanged(site):
        ended = run("plan", site / "scenario.yaml", "-q", "-o", site / name)
    assert (ended.code, ended.out) == (2, "")
    assert f"{name}: is read by this command; the result needs another name" in ended.err


def test_the_incumbent_is_kept_and_the_sentence_says_how_to_go_on(run: Run, site: Path) -> None:
    with unchanged(site):
        ended = run("plan", site / "scenario.yaml", "-q", "-o", site / "plan.json")
    assert ended.code == 2
    assert "plan.json: is the plan that this command reads as what stands today" in ended.err
    assert "write the new one to a file of its own" in ended.err
    assert run("plan", site / "scenario.yaml", "-q", "-o", site / "plan-2.json").code == 0


@pytest.mark.parametrize("spelling", ["../site/plan.json", "link.json"])
def test_links_and_other_spellings_lead_to_the_same_file(run: Run, site: Path, spelling: str) -> None:
    (site / "link.json").symlink_to(site / "plan.json")
    with unchanged(site):
        ended = run("plan", site / "scenario.yaml", "-q", "-o", site / spelling)
    assert (ended.code, "is the plan that this command reads" in ended.err) == (2, True)


def test_a_table_that_is_not_there_yet_is_not_made(run: Run, site: Path) -> None:
    (site / "supplies.csv").unlink()
    with unchanged(site):
        ended = run("plan", site / "scenario.yaml", "-q", "-o", site / "supplies.csv")
    assert ended.code == 2
    assert "supplies.csv: would be a table of the facility; the result needs another name" in ended.err


def test_expand_writes_over_nothing_that_it_reads(run: Run, site: Path) -> None:
    with unchanged(site):
        ended = run("expand", site / "scenario.yaml", "-o", site)
    assert (ended.code, "is read by this command" in ended.err) == (2, True)


def test_tables_that_no_expansion_wrote_are_kept(run: Run, site: Path) -> None:
    (site / "facility.yaml").unlink()
    (site / "scenario.yaml").unlink()
    with unchanged(site):
        ended = run("generate", "--racks", "20", "-o", site)
    assert ended.code == 2
    assert "is there already and was not written by expand; choose another folder" in ended.err


def test_place_keeps_what_it_reads_and_may_go_on_with_what_stands(run: Run, site: Path, tmp_path: Path) -> None:
    requests, placed = tmp_path / "requests.csv", tmp_path / "placed.csv"
    requests.write_text("request,racks,power_kw,liquid_fraction\na,1,4,0.8\n", encoding="utf-8")
    quickly = ("-q", "--time-limit", "0", "--no-bound", "--on", "2026-09", "--standing", "none")
    for path in (requests, site / "positions.csv"):
        with unchanged(tmp_path):
            ended = run("place", site, requests, *quickly, "-o", path)
        assert (ended.code, "is read by this command" in ended.err) == (2, True)
    assert run("place", site, requests, *quickly, "-o", placed).code == 0
    assert run("place", site, requests, *quickly, "--occupied", placed, "-o", placed).code == 0
