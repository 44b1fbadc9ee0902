"""Names inside sentences."""

from __future__ import annotations

import pytest

from capalloc.report.apart import apart


@pytest.mark.parametrize("name", ["anthropic", "Zoë", "数据中心", "🏗️", "h2-ups1", ""])
def test_names_from_left_to_right_stay_as_they_are(name: str) -> None:
    assert apart(name) == name


@pytest.mark.parametrize("name", ["קולוסוס (2)", "مركز", "by force \u202eturned"])
def test_names_that_would_turn_a_sentence_stand_between_isolates(name: str) -> None:
    assert apart(name) == f"\u2068{name}\u2069"
