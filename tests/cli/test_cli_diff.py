"""``capalloc diff``: two plans as a page, as JSON, as a dated work list."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest

from capalloc.schema.diff import Diff
from tests.cli.commands import Run, squeezed


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "110")


@pytest.fixture
def late(run: Run, tiny: Path, tmp_path: Path) -> Path:
    """The tiny example with its last step a month later."""
    shutil.copytree(tiny.parent / "tiny", tmp_path / "tiny")
    text = tiny.read_text(encoding="utf-8")
    path = tmp_path / "late.yaml"
    path.write_text(text.replace("{from: 2026-07, mw: 0.9}", "{from: 2026-08, mw: 0.9}"), encoding="utf-8")
    return path


@pytest.fixture
def plans(run: Run, tiny: Path, late: Path, tmp_path: Path) -> tuple[Path, Path]:
    """A plan of each."""
    paths = tmp_path / "first.json", tmp_path / "second.json"
    for scenario, path in zip((tiny, late), paths, strict=True):
        assert run("plan", scenario, "-o", path, "-q").code == 0
    return paths


def test_unchanged_plans_are_one_line(run: Run, plans: tuple[Path, Path]) -> None:
    ended = run("diff", plans[0], plans[0], "-q")
    (line,) = ended.out.splitlines()
    assert ended.code == 0
    assert line.endswith(": no rack, position or dollar differs from 2026-05 until 2026-11.")


def test_a_later_step_is_less_power_and_fee_and_its_racks_move_later(run: Run, plans: tuple[Path, Path]) -> None:
    ended = run("diff", *plans, "-q")
    lines = squeezed(ended.out)
    assert (ended.code, ended.err) == (0, "")
    # July: 600 kW in place of 900 at $4,000 a kW-month.
    assert "2026-07 9 6 900.0 600.0 -300.0 $3.600M $2.400M -$1.200M" in lines
    assert any(line.startswith("2026-08 rescheduled, was 2026-07 ") for line in lines)
    assert "--scenario SCENARIO tells." in " ".join(lines)


def test_with_scenarios_places_risk_and_hand_over_are_known(
    run: Run, tiny: Path, late: Path, plans: tuple[Path, Path]
) -> None:
    ended = run("diff", *plans, "--scenario", tiny, "--scenario", late, "-q", "--json")
    answer = json.loads(ended.out)
    Diff.model_validate(answer, by_alias=True, by_name=False)
    assert {"objective_usd", "demands", "moves", "about"} <= answer.keys()
    assert {"demand", "period", "kw", "usd"} <= answer["demands"][0].keys()
    for move in answer["moves"]:
        assert {"date", "rack", "from", "to"} <= move.keys()
        assert (move["hall"], move["row"]) == ("h1", move["rack"].partition("-")[0])
        assert move["position"] == move["rack"].replace("-", "-p")
    # Notice on 1 May ends either on 30 October: October's 2 last days are at risk in both.
    assert answer["risk"]["at_risk_usd"] == pytest.approx([3.6e6 * 2 / 31] * 2)
    assert answer["risk"]["firm_usd"][0] - answer["risk"]["firm_usd"][1] == pytest.approx(1.2e6)
    assert not any("scenario was not given" in note for note in answer["notes"])


def test_one_scenario_tells_of_its_plan_alone(run: Run, late: Path, plans: tuple[Path, Path]) -> None:
    ended = run("diff", *plans, "--scenario", late, "-q", "--json")
    answer = json.loads(ended.out)
    assert answer["risk"]["firm_usd"][0] is None
    assert answer["risk"]["firm_usd"][1] is not None
    (note,) = (note for note in answer["notes"] if "was not given" in note)
    assert note.startswith("The first plan's scenario was not given ('tiny', sha256 ")


def test_the_work_list_has_a_line_for_each_rack_and_day(
    run: Run, late: Path, plans: tuple[Path, Path], tmp_path: Path
) -> None:
    path = tmp_path / "moves.csv"
    ended = run("diff", *plans, "--scenario", late, "-o", path)
    assert ended.err.splitlines()[-1] == f"capalloc: moves written to {path}"
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    days = [row["date"] for row in rows]
    assert days == sorted(days)
    (row, *_) = (row for row in rows if row["change"] == "rescheduled")
    assert (row["date"], row["was"], row["to"], row["hall"]) == ("2026-08-01", "2026-07-01", "lease", "h1")
    assert row["feed_a"]
    before = path.read_bytes()
    assert run("diff", *plans, "--scenario", late, "-o", path, "-q").code == 0
    assert path.read_bytes() == before


def test_plans_of_different_months_are_compared_where_they_overlap(
    run: Run, tiny: Path, plans: tuple[Path, Path], tmp_path: Path
) -> None:
    text = tiny.read_text(encoding="utf-8").replace("start: 2026-05, end: 2026-11", "start: 2026-06, end: 2026-12")
    (tmp_path / "june.yaml").write_text(text, encoding="utf-8")
    assert run("plan", tmp_path / "june.yaml", "-o", tmp_path / "june.json", "-q").code == 0
    answer = json.loads(run("diff", plans[0], tmp_path / "june.json", "-q", "--json").out)
    assert (answer["overlap"]["from"], answer["overlap"]["until"]) == ("2026-06", "2026-11")
    assert (answer["overlap"]["first_alone"], answer["overlap"]["second_alone"]) == (1, 1)
    assert answer["difference_usd"] is None
    assert answer["notes"][0] == (
        "Only the days that both plans cover are compared, from 2026-06 until 2026-11; periods left out: 1 of the "
        "first's and 1 of the second's."
    )


def test_plans_without_a_common_day_are_no_answer(
    run: Run, tiny: Path, plans: tuple[Path, Path], tmp_path: Path
) -> None:
    text = tiny.read_text(encoding="utf-8").replace("start: 2026-05, end: 2026-11", "start: 2027-05, end: 2027-07")
    (tmp_path / "next.yaml").write_text(text.replace("until: 2026-11", "until: 2027-11"), encoding="utf-8")
    assert run("plan", tmp_path / "next.yaml", "-o", tmp_path / "next.json", "-q").code == 0
    ended = run("diff", plans[0], tmp_path / "next.json", "-q")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == (
        "capalloc: the plans have no day in common: the first covers 2026-05 until 2026-11, the second 2027-05 until "
        "2027-07\n"
    )
