"""The floor map as a reader uses it: its words and legend have the plan's own numbers in every colouring."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from capalloc.analysis.picture import Pictured
from capalloc.analysis.picture.floor import floor_of
from capalloc.report.charts.colourings import Colouring, Colours
from capalloc.report.charts.shades import shades_of
from tests.html.browser import Shown

Open = Callable[..., Shown]
PageOf = Callable[[str], Path]
PicturedOf = Callable[[str], Pictured]

_PIXELS = """() => {
  const map = document.getElementById("map"), paint = map.getContext("2d");
  const { data } = paint.getImageData(0, 0, map.width, map.height);
  return data.reduce((sum, value, i) => (sum * 31 + value + i) % 1e9, 0);
}"""
_KEYS = """() => [...document.querySelectorAll("#map-keys li")].map((one) =>
  [one.querySelector("bdi").textContent, one.querySelector("b").textContent])"""
_MIDDLE = """(p) => {
  const { layouts, row, rank } = JSON.parse(document.getElementById("data").textContent).sections.floor;
  const sheet = document.getElementById("map-sheet").getBoundingClientRect(), cell = sheet.height / layouts[0].height;
  return [(layouts[0].rowX[row[p]] + 0.45) * cell, (layouts[0].rowY[row[p]] + rank[p] + 0.45) * cell];
}"""


def keys(page: Shown) -> dict[str, int]:
    """The legend: positions by label, without what counts nothing."""
    found = {label: int(number.replace(",", "")) for label, number in page.ask(_KEYS)}
    return {label: number for label, number in found.items() if number}


def slide(page: Shown, period: int) -> None:
    page.page.locator("#period").evaluate(
        "(one, t) => { one.value = t; one.dispatchEvent(new Event('input')); }", period
    )


def says(page: Shown) -> str:
    return page.page.inner_text("#map-says")


def served(text: str) -> dict[str, int]:
    """Racks by demand that the map's sentence tells."""
    listed = re.split("[.;]", text.partition("racks by demand: ")[2])[0].split(", ")
    words = [re.fullmatch(r"(.+) \(([\d,]+)\)", one) for one in listed]
    return {word[1]: int(word[2].replace(",", "")) for word in words if word}


@pytest.fixture
def tiny(page_of: PageOf, shown: Open) -> Shown:
    return shown(page_of("tiny"), viewport={"width": 1440, "height": 900})


@pytest.mark.parametrize("name", ["tiny", "colossus1-anthropic"])
def test_the_map_tells_the_racks_of_each_demand_as_the_plan_has_them(
    name: str, page_of: PageOf, pictured_example: PicturedOf, shown: Open
) -> None:
    page, plan = shown(page_of(name)), pictured_example(name).plan
    racks = [
        {row.demand: row.racks for row in plan.demands if row.period == period and row.racks} for period in plan.periods
    ]
    last = len(racks) - 1
    changes = [t for t in range(last + 1) if t in (0, last) or racks[t] not in (racks[t - 1], racks[t + 1])]
    for t in changes:
        slide(page, t)
        period, planned = plan.periods[t], racks[t]
        told = served(says(page))
        assert says(page).startswith(f"{period}: racks by demand: ")
        assert {demand: told[demand] for demand in planned} == planned


@pytest.mark.parametrize("name", ["tiny", "colossus1-anthropic", "200 demands", "hostile", "unpowered", "large"])
def test_the_legend_counts_in_every_colouring_what_the_figure_counts(
    name: str, page_of: PageOf, pictured_example: PicturedOf, shown: Open
) -> None:
    page, pictured = shown(page_of(name)), pictured_example(name)
    floor, shades = floor_of(pictured), shades_of(pictured)
    for t in (0, len(pictured.periods) - 1):
        slide(page, t)
        for colouring in Colouring:
            page.page.click(f"[data-colour={colouring}]")
            assert keys(page) == _counted(Colours(pictured, floor, shades, t), colouring), (t, colouring)


def _counted(colours: Colours, colouring: Colouring) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for group in colours.by(colouring):
        found[group.label] = found.get(group.label, 0) + len(group.positions)
    return found


def test_month_colouring_and_light_change_the_picture(tiny: Shown) -> None:
    seen = [tiny.ask(_PIXELS)]
    acts: tuple[Callable[[], None], ...] = (
        lambda: slide(tiny, 5),
        lambda: tiny.page.click("[data-colour=headroom]"),
        lambda: tiny.page.click("#map-keys button >> nth=0"),
        lambda: tiny.page.click("#floor-in"),
        lambda: tiny.page.emulate_media(color_scheme="dark"),
    )
    for act in acts:
        act()
        tiny.until(f"({_PIXELS})() !== {seen[-1]}")
        seen.append(tiny.ask(_PIXELS))
    assert len(set(seen)) == len(seen)


def test_a_month_drawn_cell_by_cell_is_as_drawn_anew(tiny: Shown) -> None:
    slide(tiny, 4)
    stepped = tiny.ask(_PIXELS)
    tiny.ask("dispatchEvent(new Event('beforeprint')), dispatchEvent(new Event('afterprint'))")
    assert tiny.ask(_PIXELS) == stepped


_FRAMES = """async () => {
  const slider = document.getElementById("period"), took = [];
  document.getElementById("floor").scrollIntoView();
  for (let step = 0; step < 30; step += 1) {
    slider.value = (Number(slider.value) + 1) % (Number(slider.max) + 1);
    const begun = performance.now();
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    took.push(performance.now() - begun);
  }
  return took;
}"""


