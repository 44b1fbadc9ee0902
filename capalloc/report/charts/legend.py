"""The legend of a figure in a file."""

from __future__ import annotations

from collections.abc import Sequence

from capalloc.report.charts.figure import Key
from capalloc.report.charts.lettering import fitted, text, width
from capalloc.report.charts.shades import variable

_SIZE, _LINE, _SAMPLE, _GAP = 13.0, 22.0, 24.0, 22.0
"""Of the letters; between lines; the width of a sample; between entries."""
_LONGEST = 300.0
DASHES = {"dash": "7 4", "dot": "2 2.5"}
"""Of lines, by kind of key."""


def legend(keys: Sequence[Key], left: float, top: float, across: float) -> tuple[str, float]:
    """SVG of the entries in lines of ``across`` pixels, and the height that they take."""
    x, y, drawn = left, top + _SIZE, []
    for key in keys:
        label = fitted(key.label, _LONGEST, _SIZE)
        wide = _SAMPLE + 6 + width(label, _SIZE)
        if x > left and x + wide > left + across:
            x, y = left, y + _LINE
        drawn += [_sample(key, x, y), text(label, x + _SAMPLE + 6, y, _SIZE)]
        x += wide + _GAP
    return "".join(drawn), y + 6 - top


def _sample(key: Key, x: float, y: float) -> str:
    colour = variable(key.shade)
    if key.kind in {"line", "dash", "dot"}:
        dashes = f' stroke-dasharray="{DASHES[key.kind]}"' if key.kind in DASHES else ""
        return f'<path d="M{x:g} {y - 5:g}h{_SAMPLE:g}" stroke="{colour}" stroke-width="2.5"{dashes}/>'
    fill = "url(#short)" if key.kind == "hatch" else colour
    pale = ' fill-opacity="0.45" stroke-dasharray="3 2"' if key.kind == "pale" else ""
    return f'<rect x="{x:g}" y="{y - 11:g}" width="{_SAMPLE:g}" height="13" fill="{fill}" stroke="{colour}"{pale}/>'
