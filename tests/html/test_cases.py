"""The cases of a what-if on a page: what a reader finds there is what ``whatif --json`` says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import pytest

from capalloc.analysis.base import Base
from capalloc.analysis.picture import Pictured
from capalloc.analysis.whatif import whatif_from
from capalloc.report.figures import DASH, usd
from capalloc.report.html import cases_html
from capalloc.runner.here import Here
from capalloc.schema.whatif import BaseFigures, CaseAnswer, CaseChange, WhatIf
from tests.html.browser import MANY, Shown
from tests.html.sites import NAMES
from tests.html.tables import rows_of
from tests.shared import Shared

Open = Callable[..., Shown]
PicturedOf = Callable[[str], Pictured]
GRID = ["demand:inference:x0.5,x2*notice:lease:2026-07,2026-08"]
MIXED = ["fee:lease:x0.9", "demand:inference:x0.5", "notice:lease:2026-07"]
FIGURES = BaseFigures(
    objective_usd=1.0, bound_usd=1.0, gap=0.0, fees_usd=1.0, values_usd=0.0, penalties_usd=0.0, racks_moved=0
)
MOST_BYTES = 5_000_000
_CHART = """(number) => [...document.querySelectorAll("#multiples .mark-rect path")].map((one) => one.__data__.datum)
  .filter((row) => row.number === number).map((row) => [row.layer, row.low, row.high, row.first, row.end])"""
_FIRST = """(number) => {
  const boxes = [...document.querySelectorAll("#multiples .mark-rect path")];
  return boxes.find((one) => one.__data__.datum.number === number);
}"""
_PLACE = f"""(number) => {{
  const {{ bottom, left }} = ({_FIRST})(number).getBoundingClientRect();
  return [Math.round(bottom), left];
}}"""
_CLICK = f"""(number) => {{
  const box = ({_FIRST})(number), {{ left, top, width, height }} = box.getBoundingClientRect();
  box.dispatchEvent(new MouseEvent("click", {{ bubbles: true, clientX: left + width / 2, clientY: top + height / 2 }}));
}}"""
_HEADS = "[...document.querySelectorAll('#multiples .role-column-header text')].map((one) => one.textContent)"


@pytest.fixture(scope="module")
def base(pictured_example: PicturedOf) -> Base:
    tiny = pictured_example("tiny")
    return Base(tiny.scenario, tiny.plan)


@pytest.fixture(scope="module")
def grid(base: Base) -> WhatIf:
    return whatif_from(base, GRID, engine=Here())


@pytest.fixture(scope="module")
def mixed(base: Base, tmp_path_factory: pytest.TempPathFactory) -> WhatIf:
    """Three cases that have a plan, one of a new contract, and one without a plan."""
    signed = tmp_path_factory.mktemp("offers") / "offer.yaml"
    signed.write_text(
        "{name: successor, tenant: New, rack_types: [rack], ramp: [{from: 2026-08, mw: 0.2}], until: 2026-11, "
        "fee: {usd_per_kw_month: 5000}}\n",
        encoding="utf-8",
    )
    answer = whatif_from(base, [*MIXED, f"sign:{signed}"], engine=Here())
    lost = CaseAnswer(case="<b>lost</b>", status="infeasible", detail="no plan keeps every rule")
    return answer.model_copy(update={"cases": (*answer.cases, lost), "undone": ("later",)})


@pytest.fixture
def grid_page(base: Base, grid: WhatIf, shared: Shared, shown: Open) -> Shown:
    page = shown(shared.file("grid of cases.html", lambda: cases_html(base, grid)))
    page.until("document.querySelectorAll('#multiples .mark-rect path').length > 0")
    return page


@pytest.fixture
def mixed_page(base: Base, mixed: WhatIf, shared: Shared, shown: Open) -> Shown:
    page = shown(shared.file("cases.html", lambda: cases_html(base, mixed)))
    page.until("document.querySelectorAll('#multiples .mark-rect path').length > 0")
    return page


def dollars(amount: float | None) -> str:
    """As the page's table writes a difference."""
    return DASH if amount is None else f"+{usd(amount)}" if amount > 0 else usd(amount)


