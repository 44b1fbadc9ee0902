"""Charts of the page: what they tell, the legend, sizes, colours, and that they are drawn when they are needed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from capalloc.analysis.picture import Pictured
from tests.html.browser import Shown

PageOf = Callable[[str], Path]
Open = Callable[..., Shown]
ALL_DRAWN = "[...document.querySelectorAll('.plot')].every((one) => one.querySelector('svg path'))"
TIP = "[...document.querySelectorAll('#tip div')].map((one) => one.textContent)"


@pytest.fixture
def tiny(page_of: PageOf, shown: Open) -> Shown:
    page = shown(page_of("tiny"))
    page.until(ALL_DRAWN)
    return page


def walk(page: Shown, chart: str, *keys: str) -> list[str]:
    page.page.locator(f"[data-chart={chart}] .plot").focus()
    for key in keys:
        page.page.keyboard.press(key)
    return list(page.ask(TIP))


def test_arrow_keys_walk_through_periods_and_say_what_is_there(tiny: Shown) -> None:
    # June of the tiny example, by hand: 6 racks of the lease and 4 of inference, 100 kW at the feeder each.
    assert walk(tiny, "ramp", "ArrowRight") == [
        "2026-06",
        "lease: 600.0 kW",
        "inference: 400.0 kW",
        "Energised supply: 1,000.0 kW",
        "Most that survives any one loss (N-1): 1,000.0 kW",
        "Committed to contracts: 600.0 kW",
    ]
    assert tiny.ask("document.getElementById('period-label').textContent") == "2026-06"
    assert tiny.ask("document.querySelector('[data-chart=ramp] .plot').getAttribute('aria-valuenow')") == "2"
    assert walk(tiny, "ramp", "End", "ArrowRight", "ArrowLeft")[0] == "2026-09"
    assert walk(tiny, "ramp", "Home")[0] == "2026-05"
    tiny.page.keyboard.press("Escape")
    assert tiny.ask("document.getElementById('tip').hidden")


@pytest.mark.parametrize(
    ("measure", "lease", "inference"),
    [("MW as sold", "600.0 kW", "320.0 kW"), ("GPUs", "384 GPUs", "256 GPUs"), ("Racks", "6 racks", "4 racks")],
)
def test_the_switch_shows_another_measure(tiny: Shown, measure: str, lease: str, inference: str) -> None:
    before = tiny.ask("document.querySelector('[data-chart=ramp] svg').innerHTML")
    button = tiny.page.locator(f"[data-chart=ramp] [data-variant='{measure}']")
    button.click()
    assert button.get_attribute("aria-pressed") == "true"
    assert walk(tiny, "ramp", "ArrowRight")[1:] == [
        f"lease: {lease}",
        f"inference: {inference}",
        f"Committed to contracts: {lease}",
    ]
    assert tiny.ask("document.querySelector('[data-chart=ramp] svg').innerHTML") != before
    assert tiny.page.locator("[data-chart=ramp] .plot").get_attribute("aria-valuetext") == "; ".join(tiny.ask(TIP))
    # The supply is no line of this measure, so the legend does not have it either; and the sentence is this measure's.
    assert not tiny.page.get_by_text("Energised supply", exact=True).is_visible()
    assert tiny.page.locator("[data-chart=ramp] .note:visible").count() == 1


def test_money_is_that_of_the_revenue(tiny: Shown, pictured_example: Callable[[str], Pictured]) -> None:
    rows = pictured_example("tiny").revenue.periods
    chart = tiny.ask("JSON.parse(document.getElementById('data').textContent).sections.money.charts")
    for t, period in enumerate(pictured_example("tiny").plan.periods):
        assert amounts(chart[0], period) == {
            row.demand: round(row.fee_usd + row.value_usd, 6) for row in rows if row.period == period
        }, t
        firm = sum(row.firm_usd for row in rows if row.period == period)
        assert amounts(chart[1], period)["Firm fees"] == pytest.approx(firm)


def amounts(chart: Any, period: str) -> dict[str, float]:
    """What a chart's areas amount to in a month, by label."""
    found: dict[str, float] = {}
    (variant,) = chart["variants"].values()
    for row in variant["tables"]["areas"]:
        if row["at"] <= f"{period}-01":
            found[chart["keys"][row["key"]]["label"]] = round(row["high"] - row["low"], 6)
    return found


def test_the_tip_of_money_and_prices(tiny: Shown) -> None:
    # $600,000 for 300 kW at half price, and 448 GPUs of inference; the price is the plan's.
    assert walk(tiny, "earned", "Home")[:3] == ["2026-05", "lease: $600,000", "inference: $642,816"]
    assert walk(tiny, "prices", "Home")[:2] == ["2026-05", "feeder: $704.24 a kW-month"]


