"""``capalloc slots`` from end to end, on the smallest example."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import get_args

import pytest

from capalloc.cli.slots import Together as Option
from capalloc.schema.request import Together
from tests.cli.commands import Run

ROOT = Path(__file__).parents[2]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """The example's facility, without rack types, in a folder of its own."""
    folder = shutil.copytree(ROOT / "examples" / "placement", tmp_path / "site")
    (folder / "requests.csv").rename(tmp_path / "requests.csv")
    return folder


@pytest.fixture
def requests(site: Path, tmp_path: Path) -> Path:
    """The example's requests."""
    assert site.exists()
    return tmp_path / "requests.csv"


@pytest.fixture
def placed(site: Path, requests: Path, tmp_path: Path) -> Path:
    """Two racks of ``dense``, of 132 kW and 110 kW of heat, at the end of row a."""
    path = tmp_path / "placed.csv"
    path.write_text("request,position\ndense,a9\ndense,a10\n", encoding="utf-8")
    return path


def test_the_option_is_that_of_the_schema() -> None:
    assert tuple(Option) == get_args(Together)


def test_slots_shows_its_tables_on_stdout_and_its_stages_on_stderr(run: Run, site: Path) -> None:
    # After the loss of ups1 a busway of 300 kW carries all of row a: 7 racks of 40 kW, one group of 4. Row b likewise.
    ended = run("slots", site, "--racks", "4", "--power-kw", "40")
    assert ended.code == 0
    lines = [line.split() for line in ended.out.splitlines()]
    assert ["site", "2"] in lines
    assert ["h1", "2"] in lines
    assert "groups of 4 racks in one row that still fit, at least" in ended.out
    for part in ("reading the facility and its requests", "counting groups that still fit"):
        assert part in ended.err
    assert "\x1b" not in ended.out + ended.err


def test_json_has_a_count_of_the_site_its_halls_and_its_blocks(run: Run, site: Path) -> None:
    # Pairs of 40 kW in blocks of 5: 2 each, 8 in all; 440 kW of cooling take 11 racks, which are 5 pairs.
    arguments = ("--racks", "2", "--power-kw", "40", "--together", "fabric_block", "--json", "--quiet")
    ended = run("slots", site, *arguments)
    assert (ended.code, ended.err) == (0, "")
    blocks = {"a-1": 2, "a-2": 2, "b-1": 2, "b-2": 2}
    assert json.loads(ended.out) == {"40 kW": {"site": 5, "halls": {"h1": 5}, "blocks": blocks}}


def test_heat_is_the_draw_unless_it_is_given(run: Run, site: Path) -> None:
    # Racks of 40 kW: a busway of 300 kW takes 7 in row a. Then ups2, which carries all of a and half of b after the
    # loss of ups1, has 400 - 280 = 120 kW for halves of 20 kW: 6 racks in row b. 440 kW of cooling take 11 in all.
    counts = [_site(run, site, "--power-kw", "40", *heat) for heat in ((), ("--cooling-kw", "0"))]
    assert counts == [11, 13]


@pytest.mark.parametrize(("together", "racks", "slots"), [("hall", "11", 1), ("row", "11", 0), ("none", "12", 0)])
def test_groups_stand_together_as_they_are_told(run: Run, site: Path, together: str, racks: str, slots: int) -> None:
    # 11 racks of 40 kW are all that the cooling takes: in one hall, but in no row of 10.
    assert _site(run, site, "--power-kw", "40", "--together", together, "--racks", racks) == slots


def test_what_is_occupied_is_no_longer_free(run: Run, site: Path, requests: Path, placed: Path) -> None:
    # Racks of 1 kW: 20 positions less the 2 of ``dense``; a busway of row a carries 264 kW of 300 after a loss.
    arguments = ("--requests", requests, "--occupied", placed)
    assert _site(run, site, "--power-kw", "1", *arguments) == 18
    # 440 kW of cooling less 220 kW: 5 racks of 40 kW.
    assert _site(run, site, "--power-kw", "40", *arguments) == 5


def test_rack_types_of_the_facility_are_counted_by_name_at_their_nameplate(run: Run) -> None:
    # Racks of 100 kW on three rows of 4: each two rows share a UPS of 330 kW, half of either: 6 racks. The first row
    # takes 4, which leaves 2 to each of the others.
    tiny = ROOT / "examples" / "tiny"
    ended = run("slots", tiny, "--json", "-q", "--on", "2026-09", "--standing", "none")
    assert (ended.code, ended.err) == (0, "")
    assert json.loads(ended.out) == {"rack": {"site": 8, "halls": {"h1": 8}, "blocks": {}}}


def test_where_nothing_is_free_there_is_a_count_of_0(run: Run) -> None:
    ended = run("slots", ROOT / "examples" / "tiny", "--json", "-q", "--on", "2026-09", "--power-kw", "1")
    assert json.loads(ended.out) == {"1 kW": {"site": 0, "halls": {}, "blocks": {}}}
    page = run("slots", ROOT / "examples" / "tiny", "-q", "--on", "2026-09", "--power-kw", "1").out
    assert ["site", "0"] in [line.split() for line in page.splitlines()]
    assert "Halls" not in page


