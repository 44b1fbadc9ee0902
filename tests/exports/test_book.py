"""The workbook of a plan says what the plan says."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from capalloc.analysis.base import Base, planned_base
from capalloc.exports.book import book_bytes
from capalloc.formats import load_scenario

Rows = dict[str, list[list[Any]]]


@pytest.fixture(scope="module")
def base() -> Base:
    return planned_base(load_scenario("examples/tiny.yaml"))


@pytest.fixture(scope="module")
def sheets(base: Base) -> Rows:
    return read(book_bytes(base))


def read(content: bytes) -> Rows:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def figures(rows: Sequence[Sequence[Any]]) -> dict[str, Any]:
    return {row[0]: row[1] for row in rows}


def test_the_summary_leads_to_the_objective(base: Base, sheets: Rows) -> None:
    assert figures(sheets["Summary"])["Objective"] == pytest.approx(base.plan.objective_usd, abs=0.005)


def test_money_has_a_row_for_each_demand_and_period(base: Base, sheets: Rows) -> None:
    head, *rows, total = sheets["Money"]
    assert len(rows) == len(base.plan.demands)
    assert total[head.index("Fee USD")] == pytest.approx(
        sum(row.revenue_usd for row in base.plan.demands if row.demand == "lease")
    )


def test_the_same_plan_gives_the_same_bytes(base: Base) -> None:
    assert book_bytes(base) == book_bytes(base)
