"""Cases of a what-if as small charts on shared axes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from capalloc.analysis.picture.cases import Delivered, Grid, delivered_in, runs_of
from capalloc.calendar import Period
from capalloc.report.charts.shades import variable
from capalloc.schema.whatif import CaseAnswer
from capalloc.units import KW_PER_MW

MOST = 100
"""Cases that are drawn; the table has all."""
_HEIGHT = 84


def case_rows(
    cases: Sequence[CaseAnswer],
    base: Delivered,
    periods: Sequence[Period],
    shades: Mapping[str, str],
    grid: Grid | None,
) -> Iterator[dict[str, Any]]:
    """Boxes of each case: what a demand gets during some days, on top of those before it."""
    for number, case in enumerate(cases):
        got = delivered_in(case, base, periods)
        place = {"case": case.case}
        if grid is not None:
            place |= dict(zip(("row", "column"), grid.place[case.case], strict=True))
        for first, end, kw in runs_of(got.kw):
            low = 0.0
            for d in kw.nonzero()[0].tolist():
                high = low + float(kw[d]) / KW_PER_MW
                yield {
                    **place,
                    "number": number,
                    "at": periods[first].start.isoformat(),
                    "until": periods[end - 1].end.isoformat(),
                    "demand": d,
                    "low": round(low, 4),
                    "high": round(high, 4),
                    "fill": variable(shades[got.demands[d]]),
                }
                low = high


def base_rows(base: Delivered, periods: Sequence[Period]) -> list[dict[str, Any]]:
    """What the base plan delivers in all: a line in every small chart."""
    runs = list(runs_of(base.kw.sum(axis=0, keepdims=True)))
    rows = [{"at": periods[first].start.isoformat(), "mw": float(kw[0]) / KW_PER_MW} for first, _, kw in runs]
    return [*rows, {"at": periods[-1].end.isoformat(), "mw": rows[-1]["mw"]}] if rows else []


def cases_spec(grid: Grid | None) -> dict[str, Any]:
    """A small chart for each case; width of each and number beside each other are the page's to set."""
    header = {"labelLimit": 260, "labelFontSize": 11, "labelColor": variable("ink"), "title": None}
    days = {
        "type": "temporal",
        "scale": {"type": "utc"},
        "axis": {"title": None, "tickCount": 3, "format": "%Y-%m", "grid": False},
    }
    up = {"type": "quantitative", "axis": {"title": None, "tickCount": 2, "format": "~s"}}
    one = {
        "height": _HEIGHT,
        "layer": [
            {
                "mark": {"type": "rect", "cursor": "pointer"},
                "encoding": {
                    "x": {"field": "at", **days},
                    "x2": {"field": "until"},
                    "y": {"field": "low", **up},
                    "y2": {"field": "high"},
                    "fill": {"field": "fill", "type": "nominal", "scale": None, "legend": None},
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
