"""``capalloc quote``: the price of a request, as a page and as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from capalloc.schema.quoted import Quoted
from tests.cli.commands import Run, squeezed


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "140")


def test_the_page_has_the_floor_the_months_and_who_gives_way(run: Run, tiny: Path, plan: Path) -> None:
    ended = run("quote", tiny, "--plan", plan, "--mw", "0.1", "--from", "2026-09", "--fee", "4000", "-q")
    assert (ended.code, ended.err) == (0, "")
    lines = squeezed(ended.out)
    # Third rack of inference: 64 GPUs at $1.50 for 720 and 744 hours, and a move of $1,000; 100 kW for 2 months.
    assert any(line.startswith("Floor $707.72 per kW-month") and "$1.51 per GPU-hour" in line for line in lines)
    assert "Margin $800,000 offered, $658,456 above the floor (discounted)" in lines
    assert "inference 2026-09 80.0 64 $69,120" in lines


def test_a_request_that_does_not_fit_is_an_answer(run: Run, tiny: Path, plan: Path) -> None:
    ended = run("quote", tiny, "--plan", plan, "--mw", "0.2", "--from", "2026-07", "--type", "rack", "-q")
    assert ended.code == 0
    lines = squeezed(ended.out)
    assert "Fits no: 0.0 to 100.0 kW of it can be delivered; in full from no later period either" in lines
    assert any("held by lease (9 racks)" in line for line in lines)


def test_a_file_asks_like_options_do(run: Run, tiny: Path, plan: Path, bad_folder: Path) -> None:
    file = bad_folder / "requests" / "good.yaml"
    by_file = json.loads(run("quote", tiny, file, "--plan", plan, "--json", "-q").out)
    by_options = json.loads(run("quote", tiny, "--mw", "0.1", "--from", "2026-09", "--plan", plan, "--json", "-q").out)
    assert (by_file.pop("request"), by_options.pop("request")) == ("asked", "request")
    assert by_file == by_options


def test_json_is_the_answer_with_its_fixed_keys(run: Run, tiny: Path, plan: Path) -> None:
    ended = run("quote", tiny, "--plan", plan, "--mw", "0.1", "--from", "2026-09", "--json", "-q")
    answer = json.loads(ended.out)
    fixed = {"request", "fits", "earliest", "floor_usd_per_kw_month", "floor_usd_per_gpu_hour", "kw_months"}
    fixed |= {"discounted_kw_months", "objective_without_usd", "objective_with_usd", "margin_usd", "periods"}
    assert fixed | {"alternatives"} <= set(answer)
    monthly = {"period", "committed_kw", "deliverable_kw", "racks", "gpus", "displaced_usd", "gives_way", "binding"}
    assert monthly | {"marginal_usd_per_kw_month"} <= set(answer["periods"][0])
    assert Quoted.model_validate_json(ended.out).about.scenario == "tiny"
    again = run("quote", tiny, "--plan", plan, "--mw", "0.1", "--from", "2026-09", "--json", "-q").out
    assert again == ended.out


def test_without_a_plan_one_is_made_and_said(run: Run, tiny: Path) -> None:
    ended = run("quote", tiny, "--gpus", "64", "--from", "2026-09", "-q")
    assert ended.code == 0
    assert "no --plan given: planned first" in ended.err
    assert "planned now" in ended.out


def test_a_fee_a_thousand_times_off_is_warned_about(run: Run, tiny: Path, plan: Path) -> None:
    ended = run("quote", tiny, "--plan", plan, "--mw", "0.1", "--from", "2026-09", "--fee", "1.8", "-q")
    assert ended.code == 0
    assert ended.err.startswith("capalloc: warning: --fee: found 1.8; usual is")


def test_a_signed_contract_is_no_prospect_also_beside_a_plan(run: Run, tiny: Path, plan: Path) -> None:
    ended = run("quote", tiny, "--plan", plan, "--mw", "0.1", "--from", "2026-09", "--prospect", "lease", "-q")
    assert ended.code == 2
    assert "--prospect: found 'lease', this scenario has no prospects" in ended.err
