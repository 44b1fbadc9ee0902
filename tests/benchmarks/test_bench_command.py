"""``capalloc bench``: a smoke size from end to end, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.plan import OURS, SIZES, Measured, Size, related, sizes
from benchmarks.process import run_python
from benchmarks.registry import Options
from benchmarks.report import markdown, saved
from capalloc.cli import main
from capalloc.report.table import Column, grid, words


def ended(*arguments: str) -> object:
    """Exit code of ``capalloc bench``."""
    with pytest.raises(SystemExit) as exit_of:
        main(["bench", *arguments])
    return exit_of.value.code or 0


def test_a_small_site_is_planned_and_checked_beside_a_peer(capsys: pytest.CaptureFixture[str]) -> None:
    size = ("--racks", "16", "--periods", "1", "--demands", "3")
    code = ended("plan", *size, "--against", "highs-ipm", "--time-limit", "20", "--json")
    rows = json.loads(capsys.readouterr().out)
    assert code == 0
    assert [(row["planner"], row["verdict"]) for row in rows] == [
        ("capalloc", "ok"),
        ("capalloc, 1 s", "ok"),
        ("highs-ipm", "bound"),
    ]
    ours, _, peer = rows
    assert 0 <= ours["gap"] <= 0.05
    assert peer["bound_usd"] >= ours["objective_usd"] * (1 - 1e-9)
    assert peer["ratio"] > 0
    assert min(row["peak_mb"] for row in rows) > 20  # an interpreter with numpy takes more


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("weather",), "found the subject 'weather', expected one of plan, examples"),
        (("plan", "--against", "gurobi"), "found the peers gurobi, expected some of highs-ipm"),
        (("plan", "--racks", "many"), "--racks: found 'many', expected whole numbers above 0"),
        (("plan", "--racks", "500,0"), "--racks: found '0', expected whole numbers above 0"),
    ],
)
def test_unknown_names_are_refused(
    arguments: tuple[str, ...], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(*arguments) == 2
    assert sentence in capsys.readouterr().err


def test_outside_a_checkout_it_says_where_to_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("capalloc.cli.bench.__file__", str(tmp_path / "capalloc" / "cli" / "bench.py"))
    monkeypatch.chdir(tmp_path)
    assert ended("plan") == 2
    assert "change into a checkout" in capsys.readouterr().err


def test_a_size_between_takes_months_and_demands_of_the_next_larger() -> None:
    assert tuple(sizes(Options())) == SIZES
    assert list(sizes(Options(racks=(1000,)))) == [Size(1000, 36, 8)]
    assert list(sizes(Options(racks=(1000,), periods=60, demands=40))) == [Size(1000, 60, 40)]


def test_gaps_go_to_the_lowest_bound_of_the_scenario_and_ratios_to_ours() -> None:
    def row(racks: int, planner: str, seconds: float, **figures: float) -> Measured:
        return Measured(racks, 12, 6, planner, 5.0, 100.0, "ok", build_s=1.0, solve_s=seconds - 1.0, **figures)

    rows = related(
        [
            row(10, OURS, 2.0, objective_usd=90.0, bound_usd=120.0),
            row(10, "highs-mip", 20.0, objective_usd=80.0, bound_usd=100.0),
            row(20, "highs-mip", 3.0, bound_usd=1.0),
        ]
    )
    # 100 is the lowest bound: (100 - 90) / 100 and (100 - 80) / 100; 20 s over 2 s, and over the process of 5 s
    assert [one.gap for one in rows] == [0.1, 0.2, None]
    assert [one.ratio for one in rows] == [None, 10.0, None]
    assert rows[1].process_ratio == 4.0


def test_a_process_is_ended_when_its_time_is_over_and_its_memory_is_its_own() -> None:
    late = run_python("-c", "import time; time.sleep(60)", time_limit=0.5)
    assert late.cut
    assert late.seconds < 30  # it would have slept for 60
    large = run_python("-c", "held = bytearray(300_000_000); print(len(held))")
    small = run_python("-c", "raise SystemExit(3)")
    assert (large.out, large.code, small.code) == ("300000000\n", 0, 3)
    assert large.peak_mb > 286  # 300 million bytes in MiB


def test_the_table_is_written_between_its_markers_and_nowhere_else() -> None:
    table = grid("T", [words("Name"), Column("s")], [("one", "1.0")])
    assert markdown(table) == "| Name | s |\n| --- | ---: |\n| one | 1.0 |\n"
    text = saved("a\n<!-- plan -->\nold\n<!-- end -->\nb <!-- end -->\n", "plan", table)
    assert text.startswith("a\n<!-- plan -->\n")
    assert text.endswith("| one | 1.0 |\n<!-- end -->\nb <!-- end -->\n")
    assert "old" not in text
    with pytest.raises(ValueError, match="has no <!-- other -->"):
        saved(text, "other", table)
