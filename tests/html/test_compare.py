"""Two plans on one page: what a reader finds there is what ``capalloc diff`` says."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from capalloc import Plan, Scenario, diff, solve
from capalloc.analysis.picture import Pictured
from capalloc.analysis.picture.floor import floor_of
from capalloc.report.html import compared_html
from capalloc.schema.diff import Diff
from tests.byhand import by_hand, contract, facility
from tests.html.browser import MANY, Shown
from tests.html.sites import hostile
from tests.html.tables import rows_of
from tests.shared import Shared

Open = Callable[..., Shown]
_LABELS = """() => [...document.querySelectorAll('#compare .plot svg')].map((one) =>
  [...one.querySelectorAll('.role-axis-label')].map((label) => label.textContent).join())"""
_CHOOSE = """(t) => {
  const slider = document.querySelector("#period");
  slider.value = t;
  slider.dispatchEvent(new Event("input"));
}"""
NAMES = ("june.json", "july.json")


def planned(scenario: Scenario) -> Plan:
    plan = solve(scenario).plan
    assert plan is not None
    return plan


@pytest.fixture(scope="module")
def pair() -> tuple[Pictured, Pictured]:
    """The site by hand, and the same a month on: its lease steps up a month later; a rack was delivered."""
    racks = [*facility()["racks"], {"name": "new", "rack_type": "hgx", "available_from": "2026-06"}]
    site = facility(racks=racks)
    first = by_hand(facility=site)
    later = contract(ramp=[{"from": "2026-05", "mw": 0.16}, {"from": "2026-08", "mw": 0.4}])
    second = by_hand(facility=site, contracts=[later], horizon={"start": "2026-06", "end": "2026-12"})
    plan = planned(second)
    (one,) = plan.placements
    other = {"p10": "p11", "p11": "p10"}[one.position]
    moved = plan.replace(placements=(one.model_copy(update={"position": other}),))
    return Pictured(first, planned(first)), Pictured(second, moved)


@pytest.fixture(scope="module")
def answer(pair: tuple[Pictured, Pictured]) -> Diff:
    first, second = pair
    return diff(first.plan, second.plan, first.scenario, second.scenario)


@pytest.fixture
def page(pair: tuple[Pictured, Pictured], answer: Diff, shared: Shared, shown: Open) -> Shown:
    return shown(shared.file("compared.html", lambda: compared_html(*pair, answer, NAMES)))


def test_both_plans_are_named_and_the_page_complains_of_nothing(page: Shown) -> None:
    assert [NAMES[0] in page.ask("document.querySelector('.plans').innerText")] == [True]
    page.work_through()
    assert page.complaints == []
    assert page.serious() == []
    assert page.ask("document.querySelector('main > section').id") == "compare"


def test_what_demands_get_is_as_diff_says(page: Shown, answer: Diff) -> None:
    rows = [
        [one["Period"], one["Demand"], one["First plan, kW"], one["Second plan, kW"]]
        for one in rows_of(page, "#compare-demands")
    ]
    assert rows == [[one.period, one.demand, *(f"{kw:,.1f}" for kw in one.kw)] for one in answer.demands]
    assert rows


def test_moves_are_those_of_diff_rack_by_rack(page: Shown, answer: Diff) -> None:
    page.ask("document.querySelector('#compare-racks').open = true")
    page.until("document.querySelector('#compare-moves tbody tr') !== null")
    found = [
        (one["Date"], one["Change"], one["Rack"], one["Hall"], one["Position"])
        for one in rows_of(page, "#compare-moves")
    ]
    assert found == [(one.date.isoformat(), one.change, one.rack, one.hall, one.position) for one in answer.moves]
    jobs = rows_of(page, "#compare-jobs")
    assert sum(int(one["Racks"]) for one in jobs) == len(answer.moves)


def test_deliveries_that_stand_elsewhere_are_listed(page: Shown, answer: Diff) -> None:
    (row,) = rows_of(page, "#compare-stands")
    (one,) = answer.stands
    assert (row["Rack"], row["Change"]) == ("new", one.change)
    assert (row["First plan, position"], row["Second plan, position"]) == one.positions


def test_ramps_share_their_axes_and_their_measure(page: Shown) -> None:
    page.until("document.querySelectorAll('#compare .plot svg').length === 2")
    first, second = page.ask(_LABELS)
    assert first == second
    page.ask("() => document.querySelectorAll('#compare .numbers').forEach((one) => { one.open = true; })")
    page.until("document.querySelectorAll('#compare .numbers tbody tr').length > 1")
    page.page.click("#compare [data-chart=compare-1] [data-variant=GPUs]")
    pressed = page.ask(
        "[...document.querySelectorAll('#compare [aria-pressed=true][data-variant]')].map((one) => one.textContent)"
    )
    assert pressed == ["GPUs", "GPUs"]
    heads = page.ask("[...document.querySelectorAll('#compare .numbers th:nth-child(3)')].map((one) => one.innerText)")
    assert len(heads) == 2
    assert all("GPUs" in head for head in heads)
    page.page.wait_for_timeout(100)
    first, second = page.ask(_LABELS)
    assert first == second
    assert "500" in first  # 640 GPUs at most


def test_each_ramp_says_what_its_own_plan_delivers(page: Shown, answer: Diff) -> None:
    page.until("document.querySelectorAll('#compare .plot svg').length === 2")
    page.page.click("#compare [data-chart=compare-1] [data-variant='MW as sold']")
    months = page.ask("[...Array(Number(document.querySelector('#period').max) + 1).keys()]")
    said: dict[tuple[str, int], float] = {}
    for t in months:
        page.ask(_CHOOSE, t)
        for number in (0, 1):
            text = page.ask(
                f"document.querySelector('[data-chart=compare-{number}] .plot').getAttribute('aria-valuetext')"
            )
            month, *parts = text.split("; ")
            for part in parts:
                name, _, amount = part.partition(": ")
                if name == "lease":
                    said[month, number] = float(amount.removesuffix(" kW"))
    for one in answer.demands:
        if one.demand == "lease":
            for number in (0, 1):
                assert said.get((one.period, number), 0.0) == one.kw[number]
    # The second plan begins and ends a month later than the first: of November the first says nothing.
    assert ("2026-11", 0) not in said


def test_the_map_shows_what_moved(page: Shown, pair: tuple[Pictured, Pictured]) -> None:
    page.page.click("#show-moved")
    assert page.ask("document.querySelector('[data-colour=moved]').getAttribute('aria-pressed')") == "true"
    counted = "[...document.querySelectorAll('#map-keys li:not(.none)')].map((one) => one.textContent)"
    first, second = (dict(zip(one.site.instance.positions.names, floor_of(one).state, strict=True)) for one in pair)
    # June is the first plan's second month; the demands have the same numbers in both.
    alike = sum(first[name][1] == second[name][0] for name in second)
    assert f"As in the first plan {alike}" in page.ask(counted)
    page.ask(_CHOOSE, 5)  # November, which the first plan does not have
    assert page.ask(counted) == [f"Not in the first plan {len(second)}"]


def test_the_same_plan_twice_says_so_and_shows_no_empty_lists(
    pair: tuple[Pictured, Pictured], shared: Shared, shown: Open
) -> None:
    one = pair[0]
    answer = diff(one.plan, one.plan, one.scenario)
    page = shown(shared.file("same.html", lambda: compared_html(one, one, answer, ("a", "b"))))
    text = page.ask("document.querySelector('#compare').innerText")
    assert "The two plans are the same: no rack, position or dollar differs" in text
    assert page.ask("document.querySelectorAll('#compare table, #compare .plot').length") == 0
    assert page.ask("document.querySelectorAll('[data-colour=moved]').length") == 0
    page.work_through()
    assert page.complaints == []


def test_names_of_any_kind_are_compared(shared: Shared, shown: Open) -> None:
    scenario = hostile()
    first = planned(scenario)
    racks = [one.rack for one in first.assignments[:4]]
    second = first.replace(assignments=tuple(one for one in first.assignments if one.rack not in racks))
    plans = Pictured(scenario, first), Pictured(scenario, second)
    page = shown(shared.file("compared hostile.html", lambda: compared_html(*plans, diff(first, second), ("a", "b"))))
    page.work_through(MANY)
    assert page.complaints == []
    assert "The independent check rejects the second plan" in page.ask("document.querySelector('#compare').innerText")
