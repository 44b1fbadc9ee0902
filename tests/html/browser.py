"""A real Chromium, and what it says of a page."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
PATIENCE_S = 20.0
_FIRST = 10
"""Elements of one kind in one section that are worked; further ones are like them."""


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
        page.on("console", lambda message: self._note(message.type in {"error", "warning"}, message.text))
        page.on("pageerror", lambda error: self._note(True, str(error)))
        page.on("dialog", lambda dialog: self._note(True, f"dialog: {dialog.message}"))
        page.on("request", lambda request: self._note(request.url != path.as_uri(), request.url[:200]))
        page.goto(path.as_uri())
        self.until("document.documentElement.dataset.ready === 'true'")

    def _note(self, bad: bool, text: str) -> None:
        if bad:
            self.complaints.append(text)

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

    def work_through(self) -> None:
        """Click, choose and hover all that can be, section by section."""
        self.ask(_script("work"), _FIRST)

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
