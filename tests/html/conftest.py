from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from capalloc import PlannerParams, load_plan, solve
from capalloc.analysis.picture import Pictured
from capalloc.formats.plans import dump_plan
from capalloc.report.html import report_html
from tests.html.browser import Shown, launched
from tests.html.sites import EXAMPLES, SITES
from tests.shared import Shared

NEAR = PlannerParams(gap=0.05, time_limit=30.0)
"""For sites of which any good plan will do."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.fixture
def shown(browser: Browser) -> Iterator[Callable[..., Shown]]:
    """Opens a page; ``**context`` is what Playwright's ``new_context`` takes, such as ``viewport``."""
    contexts = []

    def opened(path: Path, **context: Any) -> Shown:
        contexts.append(browser.new_context(**context))
        return Shown(contexts[-1].new_page(), path)

    yield opened
    for context in contexts:
        context.close()


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
