"""What ``capalloc whatif`` prints of its cases."""

from __future__ import annotations

from capalloc.report.table import Grid
from capalloc.report.whatif import whatif_page
from capalloc.schema.about import About
from capalloc.schema.status import Status
from capalloc.schema.whatif import BaseFigures, CaseAnswer, Missed, WhatIf

MONEY = {"objective_usd": 0.0, "bound_usd": 0.0, "gap": 0.0}
FIGURES = {"fees_usd": 0.0, "values_usd": 0.0, "penalties_usd": 0.0, "racks_moved": 0}
ABOUT = About(
    scenario="tiny",
    scenario_sha256="",
    plan_sha256="0",
    planned_now=False,
    prospects=(),
    status=Status.OPTIMAL,
    objective_usd=0.0,
    bound_usd=0.0,
    gap=0.0,
)


def test_periods_that_are_no_neighbours_are_lines_of_their_own() -> None:
    months = ("2026-05", "2026-06", "2026-07", "2026-08")
    missed = tuple(Missed(demand="lease", period=month, short_kw=10.0) for month in months if month != "2026-06")
    case = CaseAnswer.model_validate(
        {"case": "delay:grid:30d", "status": "optimal", "missed": missed, "delta_usd": 0.0} | MONEY | FIGURES
    )
    base = BaseFigures.model_validate(MONEY | FIGURES)
    page = whatif_page(WhatIf(about=ABOUT, horizon=months, base=base, cases=(case,)))
    (table,) = [part for part in page if isinstance(part, Grid) and "missed" in str(part.title)]
    assert [line[:2] for line in table.rows] == [("lease", "2026-05"), ("lease", "2026-07 … 2026-08")]
