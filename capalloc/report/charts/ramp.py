"""The chart of what each demand gets over time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from capalloc.analysis.picture import Pictured
from capalloc.analysis.picture.ramp import Delivered, delivered
from capalloc.report.charts.figure import Figure, Key, Variant
from capalloc.report.charts.shades import variable
from capalloc.units import KW_PER_MW

_MEASURES: Mapping[str, Callable[[Delivered], float]] = {
    "MW": lambda row: row.delivered_kw / KW_PER_MW,
    "GPUs": lambda row: row.gpus,
    "Racks": lambda row: row.racks,
}


def ramp_figure(pictured: Pictured, shades: Mapping[str, str]) -> Figure:
    """What demands get, stacked over time, in MW, GPUs or racks."""
    rows = list(delivered(pictured))
    variants = {
        name: Variant({"bars": list(_stacked(rows, measure, shades))}, {"unit": name})
        for name, measure in _MEASURES.items()
    }
    keys = [Key(name, shade) for name, shade in shades.items()]
    return Figure("ramp", "Ramp", "What each demand gets over time.", _SPEC, variants, keys)


def _stacked(
    rows: Sequence[Delivered], measure: Callable[[Delivered], float], shades: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    height: dict[str, float] = {}
    for row in rows:
        low, more = height.get(row.period, 0.0), measure(row)
        height[row.period] = low + more
        yield {
            "demand": row.demand,
            "period": row.period,
            "from": row.start.isoformat(),
            "until": row.until.isoformat(),
            "low": round(low, 6),
            "high": round(low + more, 6),
            "fill": variable(shades[row.demand]),
            "tip": f"{row.demand}, {row.period}: {more:,.6g}",
        }


_SPEC: dict[str, Any] = {
    "params": [{"name": "unit", "value": "MW"}],
    "height": 280,
    "layer": [
        {
            "data": {"name": "bars"},
            "mark": {"type": "rect"},
            "encoding": {
                "x": {"field": "from", "type": "temporal", "title": None},
                "x2": {"field": "until"},
                "y": {"field": "low", "type": "quantitative", "axis": {"title": {"expr": "unit"}}},
                "y2": {"field": "high"},
                "fill": {"field": "fill", "type": "nominal", "scale": None, "legend": None},
                "tooltip": {"field": "tip"},
            },
        }
    ],
}
