"""``capalloc surplus``: what can be sold beside a plan, as a page and as JSON."""

from __future__ import annotations

import json
from pathlib import Path

from capalloc.schema.surplus import Surplus
from tests.cli.commands import Run


def test_the_page_has_both_tables_and_one_period_in_full(run: Run, tiny: Path, plan: Path) -> None:
    ended = run("surplus", tiny, "--plan", plan, "-q")
    assert (ended.code, ended.err) == (0, "")
    for title in (
        "Sellable in each period alone",
        "Sellable from each period to the horizon's end, the same racks all the way",
        "Nothing can be sold in 2026-05 alone",
        "What the roots could carry in addition in 2026-05 alone",
    ):
        assert title in ended.out.splitlines()


def test_json_is_the_answer_with_its_fixed_keys(run: Run, tiny: Path, plan: Path) -> None:
    ended = run("surplus", tiny, "--plan", plan, "--lot", "128", "--period", "2026-07-15", "--json", "-q")
    answer = json.loads(ended.out)
    assert [one["period"] for one in answer["periods"]] == ["2026-07"]
    assert [one["period"] for one in answer["lasting"]["periods"]] == ["2026-07"]
    fixed = {"period", "sellable_kw", "sellable_gpus", "racks", "by_hall", "lots", "binding", "stranded"}
    assert fixed <= set(answer["periods"][0])
    assert [lots["gpus"] for lots in answer["periods"][0]["lots"]] == [128]
    assert Surplus.model_validate(answer).about.scenario == "tiny"


def test_a_period_outside_the_horizon_is_a_sentence(run: Run, tiny: Path, plan: Path) -> None:
    ended = run("surplus", tiny, "--plan", plan, "--period", "2031-01", "-q")
    assert ended.code == 2
    assert "--period" in ended.err
