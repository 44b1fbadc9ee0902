"""The power tree as an icicle in SVG: from the utility down, coloured by the use of limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from xml.etree import ElementTree as Svg

from capalloc.analysis.picture import Pictured
from capalloc.analysis.picture.icicle import Icicle, icicle_of
from capalloc.analysis.show.headroom import used_share
from capalloc.report.charts.config import FONT
from capalloc.report.charts.lettering import fitted
from capalloc.report.charts.shades import variable
from capalloc.report.charts.use import STEPS, use_shade
from capalloc.report.figures import count, percent

_WIDTH, _MARGIN, _TITLE, _ROW, _KEY = 960.0, 20.0, 52.0, 46.0, 34.0
_TITLE_SIZE = 17.0
_LEAST_WIDTH = 0.8
"""Thinner boxes are drawn as one with their neighbours on the same node, in the colour of the fullest."""
_PLAIN: Mapping[str, str] = {}
_LEAST_LABEL, _LEAST_USE, _CHARACTER = 44.0, 28.0, 6.8
_MIDDLE = {"text-anchor": "middle"}


def power_svg(pictured: Pictured, period: int) -> str:
    """The power tree in a period. Colours are those of a style sheet, ``var(--NAME)``."""
    icicle, label = icicle_of(pictured), pictured.plan.periods[period]
    height = _TITLE + icicle.levels * _ROW + _KEY + _MARGIN
    width = _WIDTH + 2 * _MARGIN
    drawing = Svg.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "width": f"{width:g}",
            "height": f"{height:g}",
            "viewBox": f"0 0 {width:g} {height:g}",
            "font-family": FONT,
            "font-size": "12",
        },
    )
    _box(drawing, 0, 0, width, height, "paper")
    title = fitted(f"{pictured.plan.scenario}: use of power nodes, {label}", _WIDTH, _TITLE_SIZE)
    _text(drawing, _MARGIN, 32, title, "ink", {"font-size": f"{_TITLE_SIZE:g}", "font-weight": "600"})
    use = used_share(pictured.site)[:, period]
    energised = pictured.site.loads.forest.normal_w[:, period] > 0
    for drawn in _boxes(pictured, icicle):
        fullest = max(drawn, key=lambda v: (energised[v], use[v]))
        x, width = _MARGIN + icicle.x[drawn[0]] * _WIDTH, sum(icicle.width[v] for v in drawn) * _WIDTH
        name = pictured.site.loads.forest.nodes[fullest].name
        share = percent(float(use[fullest]), 0) if energised[fullest] else "off"
        shade = use_shade(float(use[fullest])) if energised[fullest] else "dark"
        _node(drawing, x, _TITLE + icicle.depth[fullest] * _ROW, width, shade, _named(name, drawn), share)
    _legend(drawing, _TITLE + icicle.levels * _ROW + 14)
    return Svg.tostring(drawing, encoding="unicode")


def _boxes(pictured: Pictured, icicle: Icicle) -> Iterator[list[int]]:
    """Nodes of each box: one, or all that hang on one node where they are too thin to be told apart."""
    paths = pictured.site.loads.forest.paths
    for _, group in groupby(sorted(range(len(paths)), key=lambda v: paths[v][1:]), key=lambda v: paths[v][1:]):
        nodes = list(group)
        thin = [v for v in nodes if icicle.width[v] * _WIDTH < _LEAST_WIDTH]
        yield from ([v] for v in nodes if icicle.width[v] * _WIDTH >= _LEAST_WIDTH)
        if thin:
            yield thin


def _named(fullest: str, nodes: Sequence[int]) -> str:
    return fullest if len(nodes) == 1 else f"{count(len(nodes))} nodes, the fullest {fullest}"


def _node(drawing: Svg.Element, x: float, y: float, width: float, shade: str, name: str, share: str) -> None:
    """A box with name and use, as far as they fit; with a gap beside it where it is wide enough for one."""
    group = Svg.SubElement(drawing, "g")
    Svg.SubElement(group, "title").text = f"{name}: {share}"
    _box(group, x, y, max(width - (1.0 if width > 6 else 0.0), 0.2), _ROW - 2, shade)
    ink, most = f"on-{shade}", int((width - 8) / _CHARACTER)
    if width > _LEAST_LABEL:
        _text(group, x + 5, y + 18, name if len(name) <= most else f"{name[: most - 1]}…", ink)
        _text(group, x + 5, y + 35, share, ink)
    elif width > _LEAST_USE:
        _text(group, x + width / 2, y + 35, share, ink, _MIDDLE)


def _legend(drawing: Svg.Element, y: float) -> None:
    x = _MARGIN
    for shade, label in _keys():
        _box(drawing, x, y, 13, 13, shade, stroke="line")
        _text(drawing, x + 19, y + 11, label, "ink-2")
        x += 40 + _CHARACTER * len(label)


def _keys() -> Iterator[tuple[str, str]]:
    yield from ((shade, label) for _, shade, label in STEPS)
    yield "dark", "not energised"


def _box(
    parent: Svg.Element, x: float, y: float, width: float, height: float, shade: str, stroke: str | None = None
) -> None:
    place = {"x": f"{x:.2f}", "y": f"{y:.2f}", "width": f"{width:.2f}", "height": f"{height:.2f}"}
    line = {} if stroke is None else {"stroke": variable(stroke)}
    Svg.SubElement(parent, "rect", {**place, "fill": variable(shade), **line})


def _text(parent: Svg.Element, x: float, y: float, text: str, shade: str, style: Mapping[str, str] = _PLAIN) -> None:
    place = {"x": f"{x:.2f}", "y": f"{y:.2f}", "fill": variable(shade)}
    Svg.SubElement(parent, "text", {**place, **style}).text = text