def test_a_step_of_the_slider_is_shown_in_a_tenth_of_a_second(page_of: PageOf, shown: Open) -> None:
    """The median of 30, at 20,000 racks: 21 ms where nothing else runs."""
    assert median(shown(page_of("large"), viewport={"width": 1440, "height": 900}).ask(_FRAMES)) <= 100


def test_hovering_tells_rack_demand_dates_and_feeds(tiny: Shown) -> None:
    # The first rack of r2 infers in May and is leased from June on; r2-a carries half of four racks of 80 kW.
    x, y = tiny.ask(_MIDDLE, 4)
    tiny.page.hover("#map", position={"x": x, "y": y})
    lines = tiny.page.inner_text("#tip").splitlines()
    assert lines[0].startswith("Rack ")
    assert lines[2] == "Serves inference from 2026-05-01 until 2026-06-01"
    assert lines[3] == "After: Serves lease from 2026-06-01 until 2026-11-01, the end of the plan"
    assert [line.split(":")[0] for line in lines[4:]] == ["Feed A r2-a", "Feed B r2-b", "Tightest above"]
    assert "160.0 of 400.0 kW (40.0 %)" in lines[4]


def test_a_click_lights_a_rack_and_a_second_click_lets_go(tiny: Shown) -> None:
    x, y = tiny.ask(_MIDDLE, 4)
    tiny.page.click("#map", position={"x": x, "y": y})
    assert says(tiny).endswith(", 1 position.")
    tiny.page.click("#map", position={"x": x, "y": y})
    assert "Lit up" not in says(tiny)


def test_a_tap_tells_and_lights_up(page_of: PageOf, shown: Open) -> None:
    page = shown(page_of("tiny"), has_touch=True, viewport={"width": 800, "height": 900})
    x, y = page.ask(_MIDDLE, 4)
    page.page.locator("#map").tap(position={"x": x, "y": y})
    assert page.page.inner_text("#tip").startswith("Rack ")
    assert says(page).endswith(", 1 position.")


def test_an_entry_of_the_legend_lights_its_cells(tiny: Shown) -> None:
    tiny.page.click("#map-keys button:has-text('lease')")
    assert says(tiny).endswith("Lit up: demand lease, 3 positions.")
    assert tiny.page.get_attribute("#map-keys button:has-text('lease')", "aria-pressed") == "true"
    slide(tiny, 2)
    assert says(tiny).endswith("Lit up: demand lease, 9 positions.")


def test_off_racks_are_lit_up_by_the_legend_too(tiny: Shown) -> None:
    tiny.page.click("#map-keys button:has-text('Switched off')")
    assert says(tiny).endswith("Lit up: Switched off, 2 positions.")


def test_arrows_go_from_position_to_position_and_enter_chooses(tiny: Shown) -> None:
    tiny.page.focus("#map")
    told = []
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"):
        tiny.page.keyboard.press(key)
        told.append(tiny.page.inner_text("#tip").splitlines()[1])
    rows = [re.sub(r"^Position (\S+) .*$", r"\1", line) for line in told]
    assert [name.split("-")[0] for name in rows] == ["r1", "r2", "r2", "r1", "r1"]
    assert rows[0] == rows[-1]
    tiny.page.keyboard.press("Enter")
    assert "Lit up: rack " in says(tiny)
    tiny.page.keyboard.press("Escape")
    assert "Lit up" not in says(tiny)


def test_zoom_enlarges_and_whole_map_takes_back(tiny: Shown) -> None:
    width = "document.getElementById('map-sheet').clientWidth"
    before = tiny.ask(width)
    tiny.page.click("#floor-in")
    assert tiny.ask(width) > 1.4 * before
    tiny.page.click("#floor-whole")
    assert tiny.ask(width) == before


def test_a_zoomed_map_is_drawn_on_a_canvas_no_larger_than_its_frame(page_of: PageOf, shown: Open) -> None:
    page = shown(page_of("colossus1-anthropic"))
    for _ in range(8):
        page.page.click("#floor-in")
    frame, canvas = page.ask("['map-frame', 'map'].map((id) => document.getElementById(id).clientWidth)")
    assert canvas <= frame


def test_the_whole_map_of_a_wide_window_is_in_sight(page_of: PageOf, shown: Open) -> None:
    page = shown(page_of("colossus1-anthropic"), viewport={"width": 1440, "height": 900})
    frame: Any = page.ask(
        "(({scrollWidth, clientWidth, scrollHeight, clientHeight}) => [scrollWidth - clientWidth, "
        "scrollHeight - clientHeight])(document.getElementById('map-frame'))"
    )
    assert frame == [0, 0]


def test_paper_is_light_though_the_screen_is_dark(page_of: PageOf, shown: Open) -> None:
    corner = "[...document.getElementById('map').getContext('2d').getImageData(2, 2, 1, 1).data].slice(0, 3)"
    page = shown(page_of("tiny"), color_scheme="dark")
    dark = page.ask(corner)
    page.ask("dispatchEvent(new Event('beforeprint'))")
    assert page.ask(corner) == [255, 255, 255]
    page.ask("dispatchEvent(new Event('afterprint'))")
    assert page.ask(corner) == dark


def test_demands_without_a_colour_of_their_own_are_counted_and_said(page_of: PageOf, shown: Open) -> None:
    page = shown(page_of("200 demands"))
    assert "190 demands beyond the ten that get most share one colour." in page.page.inner_text("#floor .note >> nth=0")
    assert keys(page)["Other demands"] >= 190
