"""Progress by stage on stderr: one line kept up to date on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from capalloc.cli.exits import say
from capalloc.progress import OnProgress, Progress

if TYPE_CHECKING:
    from rich.text import Text

SENTENCES = {
    "load": "reading the scenario",
    "compile": "compiling racks, power and demands",
    "relax": "bounding what any plan can earn",
    "plan": "planning racks by class and period",
    "bound": "proving how much more any plan could earn",
    "priority": "serving first who comes first",
    "place": "naming racks and positions",
    "verify": "checking the plan rule by rule",
    "report": "measuring the plan for the report",
}

_SECONDS_SHOWN = 0.5
"""Fewer are none in a whole number."""


@contextmanager
def stages(quiet: bool = False, sentences: Mapping[str, str] = SENTENCES) -> Iterator[OnProgress]:
    """A callable that hears of progress and shows it; a stage that begins again is not said twice.

    A stage without a sentence is said as it is.
    """
    if quiet:
        yield _silent
    elif sys.stderr.isatty():
        with _live(sentences) as progress:
            yield progress
    else:
        yield _lines(sentences)


def _lines(sentences: Mapping[str, str]) -> OnProgress:
    last = ""

    def progress(heard: Progress) -> None:
        nonlocal last
        if heard.stage != last:
            say(sentences.get(heard.stage, heard.stage))
        last = heard.stage

    return progress


@contextmanager
def _live(sentences: Mapping[str, str]) -> Iterator[OnProgress]:
    from capalloc.report.terminal import console

    line = _Line(sentences)
    with console(stderr=True).status(line):
        yield line.hear


class _Line:
    """What was heard last, as one line; the seconds that are left run down between two words of a search.

    When none are left, it tells how many have gone by.
    """

    def __init__(self, sentences: Mapping[str, str]) -> None:
        self._sentences, self._heard, self._at = sentences, Progress(""), 0.0
        self._begun = time.monotonic()

    def hear(self, heard: Progress) -> None:
        self._heard, self._at = heard, time.monotonic()

    def __rich__(self) -> Text:
        from rich.text import Text

        now, left = time.monotonic(), self._heard.seconds_left
        if left is not None:
            left -= now - self._at
        sentence = _sentence(replace(self._heard, seconds_left=left), now - self._begun, self._sentences)
        return Text(sentence, no_wrap=True, overflow="ellipsis")


def _sentence(heard: Progress, gone: float, sentences: Mapping[str, str]) -> str:
    parts = [sentences.get(heard.stage, heard.stage)]
    if heard.best is not None:
        parts.append(f"best {heard.best:,.0f}")
    if heard.bound is not None:
        parts.append(f"bound {heard.bound:,.0f}")
    if heard.gap is not None and heard.gap <= 1:  # a share of a bound near 0 says nothing
        parts.append(f"gap {heard.gap:.3%}")
    if heard.seconds_left is not None:
        over = heard.seconds_left < _SECONDS_SHOWN
        parts.append(f"{gone:.0f} s so far, ending" if over else f"{heard.seconds_left:.0f} s left")
    return ", ".join(parts)


def _silent(heard: Progress) -> None:
    """Say nothing."""
