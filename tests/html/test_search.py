"""Search: any name of the site is found, and lights up on the map."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from capalloc.analysis.picture import Pictured
from tests.html.browser import Shown
from tests.html.sites import NAMES

Open = Callable[..., Shown]
PageOf = Callable[[str], Path]
PicturedOf = Callable[[str], Pictured]


def lit(page: Shown) -> str:
    return page.page.inner_text("#map-says").partition("Lit up: ")[2]


def found(page: Shown) -> list[str]:
    return [" ".join(one.split()) for one in page.page.locator("#found li").all_inner_texts()]


def find(page: Shown, text: str) -> None:
    page.page.fill("#search", text)
    page.page.press("#search", "Enter")


@pytest.fixture
def tiny(page_of: PageOf, shown: Open) -> Shown:
    return shown(page_of("tiny"))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("lease", "demand lease, 3 positions."),
        ("example ai", "tenant Example AI, 3 positions."),
        ("h1", "hall h1, 12 positions."),
        ("h1/r2", "row h1/r2, 4 positions."),
        # ups1 feeds r1 and r2, eight positions.
        ("ups1", "power node ups1, 8 positions."),
        ("r2-a", "power node r2-a, 4 positions."),
    ],
)
def test_a_name_lights_its_positions_up(text: str, says: str, tiny: Shown) -> None:
    find(tiny, text)
    assert lit(tiny) == says


def test_a_node_lights_all_positions_that_hang_on_it(
    page_of: PageOf, pictured_example: PicturedOf, shown: Open
) -> None:
    page, site = shown(page_of("colossus1-anthropic")), pictured_example("colossus1-anthropic").site
    for name in ("grid-1", "h1a-ups2", "h1a-b1-r4-b"):
        find(page, name)
        assert (
            lit(page) == f"power node {name}, {len(site.positions_below(site.loads.forest.index[name])):,} positions."
        )


def test_the_list_names_kinds_and_goes_by_keys(tiny: Shown) -> None:
    tiny.page.fill("#search", "r1")
    assert {line.rpartition(" ")[2] for line in found(tiny)} >= {"Row", "node", "Rack", "Position"}
    tiny.page.press("#search", "ArrowDown")
    tiny.page.press("#search", "ArrowDown")
    assert tiny.page.get_attribute("#search", "aria-activedescendant") == "found-1"
    chosen = tiny.page.inner_text("#found-1 bdi")
    tiny.page.press("#search", "Enter")
    assert f" {chosen}, " in lit(tiny)
    assert tiny.page.is_hidden("#found")


@pytest.mark.parametrize("width", [360, 800, 1440])
def test_the_list_is_within_the_window_and_the_map_comes_into_sight_below_the_bar(
    width: int, page_of: PageOf, shown: Open
) -> None:
    page = shown(page_of("tiny"), viewport={"width": width, "height": 800})
    page.page.fill("#search", "lease")
    box = page.page.locator("#found-box").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    page.page.press("#search", "Enter")
    bar, title = (page.page.locator(one).bounding_box() for one in (".bar", "#floor-title"))
    assert bar is not None
    assert title is not None
    assert bar["height"] <= title["y"] < 800


def test_a_click_chooses(tiny: Shown) -> None:
    tiny.page.fill("#search", "leas")
    tiny.page.click("#found li >> nth=0")
    assert lit(tiny) == "demand lease, 3 positions."


def test_escape_closes_the_list_then_lets_go(tiny: Shown) -> None:
    find(tiny, "lease")
    tiny.page.fill("#search", "r1")
    tiny.page.press("#search", "Escape")
    assert tiny.page.is_hidden("#found")
    assert lit(tiny) != ""
    tiny.page.press("#search", "Escape")
    assert (lit(tiny), tiny.page.input_value("#search"), tiny.page.is_visible("#clear")) == ("", "", False)


def test_a_button_lets_go(tiny: Shown) -> None:
    find(tiny, "lease")
    tiny.page.click("#clear")
    assert lit(tiny) == ""


def test_what_is_not_there_is_said(tiny: Shown) -> None:
    tiny.page.fill("#search", "nowhere")
    assert (found(tiny), tiny.page.inner_text("#found-says")) == ([], "Nothing of that name")
    tiny.page.press("#search", "Enter")
    assert lit(tiny) == ""


def test_every_name_is_found_as_it_is_written(page_of: PageOf, shown: Open) -> None:
    page = shown(page_of("hostile"))
    for name in NAMES:
        page.page.fill("#search", " ".join(name.split()))
        names = page.page.locator("#found bdi").all_text_contents()
        assert " ".join(name.split()) in [" ".join(one.split()) for one in names]
    assert page.complaints == []


def test_a_rack_that_is_still_to_come_is_told_with_its_month(
    page_of: PageOf, pictured_example: PicturedOf, shown: Open
) -> None:
    placed = next(one for one in pictured_example("large").plan.placements if f"{one.start:%Y-%m}" > "2026-05")
    page = shown(page_of("large"))
    find(page, placed.rack)
    text = page.page.inner_text("#map-says")
    assert f"Nothing on the map is rack {placed.rack} in 2026-05; it comes to position {placed.position} in" in text


def test_accents_need_not_be_typed(page_of: PageOf, shown: Open) -> None:
    page = shown(page_of("hostile"))
    page.page.fill("#search", "e z a")
    assert any("Z" in one and "e z a" not in one for one in found(page))
