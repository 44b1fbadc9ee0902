"""Which samples count where somebody stops."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from capalloc.analysis.risk import each
from capalloc.analysis.risk.each import Running, of_each
from capalloc.analysis.risk.known import Path, Step
from capalloc.runner import Ended


def _path(number: int, day: int) -> Path:
    return Path(number, (Step(date(2026, 6, day), ()),))


PATHS = [_path(1, 1), _path(2, 2), _path(3, 1), _path(4, 3), _path(5, 1), _path(6, 4)]
"""Three of six are alike: they are followed once."""


def kept(ended: list[Ended[str] | None], monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, str]]:
    """The samples that count, with their answers, where the four distinct ones ended so."""

    def run(cases: list[Path], *_: Any, **__: Any) -> list[Ended[str] | None]:
        assert [case.number for case in cases] == [1, 2, 4, 6]
        return ended

    monkeypatch.setattr(each, "run", run)
    answers = of_each(PATHS, None, lambda *_: None, Running(), failed=lambda failure: f"failed: {failure}")
    return [(path.number, answer) for path, answer in answers]


def test_samples_in_which_the_same_becomes_known_have_one_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    found = kept([Ended("a"), Ended("b"), Ended(failure="died"), Ended("d")], monkeypatch)
    assert found == [(1, "a"), (2, "b"), (3, "a"), (4, "failed: died"), (5, "a"), (6, "d")]


@pytest.mark.parametrize("undone", [None, Ended()])
def test_stopped_the_samples_before_the_first_that_is_left_undone_count(
    undone: Ended[str] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The third and the fifth are done too, and weigh what they would among all: those behind a gap are left out."""
    assert kept([Ended("a"), undone, None, None], monkeypatch) == [(1, "a")]
    assert kept([Ended("a"), Ended("b"), undone, Ended("d")], monkeypatch) == [(1, "a"), (2, "b"), (3, "a")]
    assert kept([undone, None, None, None], monkeypatch) == []
