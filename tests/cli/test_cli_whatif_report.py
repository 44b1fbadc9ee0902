"""``capalloc whatif --report``: the cases as a page, beside what else the command writes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.commands import Run


@pytest.fixture
def page(tmp_path: Path) -> Path:
    return tmp_path / "cases.html"


def test_a_page_is_written_beside_the_answer(run: Run, tiny: Path, page: Path) -> None:
    ended = run("whatif", tiny, "fee:lease:x0.9", "--report", page, "--json")
    assert ended.code == 0
    assert [case["case"] for case in json.loads(ended.out)["cases"]] == ["fee:lease:x0.9"]
    assert ended.err.splitlines()[-1] == f"capalloc: report written to {page}"
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>\n<!-- capalloc report -->\n")


def test_a_run_that_goes_on_writes_the_same_page(run: Run, tiny: Path, plan: Path, page: Path, tmp_path: Path) -> None:
    folder, again = tmp_path / "cases", tmp_path / "again.html"
    asked = ("whatif", tiny, "fee:lease:x0.9,x0.8", "--plan", plan, "-o", folder, "-q")
    assert run(*asked, "--report", page).code == 0
    assert run(*asked, "--report", again).code == 0
    assert page.read_bytes() == again.read_bytes()


def test_a_kept_case_that_was_changed_is_planned_again_and_said(
    run: Run, tiny: Path, plan: Path, page: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "cases"
    asked = ("whatif", tiny, "fee:lease:x0.9", "--plan", plan, "-o", folder, "-q")
    assert run(*asked).code == 0
    (answer,) = folder.glob("fee*[!n].json")
    answer.write_text("{}", encoding="utf-8")
    assert run(*asked, "--report", page).code == 0
    assert "planned again" in page.read_text(encoding="utf-8")


def test_a_file_of_another_kind_is_kept_unless_forced(run: Run, tiny: Path, page: Path) -> None:
    page.write_text("mine", encoding="utf-8")
    ended = run("whatif", tiny, "fee:lease:x0.9", "--report", page, "-q")
    assert (ended.code, ended.out) == (2, "")
    assert "is there already and is not a report" in ended.err
    assert page.read_text(encoding="utf-8") == "mine"
    assert run("whatif", tiny, "fee:lease:x0.9", "--report", page, "-q", "--force").code == 0


def test_where_no_case_has_a_plan_the_page_says_so(run: Run, tiny: Path, page: Path, tmp_path: Path) -> None:
    case = tmp_path / "huge.yaml"
    case.write_text(
        "- {type: sign, on: 2026-06-01, contract: {name: huge, tenant: Huge, rack_types: [rack], commitment: hard, "
        "ramp: [{from: 2026-06, mw: 5}], until: 2026-11, fee: {usd_per_kw_month: 5000}}}\n",
        encoding="utf-8",
    )
    ended = run("whatif", tiny, case, "--report", page, "-q")
    assert ended.code == 1
    text = page.read_text(encoding="utf-8")
    assert "1 case without a plan" in text
    assert "infeasible: no plan keeps every rule" in text
