"""Text in drawings: about as wide as it will be, and cut where it would be too wide."""

from __future__ import annotations

import unicodedata
from html import escape

from capalloc.report.charts.shades import variable

_NARROW, _MIDDLE, _WIDE = 0.54, 0.68, 1.0
"""Widths of letters, of capitals, and of East Asian signs and emoji, in the size of the font."""
_PICTURES = "\U0001f000"
_MORE = "…"


def width(line: str, size: float) -> float:
    """Pixels that a line takes, or somewhat less."""
    return size * sum(map(_width, line))


def _width(sign: str) -> float:
    if unicodedata.combining(sign):
        return 0.0
    if unicodedata.east_asian_width(sign) in {"W", "F"} or sign >= _PICTURES:
        return _WIDE
    return _MIDDLE if sign.isupper() or sign in "mwMW—@%" else _NARROW


def fitted(line: str, most: float, size: float) -> str:
    """A line in one piece, cut where it takes more than ``most`` pixels."""
    line = " ".join(line.split())
    if width(line, size) <= most:
        return line
    kept = len(line)
    while kept and width(line[:kept] + _MORE, size) > most:
        kept -= 1
    return line[:kept] + _MORE


def text(line: str, x: float, y: float, size: float, shade: str = "ink", weight: int = 400) -> str:
    """A line of SVG text that begins at x on the base line y."""
    look = f'font-size="{size:g}" font-weight="{weight}" fill="{variable(shade)}"'
    return f'<text x="{x:g}" y="{y:g}" {look}>{escape(line, quote=False)}</text>'
