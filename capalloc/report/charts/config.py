"""How all charts look."""

from __future__ import annotations

from typing import Any

from capalloc.report.charts.shades import variable

FONT = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', sans-serif"


def config() -> dict[str, Any]:
    """The configuration of a Vega-Lite chart."""
    ink, soft, line = variable("ink"), variable("ink-2"), variable("line")
    return {
        "aria": False,
        "background": None,
        "font": FONT,
        "axis": {
            "labelColor": soft,
            "titleColor": soft,
            "titleFontWeight": "normal",
            "gridColor": line,
            "domainColor": line,
            "tickColor": line,
            "labelFontSize": 12,
            "titleFontSize": 12,
        },
        "view": {"stroke": None},
        "legend": {
            "labelColor": ink,
            "titleColor": soft,
        },
    }