def test_a_model_is_known_by_its_name(run: Run) -> None:
    ended = run("slots", "colossus1", "--json", "-q", "--on", "2026-09", "--standing", "none", "--racks", "8")
    assert ended.code == 0
    counts = json.loads(ended.out)
    assert list(counts) == ["hgx-h100", "hgx-h200", "gb200-nvl72", "gb300-nvl72"]
    assert all(list(kind["halls"]) == ["h1", "h2", "h3", "h4"] for kind in counts.values())
    assert counts["hgx-h100"]["site"] > 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "--power-kw: the facility has no rack types; say what a rack draws"),
        (("--cooling-kw", "3"), "--cooling-kw: is the heat of a rack of --power-kw or --rack-type; give that too"),
        (("--power-kw", "nan"), "--power-kw: found nan, expected 0.001 to 1,000,000,000"),
        (("--power-kw", "0"), "--power-kw: found 0, expected 0.001 to 1,000,000,000"),
        (("--power-kw", "1e30"), "--power-kw: found 1e+30, expected 0.001 to 1,000,000,000"),
        (("--power-kw", "5", "--cooling-kw", "-1"), "--cooling-kw: found -1, expected 0 to 1,000,000,000"),
        (("--power-kw", "5", "--racks", "1000001"), "--racks: found 1,000,001, expected 1 to 1,000,000"),
        (("--power-kw", "5", "--on", "soon"), "--on: "),
        (("--power-kw", "5", "--requests", "gone.csv"), "gone.csv"),
    ],
)
def test_what_makes_no_sense_exits_2(run: Run, site: Path, arguments: tuple[str, ...], says: str) -> None:
    ended = run("slots", site, "-q", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert says in ended.err
    assert len(ended.err.splitlines()) == 1


def test_what_is_occupied_without_its_requests_exits_2(run: Run, site: Path, placed: Path) -> None:
    ended = run("slots", site, "-q", "--power-kw", "5", "--occupied", placed)
    assert (ended.code, ended.out) == (2, "")
    assert "--occupied: names requests; give their file with --requests" in ended.err


@pytest.mark.parametrize(("option", "value"), [("--racks", "0"), ("--racks", "two"), ("--together", "rack")])
def test_options_that_are_none_exit_2(run: Run, site: Path, option: str, value: str) -> None:
    ended = run("slots", site, "--power-kw", "5", option, value)
    assert (ended.code, ended.out) == (2, "")
    assert option in ended.err


def _site(run: Run, site: Path, *arguments: str | Path) -> int:
    answer = json.loads(run("slots", site, "--json", "-q", *arguments).out)
    site_racks: int = next(iter(answer.values()))["site"]
    return site_racks


@pytest.fixture
def wet(site: Path) -> Path:
    """The example with positions on a liquid loop of 400 kW, and 60 kW of air."""
    (site / "cooling.csv").write_text("name,liquid_kw,air_kw\nfloor,400,60\n", encoding="utf-8")
    head, *rows = (site / "positions.csv").read_text(encoding="utf-8").splitlines()
    lines = [f"{head},cooling", *(f"{row},liquid" for row in rows)]
    (site / "positions.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return site


def test_a_rack_type_or_a_liquid_fraction_says_how_heat_leaves(run: Run, wet: Path) -> None:
    # racks of 20 kW: 3 by 60 kW of air; with 3 kW of it each by air all 20 positions
    plain = run("slots", wet, "--power-kw", "20", "--json", "-q")
    assert json.loads(plain.out)["20 kW"]["site"] == 3
    assert plain.err.count("\n") == 1
    assert "all heat counts as air, though positions in zone floor are liquid-cooled" in plain.err
    assert "give --rack-type or --liquid-fraction" in plain.err
    split = run("slots", wet, "--power-kw", "20", "--liquid-fraction", "0.85", "--json", "-q")
    assert json.loads(split.out)["20 kW"]["site"] == 20
    assert split.err == ""
    shipped = run("slots", wet, "--rack-type", "gb200-nvl72", "--json", "-q")
    assert json.loads(shipped.out)["gb200-nvl72"]["site"] > 0
    assert shipped.err == ""
    assert "unknown rack type 'gb20'" in run("slots", wet, "--rack-type", "gb20").err


def test_liquid_fraction_alone_says_too_little(run: Run, wet: Path) -> None:
    ended = run("slots", wet, "--liquid-fraction", "0.5")
    assert ended.code == 2
    assert "--liquid-fraction: is the heat of a rack of --power-kw or --rack-type; give that too" in ended.err
    assert "--liquid-fraction: found 1.5" in run("slots", wet, "--power-kw", "5", "--liquid-fraction", "1.5").err
