"""Who asks for less motion gets none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.html.browser import Shown

_MOVING = """() => [...document.querySelectorAll("*")].filter((one) => {
  const style = getComputedStyle(one), some = (times) => times.split(",").some((time) => parseFloat(time) > 0);
  return (style.transitionProperty !== "none" && some(style.transitionDuration)) || style.animationName !== "none"
    || style.scrollBehavior === "smooth";
}).map((one) => one.outerHTML.slice(0, 100))"""


@pytest.mark.parametrize("name", ["tiny", "colossus1-anthropic"])
def test_nothing_moves_by_itself_for_who_asks_for_less_motion(
    name: str, page_of: Callable[[str], Path], shown: Callable[..., Shown]
) -> None:
    page = shown(page_of(name), reduced_motion="reduce")
    assert page.ask(_MOVING) == []
    assert page.ask("document.getAnimations().length") == 0
