"""The map of the floor as SVG: cells of one colour in one path, a strip of neighbours in one piece."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from itertools import groupby, pairwise

import numpy as np

from capalloc.analysis.picture import Pictured
from capalloc.analysis.picture.floor import Floor, State, floor_of
from capalloc.analysis.picture.layout import Layout, Sheet, layout_of, ranks
from capalloc.instance.model import Ints
from capalloc.report.charts.colourings import TITLES, Coloured, Colouring, Colours
from capalloc.report.charts.config import FONT
from capalloc.report.charts.shades import resolved, variable
from capalloc.report.figures import count

_WIDTH, _MARGIN, _HEAD = 960.0, 20.0, 46.0
_SHEET = Sheet(0.5, 0.02)
_LARGEST_CELL = 26.0
_LINE, _LETTER, _SWATCH = 20.0, 7.2, 20.0
"""Of the legend, in pixels: a line's height, a letter's width, a swatch with its gap."""
_LONGEST = 60
_CELL_WIDTH, _GAP = 0.9, 0.1
_MARKS = {
    State.AWAITED: ("M{x} {y}m.35 .35h.2v.2h-.2z", "ink-2"),
    State.OFF: ("M{x} {y}m.25 .41h.4v.1h-.4z", "ink"),
    State.MAINTENANCE: ("M{x} {y}m.1 .1l.7 .7l.08 -.08l-.7 -.7z", "ink"),
    State.PARTLY: ("M{x} {y}m.1 .45h.7v.4h-.7z", "ink-2"),
    State.DARK: ("M{x} {y}m.1 .1l.7 .7l.08 -.08l-.7 -.7zM{x} {y}m.1 .8l.7 -.7l.08 .08l-.7 .7z", "paper"),
}
"""What is drawn on a cell, so that colour does not say it alone."""


def floor_svg(pictured: Pictured, shades: Mapping[str, str], period: int, colouring: Colouring) -> str:
    """What stands where in a period, by its number, on white with a legend; every position counts once."""
    floor, layout = floor_of(pictured), layout_of(pictured, _SHEET)
    cells = _Cells(pictured, layout)
    groups = Colours(pictured, floor, shades, period).by(colouring)
    legend, legend_height = _legend(groups, layout.height * cells.cell + _HEAD + _LINE)
    height = layout.height * cells.cell + _HEAD + legend_height
    label = pictured.periods[period].label
    title = f"{pictured.plan.scenario}: floor in {label} by {TITLES[colouring].lower()}"
    says = ", ".join(f"{group.label} {count(len(group.positions))}" for group in groups)
    return resolved(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH:g}" height="{height:.0f}" '
        f'viewBox="0 0 {_WIDTH:g} {height:.0f}" role="img" font-family="{escape(FONT)}">'
        f"<title>{escape(title)}</title><desc>Positions: {escape(says)}.</desc>"
        f'<rect width="100%" height="100%" fill="{variable("paper")}"/>'
        f"{_text(title, _MARGIN, 28, 15)}"
        f'<g transform="translate({_MARGIN:g} {_HEAD:g}) scale({cells.cell:.4f})">'
        f"{''.join(cells.drawn(groups, floor, period))}</g>{legend}</svg>\n"
    )


class _Cells:
    """Where cells are."""

    def __init__(self, pictured: Pictured, layout: Layout) -> None:
        spots = pictured.site.instance.positions
        self.layout, self.halls = layout, spots.hall_names
        self.cell = min(_LARGEST_CELL, (_WIDTH - 2 * _MARGIN) / layout.columns)
        self.row, self.rank = spots.row, ranks(pictured)

    def drawn(self, groups: Sequence[Coloured], floor: Floor, period: int) -> Iterator[str]:
        """Cells, lines between them, marks, names of halls."""
        for group in groups:
            pieces = "".join(self._strips(group.positions))
            yield f'<path fill="{variable(group.shade)}" d="{pieces}"/>'
        across = f"h{self.layout.columns:g}v{_GAP}h-{self.layout.columns:g}z"
        lines = "".join(f"M0 {y - _GAP:g}{across}" for y in range(1, int(self.layout.height) + 1))
        yield f'<path fill="{variable("paper")}" d="{lines}"/>'
        for state, (shape, shade) in _MARKS.items():
            at = [self._corner(p) for p in np.flatnonzero(floor.state[:, period] == state).tolist()]
            if at:
                yield f'<path fill="{variable(shade)}" d="{"".join(shape.format(x=x, y=y) for x, y in at)}"/>'
        size = 13 / self.cell
        for name, y in zip(self.halls, self.layout.hall_y, strict=True):
            yield _text(shortened(name), 0, y, size, "ink-2")

    def _strips(self, positions: Ints) -> Iterator[str]:
        """A rectangle for each run of neighbours in a row."""
        order = positions[np.lexsort((self.rank[positions], self.row[positions]))]
        row, rank = self.row[order], self.rank[order]
        ends = np.flatnonzero((np.diff(row) != 0) | (np.diff(rank) != 1)) + 1
        for first, end in pairwise((0, *ends.tolist(), len(order))):
            x, y = self._corner(int(order[first]))
            yield f"M{x} {y}h{_CELL_WIDTH}v{end - first}h-{_CELL_WIDTH}z"

    def _corner(self, p: int) -> tuple[str, str]:
        row = self.row[p]
        return f"{self.layout.row_x[row]:g}", f"{self.layout.row_y[row] + self.rank[p]:g}"


def _legend(groups: Sequence[Coloured], top: float) -> tuple[str, float]:
    """Entries line by line, and the height that they take; groups of one label are one entry."""
    x, y, drawn = _MARGIN, top, []
    for label, same in groupby(groups, key=lambda group: group.label):
        of = list(same)
        text = f"{shortened(label)}: {count(sum(len(group.positions) for group in of))}"
        width = _SWATCH * len(of) + _LETTER * len(text) + 16
        if x > _MARGIN and x + width > _WIDTH - _MARGIN:
            x, y = _MARGIN, y + _LINE
        drawn += [_swatch(group.shade, x + _SWATCH * place, y - 11) for place, group in enumerate(of)]
        drawn.append(_text(text, x + _SWATCH * len(of), y, 13))
        x += width
    return "".join(drawn), y - top + 2 * _LINE


def _swatch(shade: str, x: float, y: float) -> str:
    return f'<rect x="{x:g}" y="{y:g}" width="13" height="13" fill="{variable(shade)}" stroke="{variable("line")}"/>'


def _text(text: str, x: float, y: float, size: float, shade: str = "ink") -> str:
    return f'<text x="{x:g}" y="{y:g}" font-size="{size:.4g}" fill="{variable(shade)}">{escape(text)}</text>'


def shortened(name: str) -> str:
    """A name of at most ``_LONGEST`` letters."""
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"
