"""Where text goes: colours and width by what stands at the other end."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable

from rich.console import Console, RenderableType

_PIPE_WIDTH = 100
_NARROWEST = 60


def console(stderr: bool = False) -> Console:
    """A console on stdout or stderr; off a terminal it has no colour and a width of COLUMNS or 100."""
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else _columns()
    built = Console(stderr=stderr, width=width, highlight=False, markup=False, emoji=False)
    if not stderr and built.width < _NARROWEST:
        built.width = _NARROWEST  # lines that the terminal breaks are better than figures cut short
    return built


def show(parts: Iterable[RenderableType]) -> None:
    """Print the parts of a page on stdout, an empty line between them; off a terminal no line ends in blanks."""
    out = console()
    if out.is_terminal:
        _print(out, parts)
        return
    with out.capture() as captured:
        _print(out, parts)
    sys.stdout.write("".join(f"{line.rstrip()}\n" for line in captured.get().splitlines()))


def _print(out: Console, parts: Iterable[RenderableType]) -> None:
    for number, part in enumerate(parts):
        if number:
            out.print()
        out.print(part)


def _columns() -> int:
    text = os.environ.get("COLUMNS", "")
    return max(int(text), _NARROWEST) if text.isdigit() and int(text) > 0 else _PIPE_WIDTH
