"""The slider and play."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.html.browser import Shown


def test_what_is_said_of_each_period_is_not_read_out_while_they_run_by(
    page_of: Callable[[str], Path], shown: Callable[..., Shown]
) -> None:
    page = shown(page_of("tiny"))
    live = "document.getElementById('map-says').getAttribute('aria-live')"
    assert page.ask(live) == "polite"
    page.page.click("#play")
    assert page.ask(live) == "off"
    page.until("Number(document.getElementById('period').value) > 0")
    page.page.click("#play")
    assert page.ask(live) == "polite"


@pytest.mark.parametrize(("site", "unit"), [("tiny", "Month"), ("days", "Day"), ("520 weeks", "Week")])
def test_the_slider_is_named_for_the_plan_s_periods(
    site: str, unit: str, page_of: Callable[[str], Path], shown: Callable[..., Shown]
) -> None:
    assert shown(page_of(site)).ask("document.getElementById('period').getAttribute('aria-label')") == unit
