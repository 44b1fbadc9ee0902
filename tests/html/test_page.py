"""The page as a whole, in a browser: it asks for nothing, complains of nothing, and fits its window."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.html.browser import Shown

Open = Callable[..., Shown]
PageOf = Callable[[str], Path]

PAGES = ("tiny", "colossus1-anthropic", "large")
WIDTHS = (320, 360, 768, 1440, 3840)
WORKED_S = {"tiny": 2.0, "colossus1-anthropic": 3.0, "large": 6.0}
"""Seconds of a processor until a page can be worked. What else the machine does, they do not count."""


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_asked_of_the_network_and_nothing_fails_after_all_was_worked(
    name: str, page_of: PageOf, shown: Open
) -> None:
    page = shown(page_of(name), color_scheme="dark")
    page.work_through()
    assert page.complaints == []
    assert page.serious() == []
    if name == "tiny":  # on larger ones axe-core takes minutes to see what lies over what on paper
        page.page.emulate_media(media="print")
        assert page.serious() == []


@pytest.mark.parametrize("name", ["tiny", "colossus1-anthropic"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_serious_violation_of_accessibility(name: str, scheme: str, page_of: PageOf, shown: Open) -> None:
    page = shown(page_of(name), color_scheme=scheme)
    for width in (1440, 360):
        page.page.set_viewport_size({"width": width, "height": 900})
        page.page.wait_for_timeout(100)
        assert page.serious() == [], width


@pytest.mark.parametrize("name", PAGES)
def test_no_page_is_wider_than_its_window(name: str, page_of: PageOf, shown: Open) -> None:
    page = shown(page_of(name))
    for width in WIDTHS:
        page.page.set_viewport_size({"width": width, "height": 800})
        page.page.wait_for_timeout(100)
        assert page.beyond() == "", width


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_ready_in_time(name: str, page_of: PageOf, shown: Open) -> None:
    assert shown(page_of(name), alone=True).worked_s() <= WORKED_S[name]


@pytest.mark.parametrize("name", PAGES)
def test_the_policy_lets_in_nothing_but_what_was_written(name: str, page_of: PageOf) -> None:
    text = page_of(name).read_text(encoding="utf-8")
    policies = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)
    assert len(policies) == 1
    rules = dict(rule.strip().partition(" ")[::2] for rule in policies[0].replace("&#39;", "'").split(";"))
    assert rules.pop("default-src") == "'none'"
    assert rules.pop("base-uri") == rules.pop("form-action") == "'none'"
    assert set(rules) == {"script-src", "style-src"}
    for allowed in rules.values():
        assert all(re.fullmatch(r"'sha256-[A-Za-z0-9+/]{43}='", one) for one in allowed.split())


@pytest.mark.parametrize("name", PAGES)
def test_no_markup_needs_what_the_policy_forbids(name: str, page_of: PageOf, shown: Open) -> None:
    page = shown(page_of(name))
    assert page.ask("document.querySelectorAll('[src], link, base, iframe, object, embed, form[action]').length") == 0
    handlers = "[...document.querySelectorAll('*')].some((one) => [...one.attributes].some((a) => /^on/.test(a.name)))"
    assert not page.ask(handlers)
