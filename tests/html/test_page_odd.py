"""Pages of odd sites: names that are markup, code or written from right to left, no demands, many, one period, 520."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.html.browser import MANY, Shown
from tests.html.sites import NAMES, ODD

Open = Callable[..., Shown]
PageOf = Callable[[str], Path]

_TURNED = """(names) => {
  const right = /[\\u0590-\\u08ff\\u202e]/u, apart = /\\u2068[^\\u2068\\u2069]*\\u2069/gu, whole = new Set(names);
  const alone = (text) => {
    const shown = text.trim();
    return whole.has(shown) || (shown.endsWith("…") && names.some((name) => name.startsWith(shown.slice(0, -1))));
  };
  const said = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const around = node.parentElement;
    if (!around.closest("script, style, bdi, [dir=auto]")) said.push([around.tagName, node.data]);
  }
  for (const one of document.querySelectorAll("[aria-label], [title], [aria-valuetext]")) {
    for (const name of ["aria-label", "title", "aria-valuetext"]) said.push([name, one.getAttribute(name) ?? ""]);
  }
  return said.filter(([, text]) => right.test(text.replace(apart, "")) && !alone(text)).map(String).slice(0, 12);
}"""


@pytest.mark.parametrize("name", [name for name in ODD if name != "hostile"])
def test_an_odd_site_makes_a_page_without_complaint(name: str, page_of: PageOf, shown: Open) -> None:
    page = shown(page_of(name))
    page.work_through()
    assert page.complaints == []
    assert page.serious() == []


@pytest.mark.parametrize("name", ODD)
def test_an_odd_page_is_no_wider_than_its_window(name: str, page_of: PageOf, shown: Open) -> None:
    page = shown(page_of(name))
    for width in (360, 1440):
        page.page.set_viewport_size({"width": width, "height": 800})
        page.page.wait_for_timeout(100)
        assert page.beyond() == "", width


@pytest.mark.parametrize("name", NAMES)
def test_every_name_of_a_demand_is_read_as_it_is_written(name: str, seen: str) -> None:
    assert " ".join(name.split()) in seen


@pytest.fixture(scope="module")
def seen(browser: Browser, page_of: PageOf) -> str:
    """What is to be read on the page of hostile names, isolates left out and blanks as one."""
    text: str = Shown(browser.new_page(), page_of("hostile")).ask("() => document.body.innerText")
    return " ".join(text.replace("\u2068", "").replace("\u2069", "").split())


def test_names_stay_text_and_leave_sentences_their_order_whatever_is_worked(page_of: PageOf, shown: Open) -> None:
    page = shown(page_of("hostile"))
    page.work_through(MANY)
    assert page.complaints == []
    assert page.serious() == []
    assert page.ask("document.querySelectorAll('script').length") == 5  # data, three of Vega, ours
    assert page.ask("document.querySelectorAll('img').length") == 0
    assert page.ask("document.querySelector('h1').textContent").strip("\u2068").startswith(NAMES[1])
    site = ODD["hostile"]()
    alone = {*_texts(site.model_dump(mode="json")), *(position.row_key for position in site.facility.positions)}
    assert "\n".join(page.ask(_TURNED, sorted(alone))) == ""


def _texts(record: Any) -> Iterator[str]:
    """All texts of a record."""
    if isinstance(record, str):
        yield record
    elif isinstance(record, dict | list):
        for one in record.values() if isinstance(record, dict) else record:
            yield from _texts(one)
