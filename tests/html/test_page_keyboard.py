"""The keyboard alone reaches and works everything."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.html.browser import Shown

Open = Callable[..., Shown]
PageOf = Callable[[str], Path]

MOST_STEPS = 600
_MARK = """() => {
  const seen = (one) => one.getClientRects().length > 0 && getComputedStyle(one).visibility !== "hidden";
  const all = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")];
  const wanted = all.filter((one) => seen(one) && !one.disabled && one.tabIndex >= 0);
  wanted.forEach((one, number) => { one.dataset.stop = number; });
  return wanted.length;
}"""
_HERE = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const style = getComputedStyle(one), box = one.getBoundingClientRect();
  const wide = ({ stroke, strokeWidth }) => stroke !== "none" && parseFloat(strokeWidth) >= 2;
  const stroked = (shape) => wide(getComputedStyle(shape));
  const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const ringed = outlined || [...one.querySelectorAll("rect, path")].some(stroked);
  const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  const over = document.elementFromPoint(box.left + box.width / 2, Math.max(1, Math.min(box.top + 4, innerHeight - 1)));
  const covered = inside && box.width > 2 && over && !one.contains(over) && !over.contains(one) && over.closest(".bar");
  const label = `${one.tagName}#${one.id}.${one.getAttribute("class")} ${one.textContent.trim().slice(0, 40)}`;
  return { stop: one.dataset.stop ?? null, ringed, inside, covered: Boolean(covered), label };
}"""


def stops(page: Shown, key: str = "Tab") -> list[dict[str, Any]]:
    """Where the key leads, one after the other, until it leaves the page or begins again."""
    found: list[dict[str, Any]] = []
    for _ in range(MOST_STEPS):
        page.page.keyboard.press(key)
        here = page.ask(_HERE)
        if here is None or found[:1] == [here]:
            return found
        found.append(here)
    raise AssertionError(f"no way out after {MOST_STEPS} steps; last {found[-3:]}")


@pytest.mark.parametrize("width", [360, 1440])
def test_tab_stops_at_everything_that_can_be_worked_and_shows_where_it_is(
    width: int, page_of: PageOf, shown: Open
) -> None:
    page = shown(page_of("tiny"), viewport={"width": width, "height": 900}, reduced_motion="reduce")
    wanted = page.ask(_MARK)
    found = stops(page)
    missed = {str(number) for number in range(wanted)} - {here["stop"] for here in found}
    assert not [page.ask(f"document.querySelector('[data-stop=\"{one}\"]').outerHTML.slice(0, 160)") for one in missed]
    assert not [here["label"] for here in found if not here["ringed"]]
    assert not [here["label"] for here in found if not here["inside"]]
    assert not [here["label"] for here in found if here["covered"]]


def test_shift_and_tab_lead_back(page_of: PageOf, shown: Open) -> None:
    page = shown(page_of("tiny"), reduced_motion="reduce")
    forth = [here["label"] for here in stops(page)]
    page.ask("() => document.activeElement.blur()")
    back = [here["label"] for here in stops(page, "Shift+Tab")]
    assert back == forth[::-1]


def test_the_skip_link_leads_to_the_plan(page_of: PageOf, shown: Open) -> None:
    page = shown(page_of("tiny"))
    page.page.keyboard.press("Tab")
    assert page.ask("document.activeElement.className") == "skip"
    assert page.ask("document.activeElement.getBoundingClientRect().left") >= 0
    page.page.keyboard.press("Enter")
    page.until("document.activeElement.closest('main') !== null")


def test_stops_of_a_large_site_are_few(page_of: PageOf, shown: Open) -> None:
    page = shown(page_of("large"))
    assert page.ask(_MARK) < MOST_STEPS / 2


def test_every_control_has_a_name(page_of: PageOf, shown: Open) -> None:
    page = shown(page_of("tiny"))
    page.ask(_MARK)
    tree = page.page.locator("main").aria_snapshot() + page.page.locator("nav").first.aria_snapshot()
    nameless = [line.strip() for line in tree.splitlines() if line.strip() in {"- button", "- link", "- combobox"}]
    assert nameless == []


def test_slider_and_play_are_worked_by_keys(page_of: PageOf, shown: Open) -> None:
    page = shown(page_of("tiny"))
    page.ask("() => document.getElementById('period').focus()")
    page.page.keyboard.press("End")
    assert page.ask("document.getElementById('period').getAttribute('aria-valuetext')").startswith("2026-10")
    page.page.keyboard.press("Home")
    page.ask("() => document.getElementById('play').focus()")
    page.page.keyboard.press("Enter")
    page.until("document.getElementById('period').value !== '0'")
    page.page.keyboard.press("Space")
    assert page.ask("document.getElementById('play').getAttribute('aria-pressed')") == "false"
