"""Plans in which one thing was altered are refused, or what was altered is named as not checked."""

from __future__ import annotations

from tests.verify.tampered import KINDS, count


def test_whatever_is_altered_is_caught_or_named_as_not_checked() -> None:
    said, passed, tried = count(6 * len(KINDS), corpus=10, large=False)
    assert passed == []
    assert said["caught"] > said.total() / 2
    assert len(tried) >= 27, sorted({alter.__name__ for alter in KINDS} - tried)
