"""The workbook of a plan says what the plan says, and a spreadsheet computes the same."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from datetime import date
from io import BytesIO
from math import fsum
from pathlib import Path
from typing import Any

import pytest

from capalloc import PlannerParams
from capalloc.analysis.base import Base, planned_base
from capalloc.errors import NoAnswerError
from capalloc.exports.book import book_bytes, workbook
from capalloc.formats import load_scenario
from capalloc.verify import recount
from tests import byhand
from tests.exports.office import Rows, computed, read

_ROOT = Path(__file__).parents[2]
_NAME = '=HYPERLINK("http://x","y")'


@pytest.fixture(scope="module")
def base() -> Base:
    return planned_base(load_scenario(_ROOT / "examples" / "tiny.yaml"))


@pytest.fixture(scope="module")
def sheets(base: Base) -> Rows:
    return read(book_bytes(base))


@pytest.fixture(scope="module")
def odd() -> Base:
    """A shortfall, a prospect, a free first month, a delivery, and names that look like formulas."""
    steps = [{"from": "2026-05", "mw": 0.16, "fee_factor": 0.0}, {"from": "2026-07", "mw": 0.9}]
    site = byhand.facility()
    site["racks"].append({"name": "+new", "rack_type": "hgx", "available_from": "2026-06"})
    prospect = byhand.contract(name="maybe", tenant="@tenant", probability=0.5, ramp=[{"from": "2026-06", "mw": 0.08}])
    case = byhand.by_hand(facility=site, contracts=[byhand.contract(name=_NAME, ramp=steps), prospect])
    params = PlannerParams(gap=1.0, time_limit=20.0)
    return planned_base(case, prospects=frozenset({"maybe"}), params=params)


def figures(rows: Sequence[Sequence[Any]]) -> dict[str, Any]:
    return {row[0]: row[1] for row in rows}


def column(rows: Sequence[Sequence[Any]], head: str) -> list[Any]:
    """The cells of a column between head and total."""
    number = rows[0].index(head)
    return [row[number] for row in rows[1:] if row[0] != "Total"]


def total(rows: Sequence[Sequence[Any]], head: str) -> float:
    (line,) = [row for row in rows if row[0] == "Total"]
    return float(line[rows[0].index(head)])


def require_the_plan(base: Base, sheets: Rows) -> None:
    """Every sum of the workbook is what the verifier counts from the plan's assignments."""
    counted = recount(base.scenario, base.plan)
    fees = {one.name for one in base.scenario.all_contracts}
    money, summary = sheets["Money"], figures(sheets["Summary"])
    earned = {True: 0.0, False: 0.0}
    for row in counted.demands:
        earned[row.demand in fees] += row.revenue_usd
    penalties = fsum(row.penalty_usd for row in counted.demands)
    assert summary["Objective"] == pytest.approx(counted.objective_usd, abs=0.01)
    assert (summary["Fees"], summary["Values"]) == pytest.approx((earned[True], earned[False]), abs=0.01)
    assert summary["Penalties"] == pytest.approx(penalties, abs=0.01)
    assert (total(money, "Fee USD"), total(money, "Value USD")) == pytest.approx((earned[True], earned[False]))
    assert total(money, "Net USD") == pytest.approx(earned[True] + earned[False] - penalties)
    moves = base.plan.stats.moves * base.scenario.policy.move_cost_usd_per_rack
    assert summary["Cost of moves"] == pytest.approx(moves)
    delivered = fsum(row.delivered_kw for row in counted.demands) / 1000
    assert fsum(column(sheets["Site"], "Delivered MW")) == pytest.approx(delivered)
    periods = sheets["Delivered MW"][0][3:]
    assert fsum(total(sheets["Delivered MW"], period) for period in periods) == pytest.approx(delivered)


@pytest.mark.parametrize("name", ["base", "odd"])
def test_stated_totals_are_those_of_the_plan(request: pytest.FixtureRequest, name: str) -> None:
    case: Base = request.getfixturevalue(name)
    require_the_plan(case, read(book_bytes(case)))


def test_totals_that_libreoffice_computes_are_those_of_the_plan(base: Base, odd: Base, tmp_path: Path) -> None:
    """Nothing is stated for any formula, so every figure is LibreOffice's own."""
    books = {"base": book_bytes(base), "odd": book_bytes(odd)}
    for case, (name, found) in zip((base, odd), computed(books, tmp_path).items(), strict=True):
        require_the_plan(case, found)
        stated = read(books[name])
        assert found.keys() == stated.keys()
        for sheet, rows in stated.items():
            assert_alike(rows, found[sheet])


def assert_alike(stated: Sequence[Sequence[Any]], found: Sequence[Sequence[Any]]) -> None:
    assert len(stated) == len(found)
    for one, other in zip(stated, found, strict=True):
        for cell, again in zip(one, other, strict=True):
            if isinstance(cell, float):
                assert again == pytest.approx(cell, rel=1e-9, abs=1e-9)
            else:
                assert again == cell


def test_months_are_those_of_revenue(base: Base, sheets: Rows) -> None:
    months = sheets["Months"]
    assert column(months, "Month") == list(base.plan.periods)
    # The lease earns 0.3 MW at half of 4,000 USD per kW-month in May, 0.6 MW in full in June.
    assert column(months, "Fee USD")[:2] == [600_000.0, 2_400_000.0]
    assert column(months, "Firm fee USD")[:2] == [600_000.0, 2_400_000.0]


