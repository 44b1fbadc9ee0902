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


@pytest.mark.parametrize("command", ["plan", "expand"])
def test_links_in_a_circle_are_bad_input_and_stay(run: Run, site: Path, command: str) -> None:
    circle = site / "circle.json"
    circle.symlink_to(circle)
    ended = run(command, site / "scenario.yaml", "-o", circle)
    assert (ended.code, ended.out, "circle.json" in ended.err) == (2, "", True)
    assert circle.is_symlink()


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


@pytest.mark.parametrize("gone", [(), ("scenario.yaml", "facility.yaml"), ("scenario.yaml", "power.csv", "racks.csv")])
@pytest.mark.parametrize("command", [("generate", "--racks", "20"), ("expand", ROOT / "examples" / "colo-hall.yaml")])
def test_another_site_in_the_folder_is_kept(run: Run, site: Path, command: tuple[str, ...], gone: tuple[str]) -> None:
    for name in gone:
        (site / name).unlink()
    with unchanged(site):
        ended = run(*command, "-o", site)
    assert (ended.code, ended.out) == (2, "")
    assert f"{site}: has a site already (" in ended.err
    assert "positions.csv" in ended.err
    assert "choose another folder, or write over it with --force" in ended.err
    assert run(*command, "-o", site, "--force").code == 0
    assert run("plan", site / "scenario.yaml", "-q", "--time-limit", "1").code == 0


def test_the_same_site_may_be_written_again_and_beside_other_files(run: Run, tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("mine", encoding="utf-8")
    for _ in range(2):
        assert run("generate", "--racks", "20", "-o", tmp_path).code == 0
        assert run("expand", ROOT / "examples" / "tiny.yaml", "-o", tmp_path / "tiny").code == 0
    assert run("generate", "--racks", "20", "--seed", "1", "-o", tmp_path).code == 2


def test_what_is_read_is_kept_whatever_is_forced(run: Run, site: Path) -> None:
    for command in (("plan", site / "scenario.yaml", "-o", site / "racks.csv"), ("expand", site / "scenario.yaml")):
        with unchanged(site):
            ended = run(*command, *(("-o", site) if command[0] == "expand" else ()), "--force")
        assert (ended.code, "is read by this command" in ended.err) == (2, True)


@pytest.mark.parametrize("name", ["february.yaml", "requests.csv", "notes.json", "other/racks.csv"])
def test_files_of_another_kind_are_kept_unless_forced(run: Run, site: Path, tmp_path: Path, name: str) -> None:
    requests, other = tmp_path / "asked.csv", site / name
    requests.write_text("request,racks,power_kw,liquid_fraction\na,1,4,0.8\n", encoding="utf-8")
    other.parent.mkdir(exist_ok=True)
    for command, kind in (
        (("plan", site / "scenario.yaml"), "a plan"),
        (("place", site, requests, "--time-limit", "0", "--no-bound", "--on", "2026-09"), "a placement"),
    ):
        other.write_text('{"request": "position"}\n', encoding="utf-8")
        with unchanged(tmp_path):
            ended = run(*command, "-q", "-o", other)
        assert (ended.code, ended.out) == (2, "")
        assert f"{name}: is there already and is not {kind}; choose another name, or write over it" in ended.err
        assert run(*command, "-q", "-o", other, "--force").code == 0
        assert run(*command, "-q", "-o", other).code == 0  # it is one of that kind now


def test_a_plan_and_a_placement_do_not_take_each_others_place(run: Run, site: Path, tmp_path: Path) -> None:
    requests, placed, plan = tmp_path / "asked.csv", tmp_path / "placed.csv", tmp_path / "plan.json"
    requests.write_text("request,racks,power_kw,liquid_fraction\na,1,4,0.8\n", encoding="utf-8")
    place = ("place", site, requests, "-q", "--time-limit", "0", "--no-bound", "--on", "2026-09", "-o")
    plans = ("plan", site / "scenario.yaml", "-q", "-o")
    assert [run(*place, placed).code, run(*plans, plan).code] == [0, 0]
    with unchanged(tmp_path):
        assert [run(*place, plan).code, run(*plans, placed).code] == [2, 2]


def test_an_empty_file_and_no_file_at_all_are_written(run: Run, site: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    for path in (tmp_path / "empty", "/dev/null"):
        assert run("plan", site / "scenario.yaml", "-q", "-o", path).code == 0


def test_the_sentence_is_right_for_what_the_file_is(run: Run, site: Path, tmp_path: Path) -> None:
    (site / "link.json").symlink_to(site / "facility.yaml")
    ended = run("plan", site / "scenario.yaml", "-q", "-o", site / "link.json")
    assert "link.json: is read by this command; the result needs another name" in ended.err
    (site / "plan").symlink_to(site / "plan.json")
    ended = run("plan", site / "scenario.yaml", "-q", "-o", site / "plan")
    assert "is the plan that this command reads as what stands today" in ended.err
    requests = tmp_path / "asked.csv"
    requests.write_text("request,racks,power_kw,liquid_fraction\na,1,4,0.8\n", encoding="utf-8")
    ended = run("place", site, requests, "-q", "-o", site / "plan.json", "--time-limit", "0")
    assert (ended.code, "is there already and is not a placement" in ended.err) == (2, True)


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
