"""Plain words of YAML and cells of tables: which are numbers, flags, dates, and which are text."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from capalloc.calendar import parse_day

_DIGITS = r"[0-9]+(?:_[0-9]+)*"
_INT = re.compile(rf"[-+]?{_DIGITS}")
_FLOAT = re.compile(rf"[-+]?(?:{_DIGITS}(?:\.(?:{_DIGITS})?)?|\.{_DIGITS})(?:[eE][-+]?[0-9]+)?")
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_FLAGS = {"yes": True, "no": False, "true": True, "false": False}
_NEEDS_QUOTES = re.compile(r'[,"\r\n]')
_THOUSANDS = re.compile(r"\s*\d{1,3}([,\u0020'\u00a0\u202f]\d{3})+(\.\d+)?\s*")
_PERCENT = re.compile(r"\s*(\d*\.?\d+)\s*%\s*")
_EXACT = 2**53
"""Whole numbers up to here are the same as int and as float."""
_LONG = 18
"""More characters than this are read as a float first: no work on endless digits."""


def number(text: str) -> int | float | None:
    """The number that ``text`` writes (``12``, ``1_250_000``, ``0.5``, ``1.25e9``), or None.

    A whole number written with an exponent is an int, as people mean ``1e5`` GPUs.
    """
    if _INT.fullmatch(text) and len(text) <= _LONG:
        return int(text)
    if not _FLOAT.fullmatch(text):
        return None
    value = float(text)
    whole = value.is_integer() and abs(value) <= _EXACT and ("e" in text.lower() or _INT.fullmatch(text))
    return int(value) if whole else value


def plain_word(text: str) -> str | int | float | bool | None:
    """An unquoted scalar of YAML: null, a bool, a number, else text (dates too are text here)."""
    if text in _WORDS:
        return _WORDS[text]
    found = number(text)
    return text if found is None else found


def number_cell(text: str) -> int | float:
    """A number in a cell. Raises ValueError with a sentence."""
    value = number(text.strip())
    if value is None:
        raise ValueError(f"found {shown(text)}, expected a number{thousands_hint(text)}")
    return value


def thousands_hint(value: object) -> str:
    """How to write what is a number but for marks between its thousands; nothing for anything else."""
    parted = isinstance(value, str) and _THOUSANDS.fullmatch(value)
    return "; write thousands as 1_000 or 1000" if parted else ""


def percent_hint(value: object) -> str:
    """How to write what is a percentage up to a hundred as a share; nothing for anything else."""
    given = isinstance(value, str) and _PERCENT.fullmatch(value)
    share = Decimal(given[1]).scaleb(-2).normalize() if given else Decimal("inf")
    return f"; write {given[1]} % as {share:f}" if given and share <= 1 else ""


def flag_cell(text: str) -> bool:
    """``yes`` or ``no`` in a cell. Raises ValueError with a sentence."""
    value = _FLAGS.get(text.strip().lower())
    if value is None:
        raise ValueError(f"found {shown(text)}, expected yes or no")
    return value


def day_cell(text: str) -> date:
    """A date in a cell. Raises ValueError with a sentence."""
    return parse_day(text.strip())


def text_cell(text: str) -> str:
    """Text in a cell, exactly as it stands."""
    return text


def quoted(cell: str) -> str:
    """A cell as CSV has it, in quotes where it needs them; the csv module leaves a lone carriage return bare."""
    return '"' + cell.replace('"', '""') + '"' if needs_quotes(cell) else cell


def needs_quotes(text: str) -> bool:
    """Whether a cell with this text stands in quotes."""
    return _NEEDS_QUOTES.search(text) is not None


def shown(value: object) -> str:
    """A value as a message shows it: quoted text, cut where it is long."""
    text = (
        {True: "true", False: "false", None: "nothing"}.get(value)
        if value is None or value is True or value is False
        else None
    )
    text = text or repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