def test_moves_have_dates_and_places(base: Base, sheets: Rows) -> None:
    moves = sheets["Moves"]
    assert column(moves, "Cost of move USD").count(1000.0) == base.plan.stats.moves
    racks = {rack.name: rack.position for rack in base.scenario.facility.racks}
    assert all(
        racks[rack] == position for rack, position in zip(column(moves, "Rack"), column(moves, "Position"), strict=True)
    )
    assert set(column(moves, "Date")) <= {period.start for period in base.scenario.horizon.periods}


def test_assignments_and_deliveries_are_those_of_the_plan(odd: Base) -> None:
    sheets = read(book_bytes(odd))
    found = zip(*(column(sheets["Assignments"], head) for head in ("Rack", "Demand", "From", "Until")), strict=True)
    assert list(found) == [(one.rack, one.demand, one.start, one.until) for one in odd.plan.assignments]
    placed = zip(*(column(sheets["Deliveries"], head) for head in ("Rack", "Position", "Date")), strict=True)
    assert list(placed) == [(one.rack, one.position, one.start) for one in odd.plan.placements]


def test_a_rack_that_comes_to_a_place_of_its_own_is_a_delivery_too() -> None:
    comes = {"name": "k00", "rack_type": "hgx", "position": "p0", "status": "planned", "available_from": "2026-07-01"}
    racks = [comes, *byhand.facility()["racks"][1:]]
    sheets = read(book_bytes(planned_base(byhand.by_hand(facility=byhand.facility(racks=racks)))))
    assert column(sheets["Deliveries"], "Rack") == ["k00"]
    assert column(sheets["Deliveries"], "Position") == ["p0"]
    assert column(sheets["Deliveries"], "Date") == [date(2026, 7, 1)]


def test_nodes_begin_with_the_tightest(base: Base, sheets: Rows) -> None:
    # The feeder carries all that it may in May: 1,000 of 1,000 kW.
    head, first = sheets["Nodes"][:2]
    found = dict(zip(head, first, strict=True))
    assert (found["Node"], found["Tightest period"]) == ("feeder", "2026-05")
    assert (found["Load kW"], found["Limit kW"], found["Headroom kW"], found["Used"]) == (1000.0, 1000.0, 0.0, 1.0)
    assert len(sheets["Nodes"]) == 1 + len(base.scenario.facility.power)


def test_shortfalls_and_what_keeps_racks_away_are_told(odd: Base) -> None:
    sheets = read(book_bytes(odd))
    assert column(sheets["Shortfalls"], "Demand") == [one.demand for one in odd.plan.shortfalls]
    assert len(sheets["Why short"]) == 1 + sum(len(one.reasons) for one in odd.plan.unplaced)
    assert odd.plan.shortfalls


def test_names_that_look_like_formulas_are_texts(odd: Base) -> None:
    content = book_bytes(odd)
    sheets = read(content)
    assert _NAME in column(sheets["Delivered MW"], "Demand")
    assert "@tenant" in column(sheets["Contracts"], "Tenant")
    with zipfile.ZipFile(BytesIO(content)) as book:
        formulas = b"".join(book.read(name) for name in book.namelist() if name.startswith("xl/worksheets/sheet"))
        assert b"HYPERLINK" not in formulas
        assert not any("hyperlink" in name for name in book.namelist())


def test_more_demands_than_colours_are_charted_by_kind() -> None:
    contracts = [byhand.contract(name=f"c{n}", ramp=[{"from": "2026-05", "mw": 0.0}]) for n in range(17)]
    base = planned_base(byhand.by_hand(contracts=contracts))
    with zipfile.ZipFile(BytesIO(book_bytes(base))) as book:
        chart = book.read("xl/charts/chart1.xml").decode()
    assert chart.count("<c:ser>") == 4
    assert "'Site'!$D$1" in chart


def test_a_site_without_demands_has_a_workbook() -> None:
    base = planned_base(byhand.by_hand(contracts=[], workloads=[]))
    require_the_plan(base, read(book_bytes(base)))


def test_texts_stand_in_cells_as_they_are() -> None:
    names = ["a\nb", "_x0041_", "\U0001f600", "'lead", " sp ", "{row}", "[Fees]", 'q"', "x" * 40_000]
    contracts = [byhand.contract(name=name, tenant=name, ramp=[{"from": "2026-05", "mw": 0.0}]) for name in names]
    sheets = read(book_bytes(planned_base(byhand.by_hand(contracts=contracts))))
    # A cell holds 32,767 letters.
    assert column(sheets["Contracts"], "Tenant") == [name[:32_767] for name in names]


def test_the_same_plan_gives_the_same_bytes(base: Base) -> None:
    assert book_bytes(base) == book_bytes(base)


def test_a_sheet_that_no_spreadsheet_could_hold_is_refused(base: Base, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "_MOST_ROWS", 20)
    with pytest.raises(NoAnswerError, match=r"the sheet 'Summary' would have 21 rows and 4 columns"):
        book_bytes(base)
