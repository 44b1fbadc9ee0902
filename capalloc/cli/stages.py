"""Progress by stage on stderr: a spinner on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from capalloc.cli.exits import say

Progress = Callable[[str], None]

SENTENCES = {
    "load": "reading the scenario",
    "compile": "compiling racks, power and demands",
    "relax": "bounding what any plan can earn",
    "plan": "planning racks by class and period",
    "bound": "proving how much more any plan could earn",
    "place": "naming racks and positions",
    "verify": "checking the plan rule by rule",
    "report": "measuring the plan for the report",
}


@contextmanager
def stages(quiet: bool = False, sentences: Mapping[str, str] = SENTENCES) -> Iterator[Progress]:
    """A callable that takes the name of each stage as it begins; a stage that begins again is not said twice.

    A stage without a sentence is said as it is.
    """
    if quiet:
        yield _silent
    elif sys.stderr.isatty():
        with _spinner(sentences) as progress:
            yield progress
    else:
        yield _lines(sentences)


def _lines(sentences: Mapping[str, str]) -> Progress:
    last = ""

    def progress(stage: str) -> None:
        nonlocal last
        if stage != last:
            say(sentences.get(stage, stage))
        last = stage

    return progress


@contextmanager
def _spinner(sentences: Mapping[str, str]) -> Iterator[Progress]:
    from rich.text import Text

    from capalloc.report.terminal import console

    with console(stderr=True).status("") as status:
        yield lambda stage: status.update(Text(sentences.get(stage, stage)))


def _silent(stage: str) -> None:
    """Say nothing."""