def moves(case: CaseAnswer, answer: WhatIf) -> str:
    if case.racks_moved is None:
        return DASH
    more = case.racks_moved - answer.base.racks_moved
    return f"+{more}" if more > 0 else str(more)


@pytest.mark.parametrize("kind", ["grid", "mixed"])
def test_the_table_is_the_answer(kind: str, request: pytest.FixtureRequest) -> None:
    page, answer = request.getfixturevalue(f"{kind}_page"), request.getfixturevalue(kind)
    rows = rows_of(page, "#cases-table")
    assert [row["Case"] for row in rows] == [case.case for case in answer.cases]
    for row, case in zip(rows, answer.cases, strict=True):
        assert row["Status"] == case.status
        assert row["Worth, USD against base"] == dollars(case.delta_usd)
        assert row["Racks moved"] == moves(case, answer)
        if case.fees_usd is not None:
            assert row["Fees, USD"] == dollars(round(case.fees_usd - answer.base.fees_usd, 2))
    assert page.complaints == []


def test_small_charts_deliver_what_the_cases_deliver(mixed_page: Shown, mixed: WhatIf, base: Base) -> None:
    in_base = {(row.demand, row.period): row.delivered_kw for row in base.plan.demands}
    for number, case in enumerate(mixed.cases[:-1]):
        boxes = mixed_page.ask(_CHART, number)
        for period in base.scenario.horizon.periods:
            kw = {demand: got for (demand, label), got in in_base.items() if label == period.label}
            for change in case.changes:
                if period.inside(change.start, change.until):
                    kw[change.demand] = change.kw[1]
            drawn = sum(high - low for _, low, high, first, end in boxes if first <= period.index < end)
            assert drawn == pytest.approx(sum(kw.values()) / 1000), (case.case, period.label)


def test_charts_stand_in_the_order_of_the_cases(mixed_page: Shown, mixed: WhatIf) -> None:
    places = [mixed_page.ask(_PLACE, number) for number in range(len(mixed.cases) - 1)]
    assert places == sorted(places)


def test_a_click_on_a_chart_or_a_key_on_a_name_tells_what_changes(mixed_page: Shown, mixed: WhatIf) -> None:
    mixed_page.ask(_CLICK, 1)
    case = mixed.cases[1]
    assert mixed_page.ask("document.querySelector('#case-title').textContent") == f"What changes: {case.case}"
    assert changes_told(mixed_page) == changes_of(case.changes)
    mixed_page.page.focus("#cases-table tbody .key")
    mixed_page.page.keyboard.press("ArrowDown")
    mixed_page.page.keyboard.press("ArrowDown")
    mixed_page.page.keyboard.press("Enter")
    assert mixed_page.ask("document.querySelector('#case-title').textContent").endswith(mixed.cases[2].case)
    assert changes_told(mixed_page) == changes_of(mixed.cases[2].changes)


def changes_told(page: Shown) -> list[tuple[str, str, str, str, str]]:
    heads = ("Demand", "From", "Until", "Base plan, kW", "Case, kW")
    rows = rows_of(page, "#case-changes")
    return [(row[heads[0]], row[heads[1]], row[heads[2]], row[heads[3]], row[heads[4]]) for row in rows]


def changes_of(changes: Sequence[CaseChange]) -> list[tuple[str, str, str, str, str]]:
    return [
        (one.demand, one.start.isoformat(), one.until.isoformat(), f"{one.kw[0]:,.1f}", f"{one.kw[1]:,.1f}")
        for one in changes
    ]


def test_cases_without_a_plan_and_cases_that_are_left_are_said_on_top(mixed_page: Shown) -> None:
    text = mixed_page.ask("document.querySelector('#overview').innerText")
    assert "<b>lost</b>: infeasible: no plan keeps every rule" in text
    assert "Not planned yet: later" in text
    assert mixed_page.ask("document.querySelectorAll('#overview b').length") == 0


