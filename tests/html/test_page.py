"""The page as a whole, in a browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.html.browser import Shown

PAGES = ("tiny", "colossus1-anthropic")


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_asked_of_the_network_and_nothing_fails(
    name: str, scheme: str, page_of: Callable[[str], Path], shown: Callable[..., Shown]
) -> None:
    page = shown(page_of(name), color_scheme=scheme)
    assert page.complaints == []
    assert page.serious() == []


@pytest.mark.parametrize("width", [360, 768, 1440, 3840])
def test_no_page_is_wider_than_its_window(
    width: int, page_of: Callable[[str], Path], shown: Callable[..., Shown]
) -> None:
    page = shown(page_of("tiny"), viewport={"width": width, "height": 800})
    assert page.ask("document.documentElement.scrollWidth") <= width
