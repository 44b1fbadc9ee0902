"""The power tree in a browser: its figures, where a click and keys lead, what is tightest."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from capalloc.analysis.picture import Pictured
from capalloc.analysis.show.answer import show
from capalloc.analysis.show.headroom import used_share
from capalloc.report.figures import percent
from capalloc.schema.shown import NodeShown
from tests.html.browser import Shown

Open = Callable[..., Shown]
PageOf = Callable[[str], Path]
PicturedOf = Callable[[str], Pictured]

_LABELS = "[...document.querySelectorAll('#icicle .box')].map((one) => one.getAttribute('aria-label'))"
_FOCUSED = "document.activeElement.getAttribute('aria-label')"
_TIP = """() => {
  const tip = document.querySelector("#tip");
  return tip.hidden ? [] : [...tip.children].map((one) => one.textContent);
}"""
_HOVER = """(name) => {
  const boxes = [...document.querySelectorAll("#icicle .box")];
  const box = boxes.find((one) => one.getAttribute("aria-label").startsWith(`${name},`));
  const { left, top } = box.getBoundingClientRect();
  box.dispatchEvent(new PointerEvent("pointermove", { bubbles: true, clientX: left + 1, clientY: top + 1 }));
}"""
_LEVELS = """() => {
  const boxes = [...document.querySelectorAll("#icicle > [data-node]")];
  return new Set(boxes.map((one) => Math.round(one.getBoundingClientRect().top))).size;
}"""
_MONTH = """(t) => {
  const slider = document.querySelector("#period");
  slider.value = t;
  slider.dispatchEvent(new Event("input"));
}"""


@pytest.fixture
def tiny(page_of: PageOf, shown: Open) -> Shown:
    page = shown(page_of("tiny"))
    page.until("document.querySelectorAll('#icicle .box').length === 10")
    return page


def hovered(page: Shown, name: str) -> list[str]:
    page.ask(_HOVER, name)
    lines: list[str] = page.ask(_TIP)
    return lines


def powers(line: str) -> list[float]:
    """The two powers of a line such as ``320.0 of 330.0 kW``, in kW."""
    found = re.search(r"([\d.,]+) of ([\d.,]+) (kW|MW)", line)
    assert found is not None, line
    factor = 1000.0 if found[3] == "MW" else 1.0
    return [float(found[n].replace(",", "")) * factor for n in (1, 2)]


def test_hover_tells_the_loads_that_show_tells(tiny: Shown, pictured_example: PicturedOf) -> None:
    pictured = pictured_example("tiny")
    names = [node.name for node in pictured.site.loads.forest.nodes]
    for t in (0, len(pictured.periods) - 1):
        tiny.ask(_MONTH, t)
        for one in show(pictured.scenario, pictured.plan, [f"node:{name}" for name in names]).things:
            assert isinstance(one, NodeShown)
            figures, (head, normal, after, _) = one.periods[t], hovered(tiny, one.name)
            assert head == f"{one.name} ({one.node_kind}), rated {one.rated_kw:,.1f} kW"
            assert powers(normal) == [figures.load_kw, figures.limit_kw]
            assert figures.worst is not None
            more = figures.worst.load_kw > figures.load_kw
            assert after.startswith(f"After loss of {figures.worst.lost}: " if more else "After any loss no more: ")
            assert powers(after) == [figures.worst.load_kw, figures.worst.limit_kw]


@pytest.mark.parametrize("name", ["tiny", "colossus1-anthropic"])
def test_boxes_have_the_use_of_their_nearest_limit(
    name: str, page_of: PageOf, shown: Open, pictured_example: PicturedOf
) -> None:
    page, pictured = shown(page_of(name), viewport={"width": 1440, "height": 900}), pictured_example(name)
    names = [node.name for node in pictured.site.loads.forest.nodes]
    used = used_share(pictured.site)
    for t in (0, len(pictured.periods) - 1):
        page.ask(_MONTH, t)
        labels = dict(label.rsplit(", ", 1) for label in page.ask(_LABELS))
        assert len(labels) >= len(names) / 2  # those that are wide enough to be seen
        live = pictured.site.loads.forest.normal_w[:, t] > 0
        assert labels == {
            one: percent(float(used[v, t])) if live[v] else "not energised"
            for v, one in enumerate(names)
            if one in labels
        }


def test_the_ten_tightest_are_those_of_the_plan(page_of: PageOf, shown: Open, pictured_example: PicturedOf) -> None:
    page, pictured = shown(page_of("colossus1-anthropic")), pictured_example("colossus1-anthropic")
    used = used_share(pictured.site)
    for place, shares in (("tightest-now", used[:, 0]), ("tightest-ever", used.max(axis=1))):
        said = page.ask(f"[...document.querySelectorAll('#{place} li')].map((one) => one.textContent)")
        assert len(said) == 10
        found = [float(re.search(r"\(([\d.]+) %\)", line)[1]) for line in said]  # type: ignore[index]
        assert found == pytest.approx(sorted(shares * 100, reverse=True)[:10], abs=0.051)


def test_a_click_goes_down_and_lights_up_the_map_and_crumbs_lead_back(tiny: Shown) -> None:
    tiny.page.click("#icicle .box[aria-label^='ups1,']")
    assert [label.split(",")[0] for label in tiny.ask(_LABELS)] == ["ups1", "r1-a", "r2-a"]
    assert "8 positions" in tiny.ask("document.querySelector('#map-says').textContent")
    crumbs = "[...document.querySelectorAll('#crumbs button')].map((one) => one.textContent)"
    assert tiny.ask(crumbs) == ["Whole site", "feeder", "ups1"]
    tiny.page.click("#crumbs button >> nth=0")
    assert len(tiny.ask(_LABELS)) == 10
    assert tiny.complaints == []


def test_keys_alone_walk_the_tree(tiny: Shown) -> None:
    assert tiny.ask("document.querySelectorAll('#icicle [tabindex=\"0\"]').length") == 1
    tiny.page.focus("#icicle .box[tabindex='0']")
    steps = [("", "feeder"), ("ArrowDown", "ups1"), ("ArrowRight", "ups2"), ("ArrowDown", "r3-a"), ("ArrowUp", "ups2")]
    for key, name in [*steps, ("ArrowLeft", "ups1"), ("ArrowLeft", "ups1")]:
        if key:
            tiny.page.keyboard.press(key)
        assert tiny.ask(_FOCUSED).split(",")[0] == name
    assert tiny.ask(_TIP)[0].startswith("ups1 (ups), rated ")
    tiny.page.keyboard.press("Enter")
    assert len(tiny.ask(_LABELS)) == 3
    assert tiny.ask(_FOCUSED).startswith("ups1,")
    tiny.page.keyboard.press("Escape")
    assert len(tiny.ask(_LABELS)) == 10
    assert tiny.ask(_FOCUSED).startswith("ups1,")


def test_colours_tell_one_limit_or_the_nearest(tiny: Shown) -> None:
    classes = "(name) => document.querySelector(`#icicle .box[aria-label^='${name},']`).getAttribute('class')"
    tiny.ask(_MONTH, 5)
    # A UPS carries 320 of 330 kW in normal operation, 480 of 500 kW after a loss; a busway 160 and 320 of 400 kW.
    shades = {}
    for limit in ("normal", "after", "nearest"):
        tiny.page.click(f"[data-limit={limit}]")
        shades[limit] = [tiny.ask(classes, name).split()[1] for name in ("ups1", "r1-a")]
    assert shades == {"normal": ["on-u3", "on-u0"], "after": ["on-u3", "on-u2"], "nearest": ["on-u3", "on-u2"]}
    assert tiny.ask("document.querySelector('[data-limit=nearest]').getAttribute('aria-pressed')") == "true"


def test_a_chosen_rack_marks_its_feeds(tiny: Shown) -> None:
    marked = (
        "[...document.querySelectorAll('#icicle .marked')].map((one) => one.getAttribute('aria-label').split(',')[0])"
    )
    tiny.page.focus("#map")
    tiny.page.keyboard.press("ArrowRight")
    tiny.page.keyboard.press("Enter")
    # The first position stands in row r1, on r1-a of ups1 and r1-b of ups2.
    assert sorted(tiny.ask(marked)) == ["feeder", "r1-a", "r1-b", "ups1", "ups2"]


def test_a_large_tree_is_whole_though_thin_nodes_are_drawn_as_one(page_of: PageOf, shown: Open) -> None:
    page = shown(page_of("large"), viewport={"width": 360, "height": 800})
    nodes = page.ask("JSON.parse(document.querySelector('#data').textContent).sections.power.names.length")
    drawn = page.ask("document.querySelectorAll('#icicle [data-node]').length")
    assert nodes > 4 * drawn  # few enough to be quick
    levels = page.ask(_LEVELS)
    depth = page.ask("Math.max(...JSON.parse(document.querySelector('#data').textContent).sections.power.depth) + 1")
    assert levels == depth
