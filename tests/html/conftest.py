from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from capalloc import PlannerParams, load_plan, solve
from capalloc.analysis.picture import Pictured
from capalloc.formats.plans import dump_plan
from capalloc.report.html import report_html
from tests.html.browser import WISHES, Shown, Tabs, launched
from tests.html.sites import EXAMPLES, SITES
from tests.shared import Shared

NEAR = PlannerParams(gap=0.05, time_limit=30.0)
"""For sites of which any good plan will do."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.fixture(scope="session")
def tabs(browser: Browser) -> Tabs:
    return Tabs(browser)


@pytest.fixture
def shown(browser: Browser, tabs: Tabs) -> Iterator[Callable[..., Shown]]:
    """Opens a page in a tab; with what only ``new_context`` takes, or ``alone``, in a process of its own."""
    with ExitStack() as left:

        def opened(path: Path, alone: bool = False, **wishes: Any) -> Shown:
            if wishes.keys() <= WISHES.keys() and not alone:
                return left.enter_context(tabs.opened(path, **wishes))
            context = browser.new_context(**wishes)
            left.callback(context.close)
            return Shown(context.new_page(), path)

        yield opened


@pytest.fixture(scope="session")
def plan_of(shared: Shared, example_file: Callable[[str], Path]) -> Callable[[str], Path]:
    """The plan file of one of ``SITES``, made once."""

    def planned(name: str) -> str:
        plan = solve(SITES[name](), params=NEAR).plan
        assert plan is not None
        return dump_plan(plan)

    return lambda name: example_file(name) if name in EXAMPLES else shared.file(f"{name}.json", lambda: planned(name))


@pytest.fixture(scope="session")
def pictured_example(plan_of: Callable[[str], Path]) -> Callable[[str], Pictured]:
    """The plan of one of ``SITES`` beside its scenario, such as an example's."""
    made: dict[str, Pictured] = {}

    def of(name: str) -> Pictured:
        if name not in made:
            made[name] = Pictured(SITES[name](), load_plan(plan_of(name)))
        return made[name]

    return of


@pytest.fixture(scope="session")
def page_of(shared: Shared, pictured_example: Callable[[str], Pictured]) -> Callable[[str], Path]:
    """The report of one of ``SITES``, written once."""
    return lambda name: shared.file(f"{name}.html", lambda: report_html(pictured_example(name)))
