"""Cases of a what-if as small charts on shared axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from capalloc.analysis.picture.cases import Delivered, Grid, boxes_of, delivered_in, steps_of
from capalloc.calendar import Period
from capalloc.instance.model import Floats
from capalloc.report.charts.shades import variable
from capalloc.schema.whatif import CaseAnswer

MOST = 100
"""Cases that are drawn; the table has all."""
_HEIGHTS = ((1, 240), (4, 160), (12, 110))
"""Of a small chart, where there are at most so many."""
_LEAST_HEIGHT = 84
_DIGITS = 3
"""After the point, of kW."""


def case_boxes(
    case: CaseAnswer, base: Delivered, periods: Sequence[Period], layers: Sequence[Sequence[int]]
) -> list[float]:
    """Layer, first period, end, lowest kW, highest kW of each box, one after the other.

    ``layers`` has the numbers of the demands of each, the lowest first.
    """
    kw = _stacked(delivered_in(case, base, periods), layers)
    return [
        value
        for box in boxes_of(kw)
        for value in (box.layer, box.first, box.end, _short(box.low_kw), _short(box.high_kw))
    ]


def base_steps(base: Delivered) -> list[float]:
    """Period and kW of each step of all that the base plan delivers, one after the other."""
    return [value for first, kw in steps_of(base.kw) for value in (first, _short(kw))]


def _stacked(got: Delivered, layers: Sequence[Sequence[int]]) -> Floats:
    return np.array([got.kw[list(demands)].sum(axis=0) for demands in layers]).reshape(len(layers), got.kw.shape[1])


def _short(kw: float) -> float:
    """As few signs as tell it."""
    return int(kw) if kw == int(kw) else round(kw, _DIGITS)


def cases_spec(grid: Grid | None, drawn: int) -> dict[str, Any]:
    """A small chart for each case; width of each and number beside each other are the page's to set."""
    header = {"labelLimit": 260, "labelFontSize": 11, "labelColor": variable("ink"), "title": None}
    header |= {"titleFontSize": 11, "titleColor": variable("ink-2"), "titleFontWeight": "normal"}
    days = {
        "type": "temporal",
        "scale": {"type": "utc"},
        "axis": {"title": None, "tickCount": 3, "format": "%Y-%m", "grid": False},
    }
    up = {"type": "quantitative", "axis": {"title": None, "tickCount": 3, "format": ",.3~f"}}
    shade = {"field": "fill", "type": "nominal", "scale": None, "legend": None}
    one = {
        "height": next((height for most, height in _HEIGHTS if drawn <= most), _LEAST_HEIGHT),
        "layer": [
            {
                "mark": {"type": "rect", "cursor": "pointer", "strokeWidth": 0.5},
                "encoding": {
                    "x": {"field": "at", **days},
                    "x2": {"field": "until"},
                    "y": {"field": "low", **up},
                    "y2": {"field": "high"},
                    "fill": shade,
                    "stroke": shade,
                },
            },
            {
                "data": {"name": "base"},
                "mark": {
                    "type": "line",
                    "interpolate": "step-after",
                    "stroke": variable("ink"),
                    "strokeDash": [4, 3],
                    "strokeWidth": 1.5,
                },
                "encoding": {"x": {"field": "at", **days}, "y": {"field": "mw", **up}},
            },
        ],
    }
    order = {"type": "nominal", "sort": None}
    if grid is None:
        return {"data": {"name": "cases"}, "facet": {"field": "case", **order, "header": header}, "spec": one}
    across = {"field": "column", **order, "header": header}
    down = {
        "field": "row",
        **order,
        "header": {**header, "labelAngle": 0, "labelAlign": "left", "labelAnchor": "middle"},
    }
    return {"data": {"name": "cases"}, "facet": {"row": down, "column": across}, "spec": one}
