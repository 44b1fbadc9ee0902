"""A figure as a file: SVG, PNG or PDF, drawn without a browser or network."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from capalloc.errors import MissingExtraError
from capalloc.report.charts.config import config
from capalloc.report.charts.figure import Figure
from capalloc.report.charts.shades import resolved, variable

FORMATS = ("svg", "png", "pdf")
_WIDTH = 960
_SCALE = 2.0
"""Pixels of a PNG per unit of the drawing."""
_HATCH = (
    '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    f'<rect width="6" height="6" fill="{variable("paper")}"/><rect width="2.5" height="6" fill="{variable("short")}"/>'
    "</pattern></defs>"
)


def drawn(figure: Figure, variant: str | None = None) -> str:
    """A figure as SVG, on white. Raises MissingExtraError where what draws charts is not installed."""
    chosen = figure.variants[variant or next(iter(figure.variants))]
    spec = {
        **figure.spec,
        "width": _WIDTH,
        "title": figure.title,
        "datasets": {name: list(rows) for name, rows in chosen.tables.items()},
        "params": [{**one, "value": chosen.params.get(one["name"], one.get("value"))} for one in _params(figure.spec)],
        "config": {**config(), "background": variable("paper")},
    }
    svg: str = _converter().vegalite_to_svg(spec)
    head = svg.index(">") + 1
    return resolved(svg[:head] + _HATCH + svg[head:])


def encoded(svg: str, form: str) -> bytes:
    """An SVG in one of ``FORMATS``. Raises MissingExtraError as :func:`drawn`."""
    ways: Mapping[str, Callable[[str], bytes]] = {
        "svg": lambda text: text.encode(),
        "png": lambda text: bytes(_converter().svg_to_png(text, scale=_SCALE)),
        "pdf": lambda text: bytes(_converter().svg_to_pdf(text)),
    }
    return ways[form](svg)


def _params(spec: Mapping[str, Any]) -> list[dict[str, Any]]:
    return list(spec.get("params", ()))


def _converter() -> ModuleType:
    try:
        import vl_convert  # 84 MB: an extra
    except ImportError as error:
        raise MissingExtraError("drawing charts into files", "figures") from error
    return vl_convert
