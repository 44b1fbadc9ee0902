"""``capalloc revenue``: what a plan earns, as a page, as JSON, as a table for spreadsheets."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest

from capalloc.schema.revenue import RevenueAnswer
from tests.cli.commands import Run, squeezed


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "110")


def _changed(tiny: Path, folder: Path, old: str, new: str) -> Path:
    """The tiny example with some of its text replaced, in a folder of its own."""
    shutil.copytree(tiny.parent / "tiny", folder / "tiny")
    text = tiny.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path = folder / "changed.yaml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


def test_the_page_has_periods_contracts_tenants_and_unit_prices(run: Run, tiny: Path, plan: Path) -> None:
    ended = run("revenue", tiny, plan, "-q")
    lines = squeezed(ended.out)
    assert (ended.code, ended.err) == (0, "")
    assert lines[0].startswith("tiny: plan ")
    # $600,000 for 300 kW at half price, $2.4M for 600, then $3.6M a month for 900, to the end of October; notice on
    # 1 May counts from 1 August and ends the lease 90 days later, on 30 October: 29 of 31 days of October are firm.
    assert "2026-05 $600,000 $642,816 $0 $1.243M $600,000 $0" in lines
    assert "lease $17.400M $0 $0 $17.168M $232,258 2026-10-30 $0 either, 90 days" in lines
    assert "Example AI 1 $17.400M $0 $0 $17.168M $232,258 100.0 %" in lines
    # 300 + 600 + 4 x 900 kW-months.
    assert any(line.startswith("lease 4,500 $3,866.67 ") for line in lines)


def test_json_has_the_keys_of_the_formats(run: Run, tiny: Path, plan: Path) -> None:
    answer = json.loads(run("revenue", tiny, plan, "--as-of", "2026-08-15", "-q", "--json").out)
    RevenueAnswer.model_validate(answer, by_alias=True, by_name=False)
    assert answer["as_of"] == "2026-08-15"
    assert answer["about"]["scenario"] == "tiny"
    keys = {"period", "demand", "fee_usd", "value_usd", "penalty_usd", "firm_usd", "at_risk_usd"}
    assert keys <= answer["periods"][0].keys()
    keys = {"demand", "tenant", "total_usd", "firm_usd", "firm_until", "remaining_usd", "share"}
    assert keys | {"usd_per_kw_month", "usd_per_gpu_hour"} <= answer["contracts"][0].keys()
    assert answer["concentration"] == {"largest": "Example AI", "share": 1.0, "hhi": 1.0}
    # 15 August and 90 days is 13 November, after the lease's own end.
    assert answer["contracts"][0]["firm_until"] == "2026-11"


def test_without_a_plan_one_is_made_and_said(run: Run, tiny: Path) -> None:
    ended = run("revenue", tiny, "--json")
    assert (ended.code, json.loads(ended.out)["about"]["planned_now"]) == (0, True)
    assert "capalloc: no --plan given: planned first, optimal, gap 0.000 %" in ended.err.splitlines()


def test_prospects_stand_apart(run: Run, tiny: Path, tmp_path: Path) -> None:
    path = _changed(tiny, tmp_path, "until: 2026-11\n", "until: 2026-11\n    probability: 0.5\n")
    lines = squeezed(run("revenue", path, "--prospect", "lease", "-q").out)
    assert "lease Example AI 50 % $17.400M $8.700M $0" in lines
    assert not any(line.startswith(("By contract", "By tenant")) for line in lines)
    (total,) = (line for line in lines if line.startswith("Total"))
    assert total.split()[1] == "$0"


def test_the_table_has_a_line_for_each_demand_and_period(run: Run, tiny: Path, plan: Path, tmp_path: Path) -> None:
    path = tmp_path / "earned.csv"
    ended = run("revenue", tiny, plan, "--csv", path)
    assert ended.err.splitlines()[-1] == f"capalloc: money by demand and period written to {path}"
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 2 * 6
    (may,) = (row for row in rows if (row["period"], row["demand"]) == ("2026-05", "lease"))
    assert (may["tenant"], may["delivered_kw"], may["racks"], may["fee_usd"]) == (
        "Example AI",
        "300.0",
        "3",
        "600000.0",
    )
    assert sum(float(row["fee_usd"]) for row in rows) == pytest.approx(17.4e6)
    before = path.read_bytes()
    assert run("revenue", tiny, plan, "--csv", path, "-q").code == 0
    assert path.read_bytes() == before


def test_no_plan_is_no_answer(run: Run, tiny: Path, tmp_path: Path) -> None:
    path = _changed(tiny, tmp_path, "mw: 0.9", "mw: 1.3")
    path.write_text(path.read_text(encoding="utf-8") + "  shortfall: forbid\n", encoding="utf-8")
    ended = run("revenue", path, "-q")
    assert (ended.code, ended.out) == (1, "")
    assert "the scenario 'tiny' has no plan to ask about" in ended.err
