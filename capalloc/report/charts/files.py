"""A figure as a file: SVG, PNG or PDF, drawn without a browser or network."""

from __future__ import annotations

import re
from html import escape
from types import ModuleType
from typing import Any

from capalloc.errors import MissingExtraError
from capalloc.report.charts.config import FONT, config
from capalloc.report.charts.figure import Figure, Variant
from capalloc.report.charts.legend import legend
from capalloc.report.charts.lettering import fitted, text
from capalloc.report.charts.pdf import in_order
from capalloc.report.charts.shades import resolved, variable

FORMATS = ("svg", "png", "pdf")
"""Endings of files."""
_WIDTH, _MARGIN, _TITLE, _GAP = 1000.0, 20.0, 52.0, 12.0
"""Of the sheet; around all; above the chart; between chart and legend."""
_ACROSS = _WIDTH - 2 * _MARGIN
_TITLE_SIZE = 17.0
_SCALE = 2.0
"""Pixels of a PNG per unit of the drawing."""
_HATCH = (
    '<defs><pattern id="short" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    f'<rect width="2.5" height="7" fill="{variable("short")}"/>'
    f'<rect x="2.5" width="1" height="7" fill="{variable("paper")}"/></pattern></defs>'
)
_SIZE = re.compile(r'<svg[^>]*? width="([\d.]+)" height="([\d.]+)"[^>]*>')
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML has no place for."""


_PICTURE = re.compile("[\U0001f000-\U0010ffff][\u200d\ufe0f\U0001f000-\U0010ffff]*")
_BOX = "\u25a1"


def drawn(figure: Figure, title: str, variant: str | None = None) -> str:
    """A figure as SVG on white, under a title, with its legend. ``variant`` is the first unless given.

    Raises MissingExtraError where what draws charts is not installed.
    """
    chosen = figure.variants[next(iter(figure.variants)) if variant is None else variant]
    chart: str = _converter().vegalite_to_svg(_spec(figure, chosen))
    head = _SIZE.search(chart)
    assert head is not None
    below = _TITLE + float(head[2]) + _GAP
    keys = [key for number, key in enumerate(figure.keys) if number in chosen.keys and key.kind != "row"]
    entries, height = legend(keys, _MARGIN, below, _ACROSS)
    parts = (
        f"<title>{escape(title)}</title><desc>{escape(figure.says)}</desc>{_HATCH}",
        f'<rect width="100%" height="100%" fill="{variable("paper")}"/>',
        text(fitted(title, _ACROSS, _TITLE_SIZE), _MARGIN, 32, _TITLE_SIZE, weight=600),
        f'<g transform="translate({_MARGIN:g} {_TITLE:g})">{chart[head.end() : chart.rindex("</svg>")]}</g>',
        entries,
    )
    return _FORBIDDEN.sub("\ufffd", resolved(_sheet("".join(parts), below + height + _MARGIN)))


def _spec(figure: Figure, variant: Variant) -> dict[str, Any]:
    return {
        **figure.spec,
        "width": _ACROSS,
        "autosize": {"type": "fit", "contains": "padding"},
        "padding": 0,
        "datasets": {name: list(rows) for name, rows in variant.tables.items()},
        "params": [
            {**one, "value": variant.params.get(one["name"], one.get("value"))} for one in figure.spec.get("params", ())
        ],
        "config": config(),
    }


def _sheet(drawing: str, height: float) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="{_WIDTH:g}" height="{height:g}" viewBox="0 0 {_WIDTH:g} {height:g}" '
        f'role="img" font-family="{escape(FONT)}">{drawing}</svg>\n'
    )


def encoded(svg: str, form: str) -> bytes:
    """An SVG in one of ``FORMATS``. Raises MissingExtraError as :func:`drawn`."""
    if form == "svg":
        return svg.encode()
    if form == "png":
        return bytes(_converter().svg_to_png(svg, scale=_SCALE))
    return _pdf(svg)


def _pdf(svg: str) -> bytes:
    """With a box for each emoji where fonts of pictures cannot become part of a PDF."""
    convert = _converter().svg_to_pdf
    try:
        return in_order(bytes(convert(svg)))
    except RuntimeError:
        boxed = _PICTURE.sub(_BOX, svg)
        if boxed == svg:
            raise
        return in_order(bytes(convert(boxed)))


def _converter() -> ModuleType:
    try:
        import vl_convert  # 84 MB: an extra
    except ImportError as error:
        raise MissingExtraError("drawing charts into files", "figures") from error
    return vl_convert