def test_a_new_contract_has_a_colour_of_its_own_and_others_those_of_the_plan(mixed_page: Shown) -> None:
    shades = mixed_page.ask(
        "[...document.querySelectorAll('#cases .keys li')].map((one) => "
        "[one.textContent.trim(), one.querySelector('rect, path').getAttribute('class').split('shade-')[1]])"
    )
    # Contracts first; in the plan's report inference is the scenario's first demand, the lease its second.
    assert shades == [["lease", "d1"], ["successor", "d2"], ["inference", "d0"], ["Base plan, all demands", "ink"]]


def test_a_grid_has_rows_and_columns_by_what_is_changed(grid_page: Shown) -> None:
    assert grid_page.ask(_HEADS) == ["2026-07", "2026-08"]
    rows = rows_of(grid_page, "#cases-table")
    assert [(row["demand:inference"], row["notice:lease"]) for row in rows] == [
        ("x0.5", "2026-07"),
        ("x0.5", "2026-08"),
        ("x2", "2026-07"),
        ("x2", "2026-08"),
    ]


@pytest.mark.parametrize("kind", ["grid", "mixed"])
def test_all_of_it_is_worked_seen_and_printed_without_complaint(kind: str, request: pytest.FixtureRequest) -> None:
    page = request.getfixturevalue(f"{kind}_page")
    page.work_through()
    assert page.serious() == []
    for width in (360, 1440):
        page.page.set_viewport_size({"width": width, "height": 800})
        page.page.wait_for_timeout(100)
        assert page.beyond() == "", width
    page.page.emulate_media(media="print")
    page.page.set_viewport_size({"width": 700, "height": 800})
    page.ask("() => dispatchEvent(new Event('beforeprint'))")
    page.page.wait_for_timeout(100)
    assert page.beyond() == ""
    assert page.ask("document.querySelector('#multiples svg').getBoundingClientRect().right <= innerWidth")
    assert page.complaints == []


def test_names_of_any_kind_are_text(pictured_example: PicturedOf, shared: Shared, shown: Open) -> None:
    odd = pictured_example("hostile")
    base = Base(odd.scenario, odd.plan)
    first, last = base.scenario.horizon.periods[0].start, base.scenario.horizon.periods[-1].end
    cases = [
        CaseAnswer(
            case=f"fee:{name}:x0.9",
            status="feasible",
            objective_usd=1.0,
            delta_usd=-1.0,
            changes=(CaseChange(demand=name, **{"from": first}, until=last, kw=(0.0, 80.0 * n), racks=(0, n)),),
        )
        for n, name in enumerate(NAMES)
    ]
    answer = WhatIf(about=base.about, horizon=base.plan.periods, base=FIGURES, cases=tuple(cases))
    page = shown(shared.file("hostile cases.html", lambda: cases_html(base, answer)))
    page.until("document.querySelectorAll('#multiples .mark-rect path').length > 0")
    page.work_through(MANY)
    assert page.complaints == []
    assert page.ask("document.querySelectorAll('img').length") == 0
    assert {row["Case"] for row in rows_of(page, "#cases-table")} <= {f"fee:{name}:x0.9" for name in NAMES}


def test_sixty_cases_of_520_weeks_stay_small_and_the_same(pictured_example: PicturedOf) -> None:
    weeks = pictured_example("520 weeks")
    base = Base(weeks.scenario, weeks.plan)
    periods = base.scenario.horizon.periods

    def changing(number: int) -> dict[str, Any]:
        borders = range(number % 4, 520, 4)
        return {
            "changes": tuple(
                CaseChange(
                    demand=name,
                    until=periods[until].start,
                    kw=(0.0, 80.0 * ((start + number) % 5)),
                    racks=(0, start % 5),
                    **{"from": periods[start].start},
                )
                for start, until in pairwise(borders)
                for name in ("lease", "own")
            )
        }

    cases = tuple(
        CaseAnswer(case=f"case {n}", status="feasible", objective_usd=1.0, delta_usd=float(n), **changing(n))
        for n in range(60)
    )
    answer = WhatIf(about=base.about, horizon=base.plan.periods, base=FIGURES, cases=cases)
    page = cases_html(base, answer)
    assert len(page.encode()) <= MOST_BYTES
    assert page == cases_html(base, answer)
