"""Tables that people open in a spreadsheet, and that nothing here reads back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from capalloc.errors import Problem, ScenarioError
from capalloc.formats.atomic import write_atomically
from capalloc.formats.scalar import quoted

Cell = str | float | int | None
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""First letters, wide ones too, for which spreadsheets take a text for a formula (OWASP, CSV Injection)."""
_DIGITS = 6


def dump_sheet(head: Sequence[str], rows: Iterable[Sequence[Cell]], digits: int = _DIGITS) -> str:
    """CSV with a line for each row; None is an empty cell, and of numbers ``digits`` decimals are kept.

    A text that a spreadsheet would take for a formula has an apostrophe before it.
    """
    return "".join(",".join(_cell(cell, digits) for cell in row) + "\n" for row in (head, *rows))


def save_sheet(path: str | Path, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write :func:`dump_sheet` whole or not at all. Raises ScenarioError where the system refuses."""
    try:
        write_atomically(path, dump_sheet(head, rows))
    except OSError as error:
        raise ScenarioError([Problem(str(path), 0, "", f"cannot be written: {error.strerror or error}")]) from error


def _cell(cell: Cell, digits: int) -> str:
    if isinstance(cell, str):
        return quoted(f"'{cell}" if cell.startswith(_FORMULAS) else cell)
    if cell is None:
        return ""
    return str(round(cell, digits) + 0.0) if isinstance(cell, float) else str(cell)
