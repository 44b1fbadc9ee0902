"""``capalloc bench``: a smoke size from end to end, and what it refuses."""

from __future__ import annotations

import json

import pytest

from benchmarks.plan import OURS, SIZES, MeasuredPlan, Size, related, sizes
from benchmarks.process import run_python
from benchmarks.registry import Options, run
from benchmarks.report import markdown, saved
from capalloc.report.table import Column, grid, words
from tests.benchmarks.command import bench


def test_a_small_site_is_planned_and_checked_beside_a_peer(capsys: pytest.CaptureFixture[str]) -> None:
    size = ("--racks", "16", "--periods", "1", "--demands", "3")
    code = bench("plan", *size, "--against", "highs-ipm", "--time-limit", "20", "--json")
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
        (("weather",), "found the subject 'weather', expected one of plan, seeds, examples"),
        (("plan", "--against", "gurobi"), "found the peers gurobi, expected some of highs-ipm"),
        (("plan", "--racks", "many"), "--racks: found 'many', expected whole numbers above 0"),
        (("plan", "--racks", "500,0"), "--racks: found '0', expected whole numbers above 0"),
    ],
)
def test_unknown_names_are_refused(
    arguments: tuple[str, ...], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bench(*arguments) == 2
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize(
    ("subject", "options", "sentence"),
    [
        ("plan", Options(save=True), "--save writes benchmarks/README.md of a checkout"),
        ("examples", Options(), "the examples are those of a checkout"),
    ],
)
def test_what_needs_a_checkout_is_refused_where_there_is_none(
    subject: str, options: Options, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("registry", "examples"):
        monkeypatch.setattr(f"benchmarks.{module}.IN_CHECKOUT", False)
    with pytest.raises(ValueError, match=sentence):
        run(subject, options)


def test_a_size_between_takes_months_and_demands_of_the_next_larger() -> None:
    assert tuple(sizes(Options())) == SIZES
    assert list(sizes(Options(racks=(1000,)))) == [Size(1000, 36, 8)]
    assert list(sizes(Options(racks=(1000,), periods=60, demands=40))) == [Size(1000, 60, 40)]


def test_gaps_go_to_the_lowest_bound_of_the_scenario_and_ratios_to_ours() -> None:
    def row(
        racks: int, planner: str, seconds: float, *, objective_usd: float | None = None, bound_usd: float
    ) -> MeasuredPlan:
        return MeasuredPlan(
            racks=racks,
            months=12,
            demands=6,
            planner=planner,
            process_s=5.0,
            peak_mb=100.0,
            verdict="ok",
            build_s=1.0,
            solve_s=seconds - 1.0,
            objective_usd=objective_usd,
            bound_usd=bound_usd,
        )

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


def test_lines_of_a_table_that_measure_something_else_stay_where_they_stand() -> None:
    columns = [words("Name"), Column("s")]
    text = saved("<!-- seeds -->\n<!-- end -->\n", "seeds", grid("T", columns, [("a", "1"), ("b", "2")]), named=1)
    text = saved(text, "seeds", grid("T", columns, [("c", "4"), ("a", "3")]), named=1)
    assert text.endswith("| Name | s |\n| --- | ---: |\n| a | 3 |\n| b | 2 |\n| c | 4 |\n<!-- end -->\n")
