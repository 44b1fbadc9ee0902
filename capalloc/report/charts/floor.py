"""The map of the floor as SVG: cells of one colour in one path, a strip of neighbours in one piece."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from itertools import groupby, pairwise

import numpy as np

from capalloc.analysis.picture import Pictured
from capalloc.analysis.picture.floor import Floor, State, floor_of
from capalloc.analysis.picture.layout import Sheet, layout_of, ranks
from capalloc.instance.model import Ints
from capalloc.report.charts.colourings import TITLES, Coloured, Colouring, Colours
from capalloc.report.charts.config import FONT
from capalloc.report.charts.figure import Key
from capalloc.report.charts.legend import legend
from capalloc.report.charts.lettering import fitted, text
from capalloc.report.charts.shades import variable
from capalloc.report.figures import count

_WIDTH, _MARGIN, _HEAD, _TITLE = 1000.0, 20.0, 52.0, 17.0
_ACROSS = _WIDTH - 2 * _MARGIN
_SHEET = Sheet(0.5, 0.02)
_LARGEST_CELL, _MARKED, _LINE = 26.0, 9.0, 8.0
"""The side of a cell at most, and from which on it has marks; between map and legend."""
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
    """What stands where in a period, by its number, on white with a legend that counts positions.

    Colours are those of a style sheet, ``var(--NAME)``.
    """
    floor, cells = floor_of(pictured), _Cells(pictured)
    groups = Colours(pictured, floor, shades, period).by(colouring)
    below = _HEAD + cells.layout.height * cells.cell + _LINE
    entries, height = legend(list(_keys(groups)), _MARGIN, below, _ACROSS)
    title = f"{pictured.plan.scenario}: floor by {TITLES[colouring].lower()}, {pictured.plan.periods[period]}"
    says = ", ".join(key.label for key in _keys(groups))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH:g}" height="{below + height + _MARGIN:.0f}" '
        f'viewBox="0 0 {_WIDTH:g} {below + height + _MARGIN:.0f}" role="img" font-family="{escape(FONT)}">'
        f"<title>{escape(title)}</title><desc>Positions: {escape(says)}.</desc>"
        f'<rect width="100%" height="100%" fill="{variable("paper")}"/>'
        f"{text(fitted(title, _ACROSS, _TITLE), _MARGIN, 32, _TITLE, weight=600)}"
        f'<g transform="translate({_MARGIN:g} {_HEAD:g}) scale({cells.cell:.4f})">'
        f"{''.join(cells.drawn(groups, floor, period))}</g>{entries}</svg>\n"
    )


def _keys(groups: Sequence[Coloured]) -> Iterator[Key]:
    """Entries of the legend; groups of one label are one."""
    for label, same in groupby(groups, key=lambda group: group.label):
        of = list(same)
        yield Key(f"{label}: {count(sum(len(group.positions) for group in of))}", of[0].shade)


class _Cells:
    """Where cells are."""

    def __init__(self, pictured: Pictured) -> None:
        spots = pictured.site.instance.positions
        self.layout, self.halls = layout_of(pictured, _SHEET), spots.hall_names
        self.cell = min(_LARGEST_CELL, _ACROSS / self.layout.columns)
        self.row, self.rank = spots.row, ranks(pictured)

    def drawn(self, groups: Sequence[Coloured], floor: Floor, period: int) -> Iterator[str]:
        """Cells, lines between them, marks, names of halls."""
        for group in groups:
            pieces = "".join(self._strips(group.positions))
            yield f'<path fill="{variable(group.shade)}" d="{pieces}"/>'
        across = f"h{self.layout.columns:g}v{_GAP}h-{self.layout.columns:g}z"
        lines = "".join(f"M0 {y - _GAP:g}{across}" for y in range(1, int(self.layout.height) + 1))
        yield f'<path fill="{variable("paper")}" d="{lines}"/>'
        if self.cell >= _MARKED:
            yield from self._marks(floor.state[:, period])
        size = 13 / self.cell
        places = zip(self.halls, self.layout.hall_x, self.layout.hall_y, self.layout.hall_room, strict=True)
        for name, x, y, room in places:
            yield text(fitted(name, room, size), x, y, round(size, 4), "ink-2")

    def _marks(self, state: Ints) -> Iterator[str]:
        for kind, (shape, shade) in _MARKS.items():
            at = [self._corner(p) for p in np.flatnonzero(state == kind).tolist()]
            if at:
                yield f'<path fill="{variable(shade)}" d="{"".join(shape.format(x=x, y=y) for x, y in at)}"/>'

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