def test_a_click_chooses_the_period_under_the_pointer(tiny: Shown) -> None:
    box = tiny.page.locator("[data-chart=ramp] .plot").bounding_box()
    assert box is not None
    # May, the first sixth of what is right of the axis, is about 184 days wide in all: August begins after one half.
    tiny.page.locator("[data-chart=ramp] .plot").click(position={"x": box["width"] * 0.62, "y": box["height"] * 0.7})
    assert tiny.ask("document.getElementById('period-label').textContent") == "2026-08"
    assert tiny.ask(TIP)[1] == "▸ lease: 900.0 kW"


OPACITIES = """[...document.querySelectorAll('[data-chart=ramp] svg .mark-area path')]
  .map((one) => one.style.opacity || one.getAttribute('opacity') || '1')"""


def test_an_entry_of_the_legend_lights_up_its_demand_everywhere(tiny: Shown) -> None:
    tiny.page.locator("[data-chart=ramp] .keys button", has_text="lease").click()
    tiny.until(f"{OPACITIES}.join() === '1,0.2'")
    assert tiny.page.locator("[data-chart=earned] .keys button[aria-pressed=true]").inner_text() == "lease"
    tiny.page.locator("[data-chart=earned] .keys button", has_text="lease").click()
    tiny.until(f"{OPACITIES}.join() === '1,1'")


FILL = "getComputedStyle(document.querySelector('[data-chart=ramp] svg .mark-area path')).fill"


def test_dark_needs_no_redraw(tiny: Shown) -> None:
    tiny.ask("window.first = document.querySelector('[data-chart=ramp] svg .mark-area path')")
    light = tiny.ask(FILL)
    tiny.page.locator("#theme").click()
    assert tiny.ask(FILL) != light
    assert tiny.ask("window.first === document.querySelector('[data-chart=ramp] svg .mark-area path')")


def test_charts_fit_their_window_and_paper(tiny: Shown) -> None:
    def width() -> int:
        return int(tiny.ask("document.querySelector('[data-chart=ramp] svg').viewBox.baseVal.width"))

    assert width() == tiny.ask("document.querySelector('[data-chart=ramp] .plot').clientWidth")
    tiny.page.set_viewport_size({"width": 500, "height": 800})
    tiny.until("document.querySelector('[data-chart=ramp] svg').viewBox.baseVal.width < 500")
    tiny.ask("dispatchEvent(new Event('beforeprint'))")
    assert width() == 700
    tiny.ask("dispatchEvent(new Event('afterprint'))")
    tiny.until("document.querySelector('[data-chart=ramp] svg').viewBox.baseVal.width < 500")


def test_printing_draws_what_nobody_came_near(page_of: PageOf, shown: Open) -> None:
    page = shown(page_of("tiny"))
    page.ask("dispatchEvent(new Event('beforeprint'))")
    page.until(ALL_DRAWN)
    assert page.complaints == []


def test_the_chosen_period_is_marked(tiny: Shown) -> None:
    def mark() -> str:
        return str(
            tiny.ask("[...document.querySelectorAll('[data-chart=ramp] .mark-rect path')].at(-1).getAttribute('d')")
        )

    first = mark()
    walk(tiny, "ramp", "ArrowRight")
    tiny.until("[...document.querySelectorAll('[data-chart=ramp] .mark-rect path')].length > 0")
    assert mark() != first


def test_what_is_missing_is_hatched_and_told(page_of: PageOf, shown: Open) -> None:
    page = shown(page_of("unpowered"))
    page.until(ALL_DRAWN)
    # May, by hand: 2 racks of the lease and 2 of own work have no power; 100 kW at the roots each.
    assert walk(page, "ramp", "Home") == [
        "2026-05",
        "Committed to contracts, not delivered: 200.0 kW",
        "Missing of workloads' minimum: 200.0 kW",
        "Committed to contracts: 200.0 kW",
    ]
    assert page.page.locator("[data-chart=ramp] .mark-rect path[fill='url(#short)']").count() >= 2
    assert "is missing at worst, in 2026-07, in 3 of 6 periods" in page.page.locator("#ramp-says").inner_text()


@pytest.mark.parametrize("name", ["520 weeks", "one period", "200 demands", "no demands", "hostile"])
def test_odd_plans_have_readable_charts(name: str, page_of: PageOf, shown: Open) -> None:
    page = shown(page_of(name), viewport={"width": 800, "height": 700})
    page.until(ALL_DRAWN)
    labels = page.ask("""[...document.querySelectorAll('[data-chart=ramp] .role-axis-label')]
        .map((axis) => [...axis.querySelectorAll('text')]
            .filter((one) => getComputedStyle(one).opacity !== '0')
            .map((one) => one.getBoundingClientRect())
            .map(({left, right, top, bottom}) => [left, right, top, bottom]))""")
    for boxes in labels:
        assert 1 <= len(boxes) <= 13
        assert not any(overlap(one, other) for at, one in enumerate(boxes) for other in boxes[:at])
    assert page.page.locator("[data-chart=ramp] .keys button").count() <= 10
    assert page.complaints == []


def overlap(one: list[float], other: list[float]) -> bool:
    return one[0] < other[1] and other[0] < one[1] and one[2] < other[3] and other[2] < one[3]
