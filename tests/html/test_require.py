"""What a machine has not is a reason to skip, and in CI a failure."""

from __future__ import annotations

import pytest
from _pytest.outcomes import Skipped

from tests.docs.pages import ROOT
from tests.html.browser import require


def test_a_machine_without_a_browser_skips_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(Skipped, match="needs Chromium"):
        require(False, "Chromium")


def test_ci_without_a_browser_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(AssertionError, match="CI has no Chromium"):
        require(False, "Chromium")


def test_what_is_there_is_no_reason_to_skip(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    require(True, "Chromium")


def test_ci_says_that_it_is_ci_and_installs_what_the_tests_of_pages_need() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "export CI=true" in script
    assert all(word in script for word in ("chromium", "poppler-utils", "npm ci --prefix tests/html"))
