"""``capalloc bench seeds``: sites of every shape over seeds, beside another capalloc."""

from __future__ import annotations

import json
from math import inf
from random import Random

import pytest

from benchmarks.home import HOME
from benchmarks.plan import Size
from benchmarks.seeds import Spread, gap_percentile, percentile, table
from benchmarks.shapes import SHAPES
from capalloc.report.figures import DASH
from capalloc.schema.scenario import Scenario
from capalloc.synthetic.generate import generate
from tests.benchmarks.command import bench


def test_sites_of_two_seeds_are_planned_and_checked_beside_another_capalloc(
    capsys: pytest.CaptureFixture[str],
) -> None:
    size = ("--racks", "12", "--periods", "1", "--demands", "3", "--halls", "1")
    code = bench("seeds", *size, "--seeds", "2", "--shape", "mixed", "--previous", str(HOME), "--json")
    spreads = json.loads(capsys.readouterr().out)
    assert code == 0
    assert [(spread["planner"], spread["verdicts"]) for spread in spreads] == [
        ("capalloc", {"ok": 2}),
        ("previous", {"ok": 2}),
    ]
    assert [len(spread["ratios"]) for spread in spreads] == [0, 2]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--shape", "round"), "found the shapes round, expected some of months, money, weeks"),
        (("--against", "gurobi"), "found the peers gurobi, expected some of highs-ipm"),
        (("--against", "highs-mip"), "--against needs --shape money"),
        (("--previous", "/nowhere"), "--previous: found /nowhere, expected a folder with the package capalloc"),
    ],
)
def test_what_is_not_known_is_refused(
    arguments: tuple[str, ...], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bench("seeds", *arguments) == 2
    assert sentence in capsys.readouterr().err


def test_percentiles_are_by_nearest_rank_and_no_plan_is_the_worst_gap() -> None:
    assert [percentile([3.0, 1.0, 2.0, 4.0], share) for share in (0.1, 0.5, 0.9, 1.0)] == [1.0, 2.0, 4.0, 4.0]
    spread = Spread(
        size=Size(12, 1, 3),
        shape="months",
        halls=1,
        planner="capalloc",
        process_s=(1.0, 2.0, 3.0),
        gaps=(0.001, None, 0.002),
        ratios=(),
        peak_mb=100.0,
        verdicts={"ok": 2, "no plan": 1},
    )
    assert [gap_percentile(spread, share) for share in (0.5, 1.0)] == [0.002, inf]
    assert list(table([spread]).rows[0]) == [
        *("12 x 1 x 3", "1", "months", "capalloc", "3", "1.0", "2.0", "3.0", "3.0", "100"),
        *("0.20 %", "no plan", "no plan", DASH, "2 ok, 1 no plan"),
    ]


@pytest.mark.parametrize("shape", SHAPES)
def test_shapes_differ_from_what_is_generated_by_what_they_say(shape: str) -> None:
    site = generate(racks=64, halls=2, periods=4, demands=4, seed=3)
    altered: Scenario = SHAPES[shape](site, Random(3))
    assert altered == SHAPES[shape](site, Random(3))
    changed = {name for name in type(site).model_fields if getattr(site, name) != getattr(altered, name)}
    assert (
        changed
        == {
            "months": set(),
            "money": {"policy"},
            "weeks": {"horizon", "policy"},
            "breakers": {"facility"},
            "mixed": {"facility"},
            "priorities": {"contracts", "workloads"},
        }[shape]
    )
