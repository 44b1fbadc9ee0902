from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from capalloc import load_scenario, solve
from capalloc.analysis.picture import Pictured
from capalloc.report.html import report_html
from tests.html.browser import Shown, launched

EXAMPLES = Path(__file__).parents[2] / "examples"


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
def pictured_example() -> Callable[[str], Pictured]:
    """The plan of an example, made once."""
    made: dict[str, Pictured] = {}

    def of(name: str) -> Pictured:
        if name not in made:
            scenario = load_scenario(EXAMPLES / f"{name}.yaml")
            result = solve(scenario)
            assert result.plan is not None
            made[name] = Pictured(scenario, result.plan, result.instance, result.verdict)
        return made[name]

    return of


@pytest.fixture(scope="session")
def page_of(
    tmp_path_factory: pytest.TempPathFactory, pictured_example: Callable[[str], Pictured]
) -> Callable[[str], Path]:
    """The report of an example, written once."""
    folder = tmp_path_factory.mktemp("pages")

    def of(name: str) -> Path:
        path = folder / f"{name}.html"
        if not path.exists():
            path.write_text(report_html(pictured_example(name)), encoding="utf-8")
        return path

    return of
