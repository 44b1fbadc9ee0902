"""A real Chromium, and what it says of a page."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
PATIENCE_S = 20.0
FIRST, MANY = 4, 10
"""Elements of one kind in one section that are worked; further ones are like them, but for names of any kind."""
WISHES: Mapping[str, Any] = {
    "viewport": {"width": 1280, "height": 720},
    "color_scheme": "light",
    "reduced_motion": "no-preference",
}
"""What a tab can have otherwise for each page, and what it has without."""


def require(there: bool, wanted: str) -> None:
    """Skip where something is not installed; in CI that is a failure."""
    if there:
        return
    assert not os.environ.get("CI"), f"CI has no {wanted}"
    pytest.skip(f"needs {wanted}")


def _script(name: str) -> str:
    """A function of JavaScript that a test runs in a page."""
    return (Path(__file__).parent / f"{name}.js").read_text(encoding="utf-8")


@contextmanager
def launched() -> Iterator[Browser]:
    require(CHROMIUM is not None, "Chromium, such as Debian's package chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


class Shown:
    """A page in the browser; ``complaints`` is what a reader must never cause: console errors, faults, requests."""

    def __init__(self, page: Page, path: Path) -> None:
        self.page = page
        self.complaints: list[str] = []
        self._heard: Mapping[Any, Callable[[Any], None]] = {
            "console": lambda message: self._note(message.type in {"error", "warning"}, message.text),
            "pageerror": lambda error: self._note(True, str(error)),
            "dialog": lambda dialog: self._note(True, f"dialog: {dialog.message}"),
            "request": lambda request: self._note(request.url != path.as_uri(), request.url[:200]),
        }
        for event, hear in self._heard.items():
            page.on(event, hear)
        page.goto(path.as_uri())
        self.until("document.documentElement.dataset.ready === 'true'")

    def _note(self, bad: bool, text: str) -> None:
        if bad:
            self.complaints.append(text)

    def let_go(self) -> None:
        """Leave the page, and its tab as it was."""
        for event, hear in self._heard.items():
            self.page.remove_listener(event, hear)
        self.page.mouse.move(0, 0)
        self.page.goto("about:blank")

    def ask(self, script: str, *values: Any) -> Any:
        """What an expression or function of JavaScript gives."""
        return self.page.evaluate(script, *values)

    def until(self, script: str) -> None:
        """Wait until an expression holds; the page's policy forbids what Playwright's own waiting needs."""
        end = time.monotonic() + PATIENCE_S
        while not self.ask(script):
            assert time.monotonic() < end, f"never came true: {script}; the page says {self.complaints}"
            time.sleep(0.02)

    def worked_s(self) -> float:
        """Seconds of a processor that the page has taken so far."""
        session = self.page.context.new_cdp_session(self.page)
        session.send("Performance.enable")
        metrics = session.send("Performance.getMetrics")["metrics"]
        return float(next(one["value"] for one in metrics if one["name"] == "ProcessTime"))

    def work_through(self, first: int = FIRST) -> None:
        """Click, choose and hover all that can be, section by section; of one kind the ``first``."""
        self.ask(_script("work"), first)

    def beyond(self) -> str:
        """What makes the page wider than its window: elements that end beyond it, the innermost first."""
        return "\n".join(self.ask(_script("beyond")))

    def serious(self) -> list[str]:
        """Violations that axe-core calls serious or critical."""
        require(AXE.exists(), "axe-core: npm ci --prefix tests/html")
        # Runs beside the page's own scripts, where the page's policy does not apply.
        self.page.evaluate(AXE.read_text())
        found = self.ask("() => axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{one['id']}: {one['help']}: {[node['html'][:120] for node in one['nodes'][:3]]}"
            for one in found["violations"]
            if one["impact"] in {"serious", "critical"}
        ]


class Tabs:
    """Tabs that page after page is opened in: scripts that a browser has read before take it a third of the work."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._free: list[Page] = []

    @contextmanager
    def opened(self, path: Path, **wishes: Any) -> Iterator[Shown]:
        """A page in a tab of which nobody else has a page."""
        tab = self._free.pop() if self._free else self._browser.new_page()
        wished = {**WISHES, **wishes}
        tab.set_viewport_size(wished.pop("viewport"))
        tab.emulate_media(media="null", **wished)
        shown = Shown(tab, path)
        yield shown
        shown.let_go()
        self._free.append(tab)
