"""What ``capalloc whatif`` prints of its cases."""

from __future__ import annotations

from capalloc.report.figures import DASH
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


def told(**changes: object) -> tuple[list[tuple[str, ...]], str]:
    """The lines of the table of cases, and the texts, of one case."""
    case = CaseAnswer.model_validate(
        {"case": "notice:lease:2026-05", "status": "optimal", "delta_usd": 0.0, "delta_usd_between": (0.0, 0.0)}
        | MONEY
        | FIGURES
        | changes
    )
    answer = WhatIf(about=ABOUT, horizon=("2026-05",), base=BaseFigures.model_validate(MONEY | FIGURES), cases=(case,))
    page = list(whatif_page(answer))
    table = next(part for part in page if isinstance(part, Grid))
    return [tuple(line) for line in table.rows], "\n".join(str(part) for part in page)


def test_deliveries_that_stand_elsewhere_have_a_column_where_there_are_some() -> None:
    rows, text = told(relocated=14)
    assert rows[0][-2:] == ("14", DASH)
    assert "Deliveries elsewhere: racks still to come that get another position, which costs nothing" in text
    assert "nothing changes" not in text
    rows, text = told(relocated=0)
    assert (rows[0][-2:], "Deliveries" in text) == (("+0", DASH), False)


def test_a_case_that_changes_nothing_says_why() -> None:
    assert "notice:lease:2026-05: nothing changes: lease has ended" in told(doubts=("lease has ended",))[1]
