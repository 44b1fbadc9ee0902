"""The calendar, as a reader works it: what halls and dates say is what the plan has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from capalloc.analysis.picture import Pictured
from tests.html.browser import Shown

Open = Callable[..., Shown]
PageOf = Callable[[str], Path]
PicturedExample = Callable[[str], Pictured]

_MARKS = """(wanted) => {
  const all = [...document.querySelectorAll("[data-chart=calendar] .plot svg path")];
  const found = all.filter((one) => one.__data__?.datum?.[wanted] !== undefined);
  return found.map((one) => {
    const box = one.getBoundingClientRect(), datum = { ...one.__data__.datum };
    for (const day of ["at", "until"]) if (day in datum) datum[day] = new Date(datum[day]).toISOString().slice(0, 10);
    return { ...datum, x: box.x + box.width / 2, y: box.y + box.height / 2, opacity: getComputedStyle(one).opacity };
  });
}"""
_CELLS = """(id) => {
  document.getElementById(id).closest("details").open = true;
  return new Promise((done) => setTimeout(() => done([...document.querySelectorAll(`#${id} tbody tr`)]
    .map((row) => [...row.children].map((cell) => cell.textContent)).filter((row) => row.length > 1)), 50));
}"""
_LABELS = "[...document.querySelectorAll('[data-chart=calendar] .keys bdi')].map((one) => one.textContent)"
_TIP = "document.getElementById('tip').hidden ? '' : document.getElementById('tip').innerText"


def calendar(page: Shown) -> Shown:
    """The page with its calendar drawn and in sight."""
    page.ask("document.querySelector('[data-chart=calendar]').scrollIntoView({block: 'center'})")
    page.until("document.querySelector('[data-chart=calendar] .plot svg path') !== null")
    page.page.wait_for_timeout(150)
    return page


@pytest.fixture
def tiny(page_of: PageOf, shown: Open) -> Shown:
    return calendar(shown(page_of("tiny")))


def test_hall_and_dates_under_the_pointer_are_told(tiny: Shown) -> None:
    bars = [one for one in tiny.ask(_MARKS, "hall") if one["at"] == "2026-08-01"]
    # From August on nine racks of twelve serve the lease.
    (lease,) = [one for one in bars if one["racks"] == 9]
    tiny.page.mouse.move(lease["x"], lease["y"])
    assert tiny.ask(_TIP).split("\n") == ["h1", "lease: 9 of 12 racks, 75.0 %", "from 2026-08-01 until 2026-11-01"]
    moves = [one for one in tiny.ask(_MARKS, "tip") if one["at"] == "2026-06-01"]
    (hands,) = [one for one in moves if one["shape"] == "circle"]
    tiny.page.mouse.move(hands["x"], hands["y"])
    assert tiny.ask(_TIP).split("\n") == ["2026-06", "inference hands over to lease: 3 racks"]


def test_keys_go_from_period_to_period_and_tell_of_halls_and_dates(tiny: Shown) -> None:
    tiny.page.locator("[data-chart=calendar] .plot").focus()
    for _ in range(3):
        tiny.page.keyboard.press("ArrowRight")
    told = tiny.ask("document.querySelector('[data-chart=calendar] .plot').getAttribute('aria-valuetext')")
    assert told.startswith("2026-08; h1: ")
    assert "lease 9" in told
    assert "supply second comes into force at feeder: 500.0 kW" in told
    assert told.replace("; ", "\n").split("\n") == tiny.ask(_TIP).split("\n")


def test_the_list_has_all_dates_with_how_much(tiny: Shown) -> None:
    rows = tiny.ask(_CELLS, "dates")
    assert [row[0] for row in rows] == sorted(row[0] for row in rows)
    assert ["2026-07-01", "–", "Moves", "inference hands over to lease", "3 racks"] in rows  # noqa: RUF001
    assert ["2026-06-01", "–", "Steps", "lease: committed", "600.0 kW"] in rows  # noqa: RUF001
    assert ["2026-08-01", "–", "Power", "supply second comes into force at feeder", "500.0 kW"] in rows  # noqa: RUF001


def test_who_holds_which_hall_stands_in_words(tiny: Shown) -> None:
    assert tiny.ask(_CELLS, "spans") == [
        ["h1", "2026-05-01", "2026-06-01", "switched off 2, inference 7, lease 3"],
        ["h1", "2026-06-01", "2026-07-01", "switched off 2, inference 4, lease 6"],
        ["h1", "2026-07-01", "2026-08-01", "switched off 2, inference 1, lease 9"],
        ["h1", "2026-08-01", "2026-11-01", "inference 3, lease 9"],
    ]
    says = tiny.ask("document.getElementById('calendar-says').textContent")
    assert "lease holds 25.0 % at first and 75.0 % at the end" in says
    assert "6 racks go from one demand to another" in says


def test_a_demand_of_the_legend_dims_the_others(tiny: Shown) -> None:
    tiny.page.locator("[data-chart=calendar] .keys button", has_text="lease").click()
    tiny.page.wait_for_timeout(100)
    shown = {(one["racks"], one["at"]): float(one["opacity"]) for one in tiny.ask(_MARKS, "hall")}
    assert shown[9, "2026-08-01"] == 1
    assert shown[3, "2026-08-01"] < 0.5


@pytest.mark.parametrize("name", ["hostile", "days", "520 weeks"])
def test_bars_are_the_racks_that_serve_in_each_period(
    name: str, page_of: PageOf, pictured_example: PicturedExample, shown: Open
) -> None:
    known = pictured_example(name)
    page = calendar(shown(page_of(name)))
    bars: list[dict[str, Any]] = page.ask(_MARKS, "hall")
    labels = page.ask(_LABELS)
    periods = known.periods[:: max(1, len(known.periods) // 12)]
    for period in periods:
        counted = Counter(one.demand for one in known.plan.assignments if one.start <= period.start < one.until)
        drawn: Counter[str] = Counter()
        for bar in bars:
            inside = date.fromisoformat(bar["at"]) <= period.start < date.fromisoformat(bar["until"])
            if inside and bar["key"] < len(labels):
                drawn[labels[bar["key"]]] += bar["racks"]
        assert drawn == {label: counted[label] for label in labels if counted[label]}, period.label


@pytest.mark.parametrize("width", [360, 1440])
def test_signs_and_names_lie_within_the_chart(width: int, page_of: PageOf, shown: Open) -> None:
    page = calendar(shown(page_of("hostile"), viewport={"width": width, "height": 900}))
    beyond = """() => {
      const box = document.querySelector("[data-chart=calendar] .plot").getBoundingClientRect();
      const out = ({ width, left, right }) => width && (left < box.left - 1 || right > box.right + 1);
      const texts = [...document.querySelectorAll("[data-chart=calendar] .plot svg text")];
      const seen = texts.filter((one) => getComputedStyle(one).opacity !== "0");
      return seen.filter((one) => out(one.getBoundingClientRect())).map((one) => one.textContent);
    }"""
    assert page.ask(beyond) == []


def test_without_dates_and_demands_there_is_still_a_calendar(page_of: PageOf, shown: Open) -> None:
    page = calendar(shown(page_of("no demands")))
    assert page.complaints == []
    assert "No rack goes from one demand to another" in page.ask("document.getElementById('calendar-says').textContent")
